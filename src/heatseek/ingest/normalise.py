"""Metadata and body to an article: total over whatever strangers wrote.

`secured` is ciphertext and is not among the keys read, at any level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from heatseek.article import Article, Kind, Value, canonical
from heatseek.conventions import RELATED
from heatseek.ingest.dates import instant
from heatseek.ingest.fields import Fields
from heatseek.ingest.keys import OWN, PLAIN, Format, Keys, keys_of
from heatseek.ingest.markup import body_text
from heatseek.ingest.title import Source
from heatseek.ingest.yaml_pieces import SharedMapping
from heatseek.schema import FieldKind

MAX_TITLE = 1_000
"""Characters, like the limits below."""
MAX_EXCERPT = 20_000
MAX_RELATED = 1_000
"""Entries."""
MAX_RELATED_TEXT = 300_000
"""Characters of all entries together; largest seen: 130,000."""
MAX_NOTES = 20
"""Value problems told of one file; the rest is counted."""


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


class Normalised(NamedTuple):
    """An article, and what had to be ignored.

    Attributes:
        article: what it says.
        flaws: values that were ignored or cut.
        order: what its dates tell of the order of day and month (`dates.evidence`).
    """

    article: Article
    flaws: tuple[ValueProblem, ...]
    order: int


def normalise(
    metadata: Mapping[Any, Any],
    body: str,
    article_id: str,
    form: Format = PLAIN,
    source: Source | None = None,
) -> Normalised:
    """Make an article of what a file says.

    Args:
        metadata: the front matter, of any shape.
        body: Markdown, or what the ending of `article_id` says.
        article_id: the file's path relative to the archive.
        form: how files are read.
        source: what the file says where its header says nothing; None: of `body` and the id.
    """
    source = source or Source(article_id, body)
    notes = _Notes()
    keys = keys_of(form)
    fields = Fields(metadata, notes.add, keys)
    title = fields.text("title", MAX_TITLE, joined=True) or source.title()[:MAX_TITLE]
    category = fields.label("category")
    article = Article(
        id=article_id,
        title=title,
        excerpt=fields.text("excerpt", MAX_EXCERPT),
        body=_body(source.body, article_id, notes),
        topics=fields.topics(category),
        provider=fields.provider(),
        category=category,
        type=fields.label("type"),
        published_at=fields.instant("date") or instant(fields.address_day() or source.name.date),
        url=fields.link("link"),
        quality=fields.integer("quality"),
        heat=fields.integer("heat"),
        published=fields.boolean("published"),
        image=fields.link("image"),
        extra=tuple(_extra(fields, form)) if form.fields else (),
        updated_at=fields.instant("updated"),
        aliases=tuple(name for name in fields.labels("aliases") if _is_title(name, title)),
        related=tuple(_related(fields, notes, keys)),
    )
    return Normalised(article, notes.all(), fields.order)


def _is_title(alias: str, title: str) -> bool:
    """True if an alias is another title: for several programs it is a page's former address."""
    return alias != title and not ("/" in alias and " " not in alias)


def _extra(fields: Fields, form: Format) -> Iterator[tuple[str, Value]]:
    read: dict[FieldKind, Callable[[str], Value | None]] = {
        FieldKind.KEYWORD: fields.labels,
        FieldKind.TEXT: lambda name: fields.text(name, MAX_EXCERPT),
        FieldKind.NUMBER: fields.number,
        FieldKind.DATE: fields.instant,
        FieldKind.BOOLEAN: fields.boolean,
    }
    for name, kind, _ in form.fields:
        value = read[kind](OWN + name)
        if value is not None and value not in ("", ()):
            yield name, value


def _body(body: str, article_id: str, notes: _Notes) -> str:
    if not body or body.isspace():
        return ""
    text, cut = body_text(body, article_id)
    if cut:
        notes.add("body", cut)
    return text


def _related(fields: Fields, notes: _Notes, keys: Keys) -> Iterator[Article]:
    value = fields.value(RELATED)
    if not isinstance(value, list):
        if isinstance(value, dict):
            notes.add("related", "is not a list")
        return
    if all(isinstance(entry, str) for entry in value):
        return  # names of pages, as other programs have there
    if len(value) > MAX_RELATED:
        notes.add("related", f"has more than {MAX_RELATED:,} entries: the rest was left out")
    size = 0
    for number, entry in enumerate(value[:MAX_RELATED], start=1):
        mention = entry.derived if entry.__class__ is SharedMapping else None
        # The files of one archive share it, but a process may read another one next.
        if mention is None or mention[0] is not keys:
            mention = _mention(entry, keys)
        _, article, length, order, flaws = mention
        size += length
        fields.order |= order
        if size > MAX_RELATED_TEXT:
            notes.add("related", f"is too long: entry {number} and the rest were left out")
            return
        for flaw in flaws:
            notes.add("related", f"entry {number}{flaw}")
        if article is not None:
            yield article


class _Mention(NamedTuple):
    """One entry under `related`.

    Attributes:
        keys: it was read by these.
        article: None if it could not be a hit of its own.
        size: characters of its texts.
        order: the evidence of its date on the order of day and month.
        flaws: what is wrong with it, to be said after "entry" and its number.
    """

    keys: Keys
    article: Article | None
    size: int
    order: int
    flaws: tuple[str, ...]


def _mention(entry: Any, keys: Keys) -> _Mention:
    if not isinstance(entry, Mapping):
        return _Mention(keys, None, 0, 0, (" is not a mapping",))
    mention = _new_mention(entry, keys)
    if isinstance(entry, SharedMapping):
        entry.derived = mention
    return mention


def _new_mention(entry: Mapping[Any, Any], keys: Keys) -> _Mention:
    flaws: list[str] = []
    fields = Fields(entry, lambda key, reason: flaws.append(f": {key} {reason}"), keys)
    title = fields.text("title", MAX_TITLE)
    url = fields.link("link")
    if not title or url is None:
        missing = "link" if title else "title"
        return _Mention(keys, None, 0, 0, (*flaws, f" was left out: it has no {missing}"))
    article = Article(
        id=canonical(url),
        title=title,
        excerpt=fields.text("excerpt", MAX_EXCERPT),
        topics=fields.labels("topics"),
        provider=fields.provider(),
        type=fields.label("type"),
        published_at=fields.instant("date"),
        url=url,
        quality=fields.integer("quality"),
        kind=Kind.RELATED,
    )
    size = len(title) + len(article.excerpt) + sum(map(len, article.topics))
    return _Mention(keys, article, size, fields.order, tuple(flaws))
