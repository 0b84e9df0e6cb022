"""Building the index with everything said about it on stderr; `rebuild` and `search` do it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heatseek import indexer
from heatseek.cli.terminal import is_terminal, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heatseek.engines.base import Engine
    from heatseek.indexer import Summary
    from heatseek.ingest.problem import Problem

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""

MAX_WARNINGS = 20
"""More wrong values than this are only counted; skipped files are all named."""


class Commentary:
    """Says on stderr what happens, as it happens.

    Args:
        preface: said once there is something to do, so that a failure before is one line.
    """

    def __init__(self, preface: str) -> None:
        self._preface = preface
        self._warnings = 0

    def problem(self, problem: Problem) -> None:
        """Say what is wrong with a file, unless it is one of too many small things."""
        self._begin()
        if problem.fatal:
            say(str(problem))
            return
        self._warnings += 1
        if self._warnings <= MAX_WARNINGS:
            place, _, reason = str(problem).partition(": ")
            say(f"{place}: warning: {reason}")

    def progress(self, bar: Progress | None) -> Progress:
        """A callback that notices the beginning, and moves the bar if there is one."""

        def move(done: int, total: int) -> None:
            if total:
                self._begin()
            if bar:
                bar(done, total)

        return move

    def end(self, summary: Summary) -> None:
        """Say how it went."""
        if self._warnings > MAX_WARNINGS:
            say(f"... and {self._warnings - MAX_WARNINGS:,} more warnings")
        say(_told(summary))

    def _begin(self) -> None:
        if self._preface:
            say(self._preface)
            self._preface = ""


def build(archive: Path, engine: Engine, *, preface: str = "") -> Summary:
    """Rebuild the index from the archive.

    Raises:
        ArchiveError: the archive is missing, unreadable or holds no article.
        StoreError: the index cannot be written.
    """
    told = Commentary(preface)
    with _bar() as bar:
        summary = indexer.rebuild(archive, engine, report=told.problem, progress=told.progress(bar))
    told.end(summary)
    return summary


def _told(summary: Summary) -> str:
    parts = [
        f"{_counted(summary.articles, 'article')} and {summary.related:,} related",
        f"from {_counted(summary.files, 'file')}",
        f"{summary.skipped:,} skipped",
        _counted(summary.warnings, "warning"),
        f"{summary.seconds:.1f} s",
        size(summary.generation.bytes),
    ]
    return f"indexed {parts[0]} {', '.join(parts[1:])}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A bar on stderr if that is a terminal; nothing at all otherwise."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich import progress  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415 - 60 ms, for a terminal only

    # Transient: when the work is done, the summary says it all.
    with progress.Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading articles", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
