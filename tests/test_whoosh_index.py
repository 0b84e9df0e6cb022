"""What else programs do with a Whoosh index: scores, groups, orders, stored fields, terms."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import fields as whoosh_fields
from whoosh import query
from whoosh.filedb.filestore import RamStorage
from whoosh.highlight import UppercaseFormatter
from whoosh.index import Index
from whoosh.qparser import FuzzyTermPlugin, GtLtPlugin, MultifieldParser, QueryParser
from whoosh.sorting import FieldFacet, MultiFacet, ScoreFacet

import heatseek.whoosh
from heatseek.article import Article, Kind, Provider
from heatseek.engines import load
from heatseek.engines.base import Engine
from heatseek.engines.model import Request
from heatseek.engines.whoosh import merging
from heatseek.errors import HeatseekError, IndexMissingError
from heatseek.query import tree
from heatseek.results import Facet, Sort
from heatseek.schema import DeclaredField, FieldKind
from indexes import change, fill

NOW = datetime(2023, 6, 1, tzinfo=UTC)
FIELDS = (
    DeclaredField("price", FieldKind.NUMBER),
    DeclaredField("due", FieldKind.DATE),
    DeclaredField("free", FieldKind.BOOLEAN),
    DeclaredField("levels", FieldKind.KEYWORD, facet=True),
    DeclaredField("notes", FieldKind.TEXT),
    DeclaredField("text", FieldKind.KEYWORD),
)
ARTICLES = [
    Article(
        "climate.md",
        "Climate models",
        excerpt="How models learn the climate from e-mails",
        body="The ocean warms. Nobody can say how fast the ocean and the ice respond.",
        topics=("AI", "Climate Science"),
        provider=Provider("InfoQ", "infoq.com"),
        category="News",
        published_at=datetime(2023, 3, 7, 12, tzinfo=UTC),
        url="https://www.infoq.com/news/climate",
        quality=80,
        heat=7,
        image="https://infoq.com/a.png",
        extra=(
            ("due", datetime(2024, 1, 1, tzinfo=UTC)),
            ("free", True),
            ("levels", ("Expert", "Beginner")),
            ("notes", "second reading"),
            ("price", -2.5),
            ("text", ("Long Read",)),
        ),
    ),
    Article("ice.md", "Ice", body="Ice and ocean", topics=("ai",), quality=3, published=False),
    Article(
        "mail.md",
        "Email at work",
        excerpt="Computing the cost of mail",
        topics=("AI",),
        category="news",
        published_at=datetime(2022, 1, 2, tzinfo=UTC),
        published=True,
        extra=(("free", False), ("price", 30.0)),
    ),
    Article("https://a.org/x", "Ocean", kind=Kind.RELATED, related_to=("ice.md", "mail.md")),
]


@pytest.fixture(params=["one segment", "segments and deletions"])
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Engine:
    monkeypatch.setattr(merging, "FACTOR", 0)
    monkeypatch.setattr(merging, "MOST_DELETED", 1.0)
    engine = load(tmp_path / "index")
    if request.param == "one segment":
        fill(engine, ARTICLES, fields=FIELDS)
        return engine
    stranger = Article("gone.md", "Climate ocean ice", topics=("ai",), quality=81, category="Old")
    fill(engine, [ARTICLES[0], stranger, ARTICLES[1]], fields=FIELDS)
    change(engine, ARTICLES[2:], ["gone.md"])
    return engine


@pytest.fixture
def root(engine: Engine, tmp_path: Path) -> Path:  # noqa: ARG001 - the engine fills it
    return tmp_path / "index"


@pytest.fixture
def ix(root: Path) -> Any:
    return heatseek.whoosh.open_index(root)


def search(ix: Any, text: str, field: str = "text", **options: Any) -> list[str]:
    parser = QueryParser(field, ix.schema)
    parser.add_plugins([GtLtPlugin(), FuzzyTermPlugin()])
    with ix.searcher() as searcher:
        hits = searcher.search(parser.parse(text), limit=None, **options)
        return [hit["id"].removesuffix(".md") for hit in hits]


def test_it_is_an_index_of_whoosh(ix: Any) -> None:
    assert isinstance(ix, Index)
    assert (ix.doc_count(), ix.is_empty(), ix.up_to_date()) == (4, False, True)
    for name in ("title", "excerpt", "topics", "provider", "body", "text", "notes"):
        assert isinstance(ix.schema[name], whoosh_fields.TEXT)
        assert ix.schema[name].supports("positions")
    for name in ("topic_label", "provider_label", "category", "type", "levels"):
        assert isinstance(ix.schema[name], whoosh_fields.KEYWORD)
    assert isinstance(ix.schema["published_at"], whoosh_fields.DATETIME)
    assert isinstance(ix.schema["due"], whoosh_fields.DATETIME)
    assert isinstance(ix.schema["price"], whoosh_fields.NUMERIC)
    assert isinstance(ix.schema["quality"], whoosh_fields.NUMERIC)
    assert isinstance(ix.schema["free"], whoosh_fields.BOOLEAN)
    assert isinstance(ix.schema["keyword.text"], whoosh_fields.KEYWORD)  # `text` is taken


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model climate", "climate"),
        ("e-mail", "climate mail"),
        ("email", "climate mail"),
        ('"the ocean and the ice"', "climate"),
        ('"ice ocean"', ""),
        ('"climate models learn"', ""),  # from one field into the next
        ("comput*", "mail"),
        ("computi*", "mail"),  # of what is a stem in the index
        ("*puting", "mail"),
        ("computting~", "mail"),
        ("body:responde~", "climate"),
        ("title:ocean", "https://a.org/x"),
        ("ocean NOT ice", "https://a.org/x"),
        ("topic_label:ai", "climate ice mail"),
        ('topic_label:"climate  SCIENCE"', "climate"),
        ("topic_label:clim*", "climate"),
        ("provider_label:infoq.com", "climate"),
        ("category:NEWS", "climate mail"),
        ("url:http\\://infoq.com/news/climate", ""),
        ("kind:related", "https://a.org/x"),
        ("related_to:mail.md", "https://a.org/x"),
        ("published:true", "climate https://a.org/x mail"),
        ("quality:80", "climate"),
        ("quality:>3", "climate"),
        ("heat:[TO 7]", "climate"),
        ("published_at:2022", "mail"),
        ("published_at:[20220102 TO 20230307]", "climate mail"),
        ("price:[-3 TO 29.9]", "climate"),
        ("due:202401", "climate"),
        ("free:no", "mail"),
        ("levels:expert", "climate"),
        ('notes:"second reading"', "climate"),
        ('notes:"reading second"', ""),
    ],
)
def test_queries(ix: Any, text: str, expected: str) -> None:
    assert sorted(search(ix, text)) == expected.split()


def test_groups_are_heatseeks_facets(ix: Any, engine: Engine) -> None:
    facets = {"topic": "topic_label", "provider": "provider_label", "category": "category"}
    facets["levels"] = "levels"
    with engine.open() as reader, ix.searcher() as searcher:
        page = reader.search(Request(tree.Everything(), now=NOW, facets=tuple(map(Facet, facets))))
        for facet, name in facets.items():
            grouped = FieldFacet(name, allow_overlap=True)
            groups = searcher.search(query.Every(), groupedby=grouped, limit=1).groups()
            groups.pop(None, None)
            expected = {found.value: found.articles for found in page.facets[facet].values}
            assert expected == {value: len(hits) for value, hits in groups.items()}
        kinds = searcher.search(query.Every(), groupedby="kind").groups()
        assert {kind: len(hits) for kind, hits in kinds.items()} == {"article": 3, "related": 1}
        days = searcher.search(query.Every(), groupedby="published_at").groups()
        assert len(days.pop(None)) == 2
        assert set(days) == {ARTICLES[0].published_at, ARTICLES[2].published_at}


@pytest.mark.parametrize(
    ("field", "sort"), [("published_at", Sort.DATE), ("quality", Sort.QUALITY)]
)
def test_orders_are_heatseeks(ix: Any, engine: Engine, field: str, sort: Sort) -> None:
    with engine.open() as reader:
        page = reader.search(Request(tree.Everything(), now=NOW, sort=sort))
        expected = [getattr(match.article, field) for match in page.matches]
    with ix.searcher() as searcher:
        newest = searcher.search(query.Every(), sortedby=FieldFacet(field, reverse=True))
        assert expected == [hit.get(field) for hit in newest]
        oldest = searcher.search(query.Every(), sortedby=field)
        known = [value for value in expected if value is not None]
        assert [*known[::-1], None, None] == [hit.get(field) for hit in oldest]


def test_several_orders(ix: Any) -> None:
    facet = MultiFacet([FieldFacet("kind", reverse=True), ScoreFacet()])
    assert search(ix, "ocean", sortedby=facet)[0] == "https://a.org/x"


def test_stored_fields(ix: Any) -> None:
    with ix.searcher() as searcher:
        assert searcher.document(id="climate.md") == {
            "id": "climate.md",
            "kind": "article",
            "title": "Climate models",
            "excerpt": "How models learn the climate from e-mails",
            "body": ARTICLES[0].body,
            "topics": "AI, Climate Science",
            "topic_label": ["AI", "Climate Science"],
            "provider": "InfoQ, infoq.com",
            "provider_label": ["InfoQ", "infoq.com"],
            "category": "News",
            "published_at": ARTICLES[0].published_at,
            "url": "https://www.infoq.com/news/climate",
            "quality": 80,
            "heat": 7,
            "image": "https://infoq.com/a.png",
            "due": datetime(2024, 1, 1, tzinfo=UTC),
            "free": True,
            "levels": ["Expert", "Beginner"],
            "notes": "second reading",
            "price": -2.5,
            "keyword.text": ["Long Read"],
        }
        assert searcher.document(url="http://infoq.com/news/climate")["id"] == "climate.md"
        assert searcher.document(topic_label="Climate science")["id"] == "climate.md"
        assert searcher.document(id="gone.md") is None
        assert searcher.document(id="ice.md")["published"] is False
        assert {found["id"] for found in searcher.documents()} == {a.id for a in ARTICLES}


def test_terms(ix: Any) -> None:
    with ix.reader() as reader:
        terms = list(reader.all_terms())
        assert terms == sorted(set(terms))
        for term in terms:
            assert term in reader
            info = reader.term_info(*term)
            assert list(reader.postings(*term).all_ids())
            assert 0 < reader.doc_frequency(*term) == info.doc_frequency() <= info.weight()
        assert ("category", b"old") not in terms
        assert reader.doc_frequency("title", "climat") == 1  # of the deleted article none
        assert list(reader.field_terms("topic_label")) == ["AI", "Climate Science"]
        assert list(reader.field_terms("quality")) == [3, 80]
        assert set(reader.field_terms("title")) >= {"model", "models", "climat", "climate"}
        assert [text for _, text in reader.most_frequent_terms("body", 2)] == [b"the", b"ocean"]
        positions = reader.postings("body", "ocean").items_as("positions")
        assert sorted(map(len, dict(positions).values())) == [1, 2]
        assert reader.frequency("body", "ocean") == 3


def test_more_like_this_key_terms_and_suggestions(ix: Any) -> None:
    with ix.searcher() as searcher:
        hit = next(iter(searcher.search(query.Term("id", "climate.md"))))
        assert {like["id"] for like in hit.more_like_this("body")} == {"ice.md"}
        assert dict(searcher.key_terms([hit.docnum], "title")).keys() == {"climat", "model"}
        assert "climate" in searcher.suggest("title", "climte")
        parser = QueryParser("title", ix.schema)
        corrected = searcher.correct_query(parser.parse("climte"), "climte")
        assert corrected.string in {"climat", "climate"}


def test_highlights(ix: Any) -> None:
    parser = MultifieldParser(["title", "excerpt", "body"], ix.schema)
    with ix.searcher() as searcher:
        hits = searcher.search(parser.parse('model "ocean and" e-mail'))
        hits.formatter = UppercaseFormatter()
        assert hits[0].highlights("title") == "Climate MODELS"
        assert hits[0].highlights("excerpt") == "How MODELS learn the climate...from E-MAILS"
        assert "the OCEAN AND the ice" in hits[0].highlights("body")


def test_a_searcher_refreshes_to_the_newest_generation(ix: Any, engine: Engine) -> None:
    searcher = ix.searcher()
    assert searcher.up_to_date()
    change(engine, [Article("new.md", "Entirely new")], ["ice.md"])
    assert not searcher.up_to_date()
    assert searcher.document(id="new.md") is None
    with searcher.refresh() as fresh:
        assert fresh.up_to_date()
        assert fresh.document(id="new.md")["title"] == "Entirely new"
        assert fresh.document(id="ice.md") is None


def test_an_empty_index(root: Path, engine: Engine) -> None:
    fill(engine, [])
    ix = heatseek.whoosh.open_index(root)
    assert ix.is_empty()
    assert search(ix, "climate OR quality:[1 TO 9]") == []


words = st.lists(st.sampled_from("climate model ocean wind tide".split()), max_size=9)
plain = st.lists(st.tuples(words, words), min_size=1, max_size=6)


@settings(max_examples=20)
@given(texts=plain, word=st.sampled_from("climat model ocean wind tide".split()))
def test_scores_are_those_of_an_index_that_whoosh_wrote(texts: list[Any], word: str) -> None:
    """Of plain words; heatseek leaves function words out of lengths."""
    articles = [
        Article(f"{number}.md", " ".join(title), body=" ".join(body))
        for number, (title, body) in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory() as folder:
        fill(load(Path(folder)), articles)
        ours = heatseek.whoosh.open_index(folder)
        text = whoosh_fields.TEXT(analyzer=ours.schema["title"].analyzer)
        schema = whoosh_fields.Schema(id=whoosh_fields.ID(stored=True), title=text, body=text)
        stock = RamStorage().create_index(schema)
        with stock.writer() as writer:
            for article in articles:
                writer.add_document(id=article.id, title=article.title, body=article.body)
        asked = query.Or([query.Term("title", word), query.Term("body", word)])
        assert scores(stock, asked) == pytest.approx(scores(ours, asked))


def scores(ix: Any, asked: Any) -> dict[str, float]:
    with ix.searcher() as searcher:
        return {hit["id"]: hit.score for hit in searcher.search(asked, limit=None)}


def test_nothing_is_written(ix: Any, root: Path) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    for write in (
        ix.writer,
        ix.optimize,
        lambda: ix.add_field("x", whoosh_fields.TEXT),
        lambda: ix.delete_by_term("title", "ice"),
    ):
        with pytest.raises(HeatseekError, match=r"cannot write to .*index through Whoosh: change"):
            write()
    search(ix, "climate", groupedby="topic_label")
    assert before == {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index in"):
        heatseek.whoosh.open_index(tmp_path)


EVERYTHING_READ = """
import os, pickle, sys
import heatseek
from whoosh import columns, formats, query
from whoosh.codec import whoosh3
from whoosh.filedb import structfile
from whoosh.index import TOC
from whoosh.sorting import FieldFacet

