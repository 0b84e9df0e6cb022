"""Whoosh as it comes: stems, BM25F with weights, its own top ten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import MultifieldParser, OrGroup

from contenders.base import Answer, wants_all
from contenders.document import WEIGHTS, document

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from whoosh.query import Query

    from contenders.base import Search
    from heatseek.article import Article

BUILDS = True
SCRIPT = "stock_whoosh.py"
_MEMORY_MB = 256


def build(articles: Sequence[Article], folder: Path) -> None:
    """One commit."""
    folder.mkdir(parents=True)
    writer = create_in(folder, _schema()).writer(limitmb=_MEMORY_MB)
    for doc in map(document, articles):
        writer.add_document(**doc._asdict())
    writer.commit()


def searcher(folder: Path) -> Search:
    """The ten best of Whoosh's pruning, and the count that it makes afterwards."""
    index = open_dir(folder)
    opened = index.searcher()
    parse = parser(index.schema)

    def search(text: str) -> Answer:
        results = opened.search(parse(text), limit=10)
        return Answer(len(results), [hit["id"] for hit in results])

    return search


def parser(schema: Schema) -> Callable[[str], Query]:
    """Parse into the words of a query in all fields, joined by `AND` or, if it is long, `OR`."""
    fields = list(WEIGHTS)
    every = MultifieldParser(fields, schema, fieldboosts=WEIGHTS)
    some = MultifieldParser(fields, schema, fieldboosts=WEIGHTS, group=OrGroup)
    return lambda text: (every if wants_all(text) else some).parse(text)


def settings() -> str:
    """The fields and their weights."""
    return json.dumps(WEIGHTS)


def _schema() -> Schema:
    analyzer = StemmingAnalyzer()
    texts = {name: TEXT(analyzer, stored=True) for name in WEIGHTS}
    # Signed 32 bits: heat and quality reach thousands.
    numbers = {name: NUMERIC(int, stored=True, sortable=True) for name in ("quality", "heat")}
    return Schema(id=ID(stored=True), rest=STORED(), **texts, **numbers)
