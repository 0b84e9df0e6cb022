"""Words and phrases by their other names."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import heatseek
from cli_runs import make_archive, run
from heatseek.article import Article
from heatseek.engines import load
from heatseek.query.parser import parse
from heatseek.query.printing import to_text
from heatseek.query.rewriting import relax, require
from heatseek.query.synonyms import MAX_ADDED, SynonymMap
from heatseek.search.highlight import Highlighter
from heatseek.text.languages import Analyzer
from indexes import fill
from query_examples import written
from searches import Asking
from timing import check_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heatseek.engines.base import Reader
    from heatseek.results import Results

ENTRIES = {
    "ai": ("artificial intelligence",),
    "New York": ("NYC", "big apple"),
    "nyc": ("the city",),
    "e-mail": ("electronic message",),
    "IT": ("information technology",),
    "Zürich": ("Zuerich",),
    "new": ("novel",),
    "C++": ("cpp", '6" floppy'),
    "alone": ("Alone",),
}
SYNONYMS = SynonymMap(ENTRIES, Analyzer())

AI = "synonyms(ai, artificial intelligence)"
ALSO_AI = "synonyms(artificial intelligence, ai)"
CITY = "synonyms(nyc, New York, big apple, the city)"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("ai", AI),
        ("climate ai", f"words(climate, {AI})"),
        ("artificial intelligence", ALSO_AI),
        ("artificial climate intelligence", "words(artificial, climate, intelligence)"),
        ('"artificial intelligence"', ALSO_AI),
        (
            "the Artificial Intelligences act",
            "words(the, synonyms(Artificial Intelligences, ai), act)",
        ),
        ("AI's", "synonyms(AI's, artificial intelligence)"),
        # Names that meet in one entry are names of one thing.
        ("nyc", CITY),
        ("big apple", "synonyms(big apple, New York, NYC, the city)"),
        # The longest name counts.
        ("new york", "synonyms(new york, NYC, big apple, the city)"),
        ("new yorkers", "words(synonyms(new, novel), yorkers)"),
        ("zurich", "synonyms(zurich, Zuerich)"),
        ("e mail", "synonyms(e mail, electronic message)"),
        ("E-Mail", "synonyms(E-Mail, electronic message)"),
        ("cpp", "synonyms(cpp, C++, 6 floppy)"),
        ("alone", "alone"),
        # In small letters a function word among others is one.
        ("it jobs", "words(it, jobs)"),
        ("IT jobs", "words(synonyms(IT, information technology), jobs)"),
        ("it", "synonyms(it, information technology)"),
        # Wherever words stand.
        ("ai OR sun", f"any({AI}, sun)"),
        ("sun AND ai", f"all(sun, {AI})"),
        ("sun -ai", f"all(sun, not({AI}))"),
        ("title:ai", f"title:{AI}"),
        ("title:(artificial intelligence)", f"title:{ALSO_AI}"),
        ("title:artificial intelligence", "words(title:artificial, intelligence)"),
        ("ai^2", f"{AI}^2"),
        ("(artificial intelligence)^2", f"{ALSO_AI}^2"),
        ("artificial^2 intelligence", "words(artificial^2, intelligence)"),
        # Asked for by two names, a thing is asked for once.
        ('ai OR "artificial intelligence"', AI),
        ('sun (ai OR "artificial intelligence")', f"words(sun, {AI})"),
        # What is meant as it is.
        ('"artificial intelligence act"', '"artificial intelligence act"'),
        ('"ai artificial"~3', '"ai artificial"~3'),
        ("ai* a? ai~1", "words(ai*, a?, ai~1)"),
        ("category:ai quality:>5", "all(category:ai, quality:[6, *])"),
        ("artificial AND intelligence", "all(artificial, intelligence)"),
        ("", "everything"),
    ],
)
def test_names_are_recognised(text: str, tree: str) -> None:
    found, said = SYNONYMS.apply(parse(text))
    assert tree == written(found)
    assert said == ()


def test_printed_as_what_finds_the_same() -> None:
    found, _ = SYNONYMS.apply(parse("title:cpp climate ai^2"))
    assert to_text(found) == (
        'title:(cpp OR C++ OR "6 floppy") climate (ai OR "artificial intelligence")^2'
    )


typed = st.lists(
    st.sampled_from(
        [
            *(
                "ai",
                "artificial",
                "intelligence",
                "new",
                "york",
                "nyc",
                "it",
                "IT",
                "C++",
                "e-mail",
            ),
            *(
                "AND",
                "OR",
                "NOT",
                "(",
                ")",
                "-",
                "+",
                '"',
                "title:",
                "^2",
                "x*",
                "heat:>5",
                " ",
                " ",
            ),
        ]
    ),
    max_size=15,
).map(" ".join)


@given(text=typed.filter(lambda text: any(map(str.isalnum, text))))
def test_what_is_printed_means_the_same_when_it_is_typed(text: str) -> None:
    query, _ = SYNONYMS.apply(parse(text))
    assert SYNONYMS.apply(query) == (query, ())
    printed = to_text(query)
    assert to_text(SYNONYMS.apply(parse(printed))[0]) == printed
    for rewritten in (require(query), relax(query)):
        assert SYNONYMS.apply(rewritten)[0] is not None


def test_too_many_names_are_told() -> None:
    many = SynonymMap({"sun": [f"b{n}" for n in range(MAX_ADDED + 1)]}, Analyzer())
    query = parse("sun c")
    assert many.apply(query) == (
        query,
        (f"more than {MAX_ADDED} synonyms: searched for the words as typed",),
    )


def test_ten_thousand_entries_and_words_take_no_time() -> None:
    chain = {f"word{n} x": [f"word{n + 1} x"] for n in range(10_000)}
    query = parse(" ".join(["word0 x x"] * 300))
    check_time(lambda: SynonymMap(chain, Analyzer()).apply(query), 1.0)


ARTICLES = [
    Article("short.md", "AI in farming"),
    Article("long.md", "Artificial intelligence in farming", excerpt="ai, artificial intelligence"),
    Article("apart.md", "Intelligence that is artificial", excerpt="no farming"),
    Article("other.md", "Farming by hand"),
]
MORE = [Article(f"{n}.md", "Weather and wind") for n in range(8)]


@pytest.fixture(scope="module", params=[False, True])
def reader(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    engine = load(tmp_path_factory.mktemp("index"))
    fill(engine, ARTICLES + MORE)
    with engine.open(long_lived=request.param) as reader:
        yield reader


def ask(reader: Reader, text: str, **options: object) -> Results:
    searcher = Asking(reader, now=datetime(2026, 1, 1, tzinfo=UTC), synonyms=dict(ENTRIES))
    return searcher.search(text, **options)  # type: ignore[arg-type]


def scores(reader: Reader, text: str) -> dict[str, float]:
    return {hit.article.id: hit.score for hit in ask(reader, text)}


@pytest.mark.parametrize("text", ["ai", "artificial intelligence", '"Artificial  Intelligence"'])
def test_found_by_either_name_with_the_same_score(reader: Reader, text: str) -> None:
    assert scores(reader, text).keys() == {"short.md", "long.md"}
    assert scores(reader, text) == scores(reader, "ai")


def test_a_thing_counts_once_whatever_it_is_called(reader: Reader) -> None:
    words = ask(reader, "artificial intelligence", explain=True).hits[0].explanation.words  # type: ignore[union-attr]
    assert [word.text for word in words] == [
        '"artificial intelligence"',
        "(all words in the title)",
    ]


def test_all_words_means_any_name_of_each(reader: Reader) -> None:
    found = ask(reader, "ai farming", matching="all", explain=True)
    assert {hit.article.id for hit in found} == {"short.md", "long.md"}
    assert found.understood == '(ai OR "artificial intelligence") AND farming'


def test_excluded_by_every_name(reader: Reader) -> None:
    assert scores(reader, "farming -ai").keys() == {"apart.md", "other.md"}


def test_a_name_is_never_corrected_and_a_corrected_word_has_its_names(reader: Reader) -> None:
    assert ask(reader, "zurich").suggestion == ""
    found = ask(reader, "artifical intelligence")
    assert found.suggestion == "artificial intelligence"
    assert {hit.article.id for hit in found} == {"short.md", "long.md"}


def test_every_name_is_marked() -> None:
    query, _ = SYNONYMS.apply(parse("ai e-mail"))
    shown = Highlighter(query).whole("title", "AI, artificial intelligence; artificial email")
    assert [fragment.text for fragment in shown if fragment.matched] == [
        "AI",
        "artificial intelligence",
        "email",
    ]


def test_a_passage_with_two_names_of_a_thing_shows_no_more_than_one() -> None:
    query, _ = SYNONYMS.apply(parse("ai climate"))
    text = "AI or artificial intelligence, so ai " + "word " * 40 + "the climate of AI"
    shown = Highlighter(query).passage("body", text, 60)
    assert [fragment.text for fragment in shown if fragment.matched] == ["climate", "AI"]


def test_configured_for_the_command_line(tmp_path: Path) -> None:
    make_archive(tmp_path)
    (tmp_path / "heatseek.toml").write_text('[synonyms]\nsea = ["ocean", "deep learning"]\n')
    ran = run("search", "the sea", "--explain", "--json", cwd=tmp_path)
    found = json.loads(ran.out)
    assert {hit["id"] for hit in found["hits"]} == {"reef.md", "climax.md"}
    assert found["understood"] == '(sea OR ocean OR "deep learning")'


def test_given_to_the_library(tmp_path: Path) -> None:
    heatseek.rebuild(make_archive(tmp_path), tmp_path / "index")
    with heatseek.open_index(tmp_path / "index", synonyms={"sea": ["ocean"]}) as index:
        assert [hit.article.id for hit in index.search("sea")] == ["reef.md"]
