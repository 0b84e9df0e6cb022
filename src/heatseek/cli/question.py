"""One search with all its options resolved, put to an index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heatseek.query.filters import Filters
from heatseek.ranking import Boosts
from heatseek.results import Sort
from heatseek.searcher import MAX_WINDOW, Matching, Searcher

if TYPE_CHECKING:
    from heatseek.cli.seen import Seen
    from heatseek.engines.base import Reader
    from heatseek.results import Results


class Question(NamedTuple):
    """One search, all its options resolved."""

    text: str
    filters: Filters
    boosts: Boosts
    sort: Sort | str
    limit: int
    offset: int
    matching: Matching
    explain: bool
    now: datetime
    facets: Mapping[str, int | None] = MappingProxyType({})
    """What all matches are counted by, each with how many values to show; None: all."""
    seen: Seen | None = None
    """What is not new, if only that is wanted."""
    similar: str = ""
    """The id of the article that hits are to be like."""
    grouped: bool = False
    """Whether hits about one story are one."""

    def ask(
        self, reader: Reader, synonyms: Mapping[str, tuple[str, ...]], snippet_length: int
    ) -> Results:
        """Put the question to an open index; what is new is found among all matches."""
        searcher = Searcher(reader, clock=lambda: self.now, synonyms=synonyms)
        if self.similar:
            return searcher.similar(
                self.similar,
                filters=self.filters,
                boosts=self.boosts,
                sort=self.sort,
                limit=self.limit,
                offset=self.offset,
                explain=self.explain,
                facets=tuple(self.facets),
                snippet_length=snippet_length,
                group=self.grouped,
            )
        return searcher.search(
            self.text,
            filters=self.filters,
            boosts=self.boosts,
            sort=self.sort,
            limit=self.limit if self.seen is None else MAX_WINDOW,
            offset=self.offset if self.seen is None else 0,
            matching=self.matching,
            explain=self.explain,
            facets=tuple(self.facets),
            snippet_length=snippet_length,
            group=self.grouped,
        )


class Grouping(StrEnum):
    """By what hits are put together."""

    STORY = "story"
