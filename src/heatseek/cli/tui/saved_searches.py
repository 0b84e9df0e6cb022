"""Saved searches: named in the input, with words that narrow them, or picked from a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from heatseek.cli import saved
from heatseek.cli.render.escapes import UNICODE, one_line
from heatseek.cli.render.settings import as_typed
from heatseek.cli.render.wrapping import cut
from heatseek.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from heatseek.cli.asked import Asked
    from heatseek.cli.question import Question
    from heatseek.config import Config, SavedSearch


class QueryInput:
    """Reads one text after the other, as the command line would.

    `@NAME` brings the filters, the order and the weights of a saved search. Keys may change them
    as long as the name stands there; without it those from before it come back.

    Args:
        asked: the options of the command line; they go before those of a saved search.
        settings: have the saved searches.
    """

    def __init__(self, asked: Asked, settings: Config) -> None:
        self._asked = asked
        self._settings = settings
        self._name: str | None = None
        """The saved search that the last text named."""
        self._unnamed: Question | None = None
        """The question before it."""

    def begin(self, query: list[str], now: datetime) -> Question:
        """The first question of a program that is started with these words; see `saved.fill`.

        Raises:
            UsageError: there is no such search, or an option of it makes no sense.
        """
        question = self._resolved(query, now)
        self._name = self._unnamed = None
        return question

    def read(self, text: str, before: Question, now: datetime) -> Question:
        """The question that a text asks.

        Args:
            text: of the input.
            before: the question until now.
            now: the instant that dates of a saved search count from.

        Raises:
            UsageError: there is no such search (yet), or an option of it makes no sense.
        """
        words = text.split(maxsplit=1)
        name = saved.name_in(words)
        if name is None:
            before, self._name, self._unnamed = self._unnamed or before, None, None
            return before._replace(text=text)
        if name not in self._settings.searches:
            raise UsageError(_unknown(name, self._settings.searches))
        question = self._resolved(words, now)
        if name == self._name:
            return before._replace(text=question.text)
        self._name, self._unnamed = name, self._unnamed or before
        return question

    def _resolved(self, query: list[str], now: datetime) -> Question:
        asked = saved.fill(self._asked._replace(query=query), self._settings)
        return asked.question(self._settings, now)


def _unknown(name: str, names: Iterable[str]) -> str:
    """The message on a name that is none, or not all of one."""
    begun = [known for known in names if known.startswith(name)]
    if begun:
        return f"which saved search? {saved.listed(begun)}"
    return f'{saved.unknown(name, list(names))}; for the word itself: "@{name}"'


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
