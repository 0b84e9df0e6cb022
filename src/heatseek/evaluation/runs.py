"""Runs of judged queries; measures by ir-measures, the code of everybody's published figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from heatseek.errors import QueryError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import ModuleType

    from heatseek.article import Article
    from heatseek.results import Hit

    Values = Mapping[str, float]
    """A figure for each measure, by name."""

DEPTH = 100
"""Hits of each query that are looked at."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: 0 is worst, 1 is best."""

    name: str
    """As on the command line and in JSON."""
    title: str
    formula: str
    """As ir-measures calls it."""
    depth: int
    """Hits that it looks at."""


MEASURES = (
    Measure("ndcg@10", "nDCG@10", "nDCG", 10),
    Measure("mrr@10", "MRR@10", "RR", 10),
    Measure("p@10", "P@10", "P", 10),
    Measure("recall@100", "Recall@100", "R", DEPTH),
)


def measure(
    judged: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, Values]:
    """The figures of each query.

    Args:
        judged: the grades of articles, by query id.
        rankings: the articles found for each of these queries, best first.

    Raises:
        UsageError: ir-measures is not installed.
    """
    ir_measures = library()
    # Not `parse_measure`: it asks for syntax that Python 3.14 no longer has.
    formulas = {getattr(ir_measures, m.formula) @ m.depth: m.name for m in MEASURES}
    # Scores that fall by rank: equal ones would be put in an order of the library's own.
    run = {
        name: {article: float(len(articles) - at) for at, article in enumerate(articles)}
        for name, articles in rankings.items()
    }
    values: dict[str, dict[str, float]] = {name: {} for name in judged}
    for each in ir_measures.iter_calc(list(formulas), judged, run):
        values[each.query_id][formulas[each.measure]] = float(each.value)
    return {name: {m.name: by_name[m.name] for m in MEASURES} for name, by_name in values.items()}


def ranked_names(hits: Iterable[Hit], grades: Mapping[str, int]) -> list[str]:
    """The hits by the names under which they were judged."""
    ranked: dict[str, None] = {}
    for hit in hits:
        known = (name for name in names(hit.article) if name in grades and name not in ranked)
        ranked.setdefault(next(known, hit.article.id))
    return list(ranked)


def names(article: Article) -> tuple[str, ...]:
    """The names by which an article is judged: its path, that without the ending, its link."""
    return article.id, article.id.rpartition(".")[0], article.url or ""


def missing(judged: Iterable[str], articles: Iterable[Article]) -> list[str]:
    """The judged names that no article goes by, in their order: these lower every figure."""
    left = dict.fromkeys(judged)
    # One look at all articles, not one for each name.
    for article in articles:
        for name in names(article):
            left.pop(name, None)
        if not left:
            break
    return list(left)


def library() -> ModuleType:
    """ir-measures, loaded; measuring is all that it is needed for.

    Raises:
        UsageError: it is not installed.
    """
    try:
        return import_module("ir_measures")
    except ImportError:
        raise UsageError(
            "measuring needs the package ir-measures: pip install 'heatseek[eval]'"
        ) from None


if TYPE_CHECKING:
    from heatseek.evaluation.judgments import JudgedQuery
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
    return ranked_names(results.hits, query.grades), results.matches, None
