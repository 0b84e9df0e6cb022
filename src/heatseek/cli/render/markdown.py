"""A page of our documentation in a form fit for a terminal.

Headings, paragraphs, lists, code and tables; a table becomes a list of its first column with the
others beside it. What only developers need is left out: grammars (code marked `ebnf`) and columns
headed `tree`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from heatseek.cli.render.escapes import TITLE
from heatseek.cli.render.wrapping import width, wrap
from heatseek.results import Fragment

if TYPE_CHECKING:
    from markdown_it.token import Token

    from heatseek.cli.render.escapes import Style

MAX_WIDTH = 100
INDENT = 2
"""Of everything but headings, as in manual pages."""
FIRST_COLUMN = 34
"""The widest first column of a table; longer cells stand on lines of their own."""
SKIPPED_CODE = "ebnf"
SKIPPED_COLUMN = "tree"


def render(text: str, style: Style) -> str:
    """Markdown as lines of text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    lines = list(_Page(style, min(style.width, MAX_WIDTH)).blocks(tokens))
    return "".join(f"{line}\n" for line in lines)


class _Page:
    """Writes blocks in a width.

    Args:
        style: what the terminal can do.
        columns: of a line.
    """

    def __init__(self, style: Style, columns: int) -> None:
        self._style = style
        self._columns = columns

    def blocks(self, tokens: Sequence[Token]) -> Iterator[str]:
        """The lines of all blocks, a blank one between two."""
        started = False
        for block in _blocks(tokens):
            lines = list(self._block(block))
            if lines and started:
                yield ""
            started = started or bool(lines)
            yield from lines

    def _block(self, block: Sequence[Token]) -> Iterator[str]:
        first = block[0]
        match first.type:
            case "heading_open":
                for line in self._filled(_inline(block[1]), 0):
                    yield self._style.paint(line.upper() if first.tag == "h1" else line, TITLE)
            case "paragraph_open":
                yield from self._filled(self._marked(_inline(block[1])), INDENT)
            case "fence" | "code_block" if first.info != SKIPPED_CODE:
                yield from (
                    (" " * 2 * INDENT + line).rstrip() for line in first.content.splitlines()
                )
            case "bullet_list_open" | "ordered_list_open":
                yield from self._list(block)
            case "table_open":
                yield from self._table(_rows(block))

    def _list(self, block: Sequence[Token]) -> Iterator[str]:
        ordered = block[0].type == "ordered_list_open"
        texts = [token for token in block if token.type == "inline"]
        for number, token in enumerate(texts, start=1):
            bullet = f"{number}. " if ordered else f"{self._style.glyphs.bullet} "
            lines = self._filled(self._marked(_inline(token)), INDENT + len(bullet))
            for at, line in enumerate(lines):
                yield line if at else " " * INDENT + bullet + line.lstrip()

    def _table(self, rows: Sequence[Sequence[list[Fragment]]]) -> Iterator[str]:
        header = ["".join(part.text for part in cell) for cell in rows[0]]
        kept = [at for at, title in enumerate(header) if title != SKIPPED_COLUMN]
        cells = [[row[at] for at in kept if at < len(row)] for row in rows[1:]]
        widest = max((_wide(row[0]) for row in cells if row), default=0)
        beside = min(widest, FIRST_COLUMN, self._columns // 2)
        for first, *others in cells:
            yield from self._row(first, others, beside)

    def _row(
        self, first: list[Fragment], others: Sequence[list[Fragment]], beside: int
    ) -> Iterator[str]:
        room = self._columns - INDENT
        right = [
            line
            for cell in others
            for line in self._filled(self._marked(cell), 0, room - beside - 2)
        ]
        fits = _wide(first) <= beside
        # Painted as a whole, below: code in it needs no mark of its own.
        plain = [Fragment(part.text) for part in first]
        left = self._filled(plain, 0, beside if fits else room)
        if not fits:
            yield from (" " * INDENT + self._style.paint(line, TITLE) for line in left)
            yield from (" " * (INDENT + beside + 2) + line for line in right)
            return
        for one, other in zip_longest(left, right, fillvalue=""):
            gap = " " * (beside - width(one) + 2)
            yield (" " * INDENT + self._style.paint(one, TITLE) + gap + other).rstrip()

    def _marked(self, parts: Sequence[Fragment]) -> list[Fragment]:
        """Code keeps its quotes where there is no colour to tell it by."""
        if self._style.color:
            return list(parts)
        return [Fragment(f"`{part.text}`") if part.matched else part for part in parts]

    def _filled(
        self, parts: Sequence[Fragment], indent: int, columns: int | None = None
    ) -> list[str]:
        room = (columns or self._columns) - indent
        longest = sum(len(part.text) for part in parts) + 1
        rows = wrap(parts, room, lines=longest, ellipsis="")
        return [" " * indent + "".join(map(self._paint, row)) for row in rows]

    def _paint(self, part: Fragment) -> str:
        return self._style.paint(part.text, TITLE) if part.matched else part.text


def _wide(cell: Sequence[Fragment]) -> int:
    return sum(width(part.text) for part in cell)


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The tokens of each block at the top."""
    start = 0
    depth = 0
    for at, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start : at + 1]
            start = at + 1


def _rows(block: Sequence[Token]) -> list[list[list[Fragment]]]:
    rows: list[list[list[Fragment]]] = []
    for token in block:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline(token))
    return rows


def _inline(token: Token) -> list[Fragment]:
    """Running text; a matched fragment is code."""
    parts: list[Fragment] = []
    for child in token.children or ():
        if child.type == "code_inline":
            parts.append(Fragment(child.content, matched=True))
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(Fragment(" "))
        elif child.type == "text":
            parts.append(Fragment(child.content))
    return parts
