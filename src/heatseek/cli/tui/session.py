"""A search and its results, without a screen: one open index, searched many times."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from heatseek import engines
from heatseek.cli.answering import mismatches
from heatseek.cli.opening import open_reader
from heatseek.cli.question import Question
from heatseek.cli.render.escapes import one_line
from heatseek.cli.tui.saved_searches import QueryInput
from heatseek.errors import HeatseekError
from heatseek.results import FacetValue
from heatseek.searcher import MAX_WINDOW, Searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from heatseek.cli.asked import Asked
    from heatseek.config import Config, SavedSearch
    from heatseek.engines.base import Generation, Reader
    from heatseek.query.filters import Filters
    from heatseek.results import Hit, Results, Sort

PAGE = 50
"""Hits that are fetched at once; more follow when the selection comes near the end."""
PASSAGE = 20_000
"""Characters of a text that the preview shows; longer ones would be slow to mark and to scroll."""
CHECK_EVERY = 3.0
"""Seconds after which the next search looks for a newer index."""
FACETS = ("topic", "provider")
"""The facets that a key filters by."""


class Session:
    """An open index and the question that is put to it.

    After `begin`, `ask` and `change`, `results`, `hits` and `error` are those of the last search.

    Args:
        settings: where the index is, which is built first if there is none; the saved searches.
        asked: the first search.
        clock: gives the present.

    Raises:
        HeatseekError: the index cannot be opened; see `open_reader`.
    """

    def __init__(self, settings: Config, asked: Asked, clock: Callable[[], datetime]) -> None:
        self.text = ""
        """Of the input when it was last read."""
        self.question = Question()
        self.hits: list[Hit] = []
        """All that were fetched, the best first."""
        self.results: Results | None = None
        """The first of them, with notices; None if nothing was asked for."""
        self.error = ""
        """The reason why there is no question, or no answer to it."""
        self._unread = ""
        """The reason why there is no question: the text is none yet."""
        self._settings = settings
        self._input = QueryInput(asked, settings)
        self._reader = open_reader(settings, stays=True)
        self._searcher = self._new_searcher()
        self._clock = clock
        self._now = clock()
        self._checked_at = time.monotonic()
        self.begin(asked.query)

    @property
    def generation(self) -> Generation:
        """The state of the index that answers."""
        return self._reader.generation

    @property
    def mismatches(self) -> tuple[str, ...]:
        """Differences of the index from the configuration."""
        return tuple(mismatches(self._settings, self.generation))

    @property
    def searches(self) -> Mapping[str, SavedSearch]:
        """The saved searches."""
        return self._settings.searches

    def begin(self, query: list[str]) -> None:
        """Search as if the program had been started with these words.

        The query of a saved search takes the place of its name, to be seen and changed.
        """
        self.text = " ".join(query)
        with self._read():
            question = self._input.begin(query, self._clock())
            # The input shows it as it is: a line, without control characters.
            self.text = one_line(question.text)
            self.question = question._replace(text=self.text)
        self._answer()

    def ask(self, text: str) -> None:
        """Search for the text of the input."""
        self.text = text
        with self._read():
            self.question = self._input.read(text, self.question, self._clock())
        self._answer()

    def change(self, *, filters: Filters | None = None, sort: Sort | str | None = None) -> None:
        """Search for the same with other filters or in another order."""
        if filters is not None:
            self.question = self.question._replace(filters=filters)
        if sort is not None:
            self.question = self.question._replace(sort=sort)
        self._answer()

    def more(self) -> list[Hit]:
        """Fetch the hits that follow; none if all are there."""
        have = len(self.hits)
        limit = min(PAGE, MAX_WINDOW - have)
        if self.results is None or have >= self.results.total or limit <= 0:
            return []
        try:
            following = list(self._search(self.question, limit=limit, offset=have))
        except HeatseekError as error:
            self.error = str(error)
            return []
        self.hits += following
        return following

    def explained(self, hit: Hit) -> Hit:
        """The same hit with how its score came about."""
        with suppress(HeatseekError):
            return self._search(self.question, limit=1, offset=hit.rank - 1, explain=True).hits[0]
        return hit

    def facet(self, name: str) -> tuple[FacetValue, ...]:
        """The values of a facet over all matches, as if it were not filtered by itself."""
        question = self.question._replace(filters=filtered(self.question.filters, name, ()))
        if question.is_empty:
            return tuple(
                FacetValue(label.value, label.articles) for label in self._reader.labels(name)
            )
        with suppress(HeatseekError):
            return self._search(question, limit=0, facets=(name,)).facets.get(name, ())
        return ()

    def close(self) -> None:
        """Release the index."""
        self._reader.close()

    @contextmanager
    def _read(self) -> Iterator[None]:
        """Keep why there is no question."""
        self._unread = ""
        try:
            yield
        except HeatseekError as error:
            self._unread = str(error)

    def _answer(self) -> None:
        self._look_for_newer()
        self.results, self.hits, self.error = None, [], self._unread
        # Later pages count ages from the same instant, so that they follow the first one.
        self._now = self._clock()
        if self.error or self.question.is_empty:
            return
        try:
            self.results = self._search(self.question, limit=PAGE)
        except HeatseekError as error:
            self.error = str(error)
        else:
            self.hits = list(self.results)

    def _new_searcher(self) -> Searcher:
        return Searcher(self._reader, clock=lambda: self._now, synonyms=self._settings.synonyms)

    def _search(
        self,
        question: Question,
        *,
        limit: int,
        offset: int = 0,
        explain: bool = False,
        facets: tuple[str, ...] = (),
    ) -> Results:
        return self._searcher.search(
            question.text,
            filters=question.filters,
            boosts=question.boosts,
            sort=question.sort,
            limit=limit,
            offset=offset,
            matching=question.matching,
            explain=explain,
            facets=facets,
            snippet_length=PASSAGE,
        )

    def _look_for_newer(self) -> None:
        """Go on with a newer index of the same archive, if another process has made one."""
        if time.monotonic() - self._checked_at < CHECK_EVERY:
            return
        self._checked_at = time.monotonic()
        # If it cannot be opened now it may be whole again later; until then the old one answers.
        with suppress(HeatseekError):
            newer = _newer(self._settings.index, self.generation)
            if newer is not None:
                self._reader.close()
                self._reader = newer
                self._searcher = self._new_searcher()


def filtered(filters: Filters, facet: str, values: tuple[str, ...]) -> Filters:
    """Filters with just these values of a facet."""
    if facet == "topic":
        return filters._replace(topics=values)
    return filters._replace(providers=values)


def _newer(index: Path, current: Generation) -> Reader | None:
    engine = engines.load("whoosh", index)
    # Opening to look takes a millisecond or two, opening to stay much more.
    with engine.open() as reader:
        newest = reader.generation
    # The number alone starts anew with a new folder.
    same = (newest.number, newest.created_at) == (current.number, current.created_at)
    return None if same or newest.archive != current.archive else engine.open(stays=True)
