"""Results for people: a few lines for each hit, in the width of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.article import Kind
from heatseek.cli.render import explanation
from heatseek.cli.render.clean import one_line
from heatseek.cli.render.escapes import MARK, MATCH, QUIET, TITLE
from heatseek.cli.render.wrapping import cut, flow, wrap
from heatseek.results import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.article import Article
    from heatseek.cli.render.escapes import Look
    from heatseek.results import Hit, Results

TITLE_LINES = 3
TOPIC_LINES = 2
SNIPPET_LINES = 2


def render(results: Results, look: Look, *, new: bool = False) -> str:
    """The hits, a blank line between them, and how many there are; nothing for nothing.

    Args:
        results: what to show.
        look: the width and what the terminal can do.
        new: they are only those that had not been found before; the count says so.
    """
    if not results.total:
        return ""
    digits = max((len(str(hit.rank)) for hit in results), default=1)
    blocks = ["\n".join(_hit(hit, digits, look)) for hit in results]
    if results.understood:
        blocks.insert(0, look.paint(f"searched: {one_line(results.understood)}", QUIET))
    return "\n\n".join([*blocks, _footer(results, look, new=new)]) + "\n"


def _hit(hit: Hit, digits: int, look: Look) -> list[str]:
    indent = " " * (digits + 2)
    columns = look.width - len(indent)
    body = [
        *_title(hit, columns, look),
        *_facts(hit.article, columns, look),
        *_marks(hit, columns, look),
        *_topics(hit.article, columns, look),
        *_snippet(hit.snippet, columns, look),
        *explanation.lines(hit, columns, look),
    ]
    rank = look.paint(f"{hit.rank:>{digits}}", QUIET)
    return [f"{rank}  {body[0]}", *(indent + line for line in body[1:])]


def _title(hit: Hit, columns: int, look: Look) -> list[str]:
    fragments = hit.title or (Fragment(hit.article.title),)
    rows = wrap(fragments, columns, lines=TITLE_LINES, ellipsis=look.glyphs.ellipsis)
    # Without colour a title carries no marks: it stays as it can be copied and searched for.
    painted = ("".join(_paint(part, TITLE, look) for part in row) for row in rows)
    return [look.link(line, hit.article.url) for line in painted] or [look.glyphs.dash]


def _facts(article: Article, columns: int, look: Look) -> list[str]:
    """Who, when and how good."""
    unknown = look.glyphs.dash
    provider = article.provider.name or article.provider.domain or unknown
    date = f"{article.published_at:%Y-%m-%d}" if article.published_at else unknown
    quality = unknown if article.quality is None else article.quality
    heat = unknown if article.heat is None else article.heat
    parts = [provider, date, f"quality {quality}", f"heat {heat}"]
    return _in_lines(parts, columns, look)


def _marks(hit: Hit, columns: int, look: Look) -> list[str]:
    """What a reader should know before following the link."""
    article = hit.article
    marks = ["unpublished"] if article.published is False else []
    if article.kind is Kind.RELATED:
        first, *others = article.related_to or ("an article",)
        more = f" and {len(others)} more" if others else ""
        room = columns - len("related to ") - len(more)
        marks.append(f"related to {cut(first, room, look.glyphs.ellipsis)}{more}")
    if hit.others:
        marks.append(f"+{len(hit.others)} more")
    return [look.paint(line, MARK) for line in _in_lines(marks, columns, look)]


def _in_lines(parts: list[str], columns: int, look: Look) -> list[str]:
    separator = f" {look.glyphs.dot} "
    fitting = [cut(part, columns, look.glyphs.ellipsis) for part in parts]
    return [separator.join(row) for row in flow(fitting, columns, separator)]


def _topics(article: Article, columns: int, look: Look) -> list[str]:
    text = Fragment(", ".join(article.topics))
    rows = wrap((text,), columns, lines=TOPIC_LINES, ellipsis=look.glyphs.ellipsis)
    return [look.paint(part.text, QUIET) for row in rows for part in row]


def _snippet(fragments: Iterable[Fragment], columns: int, look: Look) -> list[str]:
    shown = fragments if look.color else _starred(fragments)
    rows = wrap(shown, columns, lines=SNIPPET_LINES, ellipsis=look.glyphs.ellipsis)
    return ["".join(_paint(part, "", look) for part in row) for row in rows]


def _starred(fragments: Iterable[Fragment]) -> list[Fragment]:
    """Matched words marked without colour, by the emphasis of Markdown and plain mail."""
    return [Fragment(f"*{one_line(part.text)}*") if part.matched else part for part in fragments]


def _paint(part: Fragment, code: str, look: Look) -> str:
    if part.matched:
        return look.paint(part.text, MATCH)
    return look.paint(part.text, code) if code else part.text


def _size(results: Results, *, new: bool) -> str:
    """How many hits there are."""
    found = (
        f"{results.total:,} {'new ' if new else ''}{'match' if results.total == 1 else 'matches'}"
    )
    if results.stories is None:
        return found
    hits, matches = results.stories
    stories = f"{hits:,} {'story' if hits == 1 else 'stories'}"
    if matches < results.total:
        return f"{stories} in the best {matches:,} of {found}"
    return f"{stories} in {found}" if hits < matches else found


def _footer(results: Results, look: Look, *, new: bool) -> str:
    parts = [_size(results, new=new)]
    if results.hits and len(results.hits) < results.size:
        first, last = results.hits[0].rank, results.hits[-1].rank
        parts[0] = f"{first:,}{look.glyphs.dash}{last:,} of {parts[0]}"
        # What is new now will not be new on the next page.
        if last < results.size and not new:
            parts.append(f"next: --offset {last}")
    if look.live:
        parts.append(f"{results.took_ms:.0f} ms")
    return "\n".join(look.paint(line, QUIET) for line in _in_lines(parts, look.width, look))
