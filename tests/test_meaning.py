"""Searches by meaning: two rankings as one, who enters, pages, totals, and what is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import heatseek
from cli_runs import run
from encoders import make_encoder
from heatseek import Index, Semantic, SemanticError
from heatseek.config import load
from heatseek.errors import ArgumentError, IndexDamagedError
from heatseek.search import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek import Results, Summary

TEXTS = {
    "sea.md": ("The sea", "Energy", 100),
    "ocean.md": ("Ocean waves", "Water", 0),
    "sailing.md": ("Sailing", "Energy", 0),
    "bank.md": ("The bank and the sea", "Money", 0),
    "loans.md": ("Loans", "Money", 0),
    "roses.md": ("Roses", "Garden", 0),
}


def write(folder: Path, texts: dict[str, tuple[str, str, int]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, topic, heat) in texts.items():
        head = f"title: {title}\ntopics: [{topic}]\nheat: {heat}\n"
        (folder / name).write_text(f"---\n{head}publishedDateTime: 2024-01-01\n---\n")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an encoder, and its index."""
    home = tmp_path_factory.mktemp("meaning")
    write(home / "seeds", TEXTS)
    make_encoder(home / "model")
    (home / "heatseek.toml").write_text('[semantic]\nmodel = "model"\n')
    assert run("heatseek", "rebuild", cwd=home).code == 0
    return home


@pytest.fixture
def index(home: Path) -> Iterator[Index]:
    with heatseek.open_project(home) as index:
        yield index


def ids(results: Results) -> list[str]:
    return [hit.article.id for hit in results]


def test_articles_without_the_word_enter_behind_those_that_have_it(index: Index) -> None:
    by_words = index.search("sea")
    found = index.search("sea", meaning=0.5)
    assert (ids(by_words), by_words.near) == (["sea.md", "bank.md"], None)
    assert set(ids(found)) == {"sea.md", "bank.md", "ocean.md", "sailing.md"}
    assert ids(found)[0] == "sea.md"
    assert (found.total, found.near) == (4, 2)
    assert {hit.article.id: hit.words for hit in found}["ocean.md"] == "none"
    nothing = index.search("sea", meaning=0)
    assert [(hit.article.id, hit.score) for hit in nothing] == [
        (hit.article.id, hit.score) for hit in by_words
    ]


@pytest.mark.parametrize("weight", [0.01, 0.3, 1.0])
def test_no_match_is_lost_and_no_stranger_has_more_text_than_the_best(
    index: Index, weight: float
) -> None:
    best = index.search("sea", boosts={"quality": 0, "heat": 0}).hits[0].score
    found = index.search("sea", meaning=weight, boosts={"quality": 0, "heat": 0})
    scores = {hit.article.id: hit.score for hit in found}
    assert {"sea.md", "bank.md"} <= scores.keys()
    assert 0 < max(scores["ocean.md"], scores["sailing.md"]) <= weight * best * 1.0001
    assert ids(found)[0] in {"sea.md", "bank.md"}


@pytest.mark.parametrize(
    ("query", "arguments", "entering"),
    [
        ("sea", {"topics": "Energy"}, {"sailing.md"}),
        ("sea -ocean", {}, {"sailing.md"}),
        ("sea", {"where": "topic=Energy"}, {"sailing.md"}),
        ("sea category:news", {}, set()),
        ('"the sea"', {}, set()),
        ("sea AND bank", {}, set()),
        ("sea OR roses", {}, {"ocean.md", "sailing.md"}),
        ("sea money", {}, {"ocean.md", "sailing.md"}),
        ("sea money", {"matching": "all"}, set()),
        ("title:sea", {}, set()),
        ("se*", {}, set()),
        ("sea", {"sort": "date"}, set()),
        ("xylophone", {}, set()),
        ("", {"topics": "Energy"}, set()),
    ],
)
def test_what_was_asked_for_explicitly_holds_for_who_enters(
    index: Index, query: str, arguments: dict[str, Any], entering: set[str]
) -> None:
    plain = index.search(query, limit=50, **arguments)
    found = index.search(query, limit=50, meaning=0.4, **arguments)
    assert set(ids(plain)) <= set(ids(found))
    assert set(ids(found)) - set(ids(plain)) == entering
    assert found.matches == len(ids(found)) == len(set(ids(found)))


