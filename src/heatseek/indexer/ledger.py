"""The ledger of an index: each file as it was read last, and what it mentions.

It stands beside the index as notes of the generation, and says what has to be read again, and
which stories change with it, without opening one article.
"""

from __future__ import annotations

import json
import zlib
from array import array
from heapq import merge
from itertools import repeat
from socket import gethostname
from typing import TYPE_CHECKING, Any, Self

from heatseek.compression import MOST_BYTES, inflate
from heatseek.errors import SURPRISES, IndexDamagedError
from heatseek.indexer.blocks import whole
from heatseek.indexer.files import Files
from heatseek.indexer.mentions import Mentions
from heatseek.indexer.rows import DIGEST, Entry
from heatseek.indexer.table import Table
from heatseek.ingest.file_stat import UNKNOWN, FileStat
from heatseek.ingest.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from heatseek.article import Article

_FILES, _TABLE, _MENTIONS = "files", "table", "mentions"
_VERSION = 6


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
        self.files = Files()
        self.mentions = Mentions()
        self.scanned_at = scanned_at
        self.follow_links = follow_links
        self.exclude = tuple(exclude)
        self.month_first: bool | None = None
        self.spaced = False
        self.host = gethostname()
        self._used = 0
        """How many mentions files made when that was counted last."""

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
        head: dict[str, Any] = json.loads(inflate(packed, MOST_BYTES)) if packed else {}
        if head.get("version") != _VERSION:
            return None
        ledger = cls(
            whole(head["scanned_at"]),
            follow_links=head.get("follow_links", False),
            exclude=head["exclude"],
        )
        ledger.host = str(head.get("host", ""))
        ledger._used = whole(head["used"])
        ledger.month_first, ledger.spaced = head["month_first"], head["spaced"]
        if type(ledger.spaced) is not bool or ledger.month_first not in (None, True, False):
            raise TypeError("not what was told of all files")
        problems = {id_: _problem(row) for id_, row in head["problems"].items()}
        table = Table.of(note(_TABLE), problems)
        ledger.files = Files(table, {i: _entry(row) for i, row in head["changes"].items()})
        # Half a character can be written in JSON, and can be printed or indexed by nobody.
        "".join((*ledger.exclude, *ledger.files.changes)).encode()
        ledger.mentions = Mentions(note(_MENTIONS), ledger.files.top)
        return ledger

    def notes(self) -> Mapping[str, bytes | None]:
        """The notes that `load` takes, by name; None for one that stays as it was loaded."""
        self._forget_unused()
        files = self.files = self.files.folded()
        table = files.table
        head = {
            "version": _VERSION,
            "scanned_at": self.scanned_at,
            "follow_links": self.follow_links,
            "exclude": self.exclude,
            "host": self.host,
            "used": self._used,
            "month_first": self.month_first,
            "spaced": self.spaced,
            "problems": {id_: _problem_row(each) for id_, each in table.problems.items()},
            "changes": {id_: _row(entry) for id_, entry in files.changes.items()},
        }
        return {
            _FILES: _packed(json.dumps(head, separators=(",", ":")).encode()),
            _TABLE: None if files.is_written else table.note(),
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
        return self.files.articles

    def _forget_unused(self) -> None:
        """Let mentions go that no file makes any more, once they are the greater part."""
        # To look at those of all files takes a fifth of a second for a million.
        if not self.files.has_many_changes and len(self.mentions) <= 2 * self._used:
            return
        used = self.files.numbers()
        self._used = len(used)
        if len(self.mentions) <= 2 * len(used):
            return
        # Some that only files made which are changed may still be among them.
        anew = self.mentions.without(used)
        self.files = self.files.renumbered(
            lambda numbers: array("I", map(anew.__getitem__, numbers))
        )


def merged(ledger: Ledger, parts: Iterable[Ledger]) -> Ledger:
    """The ledger of all files of which some ledgers have some each.

    What is known of all files is as in `ledger`; of the files of other machines only contents are
    trusted.
    """
    every = list(parts)
    scanned_at = min((part.scanned_at for part in every), default=ledger.scanned_at)
    whole = Ledger(scanned_at, follow_links=ledger.follow_links, exclude=ledger.exclude)
    whole.spaced = ledger.spaced
    numbers = [[*map(whole.mentions.add, part.mentions.lines())] for part in every]
    ids = [zip(part.files, repeat(place)) for place, part in enumerate(every)]
    for id_, place in merge(*ids):
        entry = every[place].files[id_]
        stat = entry.stat if every[place].host == whole.host else UNKNOWN
        mentions = array("I", map(numbers[place].__getitem__, entry.mentions))
        whole.files[id_] = entry._replace(stat=stat, mentions=mentions)
    return whole


def _packed(data: bytes) -> bytes:
    # Written with every update: a tenth more bytes, a quarter of the time.
    return zlib.compress(data, zlib.Z_BEST_SPEED)


def _row(entry: Entry | None) -> list[Any] | None:
    """An entry as JSON."""
    if entry is None:
        return None
    problem = entry.problem and _problem_row(entry.problem)
    digest, mentions = entry.digest.hex(), entry.mentions.tolist()
    return [list(entry.stat), digest, entry.url, mentions, entry.indexed, problem, entry.order]


def _entry(row: list[Any] | None) -> Entry | None:
    """The entry of what `_row` gave.

    Raises:
        One of SURPRISES: it is of something else.
    """
    if row is None:
        return None
    stat, digest, url, mentions, indexed, problem, order = row
    numbers = array("q", stat)
    url.encode()
    if len(bytes.fromhex(digest)) not in (0, DIGEST) or type(indexed) is not bool:
        raise ValueError("not the values of a file")
    return Entry(
        *(FileStat(*numbers), bytes.fromhex(digest), url, array("I", mentions), indexed),
        *(problem and _problem(problem), whole(order)),
    )


def _problem(row: list[Any]) -> Problem:
    """A problem of what `_problem_row` gave.

    Raises:
        TypeError, ValueError: it is of something else.
    """
    path, line, column, reason, kind, fatal = row
    types = [set(map(type, part)) for part in ((path, reason, kind), (line, column))]
    if types[0] != {str} or not types[1] <= {int, type(None)}:
        raise TypeError("not the values of a problem")
    f"{path}{reason}{kind}".encode()
    return Problem(path, line, column, reason, kind, bool(fatal))


def _problem_row(problem: Problem) -> list[Any]:
    return [
        *(problem.path, problem.line, problem.column),
        *(problem.reason, problem.kind, problem.fatal),
    ]
