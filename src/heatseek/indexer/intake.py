"""Files read and made ready for ledger and engine, by this process or by others.

What must be known of all files travels as it stands in the ledger: an entry each, and each
mention once. All else of an article is in a part of the engine's, which nobody unpacks.
"""

from __future__ import annotations

import os
import sys
from array import array
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.article import canonical, to_json
from heatseek.definitions import replace
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.rows import Entry
from heatseek.ingest.dates import EITHER
from heatseek.ingest.file_stat import UNKNOWN, FileStat
from heatseek.ingest.parallel import in_others
from heatseek.ingest.reader import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from heatseek.article import Article
    from heatseek.engines.base import Part, PartMaker
    from heatseek.ingest.discover import ArticleFile
    from heatseek.ingest.keys import Format
    from heatseek.ingest.problem import Problem
    from heatseek.ingest.reader import Reading

    MakeParts = Callable[[], PartMaker | None]
    """Gives the engine's maker of parts, which takes a while; None if it takes articles only."""

SHARE = 1_000
"""Files that a process must have to read: to start one takes as long as 500 of them."""
SHARE_BYTES = 2_000_000
"""Or bytes: where files have bodies, to start one takes as long as a million."""
MOST = 4
"""Processes that pay: the one that puts everything together takes a tenth of the work."""
MOST_CHARACTERS = 8_000_000
"""Of mentions remembered by a process."""
LARGEST, LEAST = 1_000, 64
"""Files of a task. They follow each other, so are alike; what they have in common is done once."""
_TASKS = 4
"""For each process, of the size of the next one: many files at first, so that few parts come of
them; few at the end, so that all processes end at once."""


class Row(NamedTuple):
    """A file that was read."""

    file: ArticleFile
    entry: Entry
    """Its mentions have the ledger's numbers."""
    problems: tuple[Problem, ...]


class Intake(NamedTuple):
    """Some files, in their order, and what the engine is to be given of them."""

    rows: list[Row]
    articles: Sequence[Article | Part]
    """Of files but those whose entry has `EITHER` among its orders, if these are held back."""


def take_in(  # noqa: PLR0913 - the first is the subject
    files: Sequence[ArticleFile],
    form: Format,
    ledger: Ledger,
    make: MakeParts,
    processes: int | None = 1,
    *,
    hold: bool,
) -> Iterator[Intake]:
    """Read files, in their order.

    Closing the iterator stops all other processes at once.

    Args:
        files: what to read; what is wrong with one of them is in its row.
        form: how to read them.
        ledger: numbers their mentions.
        make: of parts, for other processes.
        processes: that read. 1: this one does; None: as many as pay.
        hold: whether articles with a date that may be two are left out.

    Raises:
        ArchiveError: a process died, or could not be started.
    """
    count = worth(files) if processes is None else processes
    if count > 1 and files:
        return _from_others(files, form, ledger, make, count, hold=hold)
    return _read_here(files, form, ledger, hold=hold)


