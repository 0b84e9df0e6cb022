"""Related articles as documents of their own: one for each story outside the archive.

A story is a canonical URL that is mentioned, and that no article of the archive has. It takes each
of its fields from the first mention that knows it, by the mentioning article's id and the place in
it; its `related_to` names every article that mentions it.

Nothing here depends on the order in which files were read, so that a sequential and a parallel
reading, or many updates and a rebuild, give the same index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heatseek.article import Article, Kind, Provider

if TYPE_CHECKING:
    from heatseek.indexer.ledger import Ledger


_FIELDS = (
    *("title", "excerpt", "topics", "provider", "category", "type", "published_at", "url"),
    *("quality", "heat", "published", "image"),
)
_UNKNOWN = (None, "", (), Provider())


def stories(ledger: Ledger, among: set[str] | None = None) -> dict[str, Article]:
    """The stories that are only mentioned, by id, sorted.

    Args:
        ledger: all files and what they mention.
        among: only these canonical URLs; by default all.
    """
    if among is not None and not among:
        return {}
    ids = ledger.mentions.story_ids
    wanted = set(ids) if among is None else among.intersection(ids)
    wanted -= {url for _, url in ledger.files.with_links(wanted)} if wanted else set()
    numbers = {number for number, id_ in enumerate(ids) if id_ in wanted}
    found: dict[str, _Story] = {}
    for article_id, mentions in ledger.files.mentions(numbers) if numbers else ():
        for number in mentions:
            if number in numbers:
                story = found.setdefault(ids[number], _Story())
                story.add(ledger.mentions.article(number), article_id)
    return {id_: found[id_].article(id_) for id_ in sorted(found)}


class _Story:
    """All mentions of one URL together; added in the order of their rank."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._mentioned_by: dict[str, None] = {}

    def add(self, mention: Article, article_id: str) -> None:
        self._mentioned_by[article_id] = None
        for name in _FIELDS:
            if name not in self._known:
                value = getattr(mention, name)
                if value not in _UNKNOWN:
                    self._known[name] = value

    def article(self, story_id: str) -> Article:
        related_to = tuple(self._mentioned_by)
        return Article(id=story_id, kind=Kind.RELATED, related_to=related_to, **self._known)


def mentioned_by(ledger: Ledger) -> dict[str, list[str]]:
    """By article the others that mention its URL, which several can have; sorted."""
    ids = ledger.mentions.story_ids
    links = {id_ for id_ in ids if id_}
    owners = ledger.files.with_links(links) if links else []
    by_url: dict[str, list[str]] = {url: [] for _, url in owners}
    by_number = [by_url.get(url) for url in ids]
    owned = {number for number, others in enumerate(by_number) if others is not None}
    for id_, mentions in ledger.files.mentions(owned) if owned else ():
        for others in map(by_number.__getitem__, mentions):
            if others is not None:
                others.append(id_)
    return {id_: _others(by_url[url], id_) for id_, url in owners}


def _others(ids: list[str], but: str) -> list[str]:
    """Each once."""
    once = dict.fromkeys(ids)
    once.pop(but, None)
    return [*once]
