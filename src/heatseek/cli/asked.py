"""A search as typed, before it is known what that means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli import values
from heatseek.cli.question import Question
from heatseek.results import Sort
from heatseek.searcher import Matching

if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.config import Config
    from heatseek.query.filters import Filters


class Asked(NamedTuple):
    """What a search asks for, as typed; a saved search fills in what was not."""

    query: list[str]
    topic: list[str] | None = None
    provider: list[str] | None = None
    category: list[str] | None = None
    type: list[str] | None = None
    after: str | None = None
    before: str | None = None
    published: bool | None = None
    related: bool | None = None
    where: list[str] | None = None
    any: bool | None = None
    sort: str | None = None
    rank: str | None = None
    limit: str | None = None
    boost: list[str] | None = None
    half_life: str | None = None
    weights: Mapping[str, float] = MappingProxyType({})
    """In place of those that the rank starts from; `--boost` comes after them."""

    @property
    def choosing(self) -> tuple[object, ...]:
        """What of it chooses articles: their order, number and weights leave it the same search."""
        # Without moving the rest: names of files in the state folder are made of it.
        return self._replace(sort=None, rank=None, limit=None)[: self._fields.index("boost")]

    def question(self, settings: Config, now: datetime) -> Question:
        """What it means; dates such as `yesterday` count from `now`.

        Raises:
            UsageError: a value makes no sense.
        """
        weights = replace(values.ranked(settings, self.rank), **self.weights)
        return Question(
            text=values.text(" ".join(self.query)),
            filters=self._filters(settings, now),
            boosts=values.boosts(weights, self.boost, self.half_life),
            sort=self._sort(settings),
            matching=self._matching(),
        )

    def _filters(self, settings: Config, now: datetime) -> Filters:
        found = values.filters(
            (self.topic, self.provider, self.category, self.type),
            (self.after, self.before),
            published=self.published,
            related=self.related,
            now=now,
        )
        if not self.where:
            return found
        # A plain search does without.
        from heatseek.cli.own_fields import conditions  # noqa: PLC0415

        return found._replace(where=conditions(list(map(values.text, self.where)), settings, now))

    def _sort(self, settings: Config) -> Sort | str:
        if self.sort is None:
            return Sort.RELEVANCE
        return values.order("--sort", self.sort, settings)

    def _matching(self) -> Matching:
        if self.any is None:
            return Matching.WORDS
        return Matching.ANY if self.any else Matching.ALL


class Once(NamedTuple):
    """What is typed for one answer only, and is no part of what can be saved."""

    offset: str | None
    similar: str | None
    group: str | None
    new: bool
    facets: bool
    facets_list: list[str] | None
    format: str | None
    json: bool
    nul: bool
    safe_csv: bool
    explain: bool
    now: str | None

    @property
    def counts(self) -> bool:
        """Whether all matches are to be counted."""
        return self.facets or bool(self.facets_list)
