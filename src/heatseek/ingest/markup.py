"""Bodies to plain text: Markdown, MDX, HTML and text as it is; as much of it as can be indexed.

Markdown is read by pulldown-cmark, in Rust: its time is linear in the length of whatever it reads,
and a fault of it is an exception and no crash.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pyromark

from heatseek.ingest.front_matter import MAX_MARKUP
from heatseek.ingest.html import TextWriter, html_to_text, is_html, plain_line, squeezed
from heatseek.ingest.templates import Dialect, without_templates
from heatseek.ingest.text import clean, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["body_text", "html_to_text", "markdown_to_text", "plain_line"]

MAX_BODY = 1_000_000
"""Characters of plain text; up to `MAX_MARKUP` are read to get it."""
MAX_WORDS = 250_000
"""A character of Chinese, Japanese or Korean is a word."""
MAX_DIFFERENT = 30_000
"""Words; each takes some 2,300 bytes while the index is written."""
FREE = 100_000
"""Characters in which there cannot be too many words."""
MAX_MARKDOWN = 1_000_000
"""Characters up to which Markdown is parsed, in two seconds at worst; of what follows only tags and
the like go. More is hardly ever needed to get `MAX_BODY`."""
PIECE = 250_000
"""Characters that are parsed at once, in up to 80 bytes each; longer texts are cut at blank lines.
"""
MAX_DEPTH = 3
"""Times that what is indented like code is parsed: in real bodies it is markup within markup."""

_INDENT = re.compile(r"^[ \t]++", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_CJK = "\u3040"
OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_MATH
)
_MARKDOWN = pyromark.Markdown(options=OPTIONS)
_WORDS = frozenset(("Text", "Code", "InlineMath", "DisplayMath"))
_EDGES = frozenset(("Start", "End"))
_BLOCKS = ("HtmlBlock", {"CodeBlock": "Indented"})
"""Whose lines belong together."""
_MARKUP = frozenset(("Html", "InlineHtml"))
_GAPS = {**dict.fromkeys(("Emphasis", "Strong", "Strikethrough", "Link"), ""), "Image": " "}
"""What the beginning or the end of an element leaves between words; of all others, a line break."""
_BREAKS = {"SoftBreak": " ", "HardBreak": "\n", "Rule": "\n"}
_PAGE = re.compile(r"\s*(?:<!--[^<>]*-->\s*)?<(?:!doctype|html|head|body)(?=[\s>])", re.IGNORECASE)


def body_text(body: str, name: str) -> tuple[str, str]:
    """The plain text of a body, by the kind of its file, and how it was cut.

    Args:
        body: as it stands in the file.
        name: of the file; `.html`, `.txt`, `.mdx` tell the kind, all others are Markdown.

    Returns:
        The text, and what is to be said if it is not all of it, else nothing.
    """
    if not body or body.isspace():
        return "", ""
    source, ending = body[:MAX_MARKUP], name.lower().rpartition(".")[2]
    if is_html(name):
        text = page_to_text(source)
    elif ending in {"txt", "text"}:
        text = squeezed(clean(source))
    else:
        text = markdown_to_text(source, components=ending == "mdx")
    kept, reason = _affordable(text[:MAX_BODY])
    if len(kept) == len(text) and len(body) <= MAX_MARKUP:
        return kept, ""
    return kept, f"was cut to {len(kept):,} characters{reason}"


def markdown_to_text(markdown: str, *, components: bool = False) -> str:
    """The words of a Markdown body (with any HTML in it), one block a line.

    Link texts, image descriptions, formulas and code are kept; link targets are not.

    Args:
        markdown: the body.
        components: it is MDX.
    """
    if _PAGE.match(markdown):
        return page_to_text(markdown)
    dialect = Dialect.MDX if components else Dialect.MARKDOWN
    source = without_templates(harmless(markdown), dialect)
    writer = TextWriter(source, components=components)
    size = 0
    for piece in _pieces(source):
        size += len(piece)
        # As Markdown a single line of such length would take much memory.
        parsed = len(piece) <= PIECE and size <= MAX_MARKDOWN
        try:
            _write(piece if parsed else "", writer, 1)
        except BaseException as error:
            # A panic of Rust is no Exception, and its class can be imported from nowhere.
            if type(error).__name__ != "PanicException":
                raise
            parsed = False
        if not parsed:
            writer.markup(piece.replace("\n\n", "\n<p>"))
    return writer.text()


def page_to_text(page: str) -> str:
    """The words of an HTML page, which may be a template."""
    return html_to_text(without_templates(page, Dialect.HTML))


def _affordable(text: str) -> tuple[str, str]:
    """As much of the beginning of `text` as can be indexed, and why it is not all of it."""
    if len(text) <= FREE:
        return text, ""
    words, different = 0, set[str]()
    for match in _WORD.finditer(text):
        word = match[0]
        size = 1 if word.isascii() or max(word) < _CJK else len(word)
        words += size
        different.add(word)
        if len(different) > MAX_DIFFERENT:
            reason = f": it has more than {MAX_DIFFERENT:,} different words"
            return text[: match.start()].rstrip(), reason
        if words > MAX_WORDS:
            # Of a run of characters as many as are left.
            kept = text[: match.start() + MAX_WORDS - (words - size)]
            return kept.rstrip(), f": it has more than {MAX_WORDS:,} words"
    return text, ""


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces of at most `PIECE` characters, cut at blank lines, else between lines."""
    start = 0
    while len(text) - start > PIECE:
        middle, last = start + PIECE // 2, start + PIECE
        cut = text.rfind("\n\n", middle, last)
        if cut < 0:
            cut = text.rfind("\n", start + 1, last)
        if cut < 0:
            cut = text.find("\n", last)
        end = len(text) if cut < 0 else cut
        yield text[start:end]
        start = end
    yield text[start:]


def _write(markdown: str, writer: TextWriter, depth: int) -> None:
    """Write the words of a piece of Markdown."""
    words: list[str] = []
    events: Iterator[Any] = _MARKDOWN.events(markdown)
    for event in events:
        if event.__class__ is str:
            words.append(_BREAKS.get(event, ""))
            continue
        kind: str
        value: Any
        kind, value = event.popitem()  # the only one, and a fifth faster than to look at it
        if kind in _WORDS:
            words.append(value)
        elif kind in _EDGES:
            name = value if value.__class__ is str else next(iter(value))
            if kind == "End" or value not in _BLOCKS:
                words.append(_GAPS.get(name, "\n"))
            elif name == "CodeBlock" and depth >= MAX_DEPTH:
                words.append(f"\n{_lines(events)}")
            else:
                writer.words.write("".join(words))
                words.clear()
                _write_block(name, _lines(events), writer, depth)
        elif kind in _MARKUP:
            writer.words.write("".join(words))
            words.clear()
            writer.markup(value)
    writer.words.write("".join(words))


def _write_block(kind: str, lines: str, writer: TextWriter, depth: int) -> None:
    """Write the words of HTML, or of what is indented like code: mostly it is markup."""
    if kind == "HtmlBlock":
        writer.markup(lines)
    else:
        writer.words.write("\n")
        _write(_INDENT.sub("", lines), writer, depth + 1)


def _lines(events: Iterator[Any]) -> str:
    """The lines of a block that has begun, down to its end."""
    lines: list[str] = []
    for event in events:
        ((kind, value),) = event.items()
        if kind == "End":
            break
        lines.append(value)
    return "".join(lines)
