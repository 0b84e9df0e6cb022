"""Every engine gives what reading all articles for each query gives."""

from __future__ import annotations

import math
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import examples
from heatseek.article import Article, canonical
from heatseek.engines.model import Request, Tiers
from heatseek.query import tree
from heatseek.query.filters import Filters
from heatseek.ranking import Preset
from heatseek.results import Sort
from indexes import fill
from oracle import Oracle
from strategies import archives, boosts, requests

if TYPE_CHECKING:
    from contract.conftest import Fill, Make
    from heatseek.engines.base import Reader
    from heatseek.engines.model import Page
    from heatseek.explanation import Signal
    from heatseek.ranking import Boosts


some_requests = st.lists(requests, min_size=5, max_size=10)


@settings(max_examples=examples(12))
@given(archive=archives(), asked=some_requests)
def test_hits_scores_and_totals_equal_brute_force(
    make: Make, filled: Fill, archive: list[Article], asked: list[Request]
) -> None:
    check(make, filled, archive, asked)


@pytest.mark.slow
@settings(max_examples=3_000)
@given(archive=archives(), asked=some_requests)
def test_the_same_for_thousands_of_archives(
    make: Make, filled: Fill, archive: list[Article], asked: list[Request]
) -> None:
    check(make, filled, archive, asked)


def check(make: Make, filled: Fill, archive: list[Article], asked: list[Request]) -> None:
    oracle = Oracle(archive)
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        filled(engine, archive)
        for long_lived in (False, True):
            check_reader(engine.open(long_lived=long_lived), oracle, asked)


def check_reader(opened: Reader, oracle: Oracle, asked: list[Request]) -> None:
    with opened as reader:
        for request in asked:
            page = reader.search(request)
            total, hits = oracle.search(request)
            ids = [match.article.id for match in page.matches]
            assert (total, len(hits)) == (page.total, len(ids)), request
            assert oracle.with_all(request) == page.with_all, request
            for (expected, _), found in zip(hits, ids, strict=True):
                assert expected == found or rounded(expected, found, oracle, request), request
            assert [score for _, score in hits] == pytest.approx(
                [match.score for match in page.matches], rel=1e-9
            ), request
            for match in (*page.matches, *page.entrants):
                check_explanation(match, request)
                assert oracle.marked(request, match.article.id) == match.has_all, request
            entered = {match.article.id: match.score for match in page.entrants}
            assert oracle.entered(request) == pytest.approx(entered, rel=1e-9), request


def rounded(one: str, other: str, oracle: Oracle, request: Request) -> bool:
    """Whether only the last bit of two scores tells which comes first.

    The oracle works the formula out in another order; what is equal on paper may differ then. What
    is equal to the last bit is put in order by date and id, and must be in that order.
    """
    _, scores = oracle.found(request)
    alike = math.isclose(scores[one], scores[other], rel_tol=1e-14)
    return request.sort == Sort.RELEVANCE and scores[one] != scores[other] and alike


@settings(max_examples=examples(12))
@given(archive=archives(), asked=some_requests)
def test_a_process_that_stays_gives_the_same_to_the_last_bit(
    make: Make, filled: Fill, archive: list[Article], asked: list[Request]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        filled(engine, archive)
        with engine.open() as once, engine.open(long_lived=True) as often:
            for request in asked:
                assert once.search(request) == often.search(request)


@pytest.mark.parametrize("long_lived", [False, True])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (tree.Term("Bücher"), [("b.md", True), ("c.md", True), ("a.md", False)]),
        (tree.Term("BÜCHER", "title"), [("b.md", True), ("c.md", True), ("a.md", False)]),
        (tree.Phrase("alte bücher"), [("b.md", True), ("c.md", True), ("a.md", False)]),
        (tree.Term("bucher"), [("a.md", None), ("b.md", None), ("c.md", None)]),
        (tree.Term("Búcher"), [("a.md", False), ("b.md", False), ("c.md", False)]),
    ],
)
def test_of_equal_scores_the_spelling_as_typed_comes_first(
    make: Make, tmp_path: Path, query: tree.Query, expected: list[object], *, long_lived: bool
) -> None:
    engine = make(tmp_path)
    titles = {"c.md": "alte Bücher", "a.md": "alte Bucher", "b.md": "Alte BÜCHER"}
    fill(engine, [Article(id_, title) for id_, title in titles.items()])
    now = datetime(2023, 6, 1, tzinfo=UTC)
    with engine.open(long_lived=long_lived) as reader:
        page = reader.search(Request(query, now, explain=True, limit=3))
        best = [reader.search(Request(query, now, limit=1, offset=n)).matches[0] for n in range(3)]
        asked = Request(query, now, limit=3, sort=Sort.DATE)
        by_date = [match.article.id for match in reader.search(asked).matches]
    assert len({match.score for match in page.matches}) == 1
    assert expected == [
        (match.article.id, match.explanation.words[0].exact) for match in page.matches
    ]
    assert [match.article for match in page.matches] == [match.article for match in best]
    assert by_date == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize("long_lived", [False, True])
