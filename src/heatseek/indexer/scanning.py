"""Differences of an archive from its index: found by size, times and content."""

from __future__ import annotations

import os
import time
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from heatseek.errors import ArchiveError, ArticleError, Remedy
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.rows import WIDTH
from heatseek.ingest.discover import ArticleFile, survey
from heatseek.ingest.file_stat import UNKNOWN, FileStat, digest_file
from heatseek.ingest.problem import ProblemKind
from heatseek.ingest.program import TEMPLATES
from heatseek.ingest.walk import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from heatseek.engines.base import Reader
    from heatseek.indexer.rows import Entry
    from heatseek.ingest.problem import Problem
    from heatseek.ingest.walk import Survey


MARGIN = 2_000_000_000
"""Nanoseconds. A file that was written so shortly before it was looked at may have been written
again since without another time or size: clocks of file systems tick as slowly as this."""


MOST_FILES = 20_000
"""Articles' files that a folder may have to be indexed though nobody named it."""
MOST_NAMES = 200_000
"""Names of all kinds, likewise; to look at them takes a second."""


def check_assumed(folder: Path) -> None:
    """Refuse a folder that nobody named, and that is hardly meant as an archive.

    Raises:
        ArchiveError: it has no article, or more than anybody indexes without saying so.
    """
    names = files = 0
    for _, folders, here in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "." and name not in TEMPLATES]
        names += len(folders) + len(here)
        files += sum(name[0] != "." and name.lower().endswith(SUFFIXES) for name in here)
        if files > MOST_FILES or names > MOST_NAMES:
            raise ArchiveError(
                f"{folder} has very many files, and nothing says that it is an archive",
                Remedy.OTHER_ARCHIVE,
            )
    if not files:
        raise ArchiveError(
            f"no articles in {folder}, and no heatseek.toml or seeds/ here or above",
            Remedy.OTHER_ARCHIVE,
        )


class Scan(NamedTuple):
    """The archive beside a ledger."""

    scanned_at: int
    files: int
    """How many there are that can be looked at."""
    folders: set[str]
    """The ids of the folders that they are in."""
    passed_over: int
    """Names that cannot be looked at, each of which was reported."""
    unread: list[ArticleFile]
    """New, or with other content."""
    touched: dict[str, FileStat]
    """With the content that is known, but other times."""
    unsettled: bool
    """True if there were files that had to be read to see that they are as they were, or the
    ledger is another machine's."""
    gone: set[str]
    """Ids whose file is not there any more."""
    hidden: set[str]
    """Ids whose file may be there: it, or a folder above it, cannot be looked at."""


def scan(archive: Path, ledger: Ledger, report: Callable[[Problem], None]) -> Scan:
    """Compare; reads the content of files only where size and times do not settle it.

    What another machine noted of them settles nothing.

    What lies under a folder that cannot be read is not gone: it stays as it is known.

    Raises:
        ArchiveError: the archive is no readable folder.
    """
    scanned_at = time.time_ns()
    passed_over: list[Problem] = []

    def pass_over(problem: Problem) -> None:
        passed_over.append(problem)
        report(problem)

    follow_links, exclude = ledger.follow_links, ledger.exclude
    here = survey(archive, pass_over, follow_links=follow_links, exclude=exclude, stats=True)
    settled_at = ledger.scanned_at if ledger.is_of_this_host else 0
    settled = partial(_is_settled, scanned_at=settled_at)
    places, missing = ledger.files.compare(here.ids, here.stats, settled)
    files = ((ArticleFile(here.ids[place], archive), _stat(here, place)) for place in places)
    unread, touched, has_same = _tell_apart(files, ledger, settled)
    hidden = _hidden(missing, passed_over)
    return Scan(
        scanned_at=scanned_at,
        files=len(here.ids),
        folders=here.folders,
        passed_over=len(passed_over),
        unread=unread,
        touched=touched,
        unsettled=has_same or not ledger.is_of_this_host,
        gone=missing - hidden,
        hidden=hidden,
    )


def _tell_apart(
    files: Iterable[tuple[ArticleFile, FileStat]],
    ledger: Ledger,
    is_settled: Callable[[Sequence[int]], bool],
) -> tuple[list[ArticleFile], dict[str, FileStat], bool]:
    """Files that may differ from the ledger, each as it is now.

    Returns:
        Those of other content; the times of those with other times alone; True if some are as
        they were, which took reading them.
    """
    unread: list[ArticleFile] = []
    touched: dict[str, FileStat] = {}
    has_same = False
    for file, stat in files:
        entry = ledger.files.get(file.id)
        if entry is None or stat == UNKNOWN or not entry.digest:
            unread.append(file)
        elif stat != entry.stat or not is_settled(stat):
            found = _same_content(file, entry)
            if found is None:
                unread.append(file)
            elif found != entry.stat:
                touched[file.id] = found
            else:
                has_same = True
    return unread, touched, has_same


