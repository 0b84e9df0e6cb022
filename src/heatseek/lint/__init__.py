"""Flaws of the files of an archive: missing and suspicious values, wrong keys, duplicates.

All files are looked at; nothing is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.ingest.discover import discover
from heatseek.ingest.reader import Reading, examine
from heatseek.lint.checks import Across, Finding, Kind, Level, check
from heatseek.lint.keys import KeyCheck

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from heatseek.ingest.front_matter import FrontMatter
    from heatseek.ingest.problem import Problem

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""


__all__ = ["Finding", "Kind", "Level", "Report", "lint"]


class Report(NamedTuple):
    """The findings about an archive.

    Attributes:
        files: the number of files.
        findings: by path and line.
    """

    files: int
    findings: list[Finding]


def lint(  # noqa: PLR0913 - what a front end decides
    archive: Path,
    now: datetime,
    *,
    declared: Collection[str] = (),
    follow_links: bool = False,
    exclude: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Look over all article files under `archive`.

    Args:
        archive: the folder.
        now: dates behind it are in the future.
        declared: further keys that the archive may have.
        follow_links: whether symbolic links may lead out of the archive.
        exclude: what of it is passed over, in the words of a `.gitignore`.
        progress: called as files are read.

    Raises:
        ArchiveError: the archive is missing or unreadable.
    """
    findings: list[Finding] = []
    walk = discover(
        archive,
        lambda problem: findings.append(_finding(problem)),
        follow_links=follow_links,
        exclude=exclude,
    )
    files = list(walk)
    across, keys = Across(), KeyCheck(declared)
    if progress:
        progress(0, len(files))
    # Not by several processes: the keys as typed do not travel.
    for done, (reading, front) in enumerate(map(examine, files), start=1):
        findings += map(_finding, reading.problems)
        findings += _checked(reading, front, across, keys, now)
        if progress:
            progress(done, len(files))
    findings += across.findings()
    return Report(len(files), sorted(findings, key=lambda each: (each.path, each.line or 0)))


def _checked(
    reading: Reading, front: FrontMatter | None, across: Across, keys: KeyCheck, now: datetime
) -> Iterator[Finding]:
    article, file = reading.article, reading.file
    if article is None or front is None:
        return
    across.add(article, front)
    yield from keys(file.id, front)
    yield from check(article, front, now)


def _finding(problem: Problem) -> Finding:
    level = Level.ERROR if problem.fatal else Level.NOTE if problem.is_note else Level.WARNING
    place = (problem.path, problem.line, problem.column)
    return Finding(*place, level, str(problem.kind), problem.reason)
