"""The ledger of an index: each file as it was read last, and what it mentions.

It stands beside the index as notes of the generation, and says what has to be read again, and
which stories change with it, without opening one article.
"""

from __future__ import annotations

import json
import zlib
from array import array
from itertools import pairwise
from socket import gethostname
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from heatseek.compression import MOST_BYTES, SURPRISES, from_bytes, inflate, to_bytes
from heatseek.errors import IndexDamagedError
from heatseek.indexer.mentions import Mentions
from heatseek.ingest.file_stat import UNKNOWN, FileStat
from heatseek.ingest.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from heatseek.article import Article

_FILES, _NUMBERS, _MENTIONS = "files", "numbers", "mentions"
_VERSION = 4
_DIGEST = 16
"""Bytes."""


class Entry(NamedTuple):
    """A file of the archive."""

    stat: FileStat
    digest: bytes
    """Of its content; empty if it could not be read at all."""
    url: str = ""
    """Of the article that is indexed for it: canonical, empty if it has none."""
    mentions: array[int] = array("I")
    """The mentions of that article, in order, by number."""
    indexed: bool = True
    """True if there is such an article."""
    problem: Problem | None = None
    """Why it is not of the file as it is now."""
    order: int = 0
    """The evidence of that article's dates on the order of day and month (`dates.evidence`)."""


class Ledger:
    """The files of an archive, by id.

    Attributes:
        files: by id.
        mentions: what they mention.
        scanned_at: when they were looked at, in nanoseconds since 1970.
        follow_links: whether links led out of the archive.
        exclude: what was passed over.
        month_first: which way round dates with slashes were read; None: they told nothing.
        spaced: whether lists were also read with spaces between their items.
        host: the machine on which they were looked at. Inodes and times are hints, which no other
            machine trusts: there contents are compared.
    """

    def __init__(
        self, scanned_at: int, *, follow_links: bool = False, exclude: Sequence[str] = ()
    ) -> None:
        self.files: dict[str, Entry] = {}
        self.mentions = Mentions()
        self.scanned_at = scanned_at
        self.follow_links = follow_links
        self.exclude = tuple(exclude)
        self.month_first: bool | None = None
        self.spaced = False
        self.host = gethostname()

    @classmethod
    def load(cls, note: Callable[[str], bytes]) -> Self | None:
        """The ledger of a generation's notes; None if it has none that this version knows.

        Raises:
            IndexDamagedError: they are nothing that `notes` gives.
        """
        try:
            return cls._load(note)
        except SURPRISES as error:
            raise IndexDamagedError("the notes of its files are none") from error

    @classmethod
    def _load(cls, note: Callable[[str], bytes]) -> Self | None:
        packed = note(_FILES)
        columns: dict[str, Any] = json.loads(inflate(packed, MOST_BYTES)) if packed else {}
        if columns.get("version") != _VERSION:
            return None
        _check(columns)
        ledger = cls(
            columns["scanned_at"],
            follow_links=columns.get("follow_links", False),
            exclude=columns["exclude"],
        )
        ledger.host = str(columns.get("host", ""))
        ledger.month_first, ledger.spaced = columns["month_first"], columns["spaced"]
        numbers = from_bytes("I", inflate(note(_NUMBERS), MOST_BYTES))
        ledger.mentions = Mentions(note(_MENTIONS), max(numbers, default=-1) + 1)
        stats = zip(*[iter(columns["stats"])] * len(FileStat._fields), strict=True)
        for id_, stat, digest, url, (start, end), indexed in zip(
            columns["ids"],
            stats,
            _digests(columns["digests"]),
            columns["urls"],
            pairwise(columns["ends"]),
            columns["indexed"],
            strict=True,
        ):
            entry = Entry(FileStat(*stat), digest, url, numbers[start:end], bool(indexed))
            ledger.files[id_] = entry
        for id_, problem in columns["problems"].items():
            ledger.files[id_] = ledger.files[id_]._replace(problem=_problem(problem))
        for id_, order in columns["orders"].items():
            ledger.files[id_] = ledger.files[id_]._replace(order=order)
        return ledger

    def notes(self) -> Mapping[str, bytes]:
        """The notes that `load` takes, by name."""
        self._forget_unused()
        entries = self.files.values()
        ends = [0]
        for entry in entries:
            ends.append(ends[-1] + len(entry.mentions))
        columns = {
            "version": _VERSION,
            "scanned_at": self.scanned_at,
            "follow_links": self.follow_links,
            "exclude": self.exclude,
            "host": self.host,
            "month_first": self.month_first,
            "spaced": self.spaced,
            "orders": {id_: entry.order for id_, entry in self.files.items() if entry.order},
            "ids": list(self.files),
            "stats": [value for entry in entries for value in entry.stat],
            "digests": b"".join(entry.digest or bytes(_DIGEST) for entry in entries).hex(),
            "urls": [entry.url for entry in entries],
            "ends": ends,
            "indexed": [int(entry.indexed) for entry in entries],
            "problems": {id_: _row(e.problem) for id_, e in self.files.items() if e.problem},
        }
        numbers = b"".join(to_bytes(entry.mentions) for entry in entries)
        return {
            _FILES: _packed(json.dumps(columns, separators=(",", ":")).encode()),
            _NUMBERS: _packed(numbers),
            _MENTIONS: self.mentions.packed(),
        }

    @property
    def is_of_this_host(self) -> bool:
        """True if its inodes and times are those of files as this machine sees them."""
        return self.host == gethostname()

    def move_here(self, hidden: Iterable[str]) -> None:
        """After this machine has looked at the files, but for hidden ones: those it knows not."""
        if not self.is_of_this_host:
            self.host = gethostname()
            for id_ in hidden:
                self.files[id_] = self.files[id_]._replace(stat=UNKNOWN)

    def numbers(self, related: tuple[Article, ...]) -> array[int]:
        """The mentions of an article, as they stand in its entry."""
        return array("I", map(self.mentions.number, related))

    @property
    def articles(self) -> int:
        """How many files have an article in the index."""
        return sum(entry.indexed for entry in self.files.values())

    @property
    def problems(self) -> Iterator[Problem]:
        """Why files are not indexed, or not as they are now."""
        return (entry.problem for entry in self.files.values() if entry.problem)

    def _forget_unused(self) -> None:
        """Let mentions go that no file makes any more, once they are the greater part."""
        used = {number for entry in self.files.values() for number in entry.mentions}
        if len(self.mentions) <= 2 * len(used):
            return
        renumbered = self.mentions.without(used)
        for id_, entry in self.files.items():
            numbers = array("I", map(renumbered.__getitem__, entry.mentions))
            self.files[id_] = entry._replace(mentions=numbers)


