"""Results for programs: JSON, described in docs/json.md, and one JSON object a line."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heatseek.article import Article, Value
    from heatseek.results import Explanation, Hit, Results

VERSION = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""

_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""JSON leaves these as they are; escaped, they are the same text and harmless to a terminal."""


def render(results: Results) -> str:
    """The whole answer as one document."""
    return dump(document(results), indent=2)


def render_lines(results: Results) -> str:
    """Each hit as a document of its own, on a line of its own."""
    return "".join(dump(record(hit), indent=None) for hit in results)


def document(results: Results) -> dict[str, Any]:
    """The answer as plain values, keys in their documented order."""
    return {
        "version": VERSION,
        "query": results.query,
        "understood": results.understood or None,
        "total": results.total,
        "stories": None if results.stories is None else results.stories.hits,
        "took_ms": round(results.took_ms, 3),
        "hits": [record(hit) for hit in results],
        "facets": {
            facet: [{"value": each.value, "count": each.articles} for each in counts]
            for facet, counts in results.facets.items()
        },
        "suggestion": results.suggestion or None,
        "notices": list(results.notices),
    }


def record(hit: Hit) -> dict[str, Any]:
    """A hit as plain values, keys in their documented order."""
    found = {
        "id": hit.article.id,
        "rank": hit.rank,
        **content(hit.article),
        "score": hit.score,
    }
    if hit.others:
        found["others"] = list(hit.others)
    if hit.explanation is not None:
        found["explanation"] = _explanation(hit.explanation)
    return found


def content(article: Article) -> dict[str, Any]:
    """What is known of an article, beside its id and its text."""
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "url": article.url,
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
        # Only of archives that declare fields.
        **({"extra": dict(map(_own, article.extra))} if article.extra else {}),
    }


def _own(extra: tuple[str, Value]) -> tuple[str, Any]:
    """A declared field and its value."""
    name, value = extra
    if isinstance(value, tuple):
        return name, list(value)
    return name, timestamp(value) if isinstance(value, datetime) else value


def _explanation(parts: Explanation) -> dict[str, Any]:
    return {
        "text": parts.text,
        "quality": parts.quality,
        "heat": parts.heat,
        "recency": parts.recency,
        "boost": parts.boost,
        "saturation": dict(zip(("quality", "heat"), parts.saturation, strict=True)),
        "bounds": list(parts.bounds),
        "words": [
            {"text": word.text, "score": word.score, "fields": dict(word.fields)}
            for word in parts.words
        ],
    }


def timestamp(instant: datetime | None) -> str | None:
    """ISO 8601 in UTC, whole seconds, with a `Z`."""
    return None if instant is None else f"{instant.replace(tzinfo=None).isoformat('T', 'seconds')}Z"


def dump(value: Any, indent: int | None) -> str:
    """A value as JSON that no terminal obeys, and a newline."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n"
