"""A report: the measures of judged queries, compared.

Two runs of the same queries: their differences, and how likely chance makes them.

The test is the paired randomisation test (Smucker, Allan, Carterette, "A Comparison of
Statistical Significance Tests for Information Retrieval Evaluation", 2007): if the settings did
not differ, each query's difference could as well have the other sign. p is the part of the
sign patterns whose sum is as far from 0 as the real one. It assumes nothing about how the
differences are spread, which a t-test does, and needs no library. All patterns are tried where
they are few; beyond that, `PATTERNS` of them drawn from a fixed seed, so that p repeats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, product
from random import Random
from typing import TYPE_CHECKING

from heatseek.evaluation.runs import MEASURES, missing, run

if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.evaluation.judgments import JudgedQuery
    from heatseek.evaluation.runs import Run, Search
    from heatseek.evaluation.settings import Setting


PATTERNS = 10_000
MOVED_BY = "ndcg@10"
"""The measure that the most moved queries are chosen by."""
_MOST = 5
_SEED = 1
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """One measure, before and after."""

    before: float
    after: float
    p: float
    """How likely a difference of this size is if the settings are equally good."""

    @property
    def difference(self) -> float:
        """Above 0: it got better."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Move:
    """One query that fared otherwise, by nDCG@10."""

    query: JudgedQuery
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """A second setting beside the first."""

    changes: Mapping[str, Change]
    """By measure."""
    gained: int
    """How many queries are answered better, by nDCG@10."""
    lost: int
    best: tuple[Move, ...]
    """The queries that gained most, from the greatest gain down."""
    worst: tuple[Move, ...]
    """The queries that lost most, from the greatest loss down."""


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs of the same queries in the same order."""
    changes = {
        measure.name: Change(
            before.means[measure.name],
            after.means[measure.name],
            p_value(_differences(before, after, measure.name)),
        )
        for measure in MEASURES
    }
    moves = [
        Move(one.query, one.values[MOVED_BY], other.values[MOVED_BY])
        for one, other in zip(before.queries, after.queries, strict=True)
    ]
    moves.sort(key=lambda move: -abs(move.after - move.before))
    gained = [move for move in moves if move.after > move.before]
    lost = [move for move in moves if move.after < move.before]
    return Comparison(changes, len(gained), len(lost), tuple(gained[:_MOST]), tuple(lost[:_MOST]))


def p_value(differences: Iterable[float]) -> float:
    """The paired randomisation test, two-sided; 1.0 if nothing moved."""
    moved = [difference for difference in differences if difference]
    if not moved:
        return 1.0
    total = sum(moved)
    far = abs(total) - _ROUNDING
    if 2 ** len(moved) <= PATTERNS:
        flips = [sum(compress(moved, flip)) for flip in product((0, 1), repeat=len(moved))]
        return sum(abs(total - 2 * flip) >= far for flip in flips) / len(flips)
    as_far = sum(abs(total - 2 * flip) >= far for flip in _drawn(moved))
    # The real pattern is one of those that could have been drawn.
    return (as_far + 1) / (PATTERNS + 1)


def _drawn(moved: Sequence[float]) -> Iterator[float]:
    """The sum of those that change sign, for each of many random patterns."""
    random = Random(_SEED)  # noqa: S311 - a sample, no secret
    for _ in range(PATTERNS):
        bits = format(random.getrandbits(len(moved)), "b").zfill(len(moved))
        yield sum(compress(moved, map(int, bits)))


def _differences(before: Run, after: Run, name: str) -> list[float]:
    pairs = zip(before.queries, after.queries, strict=True)
    return [other.values[name] - one.values[name] for one, other in pairs]


_MOST_NAMED = 5
"""Queries without an answer that are named one by one."""
_LONGEST = 60
"""Characters of an article's name that are shown."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another setting."""

    setting: Setting
    run: Run
    comparison: Comparison
    """From the first setting to this one."""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of all settings."""

    setting: Setting
    run: Run
    alternatives: tuple[Alternative, ...]
    notices: tuple[str, ...]


def evaluate(
    queries: Sequence[JudgedQuery],
    search_under: Callable[[Setting], Search],
    setting: Setting,
    others: Sequence[Setting] = (),
) -> Report:
    """Search for the queries under each setting.

    Args:
        queries: the judged ones.
        search_under: gives the search under a setting.
        setting: the first one.
        others: those to compare it with.

    Raises:
        UsageError: ir-measures is not installed.
    """
    first = run(queries, search_under(setting))
    alternatives = []
    for other in others:
        second = run(queries, search_under(other))
        alternatives.append(Alternative(other, second, compare(first, second)))
    return Report(setting, first, tuple(alternatives), tuple(_remarks(first)))


def coverage(queries: Sequence[JudgedQuery], articles: Iterable[Article]) -> Iterator[str]:
    """A line on judged articles that are not in the index, if there are any."""
    judged = dict.fromkeys(name for query in queries for name in query.grades)
    absent = missing(judged, articles)
    if absent:
        first = absent[0] if len(absent[0]) <= _LONGEST else f"{absent[0][: _LONGEST - 1]}…"
        count = f"{len(absent):,} of {len(judged):,} judged articles"
        if len(absent) == 1:
            yield f"{count} is not in the index: {first}"
        else:
            yield f"{count} are not in the index, such as {first}"


def _remarks(first: Run) -> Iterator[str]:
    failed = [each for each in first.queries if each.error]
    for each in failed[:_MOST_NAMED]:
        yield f"query {each.query.id} counts as finding nothing: {each.error}"
    if len(failed) > _MOST_NAMED:
        more = len(failed) - _MOST_NAMED
        yield f"... and {more:,} more {'query' if more == 1 else 'queries'}"
    if not any(value for value in first.means.values()):
        yield (
            "no judged article was found by any query:"
            " are they named by their path in this archive, or by their link?"
        )
