"""The JSON document of `heatseek eval --json`."""

from __future__ import annotations

from typing import TypedDict


class WeightsDocument(TypedDict):
    """Weights of the ranking."""

    quality: float
    """The weight of quality"""
    heat: float
    """The weight of heat"""
    recency: float
    """The weight of the age"""
    half_life: float
    """Days after which half of that is lost"""
    title: float
    """The weight of titles that have all words"""
    meaning: float
    """The weight of nearness in meaning"""
    matching: str
    """`words`, `any` or `all` of the words"""


class JudgedQueryDocument(TypedDict):
    """A judged query and its figures."""

    id: str
    """The query's id"""
    text: str
    """Its text"""
    relevant: int
    """How many articles are judged relevant"""
    total: int
    """How many articles match"""
    measures: dict[str, float]
    """Its figures, by measure"""
    error: str | None
    """Why it could not be searched; else null"""


class ChangeDocument(TypedDict):
    """A measure under two settings."""

    difference: float
    """From the first setting to this one; above 0: better"""
    p: float
    """How often chance alone gives a difference of this size"""


class MoveDocument(TypedDict):
    """A query that gained or lost."""

    id: str
    """The query's id"""
    text: str
    """Its text"""
    before: float
    """nDCG@10 under the first setting"""
    after: float
    """And under this one"""


class ComparisonDocument(TypedDict):
    """The first setting compared with another one."""

    setting: WeightsDocument
    """The other one"""
    measures: dict[str, float]
    """The means under it, by measure"""
    tests: dict[str, ChangeDocument]
    """The differences, by measure"""
    gained: int
    """How many queries have a higher nDCG@10"""
    lost: int
    """How many have a lower one"""
    best_moved: list[MoveDocument]
    """The five that gained most, from the greatest gain down"""
    worst_moved: list[MoveDocument]
    """The five that lost most, likewise"""
    per_query: list[JudgedQueryDocument]
    """All queries under it"""


class EvaluationDocument(TypedDict):
    """`heatseek eval --json`: the ranking measured; figures are not rounded."""

    version: int
    """1"""
    archive: str
    """The folder that the index was built from"""
    queries: int
    """How many were measured"""
    setting: WeightsDocument
    """The weights"""
    measures: dict[str, float]
    """The means over all queries, by measure: `ndcg@10`, `mrr@10`, `p@10`, `recall@100`"""
    per_query: list[JudgedQueryDocument]
    """All queries"""
    comparisons: list[ComparisonDocument]
    """One for each `--compare`"""
    notices: list[str]
    """Lines for people, as on stderr"""
