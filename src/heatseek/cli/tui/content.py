"""Articles as styled text. Nothing here goes through Textual's markup: articles may contain it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from heatseek.article import Kind
from heatseek.cli.render import explanation
from heatseek.cli.render.clean import many_lines, one_line
from heatseek.cli.render.escapes import UNICODE, Look
from heatseek.cli.render.wrapping import cut, wrap
from heatseek.results import Fragment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from heatseek.article import Article
    from heatseek.results import Hit

MATCH = "bold ansi_red"
"""As in text output; legible on dark and light."""
MATCH_WITHOUT_COLOR = "bold underline"

_SEPARATOR = f" {UNICODE.dot} "


def row(hit: Hit, columns: int, match: str, *, selected: bool) -> Content:
    """A hit in the list: rank and title, then provider, date and topics.

    Args:
        hit: what was found.
        columns: the width of the list.
        match: the style of matched words.
        selected: keys are about this one.
    """
    # Not by colour alone: there may be none.
    rank = f"{'>' if selected else ' '}{hit.rank:>3} "
    room = max(columns - len(rank), 8)
    title = hit.title or (Fragment(UNICODE.dash),)
    first = wrap(title, room, lines=1, ellipsis=UNICODE.ellipsis)
    second = cut(_SEPARATOR.join(_facts(hit.article)), room, UNICODE.ellipsis)
    shown = Content.assemble(
        (rank, "dim"),
        *(_marked(part, match, one_line) for line in first for part in line),
        (f"\n{' ' * len(rank)}{second}", "dim"),
    )
    return shown.stylize("reverse") if selected else shown


def _facts(article: Article) -> Iterator[str]:
    yield article.provider.name or article.provider.domain or UNICODE.dash
    yield f"{article.published_at:%Y-%m-%d}" if article.published_at else UNICODE.dash
    yield from (("related",) if article.kind is Kind.RELATED else ())
    yield from (("unpublished",) if article.published is False else ())
    if article.topics:
        yield ", ".join(article.topics)


def preview(hit: Hit, columns: int, match: str) -> Content:
    """All that the index knows of an article, matched words marked; see `row`."""
    article = hit.article
    title = hit.title or (Fragment(UNICODE.dash),)
    head = [
        Content.assemble(*(_marked(part, match, one_line) for part in title)).stylize("bold"),
        *map(Content, explanation.lines(hit, columns, Look())),
        Content.styled("\n".join(map(one_line, _known(article))), "dim"),
    ]
    blocks = [
        Content("\n").join(head),
        # Asked for alone, so that each is shown, whichever has the matches.
        _text(hit.marks.snippet(replace(article, body="")), match),
        _text(hit.marks.snippet(replace(article, excerpt="")), match),
    ]
    return Content("\n\n").join(block for block in blocks if block.plain.strip())


def _known(article: Article) -> Iterator[str]:
    yield _SEPARATOR.join(_values(article))
    if article.topics:
        yield f"topics: {', '.join(article.topics)}"
    if article.url:
        yield article.url
    if article.kind is Kind.RELATED:
        yield f"related to {', '.join(article.related_to) or 'an article'}"
    else:
        yield f"file: {article.id}"


def _values(article: Article) -> Iterator[str]:
    dash = UNICODE.dash
    provider = article.provider
    if provider.name and provider.domain:
        yield f"{provider.name} ({provider.domain})"
    else:
        yield provider.name or provider.domain or dash
    yield f"{article.published_at:%Y-%m-%d}" if article.published_at else dash
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
