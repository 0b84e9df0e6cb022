"""Orders of hits: the least first, and freshness in an archive of any age."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

import heatseek
from heatseek.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLES = {
    "new": "publishedDateTime: 2003-05-02\nquality: 10",
    "old": "publishedDateTime: 1999-01-01\nquality: 90",
    "middle": "publishedDateTime: 2003-04-01\nquality: 10",
    "undated": "",
    "planned": "publishedDateTime: 2999-01-01\nquality: 50",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[heatseek.Index]:
    folder: Path = tmp_path_factory.mktemp("archive")
    for name, head in ARTICLES.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: Otters\n{head}\n---\n", "utf-8")
    heatseek.rebuild(folder, folder / "index")
    with heatseek.open_index(folder / "index") as opened:
        yield opened


def found(index: heatseek.Index, query: str = "otters", **options: object) -> list[str]:
    return [hit.article.id.removesuffix(".md") for hit in index.search(query, **options)]


def test_the_least_comes_first_and_the_unknown_last(index: heatseek.Index) -> None:
    oldest = ["old", "middle", "new", "planned", "undated"]
    assert found(index, sort="date:asc") == oldest
    assert found(index, sort="Date : ASC", limit=2) == oldest[:2]
    assert found(index, "", sort="date:asc", offset=3) == oldest[3:]
    assert found(index, sort="date:desc") == found(index, sort="date")
    assert found(index, sort="date")[0] == "planned"
    assert found(index, sort="quality:asc") == ["new", "middle", "planned", "old", "undated"]


def test_ages_count_from_the_newest_article_that_is_out(index: heatseek.Index) -> None:
    fresh = index.search("otters", rank="fresh")
    # In the present of 2003, as if nothing had happened since; the future counts as now.
    then = index.search("otters", rank="fresh", now="2003-05-02")
    assert [(hit.article.id, hit.score) for hit in fresh] == [
        (hit.article.id, hit.score) for hit in then
    ]
    assert found(index, rank="fresh", boosts={"quality": 0}) == [
        *("planned", "new", "middle", "old", "undated"),
    ]
    assert fresh.ages_from == datetime(2003, 5, 2, tzinfo=UTC)
    assert fresh.to_dict()["ages_from"] == "2003-05-02T00:00:00Z"
    assert then.ages_from is None


def test_from_a_present_that_was_named(index: heatseek.Index) -> None:
    hits = index.search("otters", rank="fresh", now="2026-01-01", explain=True)
    recency = {h.article.id: h.explanation.signals[-1].effect for h in hits if h.explanation}
    assert recency["new.md"] == pytest.approx(0.2)


def test_without_a_weight_of_the_age_nobody_looks_for_the_newest(index: heatseek.Index) -> None:
    assert index.search("otters").ages_from is None


@pytest.mark.parametrize(
    ("sort", "flaw"),
    [
        ("date:up", "after the colon write asc or desc"),
        ("date:", "after the colon write asc or desc"),
        ("relevance:asc", "relevance has one order"),
        ("dat:asc", "did you mean date?"),
    ],
)
def test_orders_that_there_are_not(index: heatseek.Index, sort: str, flaw: str) -> None:
    with pytest.raises(ArgumentError, match=flaw):
        index.search("otters", sort=sort)
