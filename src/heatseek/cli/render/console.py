"""Tables by Rich, printed to text in our style, and its progress bar.

For the commands that show tables and pages, never for a search: importing Rich takes longer than
a search does. Text of strangers goes in by `cell`, and nothing is read as Rich's markup.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, ClassVar

from rich.console import Console
from rich.markdown import (
    CodeBlock,
    Heading,
    Markdown,
    MarkdownContext,
    MarkdownElement,
    TableDataElement,
)
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from heatseek.cli.render.escapes import ASCII, many_lines, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from markdown_it.token import Token
    from rich.console import ConsoleOptions, RenderableType

    from heatseek.cli.render.escapes import Style


# The terminal's own colours, on dark and on light ground.
_THEME = Theme(
    {
        **dict.fromkeys(("markdown.h1", "markdown.h2", "markdown.h3", "markdown.code"), "bold"),
        **dict.fromkeys(("table.header", "markdown.table.header"), "bold"),
        **dict.fromkeys(("markdown.item.bullet", "markdown.item.number"), "none"),
        "markdown.table.border": "none",
    }
)
LEAST = 10
"""Columns of the terminal that text gets, however narrow that is."""
_ASCII = str.maketrans({"─": "-", "•": "*"})
"""Signs that Rich writes, and not every terminal has."""


def cell(text: str, style: str = "") -> Text:
    """Text made harmless, on one line; `style` is one of Rich's, such as "dim"."""
    return Text(one_line(text), style)


def table(*headers: str, right: Iterable[int] = (), fold: Iterable[int] = ()) -> Table:
    """A table without lines, and without a header if all of them are empty.

    Args:
        headers: of the columns.
        right: columns of numbers, aligned at the right.
        fold: columns that break into lines where they do not fit; others stay as wide as they are.
    """
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(headers))
    for at, header in enumerate(headers):
        made.add_column(
            header,
            justify="right" if at in right else "left",
            no_wrap=at not in fold,
            overflow="fold",
        )
    return made


def printed(
    content: RenderableType, style: Style, *, width: int | None = None, indent: int = 0
) -> str:
    """Anything that Rich can print, as lines of text."""
    console = Console(
        file=StringIO(),
        width=(width or style.width) - indent,
        color_system="standard" if style.color else None,
        force_terminal=style.color,
        legacy_windows=False,
        theme=_THEME,
        # The environment is read once, by `terminal.style_of`.
        _environ={},
    )
    if isinstance(content, Table):
        _keep_whole(content, console)
    with console.capture() as capture:
        console.print(content, markup=False, highlight=False, emoji=False, crop=False)
    text = capture.get().rstrip()
    if style.glyphs is ASCII:
        text = text.translate(_ASCII)
    return "".join(f"{' ' * indent}{line.rstrip()}\n" for line in text.splitlines())


def _keep_whole(content: Table, console: Console) -> None:
    """Nothing is cut, however narrow the terminal is: lines are then longer than it is wide."""
    for column in content.columns:
        parts = (column.header, *column.cells)
        natural = max(console.measure(part).maximum for part in parts)
        column.min_width = natural if column.no_wrap else min(natural, LEAST)


class _Rate(ProgressColumn):
    """Files a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} files/s" if task.speed else "")


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr; gives the function that moves it: files read so far, and in all."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    # Transient: when the work is done, the summary says it all.
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading articles", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


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
