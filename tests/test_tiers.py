"""Of up to three words: first the articles that have all, then those that have some."""
# ruff: noqa: RUF001 - the output has these signs

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import heatseek
from cli_runs import run
from heatseek.results import Facet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heatseek.results import Results

ARTICLES = {
    # Much of one word, and hot: it would come first by its score.
    "otters": "title: Otter, otter, otter\nheat: 9000\ntopics: [Zoo]\n"
    "publishedDateTime: 2025-01-01",
    "both": "title: The otter that came down\nexcerpt: A river, once.\ntopics: [Wild]\n"
    "publishedDateTime: 2021-01-01",
    "also": "title: Rivers\nexcerpt: There was an otter.\ntopics: [Wild]\n"
    "publishedDateTime: 2020-01-01",
    "river": "title: The river\npublishedDateTime: 2024-01-01",
    "winter": "title: Winter river\ncategory: season\npublishedDateTime: 2023-01-01",
    "tea": "title: Tea",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("home")
    (folder / "seeds").mkdir()
    for name, header in ARTICLES.items():
        (folder / "seeds" / f"{name}.md").write_text(f"---\n{header}\n---\n", "utf-8")
    (folder / "heatseek.toml").write_text('[searches]\nsea = "otter river"\n', "utf-8")
    heatseek.rebuild(folder / "seeds", folder / "index")
    return folder


@pytest.fixture(scope="module", params=[False, True])
def index(home: Path, request: pytest.FixtureRequest) -> Iterator[heatseek.Index]:
    with heatseek.open_index(home / "index", long_lived=request.param) as opened:
        yield opened


def found(results: Results) -> list[str]:
    return [hit.article.id.removesuffix(".md") for hit in results]


def numbers(results: Results) -> tuple[int, int | None, int | None, int]:
    return results.total, results.total_some, results.with_all, results.size


def test_all_words_come_before_some_whatever_the_score(index: heatseek.Index) -> None:
    results = index.search("otter river")

    assert set(found(results)[:2]) == {"both", "also"}
    assert found(results)[2] == "otters"
    assert set(found(results)[3:]) == {"river", "winter"}
    assert [hit.words for hit in results] == ["all", "all", "some", "some", "some"]
    assert [hit.rank for hit in results] == [1, 2, 3, 4, 5]
    scores = [hit.score for hit in results]
    assert scores[2] > scores[0] >= scores[1]
    assert scores[2:] == sorted(scores[2:], reverse=True)
    assert numbers(results) == (2, 3, None, 5)
    assert results.notices == ()


def test_pages_go_on_across_the_border(index: heatseek.Index) -> None:
    whole = found(index.search("otter river"))
    for limit in (1, 2, 3):
        pages = [index.search("otter river", limit=limit, offset=n) for n in range(0, 7, limit)]
        assert [name for page in pages for name in found(page)] == whole
        assert {numbers(page) for page in pages} == {(2, 3, None, 5)}
    assert numbers(index.search("otter river", limit=0)) == (2, 3, None, 5)


def test_without_a_first_tier_the_second_is_all_there_is(index: heatseek.Index) -> None:
    results = index.search("otter winter", facets=[Facet("topic")])

    assert set(found(results)) == {"otters", "both", "also", "winter"}
    assert {hit.words for hit in results} == {"some"}
    assert numbers(results) == (4, None, 0, 4)
    assert results.notices == ("no article has all of these words; these have some",)
    assert dict(results.facets["topic"].values) == {"Wild": 2, "Zoo": 1}


def test_facets_and_counts_are_of_the_first_tier(index: heatseek.Index) -> None:
    results = index.search("otter river", facets=[Facet("topic"), Facet("year")], limit=5)

    assert list(results.facets["topic"].values) == [("Wild", 2)]
    assert {value for value, _ in results.facets["year"].values} == {"2021", "2020"}
    assert index.count(["otter river", "otter winter", "otter"]) == (2, 4, 3)


@pytest.mark.parametrize(
    ("options", "names", "expected"),
    [
        ({"matching": "all"}, {"both", "also"}, (2, None, None, 2)),
        ({"some": False}, {"both", "also"}, (2, None, None, 2)),
        ({"sort": "date"}, {"both", "also"}, (2, None, None, 2)),
        ({"matching": "any"}, {"both", "also", "otters", "river", "winter"}, (5, None, 2, 5)),
    ],
)
def test_one_tier(
    index: heatseek.Index,
    options: dict[str, object],
    names: set[str],
    expected: tuple[int, int | None, int | None, int],
) -> None:
    results = index.search("otter river", **options)  # type: ignore[arg-type] # one of each kind

    assert set(found(results)) == names
    assert numbers(results) == expected
    assert {hit.article.id for hit in results if hit.words == "all"} == {"both.md", "also.md"}
    fallen_back = index.search("otter winter", **options)  # type: ignore[arg-type] # likewise
    assert bool(fallen_back.total) == (options != {"matching": "all"})


@pytest.mark.parametrize(
    ("query", "first", "second"),
    [
        ('"otter that" river', {"both"}, {"also", "river", "winter"}),
        ("ott* river", {"both", "also"}, {"otters", "river", "winter"}),
        ("otter river -winter", {"both", "also"}, {"otters", "river"}),
        ("+river otter came", {"both"}, {"also"}),
        ("title:otter river", {"both"}, {"otters", "also", "river", "winter"}),
        ("otter river date:2020..2021", {"both", "also"}, set()),
        ("otter (river OR winter)", {"both", "also"}, {"otters", "river", "winter"}),
        ("otter AND river", {"both", "also"}, set()),
        ("otter OR river", {"both", "also", "otters", "river", "winter"}, set()),
        ("otter", {"both", "also", "otters"}, set()),
    ],
)
def test_which_parts_may_be_missing(
    index: heatseek.Index, query: str, first: set[str], second: set[str]
) -> None:
    results = index.search(query)

    assert set(found(results)[: len(first)]) == first
    assert set(found(results)[len(first) :]) == second
    assert results.total == len(first)
    assert (results.total_some or 0) == len(second)


def test_filters_hold_in_both_tiers(index: heatseek.Index) -> None:
    results = index.search("otter river", topics=["Wild", "Zoo"])

    assert found(results)[2:] == ["otters"]
    assert numbers(results) == (2, 1, None, 3)


def test_a_corrected_query_has_tiers_too(index: heatseek.Index) -> None:
    results = index.search("ottre river")

    assert results.suggestion == "otter river"
    assert numbers(results) == (2, 3, None, 5)
    assert [hit.words for hit in results] == ["all", "all", "some", "some", "some"]


def test_the_line_between_them(home: Path) -> None:
    line = "2 articles have all words; 3 have some"
    whole = run("search", "otter", "river", cwd=home).out
    before, _, after = whole.partition(f"\n\n{line}\n\n")
    assert (before.count("\n2  "), after.count("3  Otter")) == (1, 1)
    assert after.endswith("\n\n5 matches\n")
    first = run("search", "otter", "river", "-n", "2", cwd=home).out
    assert first.endswith(f"\n\n1–2 of 5 matches · next: --offset 2 · {line}\n")
    assert run("search", "otter", "river", "-n", "0", cwd=home).out == f"5 matches · {line}\n"
    assert "have some" not in run("search", "otter", cwd=home).out
    explained = run("search", "otter", "river", "--explain", cwd=home).out
    assert explained.startswith("searched: otter river\n")
    assert explained.count("   all of the words\n   score ") == 2
    assert explained.count("   some of the words\n   score ") == 3
    assert "of the words" not in run("search", "otter", "--explain", cwd=home).out


def test_every_format_says_it_or_has_the_first_tier_alone(home: Path) -> None:
    def out(*args: str) -> str:
        return run("search", "otter", "river", *args, cwd=home).out

    document = json.loads(out("--json", "-n", "3"))
    assert [document[key] for key in ("total", "total_some", "with_all")] == [2, 3, None]
    assert [hit["words"] for hit in document["hits"]] == ["all", "all", "some"]
    rows = [line.rpartition(",")[2] for line in out("--format", "csv").splitlines()]
    assert rows == ["words", "all", "all", "some", "some", "some"]
    assert len(out("--format", "paths").splitlines()) == 2
    assert len(out("--format", "paths", "--any").splitlines()) == 5


def test_half_a_match_is_no_news(home: Path, tmp_path: Path) -> None:
    ran = run("search", "@sea", "--new", "--json", cwd=home, XDG_STATE_HOME=str(tmp_path))
    assert {hit["id"] for hit in json.loads(ran.out)["hits"]} == {"both.md", "also.md"}
