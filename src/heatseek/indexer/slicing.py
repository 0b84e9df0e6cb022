"""An archive into an index that several machines fill together, each from one slice of the files.

Each machine reads the files of its slice and leaves what the ledger has of them with the engine.
Whoever is the last puts these ledgers together, and adds what depends on all files: articles with
a date that may be two, and stories. So the index is what one rebuild would have made.
"""

from __future__ import annotations

import time
import zlib
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from heatseek.conventions import NO_CONVENTIONS, Conventions
from heatseek.engines.base import require
from heatseek.engines.model import Capability, Origin
from heatseek.errors import IndexDamagedError
from heatseek.indexer.intake import take_in
from heatseek.indexer.ledger import Ledger, merged
from heatseek.indexer.rebuilding import check_readable, count, entered, ticking, with_stories
from heatseek.indexer.stories import mentioned_by
from heatseek.indexer.summary import Problems, SliceSummary, Summary
from heatseek.ingest.dates import EITHER, machine_zone, month_first
from heatseek.ingest.discover import discover
from heatseek.ingest.keys import Format
from heatseek.ingest.program import is_spaced
from heatseek.schema import check_declared
from heatseek.text import languages
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from heatseek.article import Article
    from heatseek.engines.base import Engine, Part, SliceWriter
    from heatseek.engines.model import Slice
    from heatseek.indexer.intake import Intake
    from heatseek.indexer.rebuilding import Fields, Progress
    from heatseek.ingest.discover import ArticleFile
    from heatseek.ingest.problem import Problem
    from heatseek.text.languages import Language


def rebuild_slice(  # noqa: PLR0913 - what a front end decides
    archive: Path,
    engine: Engine,
    part: Slice,
    *,
    report: Callable[[Problem], None],
    progress: Progress | None = None,
    processes: int | None = 1,
    timeout: float = 0.0,
    tell: Callable[[str], None] = lambda said: None,  # noqa: ARG005 - says nothing
    language: Language = ENGLISH,
    fields: Fields = (),
    conventions: Conventions = NO_CONVENTIONS,
    follow_links: bool = False,
    exclude: Sequence[str] = (),
) -> Summary | SliceSummary:
    """Read one slice of `archive` into the next generation; the last slice makes that current.

    Each machine has to see the same files below the same path. A `part` that was made before is
    not made again. Other arguments and errors are those of `rebuild`, and:

    Raises:
        CapabilityError: the engine takes no slices.
    """
    require(engine, Capability.SLICES)
    check_readable(archive)
    languages.check(language)
    check_declared(fields)
    conventions = conventions.over(Conventions((), conventions.time_zone or machine_zone()))
    origin = Origin(str(archive.resolve()), language, fields, conventions)
    with engine.slicing(part, origin, timeout=timeout, tell=tell) as writer:
        ledger = Ledger(time.time_ns(), follow_links=follow_links, exclude=exclude)
        work = _Work(archive, part, origin, ledger, Problems(report), processes)
        left = writer.left
        is_new = part.number in left
        if is_new:
            left = work.write(writer, progress)
        return work.told(left, is_new=is_new) if left else work.complete(writer)


class _Work:
    """One machine at one slice."""

    def __init__(  # noqa: PLR0913 - those of `rebuild_slice`
        self,
        archive: Path,
        part: Slice,
        origin: Origin,
        ledger: Ledger,
        problems: Problems,
        processes: int | None,
    ) -> None:
        self._started = time.perf_counter()
        self._archive = archive
        self._part = part
        self._ledger = ledger
        self._problems = problems
        self._processes = processes
        self._language = origin.language
        follow_links, exclude = ledger.follow_links, ledger.exclude
        counted = partial(count, problems, archive)
        walk = discover(archive, counted, follow_links=follow_links, exclude=exclude)
        self._files = {file.id: file for file in walk}
        self._passed_over = problems.skipped.total()
        ledger.spaced = is_spaced(archive, self._files)
        self._form = Format(origin.fields, origin.conventions, None, ledger.spaced)

    def write(self, writer: SliceWriter, progress: Progress | None) -> tuple[int, ...]:
        """Read and report the files of the slice.

        Returns:
            The slices that have not been reported.
        """
        mine = [file for id_, file in self._files.items() if is_of(self._part, id_)]
        intakes = self._read(mine, self._form, writer, hold=True)
        writer.take(self._entered(self._without_held(ticking(intakes, len(mine), progress))))
        return writer.report({name: note or b"" for name, note in self._ledger.notes().items()})

    def complete(self, writer: SliceWriter) -> Summary:
        """Put all slices together, and switch to what they are."""
        reported = (
            Ledger.load(partial(writer.note, number)) for number in range(1, self._part.of + 1)
        )
        self._ledger = merged(self._ledger, map(_present, reported))
        rest = chain(self._entered(self._held(writer)), with_stories(self._ledger, self._archive))
        with writer.complete(rest) as draft:
            notes, mentions = self._ledger.notes(), mentioned_by(self._ledger)
            generation = draft.commit(notes=notes, mentions=mentions)
        articles = self._ledger.articles
        return Summary(
            files=len(self._files) + self._passed_over,
            articles=articles,
            related=generation.documents - articles,
            skipped=self._problems.skipped,
            kept=0,
            warnings=self._problems.warnings,
            changes=None,
            seconds=time.perf_counter() - self._started,
            generation=generation,
        )

    def told(self, left: tuple[int, ...], *, is_new: bool) -> SliceSummary:
        """The outcome while other slices are waited for."""
        return SliceSummary(
            part=self._part,
            left=left,
            is_new=is_new,
            articles=self._ledger.articles,
            skipped=self._problems.skipped,
            warnings=self._problems.warnings,
            seconds=time.perf_counter() - self._started,
        )

    def _read(
        self, files: Sequence[ArticleFile], form: Format, writer: SliceWriter, *, hold: bool
    ) -> Iterator[Intake]:
        make = partial(writer.part_maker, form.fields, self._language)
        return take_in(files, form, self._ledger, make, self._processes, hold=hold)

    def _entered(self, intakes: Iterable[Intake]) -> Iterator[Article | Part]:
        return entered(intakes, self._ledger, self._problems, self._archive)

    def _without_held(self, intakes: Iterable[Intake]) -> Iterator[Intake]:
        """What is told of now; files with a date that may be two are in the ledger only."""
        for intake in intakes:
            for row in intake.rows:
                if row.entry.order & EITHER:
                    self._ledger.files[row.file.id] = row.entry
            rows = [row for row in intake.rows if not row.entry.order & EITHER]
            yield intake._replace(rows=rows)

    def _held(self, writer: SliceWriter) -> Iterator[Intake]:
        """The files with such dates, read as all slices tell."""
        orders = self._ledger.files.orders()
        self._ledger.month_first = month_first([*orders.values()])
        form = self._form._replace(month_first=self._ledger.month_first)
        held = sorted(id_ for id_, order in orders.items() if order & EITHER)
        for id_ in held:
            if id_ not in self._files:  # it went while slices were read
                del self._ledger.files[id_]
        files = [self._files[id_] for id_ in held if id_ in self._files]
        return self._read(files, form, writer, hold=False)


def is_of(part: Slice, id_: str) -> bool:
    """True for a file of the slice: every machine has to say the same of it."""
    return zlib.crc32(id_.encode()) % part.of == part.number - 1


def _present(ledger: Ledger | None) -> Ledger:
    if ledger is None:
        raise IndexDamagedError("a slice was reported by another version of heatseek")
    return ledger