def _check(columns: Mapping[str, Any]) -> None:
    """Refuse values of other types than `notes` gives.

    Raises:
        TypeError, ValueError: there are some.
    """
    texts = (*columns["ids"], *columns["urls"], *columns["exclude"])
    numbers = (columns["scanned_at"], *columns["stats"], *columns["ends"])
    # Half a character can be written in JSON, and can be printed or indexed by nobody.
    "".join(texts).encode()
    numbers = (*numbers, *columns["orders"].values())
    if type(columns["spaced"]) is not bool or columns["month_first"] not in (None, True, False):
        raise TypeError("not what was told of all files")
    if set(map(type, numbers)) != {int} or len(set(columns["ids"])) != len(columns["ids"]):
        raise TypeError("not the values of files")


def _packed(data: bytes) -> bytes:
    # Written with every update: a tenth more bytes, a quarter of the time.
    return zlib.compress(data, zlib.Z_BEST_SPEED)


def _digests(text: str) -> Iterator[bytes]:
    data = bytes.fromhex(text)
    for start in range(0, len(data), _DIGEST):
        digest = data[start : start + _DIGEST]
        yield digest if any(digest) else b""


def _problem(row: list[Any]) -> Problem:
    """A problem of what `_row` gave.

    Raises:
        TypeError, ValueError: it is of something else.
    """
    path, line, column, reason, kind, fatal = row
    types = [set(map(type, part)) for part in ((path, reason, kind), (line, column))]
    if types[0] != {str} or not types[1] <= {int, type(None)}:
        raise TypeError("not the values of a problem")
    f"{path}{reason}{kind}".encode()
    return Problem(path, line, column, reason, kind, bool(fatal))


def _row(problem: Problem) -> list[Any]:
    return [
        *(problem.path, problem.line, problem.column),
        *(problem.reason, problem.kind, problem.fatal),
    ]
