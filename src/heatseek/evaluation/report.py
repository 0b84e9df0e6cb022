"""A whole evaluation: one setting of the boosts, and others beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.evaluation.comparison import compare
from heatseek.evaluation.runs import run

if TYPE_CHECKING:
    from heatseek.evaluation.comparison import Comparison
    from heatseek.evaluation.judgments import Question
    from heatseek.evaluation.runs import Ask, Run
    from heatseek.ranking import Boosts

_MOST_NAMED = 5
"""Queries without an answer that are named one by one."""


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
    questions: Sequence[Question],
    ask_under: Callable[[Boosts], Ask],
    boosts: Boosts,
    others: Sequence[Boosts] = (),
) -> Report:
    """Put the questions to a search under each setting.

    Args:
        questions: the judged queries.
        ask_under: gives the search under a setting.
        boosts: the first setting.
        others: those to compare it with.

    Raises:
        UsageError: ir-measures is not installed.
    """
    first = run(questions, ask_under(boosts))
    alternatives = []
    for other in others:
        second = run(questions, ask_under(other))
        alternatives.append(Alternative(other, second, compare(first, second)))
    return Report(boosts, first, tuple(alternatives), tuple(_remarks(first)))


def _remarks(first: Run) -> Iterator[str]:
    failed = [answer for answer in first.answers if answer.error]
    for answer in failed[:_MOST_NAMED]:
        yield f"query {answer.question.id} counts as finding nothing: {answer.error}"
    if len(failed) > _MOST_NAMED:
        more = len(failed) - _MOST_NAMED
        yield f"... and {more:,} more {'query' if more == 1 else 'queries'}"
    if not any(value for value in first.means.values()):
        yield (
            "no judged article was found by any query:"
            " are they named by their path in this archive, or by their link?"
        )
