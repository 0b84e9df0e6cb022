"""Building the index with everything said about it on stderr; `rebuild` and `search` do it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heatseek import indexer
from heatseek.cli.terminal import is_terminal, say, shown
from heatseek.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heatseek.engines.base import Engine
    from heatseek.indexer import Summary
    from heatseek.ingest.problem import Problem

MAX_WARNINGS = 20
"""More wrong values than this are only counted; skipped files are all named."""


class Problems:
    """Says what is wrong with files as it turns up."""

    def __init__(self) -> None:
        self.warnings = 0

    def __call__(self, problem: Problem) -> None:
        """Say it, unless it is one of too many."""
        if problem.fatal:
            say(str(problem))
            return
        self.warnings += 1
        if self.warnings <= MAX_WARNINGS:
            place, _, reason = str(problem).partition(": ")
            say(f"{place}: warning: {reason}")

    def close(self) -> None:
        """Say how many warnings were left out."""
        if self.warnings > MAX_WARNINGS:
            say(f"... and {self.warnings - MAX_WARNINGS:,} more warnings")


def build(archive: Path, engine: Engine) -> Summary:
    """Rebuild the index from the archive.

    Raises:
        ArchiveError: the archive is missing, unreadable or holds no article.
        StoreError: the index cannot be written.
    """
    problems = Problems()
    with _progress() as progress:
        summary = indexer.rebuild(archive, engine, report=problems, progress=progress)
    problems.close()
    say(_told(summary))
    if not summary.articles:
        raise ArchiveError(f"no articles in {shown(archive)}: name the right folder by --archive")
    return summary


def _told(summary: Summary) -> str:
    parts = [
        f"{summary.articles:,} articles and {summary.related:,} related ones",
        f"from {summary.files:,} files",
        f"{summary.skipped:,} skipped",
        f"{summary.warnings:,} warnings",
        f"{summary.seconds:.1f} s",
        size(summary.generation.bytes),
    ]
    return f"indexed {parts[0]} {', '.join(parts[1:])}"


def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on stderr if that is a terminal; nothing at all otherwise."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - 60 ms, for a terminal only
    from rich.progress import Progress  # noqa: PLC0415

    # Transient: when the work is done, the summary says it all.
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading articles", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
