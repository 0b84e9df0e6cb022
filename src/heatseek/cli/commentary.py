"""Said on stderr while an index is written.

A line for each thing wrong, a bar on a terminal, and the outcome.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from heatseek.cli.terminal import is_terminal, say

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from heatseek import Changes, Problem, SliceSummary, Summary

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""

MAX_WARNINGS = 20
"""More skipped files than these are only counted, unless all are wanted."""
_HEADER = ("header with a broken line", "headers with a broken line")
_FLAWS = {
    **dict.fromkeys(("syntax", "unclosed", "alias-bomb", "too-deep", "too-large"), _HEADER),
    "value": ("file with a wrong value", "files with wrong values"),
    "encoding": ("file that is not UTF-8", "files that are not UTF-8"),
    "no-title": (
        "file without a title: its heading or name is used",
        "files without a title: their headings or names are used",
    ),
    "empty": ("empty file", "empty files"),
}
"""The words for one file with a problem of a kind, and for several."""


class Commentary:
    """Says on stderr what happens, as it happens, and at the end how many files had which flaw.

    Args:
        preface: said once there is something to do, so that a failure before is one line.
        verbose: whether each flaw is said as it is met.
    """

    def __init__(self, preface: str, *, verbose: bool = False) -> None:
        self._preface = preface
        self._verbose = verbose
        self._skipped = 0
        self._files: dict[tuple[str, str], dict[str, str]] = {}
        """By what is said of them: the files, with the place of the first flaw of each."""

    def problem(self, problem: Problem) -> None:
        """Say what is wrong with a file, or count it."""
        self._begin()
        place, _, reason = str(problem).partition(": ")
        if problem.fatal:
            self._skipped += 1
            if self._verbose or self._skipped <= MAX_WARNINGS:
                say(str(problem))
        elif self._verbose:
            say(f"{place}: {'note' if problem.is_note else 'warning'}: {reason}")
        else:
            flaw = _FLAWS.get(problem.kind, (problem.kind, problem.kind))
            self._files.setdefault(flaw, {}).setdefault(problem.path, place)

    def progress(self, bar: Progress | None) -> Progress:
        """A callback that notices the beginning, and moves the bar if there is one."""

        def move(done: int, total: int) -> None:
            if total:
                self._begin()
            if bar:
                bar(done, total)

        return move

    def end(self, summary: Summary | SliceSummary) -> None:
        """Say how it went."""
        if self._skipped > MAX_WARNINGS and not self._verbose:
            say(f"... and {self._skipped - MAX_WARNINGS:,} more were skipped")
        if self._files:
            say(f"{'; '.join(self._flaws())} (--verbose and heatseek doctor name each)")
        from heatseek import SliceSummary  # noqa: PLC0415 - help loads this file, and no parsers

        if isinstance(summary, SliceSummary):
            say(_waiting(summary))
        else:
            say(f"{changed(summary.changes)} {_counts(summary)}")

    def _flaws(self) -> Iterator[str]:
        for one, several in dict.fromkeys(_FLAWS.values()):
            files = self._files.get((one, several))
            if files:
                name = one if len(files) == 1 else several
                yield f"{len(files):,} {name}"

    def _begin(self) -> None:
        if self._preface:
            say(self._preface)
            self._preface = ""


def _waiting(summary: SliceSummary) -> str:
    parts = ["made before"]
    if summary.is_new:
        parts = [
            counted(summary.articles, "article"),
            _skipped(summary.skipped),
            counted(summary.warnings, "warning"),
            f"{summary.seconds:.1f} s",
        ]
    left = f"slice{'s' * (len(summary.left) > 1)} {', '.join(map(str, summary.left))}"
    return f"slice {summary.part}: {', '.join(parts)}; waiting for {left}"


def _skipped(skipped: Counter[str]) -> str:
    reasons = ", ".join(f"{count:,} {kind}" for kind, count in skipped.most_common())
    return f"{skipped.total():,} skipped" + (f" ({reasons})" if reasons else "")


def _counts(summary: Summary) -> str:
    parts = [
        f"{counted(summary.articles, 'article')} and {summary.related:,} related",
        f"from {counted(summary.files, 'file')}",
        _skipped(summary.skipped),
        *([f"{counted(summary.kept, 'article')} kept from before"] if summary.kept else []),
        counted(summary.warnings, "warning"),
        f"{summary.seconds:.1f} s",
        size(summary.generation.bytes),
    ]
    return f"{parts[0]} {', '.join(parts[1:])}"


def changed(changes: Changes | None) -> str:
    """The changes of an update, or that it was a rebuild; the counts of the index follow it."""
    if changes is None:
        return "indexed"
    if not changes.total:
        return "nothing changed:"
    counts = {
        "added": changes.added,
        "changed": changes.changed,
        "renamed": changes.renamed,
        "removed": changes.removed,
    }
    return f"{', '.join(f'{count:,} {name}' for name, count in counts.items() if count)}:"


def counted(count: int, noun: str) -> str:
    """So many of a thing."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


@contextmanager
def bar() -> Iterator[Progress | None]:
    """A bar on stderr if that is a terminal; nothing at all otherwise."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from heatseek.cli.render import console  # noqa: PLC0415 - 60 ms, for a terminal only

    with console.progress_bar() as move:
        yield move
