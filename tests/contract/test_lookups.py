"""Articles by their ids, all of them, and the words that none has."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import examples
from heatseek.article import Article
from heatseek.engines.model import Request
from heatseek.query import tree
from indexes import change, fill
from strategies import EPOCH, archives

if TYPE_CHECKING:
    from contract.conftest import Fill, Make

IDS = ("a.md", "a.md.md", "b/a.md", "b/a", "d", "ü.md", "md")
"""Of which some are in others, and all of them together in what stands side by side."""


@settings(max_examples=examples(25))
@given(
    first=st.lists(st.sampled_from(IDS), unique=True),
    second=st.lists(st.sampled_from(IDS), unique=True),
    removed=st.sets(st.sampled_from(IDS)),
)
def test_an_article_is_found_by_its_whole_id(
    make: Make, first: list[str], second: list[str], removed: set[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        fill(engine, [Article(id_, "old") for id_ in first])
        gone = removed - set(second)
        change(engine, [Article(id_, "new") for id_ in second], [*gone, *second])
        expected = dict.fromkeys(set(first) - gone, "old") | dict.fromkeys(second, "new")
        with engine.open() as reader:
            found = {id_: reader.get(id_) for id_ in (*IDS, "", "mda", "a.m", ".md", "\ud800")}
            assert {id_: a.title for id_, a in found.items() if a} == expected
            assert {a.id: a.title for a in reader.articles()} == expected
            assert all(a.id == id_ for id_, a in found.items() if a)


@settings(max_examples=examples(15))
@given(archive=archives())
def test_articles_come_back_as_they_were_given(
    make: Make, filled: Fill, archive: list[Article]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        filled(engine, archive)
        with engine.open() as reader:
            expected = {article.id: without_mentions(article) for article in archive}
            assert {article.id: article for article in reader.articles()} == expected
            assert {id_: reader.get(id_) for id_ in expected} == expected
            assert reader.generation.documents == len(archive)


def without_mentions(article: Article) -> Article:
    """Stories say what mentions them, articles with a file do not."""
    return article if article.kind == "related" else replace(article, related_to=())


def test_the_newest_article_that_is_not_newer_than_an_instant(
    make: Make, filled: Fill, tmp_path: Path
) -> None:
    days = (0, 3, None, 7)
    engine = make(tmp_path)
    filled(engine, [Article(f"{day}.md", "sun", published_at=on(day)) for day in days])
    with engine.open() as reader:
        # Back and forth: an answer must not stand for other instants.
        for day, newest in ((2, 0), (7, 7), (-1, None), (3, 3), (99, 7), (6, 3), (0, 0)):
            assert reader.newest(on(day)) == on(newest), day
        assert reader.newest(on(7) - timedelta(microseconds=1)) == on(3)


def on(day: int | None) -> datetime | None:
    return None if day is None else EPOCH + timedelta(days=day)


def test_words_that_no_article_has_are_named_on_request(make: Make, tmp_path: Path) -> None:
    engine = make(tmp_path)
    fill(engine, [Article("a.md", "sun", body="wind")])
    query = tree.Any((tree.Term("sun"), tree.Term("moon"), tree.Term("wind", "title")))
    with engine.open() as reader:
        assert reader.search(Request(query, EPOCH)).missing == ()
        assert reader.search(Request(query, EPOCH, missing=True)).missing == ("moon", "wind")
