"""Metadata and body to an article: total over whatever strangers wrote.

`secured` is ciphertext and is not among the keys read, at any level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from heatseek.article import Article, Kind, Value, canonical
from heatseek.ingest.dates import instant
from heatseek.ingest.fields import Fields
from heatseek.ingest.markup import body_text
from heatseek.ingest.title import Source
from heatseek.ingest.yaml_pieces import SharedMapping
from heatseek.schema import DeclaredField, FieldKind

MAX_TITLE = 1_000
"""Characters, like the limits below."""
MAX_EXCERPT = 20_000
MAX_RELATED = 1_000
"""Entries."""
MAX_RELATED_TEXT = 300_000
"""Characters of all entries together; largest seen: 130,000."""
MAX_NOTES = 20
"""Value problems told of one file; the rest is counted."""

_TITLE = ("title", "name")
_EXCERPT = ("excerpt", "description", "bio")
_LINK = ("webUrl", "originalUrl")


@dataclass(frozen=True, slots=True)
class ValueProblem:
    """A value that was ignored or cut.

    Attributes:
        key: the top-level key, or `body`.
        reason: what is wrong with it, without the value.
    """

    key: str
    reason: str


class _Notes:
    """Collects value problems, the first `MAX_NOTES` of them in words."""

    def __init__(self) -> None:
        self._told: list[ValueProblem] = []
        self._untold = 0

    def add(self, key: str, reason: str) -> None:
        if len(self._told) < MAX_NOTES:
            self._told.append(ValueProblem(key, f"{key} {reason}"))
        else:
            self._untold += 1

    def all(self) -> tuple[ValueProblem, ...]:
        if not self._untold:
            return tuple(self._told)
        last = ValueProblem(self._told[-1].key, f"and {self._untold:,} more values")
        return (*self._told, last)


def normalise(
    metadata: Mapping[Any, Any],
    body: str,
    article_id: str,
    declared: Iterable[DeclaredField] = (),
    source: Source | None = None,
) -> tuple[Article, tuple[ValueProblem, ...]]:
    """Make an article of what a file says.

    Args:
        metadata: the front matter, of any shape.
        body: Markdown, or what the ending of `article_id` says.
        article_id: the file's path relative to the archive.
        declared: further keys to read.
        source: what the file says where its header says nothing; None: of `body` and the id.
    """
    source = source or Source(article_id, body)
    notes = _Notes()
    fields = Fields(metadata, notes.add)
    article = Article(
        id=article_id,
        title=fields.text(_TITLE, MAX_TITLE) or source.title()[:MAX_TITLE],
        excerpt=fields.text(_EXCERPT, MAX_EXCERPT),
        body=_body(source.body, article_id, notes),
        topics=fields.labels("topics"),
        provider=fields.provider(),
        category=fields.label("category"),
        type=fields.label("type"),
        published_at=fields.instant("publishedDateTime") or instant(source.name.date),
        url=fields.link(_LINK),
        quality=fields.integer("quality"),
        heat=fields.integer("heat"),
        published=fields.boolean("published"),
        image=_image(metadata.get("images"), notes),
        extra=tuple(_extra(fields, declared)),
        related=tuple(_related(metadata.get("related"), notes)),
    )
    return article, notes.all()


def _extra(fields: Fields, declared: Iterable[DeclaredField]) -> Iterator[tuple[str, Value]]:
    for name, kind, _ in declared:
        value: Value | None = None
        match kind:
            case FieldKind.KEYWORD:
                value = fields.labels(name)
            case FieldKind.TEXT:
                value = fields.text((name,), MAX_EXCERPT)
            case FieldKind.NUMBER:
                value = fields.number(name)
            case FieldKind.DATE:
                value = fields.instant(name)
            case FieldKind.BOOLEAN:
                value = fields.boolean(name)
        if value is not None and value not in ("", ()):
            yield name, value


def _body(body: str, article_id: str, notes: _Notes) -> str:
    if not body or body.isspace():
        return ""
    text, cut = body_text(body, article_id)
    if cut:
        notes.add("body", cut)
    return text


def _image(value: Any, notes: _Notes) -> str | None:
    """The first image's URL: of a list, of a mapping with `url`, or a bare text."""
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, Mapping):
        return Fields(first, lambda _, reason: notes.add("images", reason)).link(("url",))
    return Fields({"images": first or None}, notes.add).link(("images",))


def _related(value: Any, notes: _Notes) -> Iterator[Article]:
    if not isinstance(value, list):
        if value is not None and value != "":
            notes.add("related", "is not a list")
        return
    if len(value) > MAX_RELATED:
        notes.add("related", f"has more than {MAX_RELATED:,} entries: the rest was left out")
    size = 0
    for number, entry in enumerate(value[:MAX_RELATED], start=1):
        mention = _mention(entry)
        size += mention.size
        if size > MAX_RELATED_TEXT:
            notes.add("related", f"is too long: entry {number} and the rest were left out")
            return
        for flaw in mention.flaws:
            notes.add("related", f"entry {number}{flaw}")
        if mention.article is not None:
            yield mention.article


@dataclass(frozen=True, slots=True)
class _Mention:
    """One entry under `related`.

    Attributes:
        article: None if it could not be a hit of its own.
        flaws: what is wrong with it, to be said after "entry" and its number.
    """

    article: Article | None
    flaws: tuple[str, ...] = ()
    size: int = 0
    """Characters of its texts."""


def _mention(entry: Any) -> _Mention:
    if not isinstance(entry, Mapping):
        return _Mention(None, (" is not a mapping",))
    if not isinstance(entry, SharedMapping):
        return _new_mention(entry)
    if not isinstance(entry.derived, _Mention):
        entry.derived = _new_mention(entry)
    return entry.derived


def _new_mention(entry: Mapping[Any, Any]) -> _Mention:
    flaws: list[str] = []
    fields = Fields(entry, lambda key, reason: flaws.append(f": {key} {reason}"))
    title = fields.text(_TITLE, MAX_TITLE)
    url = fields.link(_LINK)
    if not title or url is None:
        missing = "link" if title else "title"
        return _Mention(None, (*flaws, f" was left out: it has no {missing}"))
    article = Article(
        id=canonical(url),
        title=title,
        excerpt=fields.text(_EXCERPT, MAX_EXCERPT),
        topics=fields.labels("topics"),
        provider=fields.provider(),
        type=fields.label("type"),
        published_at=fields.instant("publishedDateTime"),
        url=url,
        quality=fields.integer("quality"),
        kind=Kind.RELATED,
    )
    size = len(title) + len(article.excerpt) + sum(map(len, article.topics))
    return _Mention(article, tuple(flaws), size)
