"""Hits of every engine by story, as comparing each with each gives them."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import examples
from heatseek.article import Article, Provider
from oracle import Oracle
from searches import Asking

if TYPE_CHECKING:
    from contract.conftest import Fill, Make

MONDAY = datetime(2023, 3, 13, 9, tzinfo=UTC)
words = st.sampled_from("solar wind tide grid roofs berlin the 2023 2024".split())
rare = st.sampled_from("oslo paris rome vienna".split())
titles = st.tuples(st.lists(words, min_size=2, max_size=5), st.lists(rare, max_size=2)).map(
    lambda both: " ".join(both[0] + both[1])
)
articles = st.builds(
    Article,
    id=st.integers(1, 12).map("{}.md".format),
    title=titles,
    excerpt=st.just("solar"),
    published_at=st.none() | st.sampled_from([0, 1, 7, 8]).map(lambda n: MONDAY + timedelta(n)),
    provider=st.sampled_from([Provider(), Provider("Herald"), Provider("Times", "times.org")]),
    related_to=st.lists(st.integers(1, 12).map("{}.md".format), max_size=2, unique=True).map(tuple),
)
archives = st.lists(articles, min_size=5, max_size=10, unique_by=lambda article: article.id)


@settings(max_examples=examples(25))
@given(archive=archives)
def test_stories_equal_brute_force(make: Make, filled: Fill, archive: list[Article]) -> None:
    check(make, filled, archive)


@pytest.mark.slow
@settings(max_examples=2_000)
@given(archive=archives)
def test_the_same_for_thousands_of_archives(
    make: Make, filled: Fill, archive: list[Article]
) -> None:
    check(make, filled, archive)


def check(make: Make, filled: Fill, archive: list[Article]) -> None:
    oracle = Oracle(archive)
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        filled(engine, archive)
        for long_lived in (False, True):
            with engine.open(long_lived=long_lived) as reader:
                searcher = Asking(reader, snippet_length=0)
                ranked = [hit.article.id for hit in searcher.search("solar", limit=100)]
                found = searcher.search("solar", group=True, limit=100)
            stories = [[hit.article.id, *hit.others] for hit in found]
            assert stories == oracle.stories(ranked)
            assert found.stories == (len(stories), len(ranked)) if ranked else not stories
