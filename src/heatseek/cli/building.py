"""Writing the index with everything said about it on stderr; for all commands that do."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from heatseek import indexer
from heatseek.cli.terminal import is_terminal, say
from heatseek.cli.values import LOCK_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heatseek.engines.base import Engine
    from heatseek.indexer import Changes, Summary
    from heatseek.ingest.problem import Problem
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language

    Fields = tuple[DeclaredField, ...]

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""
    Outcome = TypeVar("Outcome", Summary, Summary | None)
    """None if there was nothing to do."""

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


def build(  # noqa: PLR0913 - what a front end decides
    archive: Path,
    engine: Engine,
    language: Language,
    fields: Fields = (),
    *,
    follow_links: bool = False,
    timeout: float = LOCK_TIMEOUT,
    preface: str = "",
) -> Summary:
    """Rebuild the index from the archive.

    Args:
        archive: the folder.
        engine: the index.
        language: of the articles.
        fields: declared ones.
        follow_links: whether symbolic links may lead out of the archive.
        timeout: seconds to wait for another writer.
        preface: said once there is something to do.

    Raises:
        ArchiveError: the archive is missing, unreadable or holds no article.
        StoreError: the index cannot be written.
    """
    rebuild = partial(indexer.rebuild, language=language, fields=fields, follow_links=follow_links)
    return _carried_out(rebuild, archive, engine, timeout, preface)


def build_missing(  # noqa: PLR0913 - those of `build`
    archive: Path,
    engine: Engine,
    language: Language,
    fields: Fields,
    *,
    follow_links: bool,
    preface: str,
) -> None:
    """Build the index, unless another process did so while this one waited for it.

    Arguments and errors are those of `build`.
    """
    work = partial(indexer.build, language=language, fields=fields, follow_links=follow_links)
    _carried_out(work, archive, engine, LOCK_TIMEOUT, preface)


def bring_up_to_date(  # noqa: PLR0913 - those of `build`
    archive: Path,
    engine: Engine,
    language: Language | None,
    fields: Fields | None = None,
    *,
    follow_links: bool = False,
    timeout: float = LOCK_TIMEOUT,
) -> Summary:
    """Update the index to the state of the archive; arguments and errors are those of `build`.

    Without a language, or fields, the index keeps those that it has.
    """
    update = partial(indexer.update, language=language, fields=fields, follow_links=follow_links)
    return _carried_out(update, archive, engine, timeout, "")


def _carried_out(
    work: Callable[..., Outcome], archive: Path, engine: Engine, timeout: float, preface: str
) -> Outcome:
    told = Commentary(preface)
    with bar() as move:
        summary = work(
            archive,
            engine,
            report=told.problem,
            progress=told.progress(move),
            processes=None,
            timeout=timeout,
            tell=say,
        )
    if summary:
        told.end(summary)
    return summary


def _told(summary: Summary) -> str:
    skipped = sum(summary.skipped.values())
    reasons = ", ".join(f"{count:,} {kind}" for kind, count in summary.skipped.most_common())
    parts = [
        f"{counted(summary.articles, 'article')} and {summary.related:,} related",
        f"from {counted(summary.files, 'file')}",
        f"{skipped:,} skipped" + (f" ({reasons})" if reasons else ""),
        *([f"{counted(summary.kept, 'article')} kept from before"] if summary.kept else []),
        counted(summary.warnings, "warning"),
        f"{summary.seconds:.1f} s",
        size(summary.generation.bytes),
    ]
    return f"{changed(summary.changes)} {parts[0]} {', '.join(parts[1:])}"


def changed(changes: Changes | None) -> str:
    """What an update changed, or that it was a rebuild; the counts of the index follow it."""
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
    return f"{', '.join(f'{count:,} {what}' for what, count in counts.items() if count)}:"


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
    from heatseek.cli import progress  # noqa: PLC0415 - 60 ms, for a terminal only

    with progress.bar() as move:
        yield move
