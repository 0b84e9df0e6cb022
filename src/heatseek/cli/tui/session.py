"""The request and its hits, without a screen: one open index, searched many times."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from heatseek.cli.advice import advised
from heatseek.cli.page import mismatches
from heatseek.cli.project import open_or_build
from heatseek.cli.render.escapes import one_line
from heatseek.errors import HeatseekError, UsageError
from heatseek.results import Facet
from heatseek.search import saved
from heatseek.search.request import MAX_WINDOW, Defaults, SearchRequest, request_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heatseek import Generation
    from heatseek.config import Config, SavedSearch
    from heatseek.results import FacetValue, Hit, Results
    from heatseek.search.highlight import Highlights

PAGE = 50
"""Hits that are fetched at once; more follow when the selection comes near the end."""
CHECK_EVERY = 3.0
"""Seconds after which the next search looks for a newer index."""
FILTER_OF = {"topic": "topics", "provider": "providers"}
"""The facets that can be filtered by with a key, and the argument of each."""


class Session:
    """An open index and the request that is put to it.

    After `begin`, `ask` and `change`, `results`, `hits` and `error` are those of the last search.

    Args:
        settings: where the index is, which is built first if there is none; the saved searches.
        arguments: of the first request, as `request_of` takes them.

    Raises:
        HeatseekError: the index cannot be opened; see `open_or_build`.
    """

    def __init__(self, settings: Config, arguments: Mapping[str, Any]) -> None:
        self.text = ""
        """The text of the input when it was last read."""
        self.request = SearchRequest()
        self.hits: list[Hit] = []
        """All that were fetched, the best first."""
        self.results: Results | None = None
        """The first of them, and remarks; None if there is no answer."""
        self.error = ""
        """Why there is no request, or no answer to it."""
        self._unread = ""
        """Why there is no request: the text is none yet."""
        self._unfinished = False
        """Somebody is typing the last word."""
        self._settings = settings
        self._input = QueryInput(arguments, settings)
        self._index = open_or_build(settings, long_lived=True)
        self._now = request_of(now=arguments.get("now")).now
        """The present that was named; it holds until the end."""
        self.begin(arguments["query"])

    @property
    def generation(self) -> Generation:
        """The state of the index that answers."""
        return self._index.generation

    @property
    def mismatches(self) -> tuple[str, ...]:
        """Differences of the index from the configuration."""
        return tuple(mismatches(self._settings, self.generation))

    @property
    def searches(self) -> Mapping[str, SavedSearch]:
        """The saved searches."""
        return self._settings.searches

    def begin(self, query: str) -> None:
        """Search as if the program had been started with these words.

        The query of a saved search takes the place of its name, to be seen and changed.
        """
        self.text = query
        self._unfinished = False
        with self._read():
            request = self._input.begin(query)
            # The input shows it as it is: a line, without control characters.
            self.text = one_line(request.query)
            self.request = replace(request, query=self.text)
        self._answer()

    def ask(self, text: str) -> None:
        """Search for the text of the input."""
        self.text = text
        self._unfinished = saved.name_in(text) is None
        with self._read():
            self.request = self._input.read(text, self.request)
        self._answer()

    def change(self, **changes: Any) -> None:
        """Search for the same with other filters or in another order."""
        self.request = replace(self.request, **changes)
        self._answer()

    def more(self) -> list[Hit]:
        """Fetch the hits that follow; none if all are there."""
        have = len(self.hits)
        limit = min(PAGE, MAX_WINDOW - have)
        if self.results is None or have >= self.results.size or limit <= 0:
            return []
        try:
            following = list(self._search(self.request, limit=limit, offset=have))
        except HeatseekError as error:
            self.error = advised(error)
            return []
        self.hits += following
        return following

    def explained(self, hit: Hit) -> Hit:
        """The same hit with how its score came about."""
        place = hit.rank - 1
        with suppress(HeatseekError):
            return self._search(self.request, limit=1, offset=place, explain=True).hits[0]
        return hit

    def highlights(self, hit: Hit) -> Highlights:
        """The texts of a hit, matched words apart."""
        return self._index.highlights(self._moment(self.request), hit.article)

    def facet(self, name: str) -> tuple[FacetValue, ...]:
        """The values of a facet over all matches, as if it were not filtered by itself."""
        without: Mapping[str, Any] = {FILTER_OF[name]: ()}
        request = replace(self.request, **without)
        with suppress(HeatseekError):
            return self._search(request, limit=0, facets=(Facet(name),)).facets[name].values
        return ()

    def close(self) -> None:
        """Release the index."""
        self._index.close()

    @contextmanager
    def _read(self) -> Iterator[None]:
        """Keep why there is no request."""
        self._unread = ""
        try:
            yield
        except HeatseekError as error:
            self._unread = advised(error)

    def _answer(self) -> None:
        # A newer index that cannot be opened now may be whole later; until then this one answers.
        with suppress(HeatseekError):
            self._index.refresh(after=CHECK_EVERY)
        self.results, self.hits, self.error = None, [], self._unread
        # Later pages count ages from the same instant, so that they follow the first one.
        self._present = self._now or datetime.now(UTC)
        if self.error:
            return
        try:
            self.results = self._search(self.request, limit=PAGE)
        except HeatseekError as error:
            self.error = advised(error)
        else:
            self.hits = list(self.results)

    def _moment(self, request: SearchRequest) -> SearchRequest:
        # Where ages count it is from the newest article, unless a present was named.
        now = self._now if request.boosts.recency else self._present
        return replace(request, now=now, unfinished=self._unfinished)

    def _search(self, request: SearchRequest, **cut: Any) -> Results:
        return self._index.search(replace(self._moment(request), **{"offset": 0, **cut}))


class QueryInput:
    """Reads one text after the other, as the command line would.

    `@NAME` brings the filters, the order and the weights of a saved search. Keys may change them
    as long as the name stands there; without it those from before it come back.

    Args:
        arguments: of the command line; they go before those of a saved search.
        settings: have the saved searches.
    """

    def __init__(self, arguments: Mapping[str, Any], settings: Config) -> None:
        self._arguments = arguments
        self._defaults = Defaults.of(settings)
        self._name: str | None = None
        """The saved search that the last text named."""
        self._unnamed: SearchRequest | None = None
        """The request before it."""

    def begin(self, query: str) -> SearchRequest:
        """The first request of a program that is started with these words.

        Raises:
            UsageError: there is no such search, or an option of it makes no sense.
        """
        request = self._resolved(query)
        self._name = self._unnamed = None
        return request

    def read(self, text: str, before: SearchRequest) -> SearchRequest:
        """The request of a text.

        Args:
            text: of the input.
            before: the request until now.

        Raises:
            UsageError: there is no such search (yet), or an option of it makes no sense.
        """
        name = saved.name_in(text)
        if name is None:
            before, self._name, self._unnamed = self._unnamed or before, None, None
            return replace(before, query=text)
        if name not in (self._defaults.searches or ()):
            raise UsageError(_unknown(name, self._defaults.searches or ()))
        request = self._resolved(text)
        if name == self._name:
            return replace(before, query=request.query)
        self._name, self._unnamed = name, self._unnamed or before
        return request

    def _resolved(self, query: str) -> SearchRequest:
        return request_of(defaults=self._defaults, **{**self._arguments, "query": query})


def _unknown(name: str, names: Iterable[str]) -> str:
    """The message on a name that is none, or not all of one."""
    begun = [known for known in names if known.startswith(name)]
    if begun:
        return f"which saved search? {saved.listed(begun)}"
    return f'{saved.unknown(name, names).reason}; for the word itself: "@{name}"'
