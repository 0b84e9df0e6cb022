"""Flaws of the files of an archive: missing and suspicious values, wrong keys, duplicates.

All files are looked at; nothing is written.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from heatseek.conventions import NO_CONVENTIONS
from heatseek.ingest.dates import EITHER, month_first
from heatseek.ingest.discover import discover
from heatseek.ingest.keys import Format
from heatseek.ingest.program import is_spaced
from heatseek.ingest.reader import Reading, examine
from heatseek.lint.checks import LACKS, Across, Finding, Kind, Level, check
from heatseek.lint.keys import KeyCheck, UnreadKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from heatseek.conventions import Conventions
    from heatseek.ingest.discover import ArticleFile
    from heatseek.ingest.front_matter import FrontMatter
    from heatseek.ingest.problem import Problem
    from heatseek.schema import DeclaredField

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""


__all__ = ["ARCHIVE", "Finding", "Kind", "Level", "Report", "UnreadKey", "lint"]

ARCHIVE = "."
"""The path of a finding about all files of an archive."""


class Report(NamedTuple):
    """The findings about an archive.

    Attributes:
        files: the number of files.
        findings: by path and line.
        keys: those that nothing reads, the most frequent first.
    """

    files: int
    findings: list[Finding]
    keys: list[UnreadKey]


def lint(  # noqa: PLR0913 - what a front end decides
    archive: Path,
    now: datetime,
    *,
    fields: tuple[DeclaredField, ...] = (),
    conventions: Conventions = NO_CONVENTIONS,
    follow_links: bool = False,
    exclude: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Look over all article files under `archive`.

    Args:
        archive: the folder.
        now: dates behind it are in the future.
        fields: declared ones.
        conventions: how files are read.
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
    form = Format(fields, conventions, None, is_spaced(archive, (file.id for file in files)))
    checks = Across(), KeyCheck(conventions, [field.name for field in fields])
    if progress:
        progress(0, len(files))
    for done, (reading, front) in enumerate(_examined(files, form), start=1):
        findings += map(_finding, reading.problems)
        findings += _checked(reading, front, *checks, now)
        if progress:
            progress(done, len(files))
    across, keys = checks
    findings = [*_without_common_lacks(findings, across), *across.findings(), *keys.wrong()]
    findings.sort(key=lambda each: (each.path, each.line or 0))
    return Report(len(files), findings, keys.unread())


def _examined(
    files: Sequence[ArticleFile], form: Format
) -> Iterator[tuple[Reading, FrontMatter | None]]:
    """Each file, with its dates as all others tell how they are to be read."""
    orders, ambiguous = [], []
    # Not by several processes: the keys as typed do not travel.
    for file in files:
        reading, front = examine(file, form)
        orders.append(reading.order)
        if reading.order & EITHER:
            ambiguous.append(file)
        else:
            yield reading, front
    dated = form._replace(month_first=month_first(orders))
    yield from (examine(file, dated) for file in ambiguous)


def _checked(
    reading: Reading, front: FrontMatter | None, across: Across, keys: KeyCheck, now: datetime
) -> Iterator[Finding]:
    article, file = reading.article, reading.file
    if article is None or front is None:
        return
    across.add(article, front)
    yield from keys(file.id, front)
    yield from check(article, front, now)


def _without_common_lacks(findings: list[Finding], across: Across) -> Iterator[Finding]:
    """Findings of all files, but of a value that no article has only one, of the archive."""
    counts = Counter(finding.kind for finding in findings)
    common = {kind for kind in LACKS if counts[kind] == across.articles > 1}
    yield from (finding for finding in findings if finding.kind not in common)
    for kind in sorted(common):
        message = f"no article has {LACKS[kind]}"
        yield Finding(ARCHIVE, None, None, Level.NOTE, kind, message)


def _finding(problem: Problem) -> Finding:
    level = Level.ERROR if problem.fatal else Level.NOTE if problem.is_note else Level.WARNING
    place = (problem.path, problem.line, problem.column)
    return Finding(*place, level, str(problem.kind), problem.reason)
