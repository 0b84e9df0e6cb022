"""An index brought to the state of its archive: only what changed is read."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.conventions import NO_CONVENTIONS
from heatseek.engines.model import Origin, Removal
from heatseek.errors import ArchiveError, IndexMissingError, IndexOutdatedError, OtherArchiveError
from heatseek.indexer.intake import take_in
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.rebuilding import (
    check_readable,
    rebuild_with,
    resolve_dates,
    ticking,
)
from heatseek.indexer.rows import Entry
from heatseek.indexer.scanning import Scan, scan
from heatseek.indexer.stories import mentioned_by, stories
from heatseek.indexer.summary import Changes, Problems, Summary
from heatseek.indexer.vectors import Before, Vectors, kind_of
from heatseek.ingest.dates import EITHER
from heatseek.ingest.discover import ArticleFile
from heatseek.ingest.file_stat import UNKNOWN
from heatseek.ingest.keys import Format
from heatseek.ingest.program import is_spaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from heatseek.article import Article
    from heatseek.conventions import Conventions
    from heatseek.engines.base import Engine, Part, Writer
    from heatseek.engines.model import Generation
    from heatseek.indexer.files import Files
    from heatseek.indexer.intake import Intake
    from heatseek.indexer.rebuilding import Fields, Progress
    from heatseek.ingest.problem import Problem
    from heatseek.text.languages import Language
    from heatseek.vectors import Semantic


def update(  # noqa: PLR0913 - what a front end decides
    archive: Path,
    engine: Engine,
    *,
    report: Callable[[Problem], None],
    progress: Progress | None = None,
    processes: int | None = 1,
    timeout: float = 0.0,
    tell: Callable[[str], None] = lambda said: None,  # noqa: ARG005 - says nothing
    language: Language | None = None,
    fields: Fields | None = None,
    conventions: Conventions = NO_CONVENTIONS,
    follow_links: bool = False,
    exclude: Sequence[str] = (),
    semantic: Semantic | None = None,
) -> Summary:
    """Bring what `engine` holds to the state of `archive`; build it if there is nothing to update.

    Afterwards every search gives what it would after a rebuild, scores too; but a file that became
    unreadable stays as it was when it could be read last. Without a `language` or `fields` the
    index keeps its own; for others it is built anew, which `tell` is called with. Arguments and
    errors are those of `rebuild`, and:

    Raises:
        IndexOutdatedError: the index is of another archive.
        IndexDamagedError: the index is not as it was written.
    """
    check_readable(archive)
    with engine.writing(archive=archive, timeout=timeout, tell=tell) as writer:
        last = _last(writer, archive)
        before = _origin(last[0]) if last else engine.origin() or Origin("")
        made_for = before.unless_chosen(language, fields, conventions)
        if last:
            why = _why_anew(before, made_for)
            if not why:
                generation, ledger = last
                ledger.follow_links, ledger.exclude = follow_links, tuple(exclude)
                old = _before(writer, engine, generation)
                vectors = Vectors(semantic, made_for.language, tell, old)
                work = _Update(archive, generation, ledger, Problems(report), vectors)
                return work.run(writer, progress, processes)
            tell(f"{why}: building it anew")
            semantic = semantic or kind_of(writer.note)
        anew = Ledger(time.time_ns(), follow_links=follow_links, exclude=exclude)
        vectors = Vectors(semantic, made_for.language, tell)
        return rebuild_with(writer, archive, report, progress, processes, made_for, anew, vectors)


def _origin(made: Generation) -> Origin:
    return Origin(made.archive, made.language, made.fields, made.conventions)


def _why_anew(before: Origin, made_for: Origin) -> str:
    """The setting for which an index cannot be updated; empty if there is none."""
    if made_for.language != before.language:
        return f"the index was built for {before.language}, not {made_for.language}"
    if made_for.fields != before.fields:
        return "the index was built with other fields than are declared"
    if made_for.conventions.differ_from(before.conventions):
        return "the index was built with other keys or another time zone"
    return ""


def _before(writer: Writer, engine: Engine, generation: Generation) -> Before:
    """What vectors have to know of the generation that is changed."""

    def articles() -> Iterator[Article]:
        with engine.open() as reader:
            yield from reader.articles()

    return Before(writer.note, articles, generation.documents)


def _last(writer: Writer, archive: Path) -> tuple[Generation, Ledger] | None:
    """The newest generation and what it was made of; None if it has to be made anew to know."""
    try:
        generation = writer.generation
        ledger = Ledger.load(writer.note)
    except IndexMissingError:
        return None
    except IndexOutdatedError as error:
        if not error.archive:
            raise
        _check_archive(error.archive, archive)
        return None
    _check_archive(generation.archive, archive)
    return None if ledger is None else (generation, ledger)


def _check_archive(built_from: str, archive: Path) -> None:
    """Refuse to make an index of one archive into that of another."""
    if Path(built_from) != archive.resolve():
        raise OtherArchiveError(built_from, str(archive)) from None


class _Update:
    """One update: the ledger before, and the one that comes of it."""

    def __init__(
        self,
        archive: Path,
        generation: Generation,
        ledger: Ledger,
        problems: Problems,
        vectors: Vectors,
    ) -> None:
        self._generation = generation
        self._started = time.perf_counter()
        self._archive = archive
        self._problems = problems
        self._vectors = vectors
        self._before = ledger.files.copy()
        self._ledger = ledger
        self._read: set[str] = set()
        """Ids of the files that were read."""

    def run(self, writer: Writer, progress: Progress | None, processes: int | None) -> Summary:
        found = scan(self._archive, self._ledger, self._problems)
        if not found.files:
            raise ArchiveError(f"no articles in {self._archive}: the index stays as it is")
        self._report_known(found)
        found = self._with_other_lists(found)
        changed = found.unread or found.gone or found.touched or found.unsettled
        if changed or self._vectors.are_due:
            generation = self._write(found, writer, progress, processes)
        else:
            generation = self._generation
        return self._summary(found, generation)

    def _report_known(self, found: Scan) -> None:
        """Report again what is wrong with files that are as they were."""
        # Of these it is known otherwise how they are, or not known at all.
        others = {file.id for file in found.unread} | found.gone | found.hidden
        for id_, problem in self._before.problems():
            if id_ not in others:
                self._problems(problem)

    def _write(
        self, found: Scan, writer: Writer, progress: Progress | None, processes: int | None
    ) -> Generation:
        """The generation that has the changes."""
        vectors, ledger, made = self._vectors, self._ledger, self._generation
        form = Format(made.fields, made.conventions, ledger.month_first, ledger.spaced)
        make = vectors.part_maker(partial(writer.part_maker, made.fields, made.language))
        read = partial(take_in, ledger=ledger, make=make, processes=processes)
        intakes = ticking(read(found.unread, form, hold=True), len(found.unread), progress)
        dated = partial(self._dated_either_way, found)
        changes = self._changes(resolve_dates(intakes, read, form, ledger, dated), found)
        with writer.change(vectors.follow(changes)) as draft:
            mentions = mentioned_by(ledger) if self._mentions_differ(found) else None
            notes = {**ledger.notes(), **vectors.notes()}
            return draft.commit(notes=notes, mentions=mentions)

    def _with_other_lists(self, found: Scan) -> Scan:
        """All files are read anew if lists in them are written otherwise than before."""
        spaced = is_spaced(self._archive, found.folders | found.hidden)
        if spaced == self._ledger.spaced:
            return found
        self._ledger.spaced = spaced
        new = {file.id for file in found.unread}
        known = self._before.keys() - new - found.gone - found.hidden
        return found._replace(unread=[*found.unread, *self._files(known)])

    def _dated_either_way(self, found: Scan) -> list[ArticleFile]:
        """Files that nothing changed in, and that a date of may be two."""
        problems = {id_ for id_, _ in self._ledger.files.problems()}
        either = {id_ for id_, order in self._ledger.files.orders().items() if order & EITHER}
        return self._files(either - problems - found.hidden)

    def _files(self, ids: Iterable[str]) -> list[ArticleFile]:
        return [ArticleFile(id_, self._archive) for id_ in sorted(ids)]

    def _changes(
        self, intakes: Iterator[Intake], found: Scan
    ) -> Iterator[Article | Part | Removal]:
        """The gains and losses of the index; the ledger is brought up to date on the way."""
        files = self._ledger.files
        self._ledger.scanned_at = found.scanned_at
        self._ledger.move_here(found.hidden)
        for id_, stat in found.touched.items():
            files[id_] = files[id_]._replace(stat=stat)
        for id_ in sorted(found.gone):
            del files[id_]
            yield Removal(id_)
        for intake in intakes:
            for row in intake.rows:
                for problem in row.problems:
                    self._problems(problem)
                id_ = row.file.id
                files[id_] = _with_last_good(row.entry, files.get(id_))
                self._read.add(id_)
            yield from intake.articles
        yield from self._changed_stories(found.gone | self._read)

    def _changed_stories(self, changed: set[str]) -> Iterator[Article | Removal]:
        """Stories that come, go or say something else because of the changed files."""
        touched = self._touched_stories(sorted(changed))
        after = stories(self._ledger, touched)
        files, self._ledger.files = self._ledger.files, self._before
        before = stories(self._ledger, touched)
        self._ledger.files = files
        for id_ in sorted(before.keys() | after.keys()):
            if before.get(id_) != after.get(id_):
                yield after.get(id_) or Removal(id_)

    def _mentions_differ(self, found: Scan) -> bool:
        """True if a changed file mentions others, or is mentioned, otherwise than before."""
        before, after = self._before, self._ledger.files
        none = Entry(UNKNOWN, b"", indexed=False)
        pairs = ((before.get(i, none), after.get(i, none)) for i in sorted(found.gone | self._read))
        return any(
            (old.url, old.indexed, old.mentions) != (new.url, new.indexed, new.mentions)
            for old, new in pairs
        )

    def _touched_stories(self, changed: Sequence[str]) -> set[str]:
        entries = [
            files[id_]
            for files in (self._before, self._ledger.files)
            for id_ in changed
            if id_ in files
        ]
        numbers = {number for entry in entries for number in entry.mentions}
        ids = self._ledger.mentions.story_ids if numbers else []
        return {ids[number] for number in numbers} | {e.url for e in entries if e.url}

    def _summary(self, found: Scan, generation: Generation) -> Summary:
        files = self._ledger.files
        articles = self._ledger.articles
        return Summary(
            files=found.files + found.passed_over,
            articles=articles,
            related=generation.documents - articles,
            skipped=self._problems.skipped,
            kept=sum(
                files[id_].indexed for id_ in {id_ for id_, _ in files.problems()} | found.hidden
            ),
            warnings=self._problems.warnings,
            changes=_changes(self._before, files, found),
            seconds=time.perf_counter() - self._started,
            generation=generation,
        )


def _with_last_good(new: Entry, old: Entry | None) -> Entry:
    """A file that became unreadable keeps what is indexed of it."""
    if new.indexed or old is None or not old.indexed:
        return new
    return old._replace(stat=new.stat, digest=new.digest, problem=new.problem)


def _changes(before: Files, after: Files, found: Scan) -> Changes:
    read = [file.id for file in found.unread if after[file.id].problem is None]
    new = [id_ for id_ in read if id_ not in before]
    gained = Counter(after[id_].digest for id_ in new)
    lost = Counter(before[id_].digest for id_ in found.gone)
    renamed = (gained & lost).total()
    return Changes(
        added=len(new) - renamed,
        changed=len(read) - len(new),
        renamed=renamed,
        removed=lost.total() - renamed,
    )
