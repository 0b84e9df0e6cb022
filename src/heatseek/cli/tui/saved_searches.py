"""Saved searches: named in the input, with words that narrow them, or picked from a list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.content import Content

from heatseek.cli.render.escapes import UNICODE, one_line
from heatseek.cli.render.settings import as_typed
from heatseek.cli.render.wrapping import cut
from heatseek.errors import UsageError
from heatseek.search import saved
from heatseek.search.request import Defaults, request_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heatseek.config import Config, SavedSearch
    from heatseek.search.request import SearchRequest


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


class SavedSearchRow(NamedTuple):
    """A saved search."""

    name: str
    command: str
    """Its query and options, as they would be typed."""


def rows(searches: Mapping[str, SavedSearch]) -> list[SavedSearchRow]:
    """All of them, in the order of the file."""
    return [SavedSearchRow(name, one_line(as_typed(saved))) for name, saved in searches.items()]


def row(search: SavedSearchRow, columns: int, selected: bool) -> Content:
    """A name, and below it the query and options that it stands for."""
    text = Content.assemble(
        f"{'>' if selected else ' '} {cut(f'@{search.name}', columns - 2, UNICODE.ellipsis)}",
        (f"\n    {cut(search.command, columns - 4, UNICODE.ellipsis)}", "dim"),
    )
    return text.stylize("reverse") if selected else text
