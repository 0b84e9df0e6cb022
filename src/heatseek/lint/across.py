"""Flaws between files: the same link or title twice, one topic in several spellings."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from heatseek.links import canonical
from heatseek.lint.finding import Finding, Kind, Level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.article import Article
    from heatseek.ingest.front_matter import FrontMatter

_LINK, _TITLE, _TOPICS = ("webUrl", "originalUrl"), ("title", "name"), ("topics",)
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
        self._lines: dict[str, list[int]] = {}
        """Of each file, in the order of `_KEYS`."""

    def add(self, article: Article, front: FrontMatter) -> None:
        """Take an article in, and the lines of its keys."""
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
    key = next((key for key in keys if front.metadata.get(key)), None)
    return front.line_of(key) if key else front.header_line
