"""Flaws of one article: missing values, and suspicious ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from heatseek.lint.finding import Finding, Kind, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.article import Article
    from heatseek.ingest.front_matter import FrontMatter

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
"""There was no web before."""
GREATEST_QUALITY = 1_000
_ZONES = timedelta(days=1)
"""A date without a zone may be ahead by as much."""
_SHOUTED = 10
"""Letters of a title; shorter ones are acronyms."""

_Flaw = tuple[str | None, Level, Kind, str]
"""The key whose line it is, or None for the front matter as a whole, and the rest of a finding."""


def check(article: Article, front: FrontMatter, now: datetime) -> Iterator[Finding]:
    """The findings about an article; `front` is the file that it was made of."""
    flaws = chain(_missing(article), _date(article, now), _numbers(article, front), _title(article))
    for key, level, kind, message in flaws:
        line = front.line_of(key) if key else front.header_line
        yield Finding(article.id, line, None, level, kind, message)


def _missing(article: Article) -> Iterator[_Flaw]:
    if article.published_at is None:
        message = "no date: publishedDateTime is missing or no date"
        yield None, Level.WARNING, Kind.MISSING_DATE, message
    if not article.excerpt:
        yield None, Level.NOTE, Kind.MISSING_EXCERPT, "no excerpt"
    if not article.topics:
        yield None, Level.NOTE, Kind.MISSING_TOPICS, "no topics"
    if article.url is None:
        yield None, Level.NOTE, Kind.MISSING_URL, "no link: neither webUrl nor originalUrl"
    if not any(article.provider):
        yield None, Level.NOTE, Kind.MISSING_PROVIDER, "no provider"


def _date(article: Article, now: datetime) -> Iterator[_Flaw]:
    date, key = article.published_at, "publishedDateTime"
    if date is None:
        return
    if date > now + _ZONES:
        message = f"{key} is in the future: {date:%Y-%m-%d}"
        yield key, Level.WARNING, Kind.SUSPICIOUS_DATE, message
    elif date < OLDEST:
        # strftime does not fill up years to four digits everywhere.
        message = f"{key} is before {OLDEST.year}: {date.date().isoformat()}"
        yield key, Level.WARNING, Kind.SUSPICIOUS_DATE, message


def _numbers(article: Article, front: FrontMatter) -> Iterator[_Flaw]:
    quality = _number(front.metadata.get("quality"))
    if quality is not None and quality < 0:
        message = "quality is negative: it counts as unknown"
        yield "quality", Level.WARNING, Kind.SUSPICIOUS_QUALITY, message
    elif article.quality is not None and article.quality > GREATEST_QUALITY:
        message = f"quality is above {GREATEST_QUALITY:,}"
        yield "quality", Level.WARNING, Kind.SUSPICIOUS_QUALITY, message
    heat = _number(front.metadata.get("heat"))
    if heat is not None and heat < -1:
        message = "heat is below -1, which says that it is not measured: it counts as that"
        yield "heat", Level.WARNING, Kind.SUSPICIOUS_HEAT, message


def _number(value: Any) -> float | None:
    """A number as the reader takes it; what that refuses is a finding of its own."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _title(article: Article) -> Iterator[_Flaw]:
    if article.title.isupper() and sum(map(str.isalpha, article.title)) >= _SHOUTED:
        yield "title", Level.NOTE, Kind.SHOUTED_TITLE, "title is all capitals"