def never(*_, **__): raise AssertionError("unpickled")
for module in (pickle, columns, formats, whoosh3, structfile):
    for name in ("loads", "load", "load_pickle", "Unpickler"):
        if hasattr(module, name): setattr(module, name, never)
TOC.read = never
try:
    ix = heatseek.whoosh.open_index(sys.argv[1])
    with ix.searcher() as searcher:
        everything = list(searcher.documents())
        for term in list(searcher.reader().all_terms()):
            list(searcher.reader().postings(*term).all_items())
        list(searcher.reader().postings("body", "ocean").items_as("positions"))
        searcher.search(query.Phrase("body", ["ice", "and"]))
        searcher.search(query.Every(), sortedby="quality", groupedby="topic_label")
except heatseek.HeatseekError as error:
    sys.exit(f"refused: {error}")
"""


class Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return Path.touch, (self.path,)


def test_a_hostile_index_executes_nothing(root: Path, tmp_path: Path) -> None:
    exploded = tmp_path / "exploded"
    bomb = pickle.dumps(Bomb(exploded))
    pickle.loads(bomb)  # noqa: S301 - shows that the bomb is live
    exploded.unlink()
    for name in (
        "_MAIN_1.toc",
        "generation-00000001/_MAIN_1.toc",
        "generation-00000002/_MAIN_1.toc",
    ):
        if (root / name).parent.exists():
            (root / name).write_bytes(bomb)
    assert read_everything(root).stderr == ""
    for ending in (".doc", ".trm", ".del", "manifest.json", "CURRENT"):
        for path in root.rglob(f"*{ending}"):
            kept = path.read_bytes()
            path.write_bytes(bomb)
            assert read_everything(root).stderr.startswith("refused: the index is damaged")
            path.write_bytes(kept)
    assert not exploded.exists()


def read_everything(root: Path) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", EVERYTHING_READ, str(root)]
    return subprocess.run(program, capture_output=True, text=True, check=False)
