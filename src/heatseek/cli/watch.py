"""`heatseek watch`: keep the index current while the archive changes; its log on stderr."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, NoReturn

from heatseek import maintenance
from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.advice import advised, extra
from heatseek.cli.arguments import Command
from heatseek.cli.commentary import MAX_WARNINGS, bar, changed, counted
from heatseek.cli.terminal import display_path, say
from heatseek.cli.termination import Termination

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from heatseek import ArchiveError, Config, HeatseekError, Problem, Summary

MANY = 500
"""Files that take long enough to show how far it is."""

_EXAMPLES = """\b
Examples:
  heatseek watch
  heatseek watch --archive ~/articles --index ~/.cache/articles-index

It updates the index first, then after each burst of changes, and says what changed on stderr.
Files that become unreadable are named once while they stay so. Another writer, a full disk, a
folder that is gone for a while: said once, and tried again until it works. Once a minute it looks
at the whole archive, because not every file system tells of every change.

It needs the package watchfiles: pip install 'heatseek[watch]'

Exit codes: Ctrl-C ends it with 130, SIGTERM with 0, at any time; the index is as after the last
update. 2 wrong usage, 3 if the archive or the index cannot be used at the start.
"""


def watch(
    *,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
    lock_timeout: str | None,
) -> int:
    """Update the index until a signal ends it."""
    termination = Termination()
    try:
        signal.signal(signal.SIGTERM, termination)
        settings = option_values.settings(archive, index, config_file)
        _watch(settings, option_values.lock_timeout(lock_timeout))
    except KeyboardInterrupt:
        # Stopping a service is no failure; Ctrl-C has one exit code in all commands.
        if termination.requested:
            return ExitCode.FOUND
        raise


command = Command(
    watch, *options.PLACE_OPTIONS, options.LOCK_TIMEOUT, options.DEBUG, examples=_EXAMPLES
)


def _watch(settings: Config, timeout: float) -> NoReturn:
    archive = maintenance.archive_of(settings)
    with ExitStack() as stack, extra("watch", "watchfiles"):
        maintenance.watch(
            archive,
            maintenance.index_of(settings),
            WatchLog(archive, stack),
            timeout=timeout,
            language=settings.chosen_language,
            fields=settings.chosen_fields,
            keys=settings.keys or None,
            time_zone=settings.time_zone,
            follow_links=settings.follow_links,
            exclude=settings.exclude,
            semantic=settings.semantic,
        )


class WatchLog:
    """A listener that writes lines; see `heatseek.Listener`.

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
        """See `Listener.problem`; written when the update is done, but for mere notes."""
        if not problem.is_note:
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
        self._stands(type(error).__name__, advised(error))

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
