"""What a contender's module has to offer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from heatseek.article import Article
from heatseek.query.rewriting import SHORT


class Answer(NamedTuple):
    """What each contender has to give for a query: exact total, and the ten best."""

    total: int
    ids: list[str]


def wants_all(query: str) -> bool:
    """Whether all words of a query must match, as heatseek has it; of longer ones any may.

    The others are asked for the same, so that all do the same work.
    """
    return len(query.split()) <= SHORT


Search = Callable[[str], Answer]


class Contender(Protocol):
    """A module of this package."""

    BUILDS: bool
    """False: it searches the index of another contender."""
    SCRIPT: str | None
    """Its one-shot program in `one_shot`; None: it has none of its own."""

    def build(self, articles: Sequence[Article], folder: Path) -> None:
        """Index the articles into an empty folder; done when all is on disk."""

    def searcher(self, folder: Path) -> Search:
        """Open the index once; the result answers query after query."""

    def settings(self) -> str:
        """What the one-shot script is told beside index and query."""
