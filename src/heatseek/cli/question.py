"""A search with all its options resolved, and how it is put to an index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heatseek.query.filters import Filters
from heatseek.ranking import Boosts
from heatseek.results import Sort
from heatseek.search.searcher import MAX_WINDOW, Matching, Searcher

if TYPE_CHECKING:
    from heatseek.cli.render import Output
    from heatseek.cli.seen import Seen
    from heatseek.engines.base import Reader
    from heatseek.results import Results


class Question(NamedTuple):
    """What is asked; there may be many answers to it, page after page."""

    text: str = ""
    filters: Filters = Filters()
    boosts: Boosts = Boosts()
    sort: Sort | str = Sort.RELEVANCE
    matching: Matching = Matching.WORDS

    @property
    def is_empty(self) -> bool:
        """Nothing is asked for."""
        return not self.text.strip() and self.filters == Filters()


class OneShot(NamedTuple):
    """A question with the one answer that is wanted of it."""

    question: Question
    limit: int
    offset: int
    output: Output
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
        question = self.question
        return searcher.search(
            question.text,
            similar_to=self.similar,
            filters=question.filters,
            boosts=question.boosts,
            sort=question.sort,
            limit=self.limit if self.seen is None else MAX_WINDOW,
            offset=self.offset if self.seen is None else 0,
            matching=question.matching,
            explain=self.explain,
            facets=tuple(self.facets),
            snippet_length=snippet_length,
            group=self.grouped,
        )


class Grouping(StrEnum):
    """By what hits are put together."""

    STORY = "story"
