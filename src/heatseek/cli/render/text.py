"""Hits for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from heatseek.article import Kind
from heatseek.cli.render.escapes import MARK, MATCH, QUIET, TITLE, UNICODE, one_line
from heatseek.cli.render.wrapping import Line, cut, flow, width, wrap
from heatseek.results import Fragment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heatseek.article import Article
    from heatseek.cli.render.escapes import Style
    from heatseek.results import Hit, Results

TITLE_LINES = 3
TOPIC_LINES = 2
SNIPPET_LINES = 2


def render(results: Results, style: Style, *, new: bool = False) -> str:
    """The hits, a blank line between them, and how many there are; nothing for nothing.

    Args:
        results: of the search.
        style: the width and what the terminal can do.
        new: they are only the hits that are new; the count says so.
    """
    if not results.total:
        return ""
    digits = max((len(str(hit.rank)) for hit in results), default=1)
    titles = Counter(hit.title for hit in results)
    blocks = ["\n".join(_hit(hit, digits, style, alike=titles[hit.title] > 1)) for hit in results]
    border = _border(results)
    if border:
        blocks.insert(border, style.paint("\n".join(with_all(results)), QUIET))
    if results.understood:
        blocks.insert(0, style.paint("\n".join(_understood(results)), QUIET))
    footer = _footer(results, style, new=new, tiers=not border)
    return "\n\n".join([*blocks, footer]) + "\n"


def _border(results: Results) -> int:
    """How many hits of a page have all words, if others follow there; or else 0."""
    if not results.total_some:
        return 0
    with_all = sum(hit.words == "all" for hit in results)
    return with_all if with_all < len(results) else 0


def block(hit: Hit, style: Style) -> str:
    """One hit, whole lines."""
    return "".join(f"{line}\n" for line in _hit(hit, len(str(hit.rank)), style, alike=False))


def _understood(results: Results) -> Iterator[str]:
    """Lines before the hits where an explanation was asked for."""
    yield f"searched: {one_line(results.understood)}"
    if results.ages_from:
        yield f"ages count from {results.ages_from:%Y-%m-%d}, the newest article"


def _hit(hit: Hit, digits: int, style: Style, *, alike: bool) -> list[str]:
    """Its lines.

    Args:
        hit: what was found.
        digits: of the greatest rank.
        style: the width and what the terminal can do.
        alike: another hit of the page has the same title.
    """
    indent = " " * (digits + 2)
    columns = style.width - len(indent)
    body = [
        *_title(hit, columns, style),
        *_facts(hit.article, columns, style, alike=alike),
        *_marks(hit, columns, style),
        *_topics(hit.article, columns, style),
        *_snippet(hit.snippet_marks, columns, style),
        *_explanation(hit, columns, style),
    ]
    rank = style.paint(f"{hit.rank:>{digits}}", QUIET)
    return [f"{rank}  {body[0]}", *(indent + line for line in body[1:])]


def _title(hit: Hit, columns: int, style: Style) -> list[str]:
    fragments = hit.title_marks or (Fragment(hit.title),)
    rows = wrap(fragments, columns, lines=TITLE_LINES, ellipsis=style.glyphs.ellipsis)
    # Without colour a title carries no marks: it stays as it can be copied and searched for.
    painted = ("".join(_paint(part, TITLE, style) for part in row) for row in rows)
    return [style.link(line, hit.article.url) for line in painted] or [style.glyphs.dash]


def _facts(article: Article, columns: int, style: Style, *, alike: bool) -> list[str]:
    """Provider, date, quality and heat, as far as they are known; the path where that says more."""
    parts = [
        article.provider.name or article.provider.domain or "",
        "" if article.published_at is None else style.day(article.published_at),
        "" if article.quality is None else f"quality {article.quality}",
        "" if article.heat is None else f"heat {article.heat}",
    ]
    known = [part for part in parts if part]
    if (alike or not known) and article.kind is Kind.ARTICLE:
        known.append(article.id)
    return _separated(known, columns, style)


def _marks(hit: Hit, columns: int, style: Style) -> list[str]:
    """Remarks for a reader before following the link."""
    article = hit.article
    marks = ["unpublished"] if article.published is False else []
    if article.kind is Kind.RELATED:
        first, *others = article.related_to or ("an article",)
        more = f" and {len(others)} more" if others else ""
        room = columns - len("related to ") - len(more)
        marks.append(f"related to {cut(first, room, style.glyphs.ellipsis)}{more}")
    if hit.others:
        marks.append(f"+{len(hit.others)} of the same story")
    return [style.paint(line, MARK) for line in _separated(marks, columns, style)]


def _separated(parts: list[str], columns: int, style: Style) -> list[str]:
    separator = f" {style.glyphs.dot} "
    fitting = [cut(part, columns, style.glyphs.ellipsis) for part in parts]
    return [separator.join(row) for row in flow(fitting, columns, separator)]


def _topics(article: Article, columns: int, style: Style) -> list[str]:
    text = Fragment(", ".join(article.topics))
    rows = wrap((text,), columns, lines=TOPIC_LINES, ellipsis=style.glyphs.ellipsis)
    return [style.paint(part.text, QUIET) for row in rows for part in row]


def _snippet(fragments: Iterable[Fragment], columns: int, style: Style) -> list[str]:
    marked = list(fragments) if style.color else _starred(fragments)
    ellipsis = style.glyphs.ellipsis
    rows = wrap(marked, columns, lines=SNIPPET_LINES, ellipsis=ellipsis)
    if not _shows_match(rows, marked):
        rows = wrap(_led(marked, columns), columns, lines=SNIPPET_LINES, ellipsis=ellipsis)
    if not style.color:
        rows = _closed(rows)
    return ["".join(_paint(part, "", style) for part in row) for row in rows]


def _starred(fragments: Iterable[Fragment]) -> list[Fragment]:
    """Matched words marked without colour, by the emphasis of Markdown and plain mail."""
    return [
        Fragment(f"*{one_line(part.text)}*", matched=True) if part.matched else part
        for part in fragments
    ]


def _closed(rows: list[Line]) -> list[Line]:
    """Lines whose last match has its second star, although it was cut off within."""
    matches = [part.text for row in rows for part in row if part.matched]
    if not "".join(matches).count("*") % 2:
        return rows
    last = list(rows[-1])
    at = next((at for at in reversed(range(len(last))) if last[at].matched), None)
    if at is not None:
        text = last[at].text
        last[at] = Fragment("" if text in {"*", f"*{text[-1]}"} else f"{text[:-1]}*", matched=True)
    return [*rows[:-1], tuple(last)]


def _shows_match(rows: Iterable[Iterable[Fragment]], fragments: list[Fragment]) -> bool:
    """The first matched word, if there is one, stands in the lines as a whole."""
    first = next((part.text for part in fragments if part.matched), "")
    shown = "".join(part.text for row in rows for part in row if part.matched)
    return "".join(shown.split()).startswith("".join(one_line(first).split()))


def _led(fragments: list[Fragment], columns: int) -> list[Fragment]:
    """Of what stands before the first match as much as leaves it on the first line."""
    first = next(at for at, part in enumerate(fragments) if part.matched)
    before = one_line("".join(part.text for part in fragments[:first]))
    room = max(columns // 4, columns - width(fragments[first].text) - 1)
    start = len(before)
    while start and width(before[start - 1 :]) < room:
        start -= 1
    cut_word, _, words = before[start:].partition(" ")
    lead = (words or cut_word) if start else before
    return [Fragment(UNICODE.ellipsis), Fragment(lead), *fragments[first:]]


def _paint(part: Fragment, code: str, style: Style) -> str:
    if part.matched:
        return style.paint(part.text, MATCH)
    return style.paint(part.text, code) if code else part.text


def _size(results: Results, *, new: bool) -> str:
    """The number of hits, in words."""
    noun = "match" if results.matches == 1 else "matches"
    total = f"{results.matches:,} {'new ' if new else ''}{noun}"
    if results.stories is None:
        return total
    hits, matches = results.stories
    stories = f"{hits:,} {'story' if hits == 1 else 'stories'}"
    if matches < results.matches:
        return f"{stories} in the best {matches:,} of {total}"
    return f"{stories} in {total}" if hits < matches else total


def with_all(results: Results) -> Iterator[str]:
    """How many have all words, in words; nothing where all of them have."""
    if results.total_some:
        first = "1 article has" if results.total == 1 else f"{results.total:,} articles have"
        verb = "has" if results.total_some == 1 else "have"
        yield f"{first} all words; {results.total_some:,} {verb} some"
    if results.with_all is not None:
        yield f"{results.with_all:,} with all words" if results.with_all else "none with all words"
    if results.near:
        yield f"{results.near:,} by meaning alone"


def _footer(results: Results, style: Style, *, new: bool, tiers: bool) -> str:
    parts = [_size(results, new=new)]
    if results.hits and len(results.hits) < results.size:
        first, last = results.hits[0].rank, results.hits[-1].rank
        parts[0] = f"{first:,}{style.glyphs.dash}{last:,} of {parts[0]}"
        # New hits are new only once: there is no next page of them.
        if last < results.size and not new:
            parts.append(f"next: --offset {last}")
    parts += with_all(results) if tiers else ()
    if style.live:
        parts.append(f"{results.took_ms:.0f} ms")
    return "\n".join(style.paint(line, QUIET) for line in _separated(parts, style.width, style))


def _explanation(hit: Hit, columns: int, style: Style) -> list[str]:
    if hit.explanation is None:
        return []
    from heatseek.cli.render.explanation import explanation  # noqa: PLC0415 - few searches explain

    return explanation(hit, columns, style)
