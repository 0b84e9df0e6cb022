"""An article as JSON and back: what is stored of it, here and there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from heatseek.article import Article, Kind, Provider

_KINDS = {str(kind): kind for kind in Kind}
_decode = json.JSONDecoder().decode


def to_json(article: Article) -> bytes:
    """One line, without the id, which is known where it is stored, and without `related`."""
    values = [
        article.title,
        article.excerpt,
        article.body,
        article.topics,
        article.provider.name,
        article.provider.domain,
        article.category,
        article.type,
        int(article.published_at.timestamp()) if article.published_at else None,
        article.url,
        article.quality,
        article.heat,
        article.published,
        article.image,
        article.kind,
        article.related_to,
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes, article_id: str) -> Article:
    """The article that `to_json` was given."""
    # Not `json.loads`: it looks for the encoding of bytes, every time.
    values: list[Any] = _decode(data.decode())
    title, excerpt, body, topics, name, domain, category, type_, seconds = values[:9]
    url, quality, heat, published, image, kind, related_to = values[9:]
    date = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    # In the order of the fields: named arguments take a tenth of a search longer.
    return Article(
        *(article_id, title, excerpt, body, tuple(topics), Provider(name, domain), category, type_),
        *(date, url, quality, heat, published, image, _KINDS[kind], tuple(related_to)),
    )