def worth(files: Sequence[ArticleFile]) -> int:
    """The number of processes by which files are indexed fastest; 1 is this one alone."""
    most = min(_processors(), MOST) if sys.executable else 1
    if len(files) >= most * SHARE:
        return most
    shares = max(len(files) // SHARE, _bytes(files, most * SHARE_BYTES) // SHARE_BYTES)
    return max(min(shares, most), 1)


def _bytes(files: Iterable[ArticleFile], enough: int) -> int:
    """How many files have, as far as is known; no more are looked at when it is enough."""
    size = 0
    for file in files:
        with suppress(OSError):  # whoever reads it tells
            size += os.stat(os.path.join(file.archive, file.id)).st_size  # noqa: PTH116, PTH118 - often
        if size >= enough:
            break
    return size


def _processors() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _read_here(
    files: Sequence[ArticleFile], form: Format, ledger: Ledger, *, hold: bool
) -> Iterator[Intake]:
    for file in files:
        reading = attempt(file, form)
        article = _to_index(reading, hold=hold)
        numbers = ledger.numbers(reading.article.related) if reading.article else array("I")
        entry = _entry_of(reading)._replace(mentions=numbers)
        row = Row(file, entry, reading.problems)
        yield Intake([row], [article] if article else [])


def _to_index(reading: Reading, *, hold: bool) -> Article | None:
    """The article as it is indexed: what it mentions is indexed apart."""
    article = reading.article
    if article is None or (hold and reading.order & EITHER):
        return None
    return replace(article, related=()) if article.related else article


def _entry_of(reading: Reading) -> Entry:
    """The ledger's entry for a file that was read, without mentions."""
    stat = reading.stat or UNKNOWN
    article = reading.article
    if article is None:
        fatal = next(problem for problem in reading.problems if problem.fatal)
        return Entry(stat, reading.digest, indexed=False, problem=fatal)
    url = canonical(article.url) if article.url else ""
    return Entry(stat, reading.digest, url, order=reading.order)


class _Packet(NamedTuple):
    """An intake as it travels; the files are known where it is unpacked."""

    process: int
    entries: list[tuple[Any, ...]]
    """As plain tuples, which are written and read in half the time; mentions have the numbers of
    this process, as bytes of an array."""
    problems: list[tuple[Problem, ...]]
    new: list[bytes]
    """Mentions that were not sent before; they go on where the numbers stopped."""
    anew: bool
    """True if all that were sent before are forgotten first, and numbers begin at 0."""
    article: Part | Article | None


class _Articles:
    """A maker of parts for an engine that has none: each article goes as it is."""

    def add(self, article: Article) -> Article:
        return article

    def finish(self) -> None:
        """None waits."""


class _Reading:
    """The job of another process. Its packets must be unpacked in the order they were made in.

    Args:
        parts: makes what the engine is given.
        limit: characters of mentions that are remembered.
    """

    def __init__(self, parts: PartMaker | _Articles, limit: int) -> None:
        self._parts = parts
        self._limit = limit
        self._numbers: dict[int, int] = {}
        self._sent: list[Article] = []  # their ids in memory are the keys of `_numbers`
        self._characters = 0

    def __call__(
        self,
        files: Sequence[ArticleFile],
        form: Format,
        hold: bool,
    ) -> Iterator[_Packet]:
        """Read files; a packet goes out with each part, the last one with the rest."""
        begun = self._begun()
        for file in files:
            reading = attempt(file, form)
            mentions = self._mentions(reading.article.related if reading.article else ())
            stat, digest, url, _, *rest = _entry_of(reading)
            begun.entries.append((tuple(stat), digest, url, mentions, *rest))
            begun.problems.append(reading.problems)
            article = _to_index(reading, hold=hold)
            part = article and self._parts.add(article)
            if part:
                yield self._whole(begun, part)
                begun = self._begun()
        yield self._whole(begun, self._parts.finish())

    def _begun(self) -> _Packet:
        anew = self._characters > self._limit
        if anew:
            self._characters = 0
            self._numbers.clear()
            self._sent.clear()
        self._known = len(self._sent)
        return _Packet(os.getpid(), [], [], [], anew, None)

    def _whole(self, packet: _Packet, article: Part | Article | None) -> _Packet:
        return packet._replace(new=list(map(to_json, self._sent[self._known :])), article=article)

    def _mentions(self, related: Sequence[Article]) -> bytes:
        try:
            numbers = array("I", map(self._numbers.__getitem__, map(id, related)))
        except KeyError:
            numbers = array("I", map(self._number, related))
        return numbers.tobytes()

    def _number(self, mention: Article) -> int:
        number = self._numbers.get(id(mention))
        if number is None:
            number = self._numbers[id(mention)] = len(self._sent)
            self._sent.append(mention)
            # The constant stands for the object and its short texts.
            self._characters += 300 + len(mention.title) + len(mention.excerpt)
        return number


def _from_others(  # noqa: PLR0913 - those of `take_in`
    files: Sequence[ArticleFile],
    form: Format,
    ledger: Ledger,
    make: MakeParts,
    processes: int,
    *,
    hold: bool,
) -> Iterator[Intake]:
    tasks = [(some, form, hold) for some in _cut(files, processes)]
    left = iter(files)
    numbers: dict[int, list[int]] = {}
    packet: _Packet
    for packet in in_others(partial(_job, make), tasks, processes):
        known = numbers.setdefault(packet.process, [])
        if packet.anew:
            known.clear()
        known += map(ledger.mentions.add, packet.new)
        rows = [
            Row(next(left), _entry(known, *entry), problems)
            for entry, problems in zip(packet.entries, packet.problems, strict=True)
        ]
        yield Intake(rows, [packet.article] if packet.article else [])


def _job(make: MakeParts) -> _Reading:
    return _Reading(make() or _Articles(), MOST_CHARACTERS)


def _entry(
    known: Sequence[int], stat: Sequence[int], digest: bytes, url: str, mentions: bytes, *rest: Any
) -> Entry:
    """An entry of a packet, whose mentions have the ledger's numbers."""
    numbers = array("I", map(known.__getitem__, array("I", mentions)))
    return Entry(FileStat(*stat), digest, url, numbers, *rest)


def _cut(files: Sequence[ArticleFile], processes: int) -> Iterator[Sequence[ArticleFile]]:
    """The files of each task."""
    start = 0
    while (left := len(files) - start) > 0:
        size = min(max(left // (_TASKS * processes), LEAST), LARGEST)
        yield files[start : start + size]
        start += size
