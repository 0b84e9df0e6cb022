"""Text of the screen: a hit on its row, the preview of an article, the status lines.

Nothing here goes through Textual's markup: articles may contain it.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from textual.content import Content

from heatseek.article import Kind
from heatseek.cli.render import text
from heatseek.cli.render.escapes import UNICODE, Style, many_lines, one_line
from heatseek.cli.render.explanation import explanation
from heatseek.cli.render.wrapping import cut, wrap
from heatseek.cli.tui.widgets import HINT
from heatseek.results import Fragment, Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import tzinfo

    from heatseek.article import Article
    from heatseek.cli.tui.session import Session
    from heatseek.results import Hit, Results
    from heatseek.search.highlight import Highlights
    from heatseek.search.request import SearchRequest

MATCH = "bold ansi_red"
"""As in text output; legible on dark and light."""
MATCH_WITHOUT_COLOR = "bold underline"

_SEPARATOR = f" {UNICODE.dot} "


def row(  # noqa: PLR0913 - a hit, and how it is shown
    hit: Hit, columns: int, match: str, *, selected: bool, zone: tzinfo = UTC, border: str = ""
) -> Content:
    """A hit in the list: rank and title, then provider, date and topics.

    Args:
        hit: of the results.
        columns: the width of the list.
        match: the style of matched words.
        selected: keys are about this one.
        zone: the zone in which days begin.
        border: a line above it.
    """
    # Not by colour alone: there may be none.
    rank = f"{'>' if selected else ' '}{hit.rank:>3} "
    room = max(columns - len(rank), 8)
    title = hit.title_marks or (Fragment(UNICODE.dash),)
    first = wrap(title, room, lines=1, ellipsis=UNICODE.ellipsis)
    second = cut(_SEPARATOR.join(_facts(hit.article, zone)), room, UNICODE.ellipsis)
    text = Content.assemble(
        (rank, "dim"),
        *(_marked(part, match, one_line) for line in first for part in line),
        (f"\n{' ' * len(rank)}{second}", "dim"),
    )
    shown = text.stylize("reverse") if selected else text
    return (
        Content.assemble((f"{cut(border, columns, UNICODE.ellipsis)}\n", "dim"), shown)
        if border
        else shown
    )


def border(hit: Hit, results: Results | None) -> str:
    """The line above the first hit that has only some of the words, if others have all."""
    is_first = results and results.total_some and hit.rank == results.total + 1
    return " ".join(text.with_all(results)) if results and is_first else ""


def _facts(article: Article, zone: tzinfo) -> Iterator[str]:
    yield article.provider.name or article.provider.domain or UNICODE.dash
    yield Style(zone=zone).day(article.published_at)
    yield from (("related",) if article.kind is Kind.RELATED else ())
    yield from (("unpublished",) if article.published is False else ())
    if article.topics:
        yield ", ".join(article.topics)


def preview(hit: Hit, texts: Highlights, columns: int, match: str, zone: tzinfo = UTC) -> Content:
    """All that the index knows of an article, matched words marked.

    Args:
        hit: the article in its place.
        texts: its title, excerpt and body with what the request asks for marked.
        columns: the width of the preview.
        match: the style of matched words.
        zone: the zone in which days begin.
    """
    title = texts.title or (Fragment(UNICODE.dash),)
    head = [
        Content.assemble(*(_marked(part, match, one_line) for part in title)).stylize("bold"),
        *map(Content, explanation(hit, columns, Style())),
        Content.styled("\n".join(map(one_line, _details(hit.article, zone))), "dim"),
    ]
    blocks = [Content("\n").join(head), _text(texts.excerpt, match), _text(texts.body, match)]
    return Content("\n\n").join(block for block in blocks if block.plain.strip())


def _details(article: Article, zone: tzinfo) -> Iterator[str]:
    yield _SEPARATOR.join(_values(article, zone))
    if article.topics:
        yield f"topics: {', '.join(article.topics)}"
    if article.url:
        yield article.url
    if article.kind is Kind.RELATED:
        yield f"related to {', '.join(article.related_to) or 'an article'}"
    else:
        yield f"file: {article.id}"


def _values(article: Article, zone: tzinfo) -> Iterator[str]:
    dash = UNICODE.dash
    provider = article.provider
    if provider.name and provider.domain:
        yield f"{provider.name} ({provider.domain})"
    else:
        yield provider.name or provider.domain or dash
    yield Style(zone=zone).day(article.published_at)
    yield f"quality {dash if article.quality is None else article.quality}"
    yield f"heat {dash if article.heat is None else article.heat}"
    yield from (value for value in (article.category, article.type) if value)
    if article.published is False:
        yield "unpublished"


def _text(fragments: Iterable[Fragment], match: str) -> Content:
    return Content.assemble(*(_marked(part, match, many_lines) for part in fragments))


def _marked(part: Fragment, match: str, clean: Callable[[str], str]) -> str | tuple[str, str]:
    text = clean(part.text)
    return (text, match) if part.matched else text


def state(session: Session) -> str:
    """The line of state: the count of matches, the time it took, the order, the filters."""
    request, results = session.request, session.results
    parts = ["not searched"]
    if results is not None:
        noun = "match" if results.matches == 1 else "matches"
        parts = [
            f"{results.matches:,} {noun}",
            *text.with_all(results),
            f"{results.took_ms:.1f} ms",
        ]
    if request.sort not in (None, Sort.RELEVANCE):
        parts.append(f"by {request.sort}")
    return one_line(_SEPARATOR.join((*parts, *_filters(request))))


def remark(session: Session, effect: str) -> str:
    """The last line: an error, the effect of the last key, a notice; or else the keys.

    Args:
        session: the last search.
        effect: of the last key, in words; or empty.
    """
    if effect or session.error:
        return one_line(effect or session.error)
    return one_line(_SEPARATOR.join((*_notices(session), *session.mismatches))) or HINT


def _notices(session: Session) -> Iterator[str]:
    results = session.results
    if results is None:
        return
    if not results.total:
        beside = " with these filters" if session.request.has_filters else ""
        yield f"nothing found{beside}"
    yield from results.notices


def _filters(request: SearchRequest) -> Iterator[str]:
    labels = (request.topics, request.providers, request.categories, request.types)
    for name, values in zip(("topic", "provider", "category", "type"), labels, strict=True):
        if values:
            yield f"{name}: {' or '.join(values)}"
    if request.after:
        yield f"after {request.after:%Y-%m-%d}"
    if request.before:
        yield f"before {request.before:%Y-%m-%d}"
    if request.published is not None:
        yield "published" if request.published else "unpublished"
    if request.related is not None:
        yield "related" if request.related else "not related"
    yield from (f"path:{path}" for path in request.paths)
    yield from request.where
