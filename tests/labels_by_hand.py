"""Labels of articles, counted by looking at every article."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.article import Article


def values(article: Article, facet: str) -> list[str]:
    if facet == "topic":
        return list(article.topics)
    if facet == "provider":
        provider = article.provider
        return [name for name in (provider.name or provider.domain, *provider.others) if name]
    if facet == "year":
        return [str(article.published_at.year)] if article.published_at else []
    value = article.category if facet == "category" else article.type
    return [value] if value else []


def once_each(article: Article, facet: str) -> dict[str, str]:
    """What is compared to how it is written; of equal ones the first."""
    found: dict[str, str] = {}
    for value in values(article, facet):
        found.setdefault(label(value), value)
    found.pop("", None)
    return found


def spelling(archive: Iterable[Article], facet: str) -> dict[str, str]:
    """How each label is written most often."""
    written: dict[str, Counter[str]] = {}
    for article in archive:
        for compared, value in once_each(article, facet).items():
            written.setdefault(compared, Counter())[value] += 1
    return {c: min(found, key=lambda v: (-found[v], v)) for c, found in written.items()}


def counted(archive: list[Article], matches: list[Article], facet: str) -> list[tuple[str, int]]:
    shown = spelling(archive, facet)
    counts = Counter(shown[c] for article in matches for c in once_each(article, facet))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
