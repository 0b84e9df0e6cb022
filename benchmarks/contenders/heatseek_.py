"""heatseek: the library call that a web page or an agent would make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import heatseek
from contenders.base import Answer
from heatseek import engines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contenders.base import Search
    from heatseek.article import Article

BUILDS = True
SCRIPT = None


def build(articles: Sequence[Article], folder: Path) -> None:
    """Index only; reading files is measured by `heatseek rebuild` itself."""
    with (
        engines.load(folder).writing() as writer,
        writer.replace(articles, archive=str(folder)) as draft,
    ):
        draft.commit(notes={}, mentions={})


def searcher(folder: Path) -> Search:
    """Search with the default boosts."""
    index = heatseek.open_index(folder)

    def search(query: str) -> Answer:
        results = index.search(query, limit=10, snippet_length=0)
        return Answer(results.total, [hit.article.id for hit in results])

    return search


def settings() -> str:
    """None: its one-shot program is the installed `search`."""
    return ""
