"""Articles to files: an archive that `heatseek rebuild` can read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heatseek.article import Article


def write_archive(articles: Iterable[Article], folder: Path) -> None:
    """Write each article to the file that its id names."""
    for article in articles:
        path = folder / article.id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(article), encoding="utf-8")


def _text(article: Article) -> str:
    """Front matter in which every value is JSON, which is YAML too."""
    header = "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in _record(article).items()
        if value is not None
    )
    related = "".join(f"  - {_flow(_record(each))}\n" for each in article.related)
    entries = f"related:\n{related}" if related else ""
    return f"---\n{header}{entries}---\n{article.body}\n"


def _flow(record: dict[str, Any]) -> str:
    return json.dumps({k: v for k, v in record.items() if v is not None}, ensure_ascii=False)


def _record(article: Article) -> dict[str, Any]:
    date = article.published_at
    return {
        "title": article.title,
        "excerpt": article.excerpt,
        "topics": article.topics,
        "provider": {"name": article.provider.name, "domain": article.provider.domain},
        "category": article.category,
        "type": article.type,
        "publishedDateTime": date.isoformat() if date else None,
        "webUrl": article.url,
        "quality": article.quality,
        "heat": article.heat,
        "published": article.published,
        "images": [{"url": article.image}] if article.image else None,
    }
