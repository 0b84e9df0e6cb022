"""Related articles as documents of their own: one for each story outside the archive.

Nothing here depends on the order in which articles come, so that a sequential and a parallel
reading, or yesterday's and today's, give the same index.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from heatseek.article import Article, Kind, Provider
from heatseek.ingest.urls import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIELDS = (
    *("title", "excerpt", "topics", "provider", "category", "type", "published_at", "url"),
    *("quality", "heat", "published", "image"),
)
_UNKNOWN = (None, "", (), Provider())

_Rank = tuple[str, int]
"""Of a mention: the id of the article that makes it, and its place there. Least wins."""


class _Story:
    """What all the mentions of one URL say together."""

    def __init__(self) -> None:
        self._best: dict[str, tuple[_Rank, Any]] = {}
        self._mentioned_by: set[str] = set()

    def add(self, mention: Article, rank: _Rank) -> None:
        self._mentioned_by.add(rank[0])
        for name in _FIELDS:
            best = self._best.get(name)
            if best is not None and best[0] <= rank:
                continue
            value = getattr(mention, name)
            if value not in _UNKNOWN:
                self._best[name] = (rank, value)

    def article(self, mention_id: str) -> Article:
        values = {name: value for name, (_, value) in self._best.items()}
        related_to = tuple(sorted(self._mentioned_by))
        return Article(id=mention_id, kind=Kind.RELATED, related_to=related_to, **values)


def with_related(articles: Iterable[Article]) -> Iterator[Article]:
    """Pass articles through without their `related`, then the stories only mentioned there.

    A story is a canonical URL that no article of the archive has. It takes each of its
    fields from the first mention that knows it, by article id and place in the article; its
    `related_to` names every article that mentions it. Stories come sorted by id.

    Ids stay distinct: a story's contains `://`, which no relative path does.
    Memory grows with the distinct stories and their mentions, not with the articles' texts.
    """
    known: set[str] = set()
    stories: dict[str, _Story] = {}
    for article in articles:
        if article.url is not None:
            url = canonical(article.url)
            known.add(url)
            stories.pop(url, None)
        for place, mention in enumerate(article.related):
            if mention.id not in known:
                stories.setdefault(mention.id, _Story()).add(mention, (article.id, place))
        yield replace(article, related=()) if article.related else article
    for story_id in sorted(stories):
        yield stories[story_id].article(story_id)