def _hidden(missing: set[str], passed_over: Iterable[Problem]) -> set[str]:
    """The missing files that may be there: they, or a folder above, cannot be looked at."""
    # Behind a link that is not followed is nothing of the archive.
    closed = frozenset(each.path for each in passed_over if each.kind != ProblemKind.LEADS_OUT)
    return {id_ for id_ in missing if closed and _is_under(id_, closed)}


def _stat(here: Survey, place: int) -> FileStat:
    return FileStat(*here.stats[WIDTH * place : WIDTH * (place + 1)])


def _is_settled(numbers: Sequence[int], scanned_at: int) -> bool:
    """True if files with these numbers, four of each, were written long enough before that."""
    limit = scanned_at - MARGIN
    return max(numbers[1::4]) < limit and max(numbers[2::4]) < limit


def _same_content(file: ArticleFile, entry: Entry) -> FileStat | None:
    """The file's times if its content is what the entry says."""
    try:
        stat, digest = digest_file(file.path)
    except ArticleError:
        return None
    return stat if digest == entry.digest else None


def _is_under(id_: str, paths: frozenset[str]) -> bool:
    """True if one of the paths is that of a file, or of a folder above it."""
    above = accumulate(id_.split("/"), lambda folder, name: f"{folder}/{name}")
    return not paths.isdisjoint((".", *above))


class Differences(NamedTuple):
    """Files of the archive that are not as the index has them; a renamed one is new and gone."""

    new: int
    changed: int
    gone: int

    @property
    def total(self) -> int:
        """How many there are."""
        return self.new + self.changed + self.gone

    def __str__(self) -> str:
        counts = {"new": self.new, "changed": self.changed, "gone": self.gone}
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
        noun = "file differs" if self.total == 1 else "files differ"
        return f"{self.total:,} {noun} from what was indexed ({kinds})"


MOST_READ = 50
"""Files that a glance reads, where only their times differ, to see if they have changed."""


def glance(archive: Path, reader: Reader) -> Differences | None:
    """As `differences`, by size and times: where more than a few differ, all of these count.

    Files that another machine indexed count by their sizes.
    """
    ledger = Ledger.load(reader.note)
    if ledger is None:
        return None
    passed_over: list[Problem] = []
    suspects: list[tuple[ArticleFile, Entry]] = []
    follow_links, exclude = ledger.follow_links, ledger.exclude
    here = survey(
        archive, passed_over.append, follow_links=follow_links, exclude=exclude, stats=True
    )
    places, missing = ledger.files.compare(here.ids, here.stats, lambda some: True)  # noqa: ARG005
    for place in places:
        file = ArticleFile(here.ids[place], archive)
        entry = ledger.files.get(file.id)
        if entry and entry.digest and _looks_changed(_stat(here, place), entry.stat, ledger):
            suspects.append((file, entry))
    if len(suspects) <= MOST_READ:
        suspects = [each for each in suspects if _same_content(*each) is None]
    new = len(here.ids) + len(missing) - len(ledger.files)
    return Differences(new, len(suspects), len(missing - _hidden(missing, passed_over)))


def _looks_changed(now: FileStat, then: FileStat, ledger: Ledger) -> bool:
    if now == UNKNOWN or ledger.is_of_this_host:
        return now != then
    return now.size != then.size


def differences(archive: Path, reader: Reader) -> Differences | None:
    """Compare an archive with an open index; nothing is written and no lock taken.

    Gives None if the index does not say what it was made of.

    Raises:
        ArchiveError: the archive is no readable folder.
        IndexDamagedError: the index is not as it was written.
    """
    ledger = Ledger.load(reader.note)
    if ledger is None:
        return None
    found = scan(archive, ledger, _ignore)
    new = sum(file.id not in ledger.files for file in found.unread)
    changed = sum(_has_changed(file, ledger) for file in found.unread)
    return Differences(new, changed, len(found.gone))


def _has_changed(file: ArticleFile, ledger: Ledger) -> bool:
    entry = ledger.files.get(file.id)
    if entry is None:
        return False
    if entry.digest:
        return True
    # It could not be read then, and is listed as unread for as long as that lasts.
    try:
        digest_file(file.path)
    except ArticleError:
        return False
    return True


def _ignore(problem: Problem) -> None:
    """Told by updates."""
