"""The outcome of a rebuild or an update, and who is told of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from heatseek.engines.model import Generation, Slice
    from heatseek.errors import ArchiveError, HeatseekError
    from heatseek.ingest.problem import Problem


@dataclass(frozen=True, slots=True)
class Changes:
    """Files of the archive that are not as they were in the index."""

    added: int = 0
    changed: int = 0
    renamed: int = 0
    removed: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.added + self.changed + self.renamed + self.removed


@dataclass(frozen=True, slots=True)
class Summary:
    """The files that were read, and the articles that the index holds now."""

    files: int
    """Found in the archive, readable or not; a folder that cannot be read counts as one."""
    articles: int
    related: int
    """Related articles that have no file of their own."""
    skipped: Counter[str]
    """Files and folders that could not be read, by `ProblemKind`; each was reported."""
    kept: int
    """Articles that stay in the index as they were, as their file, or a folder above it, cannot
    be read any more. So `articles` are the files that were not skipped, and these."""
    warnings: int
    """Flaws of articles that were read, but for mere notes; each was reported."""
    changes: Changes | None
    """Of an update; None after a rebuild."""
    seconds: float
    generation: Generation


@dataclass(frozen=True, slots=True)
class SliceSummary:
    """One slice that was read while others are waited for; nothing is searched in it yet."""

    part: Slice
    left: tuple[int, ...]
    """The numbers of the slices that have not been reported."""
    is_new: bool
    """False of a slice that was made before: then nothing of it was read."""
    articles: int
    """Of files of this slice."""
    skipped: Counter[str]
    """As in `Summary`."""
    warnings: int
    seconds: float


class Problems:
    """Passes problems on and counts them."""

    def __init__(self, report: Callable[[Problem], None]) -> None:
        self._report = report
        self.skipped: Counter[str] = Counter()
        self.warnings = 0

    def __call__(self, problem: Problem) -> None:
        """Count a problem and report it."""
        if problem.fatal:
            self.skipped[str(problem.kind)] += 1
        elif not problem.is_note:
            self.warnings += 1
        self._report(problem)


class Listener(Protocol):
    """Who is told what happens."""

    def problem(self, problem: Problem) -> None:
        """Something is wrong with a file; those that stand come again at each update."""

    def progress(self, done: int, total: int) -> None:
        """So many files are read of those to be read."""

    def waiting(self, said: str) -> None:
        """An update waits for another writer, or reads everything anew; `said` tells why."""

    def updated(self, summary: Summary) -> None:
        """An update is done, whether it changed something or not."""

    def failed(self, error: HeatseekError) -> None:
        """An update failed; the index is as it was, and it is tried again."""

    def armed(self) -> None:
        """From now on changes are noticed."""

    def vanished(self, error: ArchiveError) -> None:
        """The folder cannot be read any more; it is waited for."""

    def unnoticed(self, reason: str, seconds: float) -> None:
        """The system does not say when files change: it is looked every so many seconds."""
