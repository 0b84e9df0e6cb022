"""Questions put to a search, and how well each was answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.errors import QueryError
from heatseek.evaluation.measures import MEASURES, identified, measured

if TYPE_CHECKING:
    from heatseek.evaluation.judgments import Question
    from heatseek.evaluation.measures import Values
    from heatseek.results import Results

    Ask = Callable[[str], Results]
    """A search for a text, to the depth of the measures."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one question."""

    question: Question
    values: Values
    found: int
    """All matches, not only those that were looked at."""
    error: str | None = None
    """Why there was no search; the figures are 0 then."""


@dataclass(frozen=True, slots=True)
class Run:
    """All questions under one setting."""

    answers: tuple[Answer, ...]

    @property
    def means(self) -> Values:
        """The means over all questions, which count alike."""
        return {
            measure.name: sum(a.values[measure.name] for a in self.answers) / len(self.answers)
            for measure in MEASURES
        }


def run(questions: Iterable[Question], ask: Ask) -> Run:
    """Put every question to a search; one that cannot be understood finds nothing.

    Raises:
        UsageError: ir-measures is not installed.
    """
    asked = tuple(questions)
    outcomes = [_outcome(question, ask) for question in asked]
    values = measured(
        {question.id: question.grades for question in asked},
        {question.id: names for question, (names, _, _) in zip(asked, outcomes, strict=True)},
    )
    return Run(
        tuple(
            Answer(question, values[question.id], found, error)
            for question, (_, found, error) in zip(asked, outcomes, strict=True)
        )
    )


def _outcome(question: Question, ask: Ask) -> tuple[list[str], int, str | None]:
    try:
        results = ask(question.text)
    except QueryError as error:
        return [], 0, str(error)
    return identified(results.hits, question.grades), results.total, None
