"""A page of our documentation in a form fit for a terminal, by Rich.

What only developers need is left out: grammars (code marked `ebnf`) and columns headed `tree`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.markdown import (
    CodeBlock,
    Heading,
    Markdown,
    MarkdownContext,
    MarkdownElement,
    TableDataElement,
)
from rich.text import Text

from heatseek.cli.render.console import printed
from heatseek.cli.render.escapes import many_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token
    from rich.console import Console, ConsoleOptions

    from heatseek.cli.render.escapes import Style

MAX_WIDTH = 100
"""Columns of running text."""
SKIPPED_CODE = "ebnf"
SKIPPED_COLUMN = "tree"


def render(text: str, style: Style) -> str:
    """A page of our documentation."""
    content = _Page(many_lines(text))
    content.parsed = list(_inner(_blocks(content.parsed), quotes=not style.color))
    lines = printed(content, style, width=min(style.width, MAX_WIDTH))
    # Around a table Rich leaves two blank lines.
    return lines.replace("\n\n\n", "\n\n")


class _Title(Heading):
    """Headings at the left; the larger ones in capitals, as in manual pages."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        text = self.text.copy()
        text.justify = "left"
        if self.tag in {"h1", "h2"}:
            text.plain = text.plain.upper()
        yield text


class _Code(CodeBlock):
    """Code as it is: neither coloured nor broken."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        lines = str(self.text).rstrip().split("\n")
        yield Text("\n".join(f"    {line}" for line in lines), no_wrap=True, overflow="ignore")


class _Cell(TableDataElement):
    """A cell that shows all it has: words that are too long are broken."""

    def on_enter(self, context: MarkdownContext) -> None:
        self.content.overflow = "fold"
        super().on_enter(context)


class _Page(Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _Title,
        "fence": _Code,
        "code_block": _Code,
        "td_open": _Cell,
    }


def _blocks(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens without remarks, grammars and columns that only developers need."""
    column = skipped = -1
    for at, token in enumerate(tokens):
        match token.type:
            case "fence" if token.info == SKIPPED_CODE:
                continue
            case "html_block":
                continue
            case "tr_open":
                column = -1
            case "th_open" | "td_open":
                column += 1
                if token.type == "th_open" and tokens[at + 1].content == SKIPPED_COLUMN:
                    skipped = column
            case "table_close":
                column = skipped = -1
        in_cell = token.type in {"th_open", "td_open", "inline", "th_close", "td_close"}
        if not in_cell or column < 0 or column != skipped:
            yield token


def _inner(tokens: Iterable[Token], *, quotes: bool) -> Iterator[Token]:
    """The tokens without links, which lead to other pages; code in quotes where no colour tells."""
    for token in tokens:
        children = (c for c in token.children or () if c.type not in {"link_open", "link_close"})
        token.children = list(children) or None
        for child in token.children or ():
            if quotes and child.type == "code_inline":
                child.content = f"`{child.content}`"
        yield token
