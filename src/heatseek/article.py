"""The one document model: what an archive holds and a search returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Where a document comes from."""

    ARTICLE = "article"
    """A file of the archive."""
    RELATED = "related"
    """An entry under `related` that has no file of its own."""


class Provider(NamedTuple):
    """Who published, or wrote, an article. Either of the first two parts may be unknown."""

    name: str | None = None
    domain: str | None = None
    others: tuple[str, ...] = ()
    """Names of further ones."""

    @property
    def names(self) -> tuple[str, ...]:
        """Each of them by one name; a domain for want of another."""
        return tuple(name for name in (self.name or self.domain, *self.others) if name)

    @property
    def labels(self) -> tuple[str, ...]:
        """All that it is known by."""
        return tuple(name for name in (self.name, self.domain, *self.others) if name)


Value = tuple[str, ...] | str | float | bool | datetime
"""What an article has in a declared field: keywords, a text, a number, a flag, or an instant."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article, normalised: trimmed text, plain types, no markup, no control characters.

    `None` always means unknown, never zero or false.
    """

    id: str
    """Path relative to the archive, with `/`; of a related article its URL."""
    title: str
    excerpt: str = ""
    body: str = ""
    """Plain text of the Markdown body."""
    topics: tuple[str, ...] = ()
    provider: Provider = Provider()
    category: str | None = None
    type: str | None = None
    published_at: datetime | None = None
    """Aware, in UTC, whole seconds; at midnight it is the whole day, in whatever zone."""
    url: str | None = None
    quality: int | None = None
    """Editorial quality, 0 upwards, not capped."""
    heat: int | None = None
    """Popularity, 0 upwards; the archive's -1 is `None` here."""
    published: bool | None = None
    """False: held back from the site that the archive feeds."""
    image: str | None = None
    kind: Kind = Kind.ARTICLE
    related_to: tuple[str, ...] = ()
    """Of a related article: the ids of the articles that mention it."""
    extra: tuple[tuple[str, Value], ...] = ()
    """What it has in declared fields (`schema.DeclaredField`), by name; without unknown ones."""
    updated_at: datetime | None = None
    """When it was changed last; as `published_at`."""
    aliases: tuple[str, ...] = ()
    """Other titles."""
    related: tuple[Article, ...] = ()
    """What this article mentions; each of kind `related`, its id the URL."""
