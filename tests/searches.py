"""Searches put to an open reader as a front end puts them to the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heatseek.search.request import request_of
from heatseek.search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heatseek.engines.base import Reader
    from heatseek.results import Results


class Asking:
    """A searcher that takes the arguments of a request.

    Args:
        reader: the index.
        synonyms: those of the searcher.
        always: arguments of every request, such as `now`.
    """

    def __init__(
        self,
        reader: Reader,
        synonyms: Mapping[str, Iterable[str]] | None = None,
        **always: Any,
    ) -> None:
        self._searcher = Searcher(reader, synonyms=synonyms or {})
        self._always = always

    def search(self, query: str = "", **arguments: Any) -> Results:
        return self._searcher.search(request_of(query, **{**self._always, **arguments}))
