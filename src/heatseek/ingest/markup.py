"""Markup to plain text: Markdown by markdown-it's tokens, HTML by a linear scan.

The standard library's HTMLParser is not used: before its 2025 security releases it takes
quadratic time on unclosed comments, and bodies come from strangers.
"""

from __future__ import annotations

import html
import re
from io import StringIO
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from heatseek.ingest.text import clean, harmless, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MARKDOWN = 100_000
"""Characters up to which a body is parsed as Markdown: the worst input known takes a second.
Beyond, only HTML and link targets are removed."""
MAX_BRACKETS = 5_000
"""The same for opening brackets, each of which may be the first of a link: 0.1 ms."""

_MARKDOWN = (
    MarkdownIt("commonmark", {"html": True})
    .enable(["table", "strikethrough"])
    # Indented code: in real bodies it is indented HTML, whose tags would become text.
    .disable("code")
)

# Every alternative ends at the next "<", or takes all the rest: linear time.
_HIDDEN_PATTERN = (
    r"<!--(?:.*?-->|.*)"
    r"|<(?P<hidden>script|style|template|iframe|noscript)(?=[\s/>])(?:.*?</(?P=hidden)\s*>|.*)|"
)
_TAG_PATTERN = (
    r"<[!?][^<>]*>"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9]*+(?:[:.-][a-z0-9]++)*+)(?=[\s/>])"
    r"(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+|[^<>]*+)>"
)
_TAG = re.compile(_TAG_PATTERN, re.IGNORECASE)
_TAG_OR_HIDDEN = re.compile(_HIDDEN_PATTERN + _TAG_PATTERN, re.IGNORECASE | re.DOTALL)
_HIDDEN_END = re.compile(r"-->|</(?:script|style|template|iframe|noscript)\s*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_ALT = re.compile(r"\salt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_HEAD = re.compile(r"<head(?=[\s>])", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_PAGE = re.compile(r"\s*(?:<!--[^<>]*-->\s*)?<(?:!doctype|html|head|body)(?=[\s>])", re.IGNORECASE)
_LINK_TARGET = re.compile(r"\]\([^()\s]*+\)")

_BLANK = re.compile(r"\s+")
_PIECE = 100_000
"""Characters that are split into words at once."""

_INLINE_NAMES = """
a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt
ruby s samp small span strike strong sub sup time tt u var wbr
"""
_BLOCK_NAMES = """
address applet area article aside audio base basefont blockquote body br button canvas caption
center col colgroup datalist dd details dialog dir div dl dt embed fieldset figcaption figure
footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html input legend li link main
map marquee math menu meta meter nav noframes object ol optgroup option output p param picture
pre progress search section select slot source summary svg table tbody td textarea tfoot th thead
title tr track ul video
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_BLOCK = frozenset(_BLOCK_NAMES.split())


def markdown_to_text(markdown: str) -> str:
    """The words of a Markdown body (with any HTML in it), one block a line.

    Link texts, image descriptions and code are kept; link targets are not.
    """
    if _PAGE.match(markdown):
        return html_to_text(markdown)
    if len(markdown) <= MAX_MARKDOWN and markdown.count("[") <= MAX_BRACKETS:
        try:
            return html_to_text(_MARKDOWN.render(harmless(markdown)))
        except RecursionError:
            pass  # nested beyond reason: its words are still worth finding
    return html_to_text(_LINK_TARGET.sub("]", markdown))


def html_to_text(page: str) -> str:
    """The words of an HTML text, one block a line; no scripts, styles, head or comments."""
    return _without_blanks(clean(_joined(_pieces(_without_head(harmless(page))))))


def plain_line(text: str) -> str:
    """One line of plain text from a title, excerpt or label that may contain markup."""
    if "&" not in text and "<" not in text:
        return one_line(text)
    # Feeds escape twice ("&amp;quot;"): what is left is decoded once more.
    return one_line(_decode(_joined(_pieces(harmless(text)))))


def _joined(pieces: Iterator[str]) -> str:
    """One text; a list of millions of pieces would take many times as much memory."""
    text = StringIO()
    for piece in pieces:
        text.write(piece)
    return text.getvalue()


def _without_blanks(text: str) -> str:
    """Every run of whitespace as one line break, if there is one in it, or one space."""
    squeezed, start, gap = StringIO(), 0, ""
    while start < len(text):
        end = _cut(text, start)
        lines = (" ".join(line.split()) for line in text[start:end].split("\n"))
        piece = "\n".join(line for line in lines if line)
        if piece:
            squeezed.write(gap)
            squeezed.write(piece)
        blank = _BLANK.match(text, end)
        start = blank.end() if blank else end
        if piece or not squeezed.tell():
            gap = "" if not squeezed.tell() else " "
        if blank and "\n" in blank[0] and squeezed.tell():
            gap = "\n"
    return squeezed.getvalue()


def _cut(text: str, start: int) -> int:
    """Where a piece of `text` can end: at the end of a line or, in a long one, of a word."""
    end = start + _PIECE
    if end >= len(text):
        return len(text)
    line_end = text.rfind("\n", start + 1, end)
    if line_end > 0:
        return line_end
    blank = _BLANK.search(text, end)
    return blank.start() if blank else len(text)


def _pieces(page: str) -> Iterator[str]:
    """The text between tags, decoded, and what each tag stands for."""
    end = 0
    preformatted = False
    # Where nothing hidden is ever closed, "<script " is a word of the title, say.
    for tag in (_TAG_OR_HIDDEN if _HIDDEN_END.search(page) else _TAG).finditer(page):
        yield _data(page[end : tag.start()], preformatted)
        yield _substitute(tag)
        if tag["name"] and tag["name"].lower() == "pre":
            preformatted = not tag["close"]
        end = tag.end()
    yield _data(page[end:], preformatted)


def _data(text: str, preformatted: bool) -> str:
    decoded = _decode(text)
    return decoded if preformatted else decoded.replace("\n", " ")


def _decode(text: str) -> str:
    """Decode entities; only those closed by `;`, so that `?a=1&copy=2` stays as it is."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _substitute(tag: re.Match[str]) -> str:
    """What a tag leaves in the text: nothing, a line break, a description, or itself."""
    name = (tag["name"] or "").lower()
    if name == "img":
        alt = _ALT.search(tag["rest"])
        return f" {_decode(alt[1] or alt[2] or alt[3] or '')} " if alt else " "
    if name in _INLINE:
        return ""
    if name in _BLOCK or not name:
        return "\n"
    # `<MSFT.O>` and `List<T>` are text; with attributes, `-` or `:` it is some element.
    is_text = not (tag["rest"] or tag["close"] or "-" in name or ":" in name)
    return tag[0] if is_text else ""


def _without_head(page: str) -> str:
    start = _HEAD.search(page)
    end = start and _HEAD_END.search(page, start.end())
    return f"{page[: start.start()]}\n{page[end.end() :]}" if start and end else page
