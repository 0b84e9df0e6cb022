"""An index of heatseek for programs that speak Whoosh.

    import heatseek.whoosh
    from whoosh.qparser import QueryParser

    ix = heatseek.whoosh.open_index("index")
    with ix.searcher() as searcher:
        for hit in searcher.search(QueryParser("text", ix.schema).parse("climate AI")):
            print(hit["title"])

Whoosh is imported when an index is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    from whoosh.index import Index

__all__ = ["open_index"]


def open_index(path: str | os.PathLike[str]) -> Index:
    """The index in a folder as a `whoosh.index.Index`, to be read; nothing is unpickled.

    Raises:
        StoreError: there is none, or it cannot be read.
    """
    # Whoosh takes 50 ms.
    from heatseek.engines.whoosh.interop import ArticleIndex  # noqa: PLC0415

    return ArticleIndex(path)
