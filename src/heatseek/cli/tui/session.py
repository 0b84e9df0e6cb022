"""What is asked and what was found, without a screen: one open index, searched many times."""

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
LOOK_AGAIN = 3.0
"""Seconds after which the next search looks for a newer index."""
FACETS = ("topic", "provider")
"""What can be filtered by with a key."""


class Session:
    """An open index and the question that is put to it.

    After `begin`, `ask` and `change`, `results`, `hits` and `error` tell what came of it.

    Args:
        settings: where the index is, which is built first if there is none; the saved searches.
        asked: what to begin with.
        clock: gives the present.

    Raises:
        HeatseekError: the index cannot be opened; see `open_reader`.
    """

    def __init__(self, settings: Config, asked: Asked, clock: Callable[[], datetime]) -> None:
        self.typed = ""
        """What the input held when it was last read."""
        self.question = Question()
        self.hits: list[Hit] = []
        """All that were fetched, the best first."""
        self.results: Results | None = None
        """The first of them, and what there is to say; None if nothing was asked for."""
        self.error = ""
        """Why there is no question, or no answer to it."""
        self._unread = ""
        """Why there is no question: what is typed is none yet."""
        self._settings = settings
        self._input = QueryInput(asked, settings)
        self._reader = open_reader(settings, stays=True)
        self._searcher = self._searching()
        self._clock = clock
        self._now = clock()
        self._looked = time.monotonic()
        self.begin(asked.query)

    @property
    def generation(self) -> Generation:
        """The state of the index that answers."""
        return self._reader.generation

    @property
    def mismatches(self) -> tuple[str, ...]:
        """How the index is not what is configured."""
        return tuple(mismatches(self._settings, self.generation))

    @property
    def searches(self) -> Mapping[str, SavedSearch]:
        """The saved searches."""
        return self._settings.searches

    def begin(self, query: list[str]) -> None:
        """Search as if the program had been started with these words.

        The query of a saved search takes the place of its name, to be seen and changed.
        """
        self.typed = " ".join(query)
        with self._read():
            question = self._input.begin(query, self._clock())
            # The input shows it as it is: a line, without control characters.
            self.typed = one_line(question.text)
            self.question = question._replace(text=self.typed)
        self._answer()

    def ask(self, typed: str) -> None:
        """Search for what is typed."""
        self.typed = typed
        with self._read():
            self.question = self._input.read(typed, self.question, self._clock())
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

    def _searching(self) -> Searcher:
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
        if time.monotonic() - self._looked < LOOK_AGAIN:
            return
        self._looked = time.monotonic()
        # What cannot be opened now may be whole again later; until then the old one answers.
        with suppress(HeatseekError):
            newer = _newer(self._settings.index, self.generation)
            if newer is not None:
                self._reader.close()
                self._reader = newer
                self._searcher = self._searching()


def filtered(filters: Filters, facet: str, values: tuple[str, ...]) -> Filters:
    """Filters with just these values of a facet."""
    if facet == "topic":
        return filters._replace(topics=values)
    return filters._replace(providers=values)


def _newer(index: Path, current: Generation) -> Reader | None:
    engine = engines.load("whoosh", index)
    # Opening to look takes a millisecond or two, opening to stay much more.
    with engine.open() as looked_at:
        found = looked_at.generation
    # The number alone starts anew with a new folder.
    same = (found.number, found.created_at) == (current.number, current.created_at)
    return None if same or found.archive != current.archive else engine.open(stays=True)
