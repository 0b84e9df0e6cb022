"""The log of `heatseek watch` on stderr: each line once while its cause stands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from heatseek.cli.building import MAX_WARNINGS, bar, changed, counted
from heatseek.cli.terminal import display_path, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from heatseek.errors import ArchiveError, HeatseekError
    from heatseek.indexer import Summary
    from heatseek.ingest.problem import Problem


MANY = 500
"""Files that take long enough to show how far it is."""


class WatchLog:
    """A listener that writes lines; see `indexer.watching.Listener`.

    Args:
        archive: the folder.
        stack: closes what is shown while an update lasts.
    """

    def __init__(self, archive: Path, stack: ExitStack) -> None:
        self._archive = archive
        self._stack = stack
        self._move: Callable[[int, int], None] | None = None
        self._problems = StandingProblems(archive)
        self._trouble: tuple[str, str] | None = None
        """The obstacle at present: its kind, and its words."""
        self._is_first = True
        self._is_watching = False

    def problem(self, problem: Problem) -> None:
        """See `Listener.problem`; written when the update is done."""
        self._problems.note(problem)

    def progress(self, done: int, total: int) -> None:
        """See `Listener.progress`."""
        if done == 0 and total >= MANY:
            self._move = self._stack.enter_context(bar())
        if self._move:
            self._move(done, total)

    def waiting(self, message: str) -> None:
        """See `Listener.waiting`."""
        self._stands("IndexLockedError", message)

    def updated(self, summary: Summary) -> None:
        """See `Listener.updated`."""
        self._hide_bar()
        for line in self._problems.fresh():
            say(line)
        has_changed = summary.changes is None or summary.changes.total
        if has_changed or self._is_first or self._trouble:
            say(f"{_time()}  {_counts(summary)}")
        self._trouble = None
        self._is_first = False

    def failed(self, error: HeatseekError) -> None:
        """See `Listener.failed`."""
        self._hide_bar()
        self._problems.forget_update()
        self._stands(type(error).__name__, str(error))

    def armed(self) -> None:
        """See `Listener.armed`."""
        if not self._is_watching:
            say(f"{_time()}  watching {display_path(self._archive)}; Ctrl-C ends it")
        self._is_watching = True

    def vanished(self, error: ArchiveError) -> None:
        """See `Listener.vanished`."""
        self._is_watching = False
        self._stands("vanished", f"{error}; waiting for {display_path(self._archive)} to come back")

    def unnoticed(self, reason: str, seconds: float) -> None:
        """See `Listener.unnoticed`."""
        say(
            f"{_time()}  the system does not tell of changes ({reason}):"
            f" looking at {display_path(self._archive)} every {seconds:g} s"
        )

    def _hide_bar(self) -> None:
        self._stack.close()
        self._move = None

    def _stands(self, kind: str, words: str) -> None:
        """Write an obstacle, unless it stands there; a lock is one obstacle, whoever's it is."""
        known, self._trouble = self._trouble, (kind, words)
        if known is None or known[0] != kind or (kind != "IndexLockedError" and known[1] != words):
            say(f"{_time()}  {words}")


class StandingProblems:
    """The problems of files, of which an update repeats some and not others.

    Files that cannot be read are reported at each update; wrong values only when their file is
    read. Both are written when they come, and again when they come back.
    """

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._written: dict[str, tuple[object, frozenset[Problem]]] = {}
        """By path: the state of the file, and its problems."""
        self._noted: dict[str, set[Problem]] = {}

    def note(self, problem: Problem) -> None:
        """Take in a problem of the update that is going on."""
        self._noted.setdefault(problem.path, set()).add(problem)

    def forget_update(self) -> None:
        """The update failed: it is made again."""
        self._noted.clear()

    def fresh(self) -> list[str]:
        """The lines about the update that is done."""
        problems = [
            problem
            for path, noted in self._noted.items()
            for problem in noted - self._written.get(path, (None, frozenset()))[1]
        ]
        self._written = self._standing()
        self._noted.clear()
        problems.sort(key=lambda problem: (problem.path, problem.line or 0, problem.reason))
        fatal = [str(problem) for problem in problems if problem.fatal]
        return fatal + _limited([problem for problem in problems if not problem.fatal])

    def _standing(self) -> dict[str, tuple[object, frozenset[Problem]]]:
        """The problems of files that were not read again, and those of this update."""
        before = {
            path: (state, kept)
            for path, (state, problems) in self._written.items()
            if path not in self._noted and state is not None and state == self._state(path)
            if (kept := frozenset(problem for problem in problems if not problem.fatal))
        }
        now = {path: (self._state(path), frozenset(new)) for path, new in self._noted.items()}
        return before | now

    def _state(self, path: str) -> object:
        try:
            status = (self._archive / path).stat()
        except OSError:
            return None
        return status.st_size, status.st_mtime_ns, status.st_ino


def _limited(problems: list[Problem]) -> list[str]:
    lines = []
    for problem in problems[:MAX_WARNINGS]:
        place, _, reason = str(problem).partition(": ")
        lines.append(f"{place}: warning: {reason}")
    if len(problems) > MAX_WARNINGS:
        lines.append(f"... and {len(problems) - MAX_WARNINGS:,} more warnings")
    return lines


def _counts(summary: Summary) -> str:
    skipped = sum(summary.skipped.values())
    parts = [
        f"{counted(summary.articles, 'article')} and {summary.related:,} related",
        *([f"{skipped:,} skipped"] if skipped else []),
        f"{summary.seconds:.1f} s",
    ]
    return f"{changed(summary.changes)} {', '.join(parts)}"


def _time() -> str:
    return time.strftime("%H:%M:%S")
