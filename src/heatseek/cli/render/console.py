"""Tables by Rich, printed to text in our style, and its progress bar.

For the commands that show tables and pages, never for a search: importing Rich takes longer than
a search does. Text of strangers goes in by `cell`, and nothing is read as Rich's markup.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
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

from heatseek.cli.render.escapes import ASCII, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rich.console import RenderableType

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