def test_a_word_that_no_article_has_scores_nothing_however_few_articles_are_looked_at(
    make: Make, tmp_path: Path, *, long_lived: bool
) -> None:
    engine = make(tmp_path)
    fill(engine, [Article(f"{n}.md", "sea" if n else "sea ocean") for n in range(40)])
    now = datetime(2023, 6, 1, tzinfo=UTC)
    words = tree.Any((tree.Term("sea"), tree.Term("xylophone")))
    everywhere = Request(words, now, limit=40)
    few = everywhere._replace(filters=Filters(where=(tree.Term("ocean"),)))
    with engine.open(long_lived=long_lived) as reader:
        pages = [reader.search(request) for request in (everywhere, few) * 2]
    scores = [{m.article.id: m.score for m in page.matches}["0.md"] for page in pages]
    assert scores == [pytest.approx(scores[0])] * 4


@settings(max_examples=examples(12))
@given(archive=archives(), asked=requests, others=st.lists(boosts, min_size=1, max_size=4))
def test_boosts_never_change_which_articles_match(
    make: Make, filled: Fill, archive: list[Article], asked: Request, others: list[Boosts]
) -> None:
    everything = asked._replace(limit=100, offset=0)
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        filled(engine, archive)
        with engine.open() as reader:
            found = [reader.search(everything._replace(boosts=each)) for each in others]
            plain = reader.search(everything._replace(boosts=Preset.RELEVANCE.boosts))
    for page in found:
        assert page.total == plain.total
        assert stories(page) == stories(plain)
    for match in plain.matches:
        assert match.score == match.explanation.text  # without weights: pure text order


def stories(page: Page) -> set[str]:
    """What is found; which of several articles with one link stands for it may depend on boosts."""
    found = (match.article for match in page.matches)
    return {canonical(article.url) if article.url else article.id for article in found}


def worked_out(signal: Signal) -> float:
    """The effect of a signal by the numbers that are shown."""
    if signal.is_factor:
        kept = 0.0 if signal.value is None else 2 ** (-signal.value / signal.scale)
        return 1 - signal.weight + signal.weight * kept
    value = max(signal.value or 0, 0)
    return signal.weight * value / (value + signal.scale)


def check_explanation(match, request: Request) -> None:  # noqa: ANN001
    """Parts add and multiply to the score, within the declared bounds."""
    parts = match.explanation
    assert math.isclose(sum(word.score for word in parts.words), parts.text, abs_tol=1e-9)
    for word in parts.words:
        if word.fields:
            assert math.isclose(sum(each.score for each in word.fields), word.score, rel_tol=1e-9)
    added = sum(signal.effect for signal in parts.signals if not signal.is_factor)
    factors = math.prod(signal.effect for signal in parts.signals if signal.is_factor)
    assert math.isclose((1 + added) * factors, parts.boost)
    assert [signal.name for signal in parts.signals] == ["quality", "heat", "recency"]
    assert math.isclose(parts.text * parts.boost, match.score, rel_tol=1e-6)
    for signal in parts.signals:
        assert math.isclose(signal.effect, worked_out(signal), rel_tol=1e-9)
    low, high = request.boosts.bounds
    assert low <= parts.boost <= high


@pytest.mark.parametrize("long_lived", [False, True])
def test_a_link_of_the_first_tier_is_not_in_the_second(
    make: Make, tmp_path: Path, *, long_lived: bool
) -> None:
    engine = make(tmp_path)
    titles = {"a.md": "sun wind", "b.md": "sun sun sun", "c.md": "sun", "d.md": "wind"}
    links = {"a.md": "https://x.org/1", "b.md": "https://x.org/1", "d.md": "https://x.org/2"}
    fill(engine, [Article(id_, title, url=links.get(id_)) for id_, title in titles.items()])
    words = tree.Term("sun"), tree.Term("wind")
    asked = Request(tree.Any(words), datetime(2023, 6, 1, tzinfo=UTC), all_words=tree.All(words))
    with engine.open(long_lived=long_lived) as reader:
        pages = {tiers: reader.search(asked._replace(tiers=tiers)) for tiers in Tiers}
    found = {
        tiers: (page.total, page.with_all, [(m.article.id, m.has_all) for m in page.matches])
        for tiers, page in pages.items()
    }
    assert found[Tiers.FIRST] == (1, 1, [("a.md", True)])
    assert found[Tiers.BOTH][:2] == found[Tiers.NONE][:2] == (3, 1)
    assert found[Tiers.BOTH][2][0] == ("a.md", True)
    assert set(found[Tiers.BOTH][2][1:]) == {("c.md", False), ("d.md", False)}