def test_where_no_word_is_found_meaning_alone_answers(index: Index) -> None:
    found = index.search("waves money", meaning=0.3, topics="Energy")
    assert found.near == len(found) == 2
    assert "no article has any of these words; these are near in meaning" in found.notices


def test_pages_facets_and_totals_are_of_one_list(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for window, nearest in ((1, 1), (1, 3), (2, 2), (200, 100)):
        monkeypatch.setattr(meaning, "WINDOW", window)
        monkeypatch.setattr(meaning, "NEAREST", nearest)
        for query in ("sea", "sea bank", "sea bank roses loans", "ocean"):
            whole = index.search(query, meaning=0.5, facets="topic")
            pages = [
                hit
                for offset in range(whole.matches)
                for hit in index.search(query, meaning=0.5, limit=1, offset=offset)
            ]
            assert [hit.rank for hit in pages] == [*range(1, whole.matches + 1)]
            assert ids(whole) == [hit.article.id for hit in pages], (window, nearest, query)
            counted = sum(each.articles for each in whole.facets["topic"].values)
            assert counted == whole.total
            if whole.total_some is not None:
                tiers = [hit.words == "all" for hit in whole]
                assert tiers == sorted(tiers, reverse=True)


def test_an_explanation_has_both_parts_and_adds_up(index: Index) -> None:
    for query in ("sea", "sea bank", "ocean"):
        plain = index.search(query, meaning=0.5)
        found = index.search(query, meaning=0.5, explain=True)
        assert [(h.article.id, h.score) for h in plain] == [(h.article.id, h.score) for h in found]
        best = max(hit.explanation.text for hit in found if hit.explanation)
        for hit in found:
            parts = hit.explanation
            assert parts is not None
            assert parts.meaning is not None
            effect, nearness, weight, reference = parts.meaning
            assert effect == pytest.approx(weight * reference * nearness)
            assert (weight, reference) == (0.5, pytest.approx(best))
            assert hit.score == pytest.approx((parts.text + effect) * parts.boost)
            assert parts.text == pytest.approx(sum(word.score for word in parts.words))
            assert (hit.words == "none") == (not parts.words)
    assert index.search("sea", explain=True).hits[0].explanation.meaning is None  # type: ignore[union-attr] # asked for


def test_articles_like_one_are_found_by_vectors_too(index: Index) -> None:
    assert "ocean.md" not in ids(index.similar("sea.md"))
    found = ids(index.similar("sea.md", meaning=0.5))
    assert {"ocean.md", "sailing.md"} <= set(found)
    assert "sea.md" not in found


def test_grouped_hits_are_of_the_same_matches(index: Index) -> None:
    found = index.search("sea", meaning=0.5, group=True)
    assert found.stories is not None
    assert found.stories.matches == 4


def test_the_command_line_shows_both_parts_and_says_what_is_missing(
    home: Path, tmp_path: Path
) -> None:
    out = run("search", "sea", "--meaning", "0.5", "--explain", cwd=home).out
    assert "(text " in out
    assert "= 0.5 \N{MULTIPLICATION SIGN} best text" in " ".join(out.split())
    assert "2 by meaning alone" in out
    document = json.loads(run("search", "sea", "--meaning=0.5", "--json", cwd=home).out)
    assert (document["total"], document["near"]) == (4, 2)
    for wrong in ("2", "-1", "nan", "much"):
        ran = run("search", "sea", f"--meaning={wrong}", cwd=home)
        assert ran.code == 2
        assert ran.err == f"search: --meaning {wrong}: must be a number from 0 to 1\n"
    write(tmp_path / "seeds", TEXTS)
    ran = run("search", "sea", "--meaning", "0.5", cwd=tmp_path)
    assert ran.code == 2
    assert ran.err.endswith(
        "search: the index has no vectors to search by meaning: set [semantic] in heatseek.toml"
        " and run `heatseek update`, or search with --meaning 0\n"
    )


def test_a_weight_of_the_project_counts_and_can_be_left_out(home: Path, tmp_path: Path) -> None:
    settings = f"""
        archive = "{home / "seeds"}"
        index = "{home / "index"}"
        semantic = {{ model = "{home / "model"}", meaning = 0.5 }}
        searches.water = {{ query = "sea", meaning = 0 }}
    """
    (tmp_path / "heatseek.toml").write_text(settings)
    with heatseek.open_project(tmp_path) as index:
        assert index.search("sea").total == 4
        assert index.search("sea", meaning=0).total == 2
        assert index.search("@water").total == 2
    shown = json.loads(run("heatseek", "config", "--json", cwd=tmp_path).out)["settings"]
    assert shown["semantic.meaning"] == {"value": 0.5, "source": "heatseek.toml:4"}
    assert shown["semantic.model"]["value"] == str(home / "model")


@pytest.mark.parametrize("line", ["[semantic]", "semantic = {}"])
def test_a_table_without_a_line_stands_for_the_archive_itself(tmp_path: Path, line: str) -> None:
    (tmp_path / "heatseek.toml").write_text(f"# Meaning\n{line}\n")
    shown = json.loads(run("heatseek", "config", "--json", cwd=tmp_path).out)["settings"]
    assert shown["semantic.kind"] == {"value": "lsa", "source": "heatseek.toml:2"}
    assert load(environ={}, cwd=tmp_path).semantic == Semantic()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ('kind = "lsi"', ':2: semantic.kind = "lsi": must be one of lsa; did you mean "lsa"?'),
        ("meaning = 2", ":2: semantic.meaning = 2: must be a number from 0 to 1"),
        ("model = 7", ":2: semantic.model = 7: must be a path in quotes"),
        ('kind = "lsa"\nmodel = "m"', ":2: semantic.kind: a model is named, too: leave out one"),
        ('modle = "m"', ':2: unknown key "modle"; did you mean "model"?'),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(tmp_path: Path, lines: str, reason: str) -> None:
    (tmp_path / "heatseek.toml").write_text(f"[semantic]\n{lines}\n")
    assert run("search", "sea", cwd=tmp_path).err == f"search: heatseek.toml{reason}\n"


def test_a_request_takes_no_other_weight(index: Index) -> None:
    with pytest.raises(ArgumentError, match="meaning True: must be a number from 0 to 1"):
        index.search("sea", meaning=True)


class Project:
    """An archive and its index, written by the library."""

    def __init__(self, folder: Path, semantic: Semantic | None) -> None:
        self.seeds = write(folder / "seeds", TEXTS)
        self.index = folder / "index"
        self.semantic = semantic
        self.said: list[str] = []
        heatseek.rebuild(self.seeds, self.index, semantic=semantic, tell=self.said.append)

    def update(self, semantic: Semantic | None = None) -> Summary:
        return heatseek.update(self.seeds, self.index, semantic=semantic, tell=self.said.append)

    def found(self, query: str) -> set[str]:
        with heatseek.open_index(self.index) as index:
            return set(ids(index.search(query, meaning=0.5, limit=50)))

    def notes(self) -> dict[str, bytes]:
        with heatseek.open_index(self.index) as index:
            return {name: index._reader.note(name) for name in ("vectors", "lsa")}


def test_an_update_gives_the_vectors_of_a_rebuild(tmp_path: Path) -> None:
    semantic = Semantic(str(make_encoder(tmp_path / "model")))
    project = Project(tmp_path / "one", semantic)
    (project.seeds / "sailing.md").unlink()
    write(project.seeds, {"bank.md": ("Waves", "", 0), "new.md": ("Ocean loans", "", 0)})
    project.update()
    assert project.found("sea") == {"sea.md", "ocean.md", "bank.md", "new.md"}
    after = project.notes()
    heatseek.rebuild(project.seeds, project.index, semantic=semantic)
    assert after == project.notes()


def test_an_update_encodes_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from heatseek.vectors.encoder import SentenceEncoder  # noqa: PLC0415 - an extra

    project = Project(tmp_path, Semantic(str(make_encoder(tmp_path / "model"))))
    encoded: list[str] = []
    original = SentenceEncoder.of_articles

    def of_articles(self: Any, articles: Any) -> Any:
        encoded.extend(article.id for article in articles)
        return original(self, articles)

    monkeypatch.setattr(SentenceEncoder, "of_articles", of_articles)
    write(project.seeds, {"new.md": ("Waves", "", 0)})
    project.update()
    assert encoded == ["new.md"]
    project.update(project.semantic)
    assert encoded == ["new.md"]


def test_an_index_gets_other_vectors_when_others_are_wanted(tmp_path: Path) -> None:
    project = Project(tmp_path, None)
    assert not project.notes()["vectors"]
    encoder = Semantic(str(make_encoder(tmp_path / "model")))
    project.update(encoder)
    assert "sailing.md" in project.found("sea")
    project.update(Semantic())
    assert project.notes()["lsa"]
    heatseek.rebuild(project.seeds, project.index)
    assert project.notes() == {"vectors": b"", "lsa": b""}


def test_an_analysis_folds_new_articles_in_and_is_fitted_anew_after_many(tmp_path: Path) -> None:
    texts = {f"{n}.md": (f"sea ocean sailing {n}", "Energy", 0) for n in range(10)}
    texts |= {f"m{n}.md": (f"bank money {n}", "Money", 0) for n in range(10)}
    project = Project(tmp_path, Semantic())
    for path in project.seeds.iterdir():
        path.unlink()
    write(project.seeds, texts)
    project.update()
    fitted = project.notes()["lsa"]
    write(project.seeds, {"new.md": ("sailing", "", 0)})
    project.update()
    assert project.notes()["lsa"] == fitted
    assert "new.md" in project.found("ocean")
    write(project.seeds, {f"{n}.md": (f"ocean waves {n}", "", 0) for n in range(8)})
    project.update()
    assert project.notes()["lsa"] != fitted
    after = project.notes()
    heatseek.rebuild(project.seeds, project.index, semantic=Semantic())
    assert after == project.notes()


def test_an_index_is_made_also_where_its_vectors_cannot_be(tmp_path: Path) -> None:
    model = make_encoder(tmp_path / "model")
    project = Project(tmp_path / "one", Semantic(str(model)))
    (model / "model.onnx").rename(model / "away")
    write(project.seeds, {"new.md": ("Ocean", "", 0), "bank.md": ("Bank", "", 0)})
    assert project.update().articles == 7
    (said,) = project.said
    assert said.startswith(f"vectors are not made: {model} has no model.onnx")
    with pytest.raises(SemanticError, match=r"has no model.onnx"):
        project.found("sea")
    with heatseek.open_index(project.index) as index:
        assert "new.md" in ids(index.search("ocean"))
    (model / "away").rename(model / "model.onnx")
    project.update()
    assert project.found("sea") == {"sea.md", "ocean.md", "sailing.md", "new.md"}
    make_encoder(model, dimensions=6)
    with pytest.raises(SemanticError, match="is not the one that the vectors of the index"):
        project.found("sea")


def test_vectors_that_were_written_to_are_damage(tmp_path: Path) -> None:
    project = Project(tmp_path, Semantic(str(make_encoder(tmp_path / "model"))))
    with heatseek.open_index(project.index) as index:
        assert index.search("sea", meaning=0.5).near == 2
        (path,) = project.index.glob("generation-*/vectors.note")
        path.write_bytes(path.read_bytes()[:-100])
        with pytest.raises(IndexDamagedError, match=r"vectors.note is not as it was written"):
            index.search("sea", meaning=0.5)
    path.write_bytes(b"")
    assert heatseek.check(project.index).flaws
