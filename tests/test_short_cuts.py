"""Documents that are never scored: the page is as if they had been."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek import engines
from heatseek.article import Article
from heatseek.engines.model import Budget, Request, Tiers
from heatseek.engines.whoosh import merging, reader, vocabulary
from heatseek.engines.whoosh.arrays import (
    numpy_arrays,
    numpy_counts,
    numpy_lists,
    numpy_phrases,
    numpy_ranges,
    numpy_scores,
    numpy_sets,
    numpy_terms,
)
from heatseek.query import tree
from heatseek.ranking import Boosts, arrays
from heatseek.results import Sort
from indexes import fill, fill_by_changes
from strategies import archives, requests

NOW = datetime(2023, 6, 1, tzinfo=UTC)
WORDS = [f"word{number}" for number in range(40)]


@settings(max_examples=50)
@given(
    archive=archives(),
    asked=st.lists(requests, min_size=5, max_size=10),
    is_vectorised=st.booleans(),
    is_changed=st.booleans(),
)
def test_any_archive(
    archive: list[Article], asked: list[Request], is_vectorised: bool, is_changed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # Short cuts are taken however few documents there are.
        patch.setattr(numpy_arrays, "_MANY", 2)
        patch.setattr(numpy_sets, "_FEW", 2)
        patch.setattr(numpy_sets, "_DENSE", 1_000)
        patch.setattr(numpy_scores, "BLOCK", 2)
        patch.setattr(numpy_scores, "_FEW_BLOCKS", 1)
        patch.setattr(numpy_phrases, "_BLOCK", 2)
        patch.setattr(numpy_scores, "_DENSE", 2)
        patch.setattr(numpy_ranges, "_RANGE", 3)
        patch.setattr(arrays, "_BLOCK", 3)
        patch.setattr(numpy_counts, "_FEW", 2)
        patch.setattr(numpy_lists, "_FEW", 2)
        patch.setattr(numpy_terms, "_TOGETHER", 2)
        patch.setattr(vocabulary, "_KEPT", 3)
        # Of an index that was changed the segments stay apart, with what is deleted.
        patch.setattr(merging, "FACTOR", 0)
        patch.setattr(merging, "MOST_DELETED", 1.0)
        if is_vectorised:
            # Of a large archive also a process that searches once takes numpy.
            patch.setattr(reader, "_SMALL", 0)
            patch.setattr(reader, "_LARGE", -1)
        if is_changed:
            fill_by_changes(engines.load(Path(folder)), archive)
        else:
            fill(engines.load(Path(folder)), archive)
        check(Path(folder), asked)


def check(folder: Path, asked: list[Request]) -> None:
    engine = engines.load(folder)
    with engine.open() as once, engine.open(long_lived=True) as often:
        for request in asked * 2:
            budgets = Budget(), Budget()
            one, other = (request._replace(budget=each) for each in budgets)
            assert once.search(one) == often.search(other)
            # Who searches once in a large archive keeps no words, and looks them up again.
            assert budgets[0].left == budgets[1].left or not reader._SMALL


@pytest.fixture(scope="module")
def skewed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,500 articles of some words that most of them have and some that few have."""
    chance = random.Random(5)  # noqa: S311
    folder = tmp_path_factory.mktemp("skewed")
    weights = [1 / (rank + 1) for rank in range(len(WORDS))]
    fill(
        engines.load(folder),
        [
            Article(
                f"{number}.md",
                " ".join(chance.choices(WORDS, weights, k=3)),
                " ".join(chance.choices(WORDS, weights, k=chance.randrange(20))),
                quality=chance.choice([None, 0, 10, 300]),
                heat=chance.choice([None, 0, 70]),
                published_at=chance.choice([None, NOW]),
            )
            for number in range(1_500)
        ],
    )
    return folder


def asked_of(chance: random.Random, boosts: Boosts) -> Request:
    words = [tree.Term(word) for word in chance.sample(WORDS, chance.randint(2, 6))]
    query = tree.Any(tuple(words))
    return Request(query, NOW, boosts=boosts, limit=10, offset=chance.choice([0, 0, 20]))


@pytest.mark.parametrize("recency", [0.0, 0.3, 1.0])
def test_frequent_words_are_not_scored_where_rare_ones_decide(
    skewed: Path, recency: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = []

    def promising(*args: object) -> object:
        taken.append(numpy_scores.promising(*args))  # type: ignore[arg-type]
        return taken[-1]

    monkeypatch.setattr(numpy_arrays, "_MANY", 1_000)
    monkeypatch.setattr(numpy_arrays, "promising", promising)
    chance = random.Random(7)  # noqa: S311
    check(skewed, [asked_of(chance, Boosts(recency=recency)) for _ in range(60)])
    cut = [some for some in taken if some is not None]
    assert cut
    assert all(len(some) < 700 for some in cut)


def test_titles_with_all_words_leave_others_out_only_if_these_are_behind(
    skewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numpy_arrays, "_MANY", 500)
    requests = [
        Request(tree.Any((tree.Term(one), tree.Term(other))), NOW, boosts=boosts, limit=limit)
        for one, other in combinations(WORDS[:6], 2)
        for limit in (1, 10)
        for boosts in (Boosts(), Boosts(title=0.3), Boosts(title=0.05, quality=3), Boosts(heat=9))
    ]
    check(skewed, requests)


def test_many_documents_are_worked_out_some_at_a_time(
    skewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays, "_BLOCK", 100)
    monkeypatch.setattr(numpy_scores, "_DENSE", 100)
    check(
        skewed,
        [
            Request(tree.Term("word0"), NOW, sort=sort, limit=limit, boosts=Boosts(recency=recency))
            for sort in (Sort.RELEVANCE, Sort.DATE, Sort.QUALITY)
            for limit in (1, 10, 150)
            for recency in (0.0, 0.5)
        ],
    )


def test_a_single_search_with_numpy_gives_what_many_give(
    skewed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_SMALL", 0)
    monkeypatch.setattr(reader, "_LARGE", 0)
    monkeypatch.setattr(numpy_arrays, "_MANY", 300)
    monkeypatch.setattr(numpy_ranges, "_RANGE", 100)
    chance = random.Random(7)  # noqa: S311
    for _ in range(10):
        # In two tiers, the first one with few.
        asked = asked_of(chance, Boosts())
        every = tree.All(asked.query.children)
        check(skewed, [asked, asked._replace(all_words=every, tiers=Tiers.BOTH)])


def test_a_word_that_no_article_has_among_many_articles_and_then_few(skewed: Path) -> None:
    request = Request(tree.Any((tree.Term("nobody"), tree.Term("word0"))), NOW)
    check(skewed, [request, request._replace(sort=Sort.DATE)])


@given(st.lists(st.floats(0, 10), min_size=1, max_size=400), st.integers(1, 5))
def test_blocks_reach_no_more_than_the_values(values: list[float], count: int) -> None:
    count = min(count, len(values))
    bound = numpy_scores.reached(np.array(values), count)
    assert bound <= sorted(values, reverse=True)[count - 1]
