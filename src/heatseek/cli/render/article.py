"""One article as text for a person, and as JSON (docs/json.md)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from heatseek.article import Kind
from heatseek.cli.render.escapes import MARK, QUIET, TITLE, one_line
from heatseek.cli.render.wrapping import filled, paragraphs
from heatseek.wire import VERSION, article_document, dump
from heatseek.zones import local

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo

    from heatseek.article import Article, Value
    from heatseek.cli.render.escapes import Style
    from heatseek.search.find import Found
    from heatseek.wire.articles import ShownDocument, StoryDocument

MAX_WIDTH = 100
"""Of running text."""
_LABEL = len("published ")
_LEAST = 10
"""Columns that a value gets, however narrow the terminal is."""


def render_json(found: Found) -> str:
    """Everything, as one document."""
    article = found.article
    document: ShownDocument = {
        "version": VERSION,
        "article": {
            **_record(article),
            "body": article.body,
            "related": [_record(story) for story in article.related],
        },
        "same_story": [_record(other) for other in found.same_story],
        "notices": list(found.notices),
    }
    return dump(document, indent=2)


def _record(article: Article) -> StoryDocument:
    return {"id": article.id, **article_document(article)}


def render_text(found: Found, style: Style) -> str:
    """Title, facts, excerpt, body, the others about its story; unknown values are dashes."""
    article = found.article
    columns = min(style.width, MAX_WIDTH)
    title = filled(article.title, columns) or [style.glyphs.dash]
    blocks = [
        [style.paint(line, TITLE) for line in title],
        [line for fact in _facts(article, style.zone) for line in _fact(*fact, columns, style)],
        list(paragraphs(article.excerpt, columns)),
        list(paragraphs(article.body, columns)),
        list(_listed("The same story", found.same_story, columns, style)),
        list(_listed("Related", article.related, columns, style)),
    ]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)


def _facts(article: Article, zone: tzinfo) -> Iterator[tuple[str, str]]:
    provider = article.provider
    both = f"{provider.name} ({provider.domain})" if provider.name and provider.domain else None
    date, updated = article.published_at, article.updated_at
    if article.aliases:
        yield "also", "; ".join(article.aliases)
    name = both or provider.name or provider.domain or ""
    yield "provider", ", ".join(filter(None, (name, *provider.others)))
    yield "date", "" if date is None else _date(date, zone)
    if updated is not None:
        yield "updated", _date(updated, zone)
    yield "topics", ", ".join(article.topics)
    yield "category", article.category or ""
    yield "type", article.type or ""
    yield "quality", "" if article.quality is None else str(article.quality)
    yield "heat", "" if article.heat is None else str(article.heat)
    yield "published", {True: "yes", False: "no: held back", None: ""}[article.published]
    yield "link", article.url or ""
    if article.kind is Kind.RELATED:
        yield "mentioned", ", ".join(article.related_to)
    else:
        yield "file", article.id
    yield from ((name, _value(value, zone)) for name, value in article.extra)


def _value(value: Value, zone: tzinfo) -> str:
    """The value of a declared field as text."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _date(value, zone) if isinstance(value, datetime) else str(value)


def _date(date: datetime, zone: tzinfo) -> str:
    shown = local(date, zone)
    if shown is date:
        # Midnight is what a bare date becomes.
        return f"{date:%Y-%m-%d %H:%M} UTC".replace(" 00:00 UTC", "")
    return f"{shown:%Y-%m-%d %H:%M %Z}".rstrip()


def _fact(name: str, value: str, columns: int, style: Style) -> Iterator[str]:
    head = f"{name:<{_LABEL - 1}} "
    label = style.paint(head, QUIET)
    if name in {"link", "file"} and value:
        # Whole on one line: a terminal breaks it, and still copies it in one piece.
        yield label + style.link(one_line(value), value)
        return
    held_back = name == "published" and value.startswith("no")
    # Only names of declared fields are longer than the column.
    room = max(columns - len(head), _LEAST)
    for at, line in enumerate(filled(value, room) or [style.glyphs.dash]):
        painted = style.paint(line, MARK) if held_back else line
        yield (" " * len(head) if at else label) + painted


def _listed(heading: str, stories: Sequence[Article], columns: int, style: Style) -> Iterator[str]:
    if stories:
        yield style.paint(heading, TITLE)
    for story in stories:
        provider = story.provider.name or story.provider.domain
        date = style.day(story.published_at) if story.published_at else None
        known = [part for part in (provider, date) if part]
        separator = f" {style.glyphs.dot} "
        yield ""
        yield from (f"  {line}" for line in filled(story.title, columns - 2))
        yield from (f"  {line}" for line in filled(separator.join(known), columns - 2))
        if story.url:
            yield "  " + style.paint(style.link(one_line(story.url), story.url), QUIET)
