"""An article as the same plain fields for every engine that is not heatseek."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from heatseek.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from heatseek.article import Article

WEIGHTS = {spec.name: spec.weight for spec in TEXT_FIELDS}
"""Of the text fields, in the order of `Document`."""


class Document(NamedTuple):
    """Searched: the five text fields. Ranked by: quality, heat. Stored: everything."""

    id: str
    title: str
    excerpt: str
    topics: str
    provider: str
    body: str
    quality: int | None
    heat: int | None
    rest: str
    """What else heatseek stores of an article, as JSON: so that sizes can be compared."""


def document(article: Article) -> Document:
    """Flatten an article."""
    date = article.published_at
    rest = (
        int(date.timestamp()) if date else None,
        article.url,
        article.category,
        article.type,
        article.published,
        article.image,
        article.kind,
        article.related_to,
    )
    provider = " ".join(filter(None, (article.provider.name, article.provider.domain)))
    return Document(
        article.id,
        article.title,
        article.excerpt,
        ", ".join(article.topics),
        provider,
        article.body,
        article.quality,
        article.heat,
        json.dumps(rest, ensure_ascii=False),
    )
