"""The JSON documents that heatseek prints or serves: the keys of each in order, and their writing.

Whoever makes a document makes one of these types, which the type checker holds; docs/json.md
describes every key. They cost nothing at run time. `VERSION` stands in each whole document.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NotRequired, TypedDict

    from heatseek.article import Article, Value

    class ProviderDocument(TypedDict):
        """Who published an article."""

        name: str | None
        domain: str | None

    class ArticleDocument(TypedDict):
        """What is known of an article, beside its id and its text."""

        title: str
        excerpt: str
        url: str | None
        image: str | None
        provider: ProviderDocument
        topics: list[str]
        category: str | None
        type: str | None
        published_at: str | None
        published: bool | None
        quality: int | None
        heat: int | None
        kind: str
        related_to: list[str]
        extra: NotRequired[dict[str, Any]]

    class FragmentDocument(TypedDict):
        """A piece of a text, and whether the query asked for it."""

        text: str
        matched: bool

    class WordDocument(TypedDict):
        """What a word of the query gave to a text score."""

        text: str
        score: float
        fields: dict[str, float]

    class HitDocument(ArticleDocument):
        """An article in its place of a ranking."""

        id: str
        rank: int
        snippet: str
        marks: dict[str, list[FragmentDocument]]
        score: float
        others: list[str]
        explanation: dict[str, Any] | None

    class FacetDocument(TypedDict):
        """A value of a facet."""

        value: str
        count: int

    class ResultsDocument(TypedDict):
        """A page of hits."""

        version: int
        query: str
        understood: str | None
        total: int
        stories: int | None
        took_ms: float
        hits: list[HitDocument]
        facets: dict[str, list[FacetDocument]]
        suggestion: str | None
        notices: list[str]


VERSION = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""JSON leaves these as they are; escaped, they are the same text and harmless to a terminal."""


def article_document(article: Article) -> ArticleDocument:
    """An article as plain values."""
    document: ArticleDocument = {
        "title": article.title,
        "excerpt": article.excerpt,
        "url": article.url,
        "image": article.image,
        "provider": {"name": article.provider.name, "domain": article.provider.domain},
        "topics": list(article.topics),
        "category": article.category,
        "type": article.type,
        "published_at": timestamp(article.published_at),
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


def dump(document: Any, indent: int | None) -> str:
    """A document as JSON that no terminal obeys, and a newline."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"


def _extra(extra: tuple[str, Value]) -> tuple[str, Any]:
    """A declared field and its value."""
    name, value = extra
    if isinstance(value, tuple):
        return name, list(value)
    return name, timestamp(value) if isinstance(value, datetime) else value
