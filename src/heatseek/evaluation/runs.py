"""Judged queries searched, and the figures of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.errors import QueryError
from heatseek.evaluation.measures import MEASURES, measure, ranked_names

if TYPE_CHECKING:
    from heatseek.evaluation.judgments import JudgedQuery
    from heatseek.evaluation.measures import Values
    from heatseek.results import Results

    Search = Callable[[str], Results]
    """A search for a text, to the depth of the measures."""


@dataclass(frozen=True, slots=True)
class QueryFigures:
    """A judged query and its figures."""

    query: JudgedQuery
    values: Values
    total: int
    """All matches, not only those that were looked at."""
    error: str | None = None
    """Why there was no search; the figures are 0 then."""


@dataclass(frozen=True, slots=True)
class Run:
    """All judged queries under one setting."""

    queries: tuple[QueryFigures, ...]

    @property
    def means(self) -> Values:
        """The means over all queries, which count alike."""
        return {
            one.name: sum(each.values[one.name] for each in self.queries) / len(self.queries)
            for one in MEASURES
        }


def run(judged: Iterable[JudgedQuery], search: Search) -> Run:
    """Search for every query; one that cannot be understood finds nothing.

    Raises:
        UsageError: ir-measures is not installed.
    """
    queries = tuple(judged)
    outcomes = [_outcome(query, search) for query in queries]
    values = measure(
        {query.id: query.grades for query in queries},
        {query.id: names for query, (names, _, _) in zip(queries, outcomes, strict=True)},
    )
    return Run(
        tuple(
            QueryFigures(query, values[query.id], total, error)
            for query, (_, total, error) in zip(queries, outcomes, strict=True)
        )
    )


def _outcome(query: JudgedQuery, search: Search) -> tuple[list[str], int, str | None]:
    try:
        results = search(query.text)
    except QueryError as error:
        return [], 0, str(error)
    return ranked_names(results.hits, query.grades), results.total, None
