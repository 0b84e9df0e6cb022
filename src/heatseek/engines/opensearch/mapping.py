"""The fields of an index on the server, its settings and its analysis; how ours are named there.

    title excerpt topics provider body     stems at their positions; a query on one scores how often
    words_FIELD                            words as written, folded, where stemming changed them
    written                                all words as written, folded, of all of these fields
    accented                               words with their accents, each behind the field's number
    length_FIELD                           words that are no function words
    topic_label category url ...           labels, as they are compared
    counted_FIELD                          of labels that are counted: compared, SPELLING, shown
    states                                 names of what is true of an article
    present                                columns that say which declared texts and labels it has
    path                                   ids of articles with a file, folded
    article                                what `article.to_json` gives

Texts come analysed: words apart by spaces, what stands at one position by bars.
"""

from __future__ import annotations

from heatseek.engines.shared.fields import VALUE_GAP, own
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS, FieldKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from heatseek.schema import DeclaredField

FORMAT = 1
"""To be raised with every change after which documents of before are read wrongly."""
ACCENTED, PATH, PRESENT, STATES, WRITTEN = "accented", "path", "present", "states", "written"
HELD_BACK, RELATED = "held_back", "related"
"""States, beside the columns of `fields` that say what an article has."""
SEPARATOR = "|"
"""Between terms at one position."""
WINDOW = 1_001_000
"""Hits that may be paged through: a million, and some beyond the page's edges."""
_LONGEST_LABEL = 8_000
"""Characters; Lucene takes 32,766 bytes."""
_LONGEST_POSITION = 1_000
"""Characters of all terms at one."""

_COUNTED: dict[str, Any] = {
    "type": "text",
    "analyzer": "positions",
    "search_analyzer": "whitespace",
    "similarity": "count",
    "norms": False,
    "position_increment_gap": VALUE_GAP,
}
_WORDS: dict[str, Any] = {
    "type": "text",
    "analyzer": "whitespace",
    "norms": False,
    "index_options": "docs",
}
_LABEL: dict[str, Any] = {
    "type": "keyword",
    "doc_values": False,
    "ignore_above": _LONGEST_LABEL,
}
_SHOWN: dict[str, Any] = {"type": "keyword", "index": False, "ignore_above": _LONGEST_LABEL}
_LENGTH: dict[str, Any] = {"type": "integer", "index": False}
_OWN_TYPES = {FieldKind.NUMBER: "double", FieldKind.DATE: "long", FieldKind.BOOLEAN: "byte"}


def server_field(name: str) -> str:
    """The server's name of an inverted field or column; a point would mean a part of an object."""
    return name.replace(".", "__")


def counted_field(name: str) -> str:
    """Beside a field of labels: those that are counted, with their spelling."""
    return f"counted_{server_field(name)}"


def words_field(name: str) -> str:
    """Beside a field of text: its words as written, where stemming changed them."""
    return f"words_{server_field(name)}"


def length_field(name: str) -> str:
    """Beside a field of text: how many words it has."""
    return f"length_{name}"


def index_body(fields: Iterable[DeclaredField], *, shards: int, replicas: int) -> dict[str, Any]:
    """The body by which an index is made: settings and mappings.

    Args:
        fields: declared ones.
        shards: in which it is divided.
        replicas: of each shard.
    """
    properties = dict([*_properties(), *_own_properties(fields)])
    index = {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": -1,
        "max_result_window": WINDOW,
        "codec": "best_compression",  # a third less, in the same time
        "similarity": {"count": _similarity()},
    }
    return {
        "settings": {"index": index, "analysis": _analysis()},
        "mappings": {"dynamic": "strict", "properties": properties},
    }


def _similarity() -> dict[str, Any]:
    """Of a phrase of n words the server adds n equal numbers."""
    return {"type": "scripted", "script": {"source": "return query.boost * doc.freq;"}}


def _analysis() -> dict[str, Any]:
    words = {"type": "whitespace", "max_token_length": _LONGEST_POSITION}
    terms = {"type": "pattern_capture", "preserve_original": False, "patterns": ["([^|]+)"]}
    analyzer = {"type": "custom", "tokenizer": "words", "filter": ["terms"]}
    return {
        "tokenizer": {"words": words},
        "filter": {"terms": terms},
        "analyzer": {"positions": analyzer},
    }


def _properties() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "article", {"type": "object", "enabled": False}
    yield "id", _SHOWN
    yield "link", {"type": "long"}
    yield "slice", {"type": "short"}
    yield PATH, _LABEL
    yield STATES, _LABEL
    yield PRESENT, _LABEL
    yield WRITTEN, _WORDS
    yield ACCENTED, _WORDS
    for column in ("published_at", "updated_at", "quality", "heat"):
        yield column, {"type": "long"}
    for text in TEXT_FIELDS:
        yield text.name, _COUNTED
        yield words_field(text.name), _WORDS
        yield length_field(text.name), _LENGTH
    for labels in LABEL_FIELDS:
        yield labels.name, _LABEL
        if labels.facet:
            yield counted_field(labels.name), _SHOWN


def _own_properties(fields: Iterable[DeclaredField]) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in fields:
        name = server_field(own(field))
        if field.kind is FieldKind.KEYWORD:
            yield name, _LABEL
            if field.facet:
                yield counted_field(own(field)), _SHOWN
        elif field.kind is FieldKind.TEXT:
            yield name, _COUNTED
            yield words_field(own(field)), _WORDS
        else:
            yield name, {"type": _OWN_TYPES[field.kind]}
