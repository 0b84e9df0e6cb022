"""An archive to an index."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.article import Kind
from heatseek.errors import ArchiveError
from heatseek.ingest.discover import discover
from heatseek.ingest.reader import read_archive
from heatseek.ingest.related import with_related

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from heatseek.article import Article
    from heatseek.engines.base import Engine, Generation
    from heatseek.ingest.discover import ArticleFile
    from heatseek.ingest.problem import Problem

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a rebuild did."""

    files: int
    """Found in the archive, readable or not."""
    articles: int
    related: int
    """Related articles that have no file of their own."""
    skipped: int
    """Files and folders that could not be read; each was reported."""
    warnings: int
    """Values that were ignored in articles that were read; each was reported."""
    seconds: float
    generation: Generation


def rebuild(
    archive: Path,
    engine: Engine,
    *,
    report: Callable[[Problem], None],
    progress: Progress | None = None,
) -> Summary:
    """Read all articles of `archive` and put them in place of what `engine` holds.

    Args:
        archive: the folder.
        engine: where the articles go.
        report: called for each thing wrong with a file, as it is met; the rest goes on.
        progress: called as files are read.

    Raises:
        ArchiveError: the archive is missing, unreadable, or has no article; nothing is replaced.
        StoreError: the index could not be written; nothing is replaced.
    """
    started = time.perf_counter()
    count = _Count(report)
    files = list(discover(archive, count.problem))
    articles = read_archive(archive, count.problem, files=_ticking(files, progress))
    with engine.writing() as writer:
        generation = writer.replace(
            count.articles(with_related(articles), archive),
            archive=str(archive.resolve()),
            notes=dict,
        )
    return Summary(
        files=len(files),
        articles=count.by_kind[Kind.ARTICLE],
        related=count.by_kind[Kind.RELATED],
        skipped=count.skipped,
        warnings=count.warnings,
        seconds=time.perf_counter() - started,
        generation=generation,
    )


class _Count:
    """Counts what passes by."""

    def __init__(self, report: Callable[[Problem], None]) -> None:
        self._report = report
        self.by_kind = {Kind.ARTICLE: 0, Kind.RELATED: 0}
        self.skipped = 0
        self.warnings = 0

    def problem(self, problem: Problem) -> None:
        if problem.fatal:
            self.skipped += 1
        else:
            self.warnings += 1
        self._report(problem)

    def articles(self, articles: Iterable[Article], archive: Path) -> Iterator[Article]:
        for article in articles:
            self.by_kind[article.kind] += 1
            yield article
        if not self.by_kind[Kind.ARTICLE]:
            raise ArchiveError(f"no articles in {archive}: name the right folder by --archive")


def _ticking(files: list[ArticleFile], progress: Progress | None) -> Iterator[ArticleFile]:
    for done, file in enumerate(files):
        if progress:
            progress(done, len(files))
        yield file
    if progress:
        progress(len(files), len(files))
