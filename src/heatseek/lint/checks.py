"""Findings about files, one by one and across an archive: their kinds and levels."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.article import canonical
from heatseek.conventions import KEYS
from heatseek.ingest.problem import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.article import Article
    from heatseek.ingest.front_matter import FrontMatter


class Level(StrEnum):
    """Levels of findings, the worst first."""

    ERROR = "error"
    """The file, or the folder, is not in the index."""
    WARNING = "warning"
    """Something is lost, or hardly meant."""
    NOTE = "note"
    """It may be so on purpose."""


class Kind(StrEnum):
    """Stable words for what is found in files that are articles.

    What makes a file none has the words of `ingest.problem.ProblemKind`, and so have ignored
    values (`value`).
    """

    DUPLICATE_KEY = "duplicate-key"
    DUPLICATE_TITLE = "duplicate-title"
    DUPLICATE_URL = "duplicate-url"
    MISSING_DATE = "missing-date"
    MISSING_EXCERPT = "missing-excerpt"
    MISSING_PROVIDER = "missing-provider"
    MISSING_TOPICS = "missing-topics"
    MISSING_URL = "missing-url"
    SHOUTED_TITLE = "shouted-title"
    SUSPICIOUS_DATE = "suspicious-date"
    SUSPICIOUS_HEAT = "suspicious-heat"
    SUSPICIOUS_QUALITY = "suspicious-quality"
    TOPIC_SPELLING = "topic-spelling"
    UNKNOWN_KEY = "unknown-key"
    WRONG_KEY = "wrong-key"


class Finding(NamedTuple):
    """One thing about one file.

    Attributes:
        path: relative to the archive, safe to print.
        line: 1-based; that of the front matter for what is missing in it. None where it is not
            about what stands in the file.
        column: 1-based, where known.
        level: how much it matters.
        kind: a word of `Kind` or `ProblemKind`.
        message: the flaw, and what to do. The only text of the file in it are names of keys and
            topics, cleaned and cut.
    """

    path: str
    line: int | None
    column: int | None
    level: Level
    kind: str
    message: str

    @property
    def place(self) -> str:
        """`path:line:column`, as far as that is known."""
        return place(self.path, self.line, self.column)


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
    flaws = chain(
        _missing(article), _date(article, front, now), _numbers(article, front), _title(article)
    )
    for key, level, kind, message in flaws:
        line = front.line_of(key) if key else front.header_line
        yield Finding(article.id, line, None, level, kind, message)


LACKS: dict[str, str] = {
    Kind.MISSING_DATE: "a date",
    Kind.MISSING_EXCERPT: "an excerpt",
    Kind.MISSING_TOPICS: "topics",
    Kind.MISSING_URL: "a link",
    Kind.MISSING_PROVIDER: "a provider",
}
"""The missing values, by the kind of finding."""


def _missing(article: Article) -> Iterator[_Flaw]:
    if article.published_at is None:
        yield None, Level.WARNING, Kind.MISSING_DATE, "no date"
    if not article.excerpt:
        yield None, Level.NOTE, Kind.MISSING_EXCERPT, "no excerpt"
    if not article.topics:
        yield None, Level.NOTE, Kind.MISSING_TOPICS, "no topics"
    if article.url is None:
        yield None, Level.NOTE, Kind.MISSING_URL, "no link"
    if not any(article.provider):
        yield None, Level.NOTE, Kind.MISSING_PROVIDER, "no provider"


def _date(article: Article, front: FrontMatter, now: datetime) -> Iterator[_Flaw]:
    date = article.published_at
    if date is None:
        return
    key = _key(front, KEYS["date"]) or "date"
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


_LINK, _TITLE, _TOPICS = KEYS["link"], KEYS["title"], KEYS["topics"]
_KEYS = (_LINK, _TITLE, _TOPICS)
_MAX_LABEL = 60
"""Characters of a topic that are shown."""


class Across:
    """Remembers links, titles and topics of all articles."""

    def __init__(self) -> None:
        self._by_url: defaultdict[str, list[str]] = defaultdict(list)
        self._by_title: defaultdict[str, list[str]] = defaultdict(list)
        self._spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._first_with: dict[str, str] = {}
        self.articles = 0
        """How many were taken in."""
        self._lines: dict[str, list[int]] = {}
        """Of each file, in the order of `_KEYS`."""

    def add(self, article: Article, front: FrontMatter) -> None:
        """Take an article in, and the lines of its keys."""
        self.articles += 1
        self._lines[article.id] = [_line(front, keys) for keys in _KEYS]
        if article.url:
            self._by_url[canonical(article.url)].append(article.id)
        self._by_title[article.title.casefold()].append(article.id)
        for topic in article.topics:
            self._spellings[topic.casefold()][topic] += 1
            self._first_with.setdefault(topic, article.id)

    def findings(self) -> Iterator[Finding]:
        """The findings about all articles together."""
        yield from self._shared(self._by_url, (Level.WARNING, Kind.DUPLICATE_URL), _LINK, "link")
        yield from self._shared(self._by_title, (Level.NOTE, Kind.DUPLICATE_TITLE), _TITLE, "title")
        yield from self._topics()

    def _shared(
        self,
        groups: dict[str, list[str]],
        what: tuple[Level, Kind],
        keys: tuple[str, ...],
        noun: str,
    ) -> Iterator[Finding]:
        for ids in groups.values():
            for id_ in ids if len(ids) > 1 else ():
                first = next(other for other in ids if other != id_)
                more = f" and {len(ids) - 2:,} more" if len(ids) > 2 else ""
                message = f"the same {noun} as {first}{more}"
                yield Finding(id_, self._lines[id_][_KEYS.index(keys)], None, *what, message)

    def _topics(self) -> Iterator[Finding]:
        for spellings in self._spellings.values():
            (usual, most), *others = sorted(spellings.items(), key=lambda item: (-item[1], item[0]))
            for topic, count in others:
                id_ = self._first_with[topic]
                files = "this file" if count == 1 else f"{count:,} files"
                message = (
                    f"topic {topic[:_MAX_LABEL]} in {files}"
                    f" is written {usual[:_MAX_LABEL]} in {most:,}"
                )
                line = self._lines[id_][_KEYS.index(_TOPICS)]
                yield Finding(id_, line, None, Level.WARNING, Kind.TOPIC_SPELLING, message)


def _line(front: FrontMatter, keys: tuple[str, ...]) -> int:
    """The line of the first of these keys that a file has."""
    key = _key(front, keys)
    return front.line_of(key) if key else front.header_line


def _key(front: FrontMatter, keys: tuple[str, ...]) -> str | None:
    """The first of these keys that a file has, as it is typed there."""
    by_name = {
        key.lower(): key for key, value in front.metadata.items() if type(key) is str and value
    }
    return next((by_name[key.lower()] for key in keys if key.lower() in by_name), None)
