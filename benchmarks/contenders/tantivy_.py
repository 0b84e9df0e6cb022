"""tantivy, the Rust engine, through its Python binding: English stems, BM25 without boosts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import tantivy

from contenders.base import Answer, wants_all
from contenders.document import WEIGHTS, document

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contenders.base import Search
    from heatseek.article import Article

BUILDS = True
SCRIPT = "tantivy_.py"
_HEAP = 256 * 1024 * 1024


def build(articles: Sequence[Article], folder: Path) -> None:
    """One thread, as for the others; one commit."""
    folder.mkdir(parents=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=_HEAP, num_threads=1)
    for doc in map(document, articles):
        fields = {name: value for name, value in doc._asdict().items() if value is not None}
        writer.add_document(tantivy.Document(**fields))
    writer.commit()
    writer.wait_merging_threads()


def searcher(folder: Path) -> Search:
    """Words match in any field."""
    index = tantivy.Index.open(str(folder))
    reader = index.searcher()
    fields = list(WEIGHTS)

    def search(text: str) -> Answer:
        query = index.parse_query(
            text, fields, field_boosts=dict(WEIGHTS), conjunction_by_default=wants_all(text)
        )
        found = reader.search(query, 10, count=True)
        hits = [reader.doc(address) for _, address in found.hits]
        return Answer(found.count, [hit["id"][0] for hit in hits])

    return search


def settings() -> str:
    """The fields and their weights."""
    return json.dumps(WEIGHTS)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in WEIGHTS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    builder.add_integer_field("quality", stored=True, fast=True)
    builder.add_integer_field("heat", stored=True, fast=True)
    builder.add_json_field("rest", stored=True)
    return builder.build()
