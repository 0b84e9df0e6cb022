"""A whole archive into a new index."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from heatseek.article import Article
from heatseek.conventions import NO_CONVENTIONS, Conventions
from heatseek.engines.model import Origin
from heatseek.errors import ArchiveError, Remedy, StoreError
from heatseek.indexer.file_list import FileList
from heatseek.indexer.intake import take_in
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.stories import mentioned_by, stories
from heatseek.indexer.summary import Problems, Summary
from heatseek.indexer.vectors import Vectors
from heatseek.ingest.dates import EITHER, machine_zone, month_first
from heatseek.ingest.discover import discover, survey
from heatseek.ingest.keys import Format
from heatseek.ingest.problem import ProblemKind
from heatseek.ingest.program import is_spaced
from heatseek.schema import check_declared
from heatseek.text import languages
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from heatseek.engines.base import Engine, Part, Writer
    from heatseek.indexer.intake import Intake
    from heatseek.ingest.discover import ArticleFile
    from heatseek.ingest.problem import Problem
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language
    from heatseek.vectors import Semantic

    Fields = tuple[DeclaredField, ...]

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""


def rebuild(  # noqa: PLR0913 - what a front end decides
    archive: Path,
    engine: Engine,
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
    semantic: Semantic | None = None,
) -> Summary:
    """Read all articles of `archive` and put them in place of what `engine` holds.

    Args:
        archive: the folder.
        engine: where the articles go.
        report: called for each thing wrong with a file, as it is met; the rest goes on.
        progress: called as files are read.
        processes: that read at the same time; None: as many as pay.
        timeout: seconds to wait for another writer of the same index.
        tell: called with a line on what is waited for, done besides, or to be known.
        language: of the articles.
        fields: declared ones, read of each article.
        conventions: how files are read; by default with the zone of this machine.
        follow_links: whether symbolic links may lead out of the archive.
        exclude: what of it is passed over, in the words of a `.gitignore`.
        semantic: the kind of vectors that the index is to have; None: it has none.

    Raises:
        UsageError: there is no such language, or no field can be so.
        ArchiveError: the archive is missing, unreadable, or has no article; nothing is replaced.
        StoreError: the index could not be written; nothing is replaced.
    """
    check_readable(archive)
    with engine.writing(archive=archive, timeout=timeout, tell=tell) as writer:
        ledger = Ledger(time.time_ns(), follow_links=follow_links, exclude=exclude)
        made_for = Origin("", language, fields, conventions)
        vectors = Vectors(semantic, language, tell)
        return rebuild_with(writer, archive, report, progress, processes, made_for, ledger, vectors)


def build(  # noqa: PLR0913 - those of `rebuild`
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
) -> Summary | None:
    """As `rebuild`, unless there is an index by now: whoever held the lock may have made it.

    Without a `language` or `fields` they are those of an index that cannot be used, in its place.
    """
    check_readable(archive)
    with engine.writing(archive=archive, timeout=timeout, tell=tell) as writer:
        with suppress(StoreError):
            if writer.generation:
                return None
        ledger = Ledger(time.time_ns(), follow_links=follow_links, exclude=exclude)
        made_for = (engine.origin() or Origin("")).unless_chosen(language, fields, conventions)
        vectors = Vectors(semantic, made_for.language, tell)
        return rebuild_with(writer, archive, report, progress, processes, made_for, ledger, vectors)


def check_readable(archive: Path) -> None:
    """Refuse a folder that is none before a lock on the index leaves traces of trying.

    Raises:
        ArchiveError: it is missing or unreadable.
    """
    discover(archive, lambda problem: None)  # noqa: ARG005 - nothing is walked yet


def documents(archive: Path, report: Callable[[Problem], None]) -> Iterator[Article]:
    """The articles that `rebuild` indexes, for other uses; arguments and errors are the same."""
    problems = Problems(report)
    ledger = Ledger(time.time_ns())
    files = _listed(archive, ledger, problems)
    form = Format(spaced=ledger.spaced)
    read = partial(take_in, ledger=ledger, make=lambda: None)
    intakes = resolve_dates(read(files, form, hold=True), read, form, ledger)
    articles = _articles(intakes, ledger, problems, archive)
    return (each for each in articles if isinstance(each, Article))


def rebuild_with(  # noqa: PLR0913 - those of `rebuild`
    writer: Writer,
    archive: Path,
    report: Callable[[Problem], None],
    progress: Progress | None,
    processes: int | None,
    made_for: Origin,
    ledger: Ledger,
    vectors: Vectors,
) -> Summary:
    """Rebuild what `writer` holds the lock of, into an empty ledger; see `rebuild`."""
    _, language, fields, conventions = made_for
    languages.check(language)
    check_declared(fields)
    conventions = conventions.over(Conventions((), conventions.time_zone or machine_zone()))
    started = time.perf_counter()
    problems = Problems(report)
    counted = partial(count, problems, archive)
    files = _listed(archive, ledger, counted)
    passed_over = problems.skipped.total()
    form = Format(fields, conventions, None, ledger.spaced)
    make = vectors.part_maker(partial(writer.part_maker, fields, language))
    read = partial(take_in, ledger=ledger, make=make, processes=processes)
    intakes = ticking(read(files, form, hold=True), len(files), progress)
    dated = resolve_dates(intakes, read, form, ledger)
    taken = vectors.follow(_articles(dated, ledger, problems, archive))
    place = str(archive.resolve())
    with writer.replace(
        taken, archive=place, fields=fields, language=language, conventions=conventions
    ) as draft:
        generation = draft.commit(
            notes={**ledger.notes(), **vectors.notes()}, mentions=mentioned_by(ledger)
        )
    articles = ledger.articles
    return Summary(
        files=len(files) + passed_over,
        articles=articles,
        related=generation.documents - articles,
        skipped=problems.skipped,
        kept=0,
        warnings=problems.warnings,
        changes=None,
        seconds=time.perf_counter() - started,
        generation=generation,
    )


def _listed(archive: Path, ledger: Ledger, report: Callable[[Problem], None]) -> FileList:
    """All files; the ledger knows then how lists are written in them."""
    follow_links, exclude = ledger.follow_links, ledger.exclude
    here = survey(archive, report, follow_links=follow_links, exclude=exclude)
    ledger.spaced = is_spaced(archive, here.folders)
    return FileList(archive, here.ids)


def _articles(
    intakes: Iterable[Intake], ledger: Ledger, problems: Problems, archive: Path
) -> Iterator[Article | Part]:
    yield from entered(intakes, ledger, problems, archive)
    yield from with_stories(ledger, archive)


def entered(
    intakes: Iterable[Intake], ledger: Ledger, problems: Problems, archive: Path
) -> Iterator[Article | Part]:
    """What the engine is given of intakes, each of which is in the ledger then.

    Raises:
        ArchiveError: see `count`.
    """
    for intake in intakes:
        for row in intake.rows:
            for problem in row.problems:
                count(problems, archive, problem)
            ledger.files[row.file.id] = row.entry
        yield from intake.articles


def with_stories(ledger: Ledger, archive: Path) -> Iterator[Article]:
    """What comes behind all files: the stories that they mention.

    Raises:
        ArchiveError: no file has an article.
    """
    if not ledger.articles:
        why = (
            "no file in it is text"
            if ledger.files
            else "it has no Markdown, text or HTML files, or rules such as .gitignore exclude them"
        )
        raise ArchiveError(f"no articles in {archive}: {why}", Remedy.OTHER_ARCHIVE)
    yield from stories(ledger).values()


def count(problems: Problems, archive: Path, problem: Problem) -> None:
    """Pass a problem on, unless all that a failing disk keeps back would be lost by going on.

    Raises:
        ArchiveError: this one is not about one file.
    """
    if problem.kind == ProblemKind.SYSTEM:
        raise ArchiveError(
            f"cannot read the archive {archive}: {problem}; that is not about one file, so nothing"
            " is replaced: try again when the system can read it"
        )
    problems(problem)


def resolve_dates(
    intakes: Iterable[Intake],
    read: Callable[..., Iterator[Intake]],
    form: Format,
    ledger: Ledger,
    others: Callable[[], Sequence[ArticleFile]] = lambda: (),
) -> Iterator[Intake]:
    """What is taken in with the dates of the archive.

    Files with a date that may be two are read again once all others have told which number is the
    month; the ledger says what they told.

    Args:
        intakes: of files as `form` says, without articles with a date that may be two; each is
            in the ledger before the next is taken.
        read: reads files, in a form.
        form: how they were read.
        ledger: of all other files.
        others: such files among those, asked for if they were read otherwise.
    """
    ambiguous: list[ArticleFile] = []
    orders: list[int] = []
    for intake in intakes:
        held = [row for row in intake.rows if row.entry.order & EITHER]
        ambiguous += (row.file for row in held)
        orders += (row.entry.order for row in held)
        rows = [row for row in intake.rows if not row.entry.order & EITHER] if held else intake.rows
        yield intake._replace(rows=rows)
    waiting = {file.id for file in ambiguous}
    orders += (each for id_, each in ledger.files.orders().items() if id_ not in waiting)
    before, ledger.month_first = ledger.month_first, month_first(orders)
    if ledger.month_first != before:
        ambiguous += (file for file in others() if file.id not in waiting)
    yield from read(ambiguous, form._replace(month_first=ledger.month_first), hold=False)


def ticking(intakes: Iterable[Intake], total: int, progress: Progress | None) -> Iterator[Intake]:
    """Pass on what is taken in and tell how far that is."""
    done = 0
    if progress:
        progress(done, total)
    for intake in intakes:
        yield intake
        done += len(intake.rows)
        if progress:
            progress(done, total)
