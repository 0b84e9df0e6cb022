"""A whole evaluation: one setting of the boosts, and others beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.evaluation.comparison import compare
from heatseek.evaluation.measures import missing
from heatseek.evaluation.runs import run

if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.evaluation.comparison import Comparison
    from heatseek.evaluation.judgments import JudgedQuery
    from heatseek.evaluation.runs import Run, Search
    from heatseek.ranking import Boosts

_MOST_NAMED = 5
"""Queries without an answer that are named one by one."""
_LONGEST = 60
"""Characters of an article's name that are shown."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another setting."""

    boosts: Boosts
    run: Run
    comparison: Comparison
    """From the first setting to this one."""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of all settings."""

    boosts: Boosts
    run: Run
    alternatives: tuple[Alternative, ...]
    notices: tuple[str, ...]


def evaluate(
    queries: Sequence[JudgedQuery],
    search_under: Callable[[Boosts], Search],
    boosts: Boosts,
    others: Sequence[Boosts] = (),
) -> Report:
    """Search for the queries under each setting.

    Args:
        queries: the judged ones.
        search_under: gives the search under a setting.
        boosts: the first setting.
        others: those to compare it with.

    Raises:
        UsageError: ir-measures is not installed.
    """
    first = run(queries, search_under(boosts))
    alternatives = []
    for other in others:
        second = run(queries, search_under(other))
        alternatives.append(Alternative(other, second, compare(first, second)))
    return Report(boosts, first, tuple(alternatives), tuple(_remarks(first)))


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
