"""The JSON documents that heatseek prints or serves: the writing of all, and the keys of each.

Whoever makes a document makes one of the types of these files, which the type checker holds; at
run time nothing imports them. docs/json.md is made from them: the text below a key is what it says
of that key, and the first line of a class what it says of the object. `VERSION` stands in each
whole document.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from json.encoder import encode_basestring

from heatseek.definitions import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from heatseek.article import Article, Value
    from heatseek.wire.articles import ArticleDocument
    from heatseek.wire.documents import Document


VERSION = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""

_UNSAFE = pattern("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""JSON leaves these as they are; escaped, they are the same text and harmless to a terminal."""


def article_document(article: Article) -> ArticleDocument:
    """An article as plain values."""
    document: ArticleDocument = {
        "title": article.title,
        "aliases": list(article.aliases),
        "excerpt": article.excerpt,
        "url": article.url,
        "image": article.image,
        "provider": {
            "name": article.provider.name,
            "domain": article.provider.domain,
            "others": list(article.provider.others),
        },
        "topics": list(article.topics),
        "category": article.category,
        "type": article.type,
        "published_at": timestamp(article.published_at),
        "updated_at": timestamp(article.updated_at),
        "published": article.published,
        "quality": article.quality,
        "heat": article.heat,
        "kind": article.kind.value,
        "related_to": list(article.related_to),
    }
    if article.extra:
        document["extra"] = dict(map(_extra, article.extra))
    return document


def timestamp(instant: datetime | None) -> str | None:
    """ISO 8601 in UTC, whole seconds, with a `Z`."""
    if instant is None:
        return None
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat('T', 'seconds')}Z"


def dump(document: Document, indent: int | None) -> str:
    """A document as JSON that no terminal obeys, and a newline."""
    text = _lines(document, "\n", " " * indent) if indent else _in_one_line(document)
    if not text.replace("\n", "").isprintable():
        text = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return f"{text}\n"


_in_one_line = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_NAMED = {None: "null", True: "true", False: "false"}


def _lines(value: Any, start: str, indent: str) -> str:
    """A value on lines that begin with `start`, and inner ones further in.

    Python's own way there, a generator for each value, takes three hundredths of a whole search.
    """
    inner = start + indent
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, bool | None):
        return _NAMED[value]
    if isinstance(value, list):
        lines = f",{inner}".join([_lines(each, inner, indent) for each in value])
        return f"[{inner}{lines}{start}]" if value else "[]"
    if isinstance(value, dict):
        lines = f",{inner}".join(
            [f"{encode_basestring(k)}: {_lines(each, inner, indent)}" for k, each in value.items()]
        )
        return f"{{{inner}{lines}{start}}}" if value else "{}"
    return _in_one_line(value)


def _extra(extra: tuple[str, Value]) -> tuple[str, Any]:
    """A declared field and its value."""
    name, value = extra
    if isinstance(value, tuple):
        return name, list(value)
    return name, timestamp(value) if isinstance(value, datetime) else value
