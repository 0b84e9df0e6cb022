"""A bar that shows how far the reading of an archive is; for terminals."""

from __future__ import annotations

from contextlib import contextmanager
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
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class _Rate(ProgressColumn):
    """Files a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f} files/s" if task.speed else "")


@contextmanager
def bar() -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr; gives a function that moves it: files read so far, and in all."""
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
