"""The sorted terms of an inverted field in one segment, and the postings of each.

Terms stand in blocks of `BLOCK`; of the last one there may be fewer. The text of a block:

    length     of the first term, as a list of one, and the term
    sizes      a list: bytes of each record; of a field with positions, another one of theirs
    beginnings a byte for each other term: how many bytes it has in common with the one before,
               and 16 times less, how many it has of its own, or 15
    lengths    a list: how many more than 15 those have
    ends       the bytes of their own

A row says of each block where its text, its records and the positions behind these begin, and has
checksums of both; the last row, where everything ends, and how many terms there are. `coding` says
how lists stand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import partial
from itertools import accumulate, pairwise
from zlib import crc32

from heatseek.engines.shared.fields import AFTER_ANY_UTF8, SPELLING
from heatseek.engines.whoosh.coding import BYTES, MORE, Coded, number
from heatseek.engines.whoosh.postings import Postings
from heatseek.engines.whoosh.sections import DamagedRecordError
from heatseek.errors import SURPRISES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.sections import SectionFile

RECENT = 64
"""Terms whose postings are kept in the form in which they were read."""
_KEPT = 50_000
"""Terms of a vocabulary of which all that patterns match are kept in the same form."""
BLOCK = 32
"""Terms: of more, a look at one would take longer; of fewer, rows would take more bytes."""
ROW = 5
"""Numbers of 8 bytes in a row."""
_TEXT, _RECORDS, _POSITIONS, _COUNT, _ = range(ROW)
_IS_LONG = bytes(code & MORE == MORE for code in range(256))
_BETWEEN = SPELLING.encode()
"""Terms, where none of them has a spelling."""
_CRC = 2
"""Behind either start: its checksum, or in the last row the number of all terms."""


class Block:
    """Some terms that follow each other.

    Args:
        first: the first of them.
        data: all others: beginnings, lengths and ends.
        count: of terms.
        starts: of their records, and the end of the last.
        positions: the same of their positions; empty if there are none.
    """

    __slots__ = ("_count", "_data", "_first", "_terms", "positions", "starts")

    def __init__(
        self, first: bytes, data: bytes, count: int, starts: list[int], positions: list[int]
    ) -> None:
        self._first = first
        self._data = data
        self._count = count
        self._terms: list[bytes] = []
        self.starts = starts
        self.positions = positions

    @property
    def terms(self) -> list[bytes]:
        """All of them.

        Raises:
            DamagedRecordError: there is more than that, or less.
        """
        if not self._terms:
            self._terms = list(_terms(self._first, self._data, self._count - 1))
        return self._terms

    def place(self, term: bytes) -> int:
        """The place of a term; -1: it is none of these.

        Raises:
            DamagedRecordError: they are not as they were written.
        """
        # Put together no further than needed: most blocks are read for one term.
        every = self._terms or _terms(self._first, self._data, self._count - 1)
        for at, other in enumerate(every):
            if other >= term:
                return at if other == term else -1
        return -1


class Vocabulary:
    """The sorted terms of one field and where the postings of each are.

    Args:
        file: of the segment's terms.
        field: an inverted one.
        size: documents of the segment.
        has_positions: whether it is known where in a document its terms stand.

    Raises:
        IndexDamagedError: there are not as many of the one as of the other.
    """

    def __init__(self, file: SectionFile, field: str, size: int, *, has_positions: bool) -> None:
        self._file = file
        self._size = size
        self._field = field
        self._has_positions = has_positions
        self._text = f"{field}/terms"
        self._rows = file.numbers(f"{field}/blocks", "Q")
        self._postings = f"{field}/postings"
        self._records = file.section(self._postings)
        blocks, rest = divmod(len(self._rows), ROW)
        last = self._rows[-ROW:].tolist()
        self._length = last[_COUNT] if last else 0
        if (
            rest
            or not self._length
            or blocks - 1 != -(-self._length // BLOCK)
            or self._rows[:_POSITIONS].tolist() != [0, 0]
            or last[:_COUNT] != [file.length(self._text), len(self._records), len(self._records)]
        ):
            raise file.damaged(f"has terms of {field} that do not go together")
        self._checked = bytearray(blocks - 1)
        self._mapped = bytearray(blocks - 1)
        """Of each block, likewise, what may be in memory, after so many releases of the file."""
        self._releases = file.releases
        self._latest: tuple[int, Block] | None = None
        self._recent: dict[str, Postings | None] = {}
        self._of_places: dict[int, Postings] = {}
        self._words: list[str] = []
        self._joined = b""
        self._firsts: list[bytes] = []
        """The first term of each block, in a vocabulary that is looked into often."""
        self._looks = 0

    def __len__(self) -> int:
        return self._length

    def find(self, term: str) -> Postings | None:
        """The postings of a term."""
        # The same words come again: it is asked what they cost, then they are searched for.
        if term not in self._recent:
            # A lone surrogate is in no term, and must not raise.
            place = self._place(term.encode(errors="surrogatepass"))
            if len(self._recent) >= RECENT:
                self._recent.clear()
            self._recent[term] = None if place is None else self.postings(place)
        return self._recent[term]

    def _place(self, term: bytes) -> int | None:
        number_ = self._block_of(term)
        if number_ < 0:
            return None
        try:
            at = self._block(number_).place(term)
        except SURPRISES as error:
            raise self._odd_terms() from error
        return None if at < 0 else number_ * BLOCK + at

    def lower_bound(self, term: bytes) -> int:
        """The place of the first term that is not before `term`."""
        block = self._block_of(term)
        if block < 0:
            return 0
        return block * BLOCK + bisect_left(self._terms_of(block), term)

    def _block_of(self, term: bytes) -> int:
        """The last block that begins before a term, or with it; -1: none does."""
        blocks = range(len(self._checked))
        if not self._firsts:
            self._looks += len(blocks).bit_length()
            if self._looks < len(blocks):
                return bisect_right(blocks, term, key=self._first) - 1
            # To read all of them takes no longer than all looks before.
            self._firsts = list(map(self._first, blocks))
        return bisect_right(self._firsts, term) - 1

    def term(self, place: int) -> bytes:
        """The term at a place."""
        return self._terms_of(place // BLOCK)[place % BLOCK]

    def words(self) -> list[str]:
        """All terms, of labels without their spelling; made when they are asked for first."""
        if not self._words:
            self._joined = self._joined or _BETWEEN.join(self._terms())
            if self._joined.count(_BETWEEN) == len(self) - 1:
                self._words = self._joined.decode().split(SPELLING)
            else:
                self._words = [term.decode().partition(SPELLING)[0] for term in self._terms()]
        return self._words

    def join_words(self) -> None:
        """Keep `words` as one text for the next time: each alone takes many times its letters."""
        self._words = []

    def check_order(self) -> None:
        """See that terms, and their postings, stand one after another, and are sorted.

        Raises:
            IndexDamagedError: they are not.
        """
        if not all(one < other for one, other in pairwise(self._terms())):
            raise self._file.damaged(f"has terms of {self._field} that are not in order")
        self.words()

    def spellings(self, label: str) -> range:
        """The places of the terms of a label, one for each way in which it was written."""
        start = f"{label}{SPELLING}".encode(errors="surrogatepass")
        return range(self.lower_bound(start), self.lower_bound(start + AFTER_ANY_UTF8))

    def postings(self, place: int) -> Postings:
        """The postings of the term at a place; those of its block are checked when one is read.

        Raises:
            IndexDamagedError: they are not as they were written.
        """
        number_, at = divmod(place, BLOCK)
        block = self._block(number_)
        if not self._mapped[number_] & _RECORDS or self._releases != self._file.releases:
            self._check(number_, _RECORDS)
        record = self._records[block.starts[at] : block.starts[at + 1]]
        positions = partial(self.positions, place) if self._has_positions else None
        try:
            return Postings(record, self._size, positions)
        except DamagedRecordError as error:
            raise self._damaged(place) from error

    def postings_of(self, places: Sequence[int]) -> Iterable[Postings]:
        """The same of the terms at some places; patterns of one query often share most."""
        if len(self) > _KEPT:
            return map(self.postings, places)
        kept = self._of_places
        for place in places:
            if place not in kept:
                kept[place] = self.postings(place)
        return map(kept.__getitem__, places)

    def forget_recent(self) -> None:
        """Let go of postings in the form in which they were read."""
        self._recent.clear()
        self._of_places.clear()

    def positions(self, place: int) -> memoryview:
        """The bytes of a term's positions.

        Raises:
            IndexDamagedError: they are not as they were written.
        """
        number_, at = divmod(place, BLOCK)
        starts = self._block(number_).positions
        if not self._mapped[number_] & _POSITIONS or self._releases != self._file.releases:
            self._check(number_, _POSITIONS)
        return self._records[starts[at] : starts[at + 1]]

    def _check(self, block: int, part: int) -> None:
        """See that all records of a block, or all positions, are as they were written."""
        row = self._rows[block * ROW : (block + 2) * ROW]
        # Behind the positions are the records of the next block.
        end = row[_POSITIONS] if part == _RECORDS else row[ROW + _RECORDS]
        self._file.touch(end - row[part])
        if self._releases != self._file.releases:
            self._releases = self._file.releases
            self._mapped = bytearray(len(self._checked))
        if not self._checked[block] & part:
            if crc32(self._records[row[part] : end]) != row[part + _CRC]:
                raise self._damaged(block * BLOCK)
            self._checked[block] |= part
        self._mapped[block] |= part

    def _damaged(self, place: int) -> Exception:
        term = self.term(place).decode(errors="replace")
        return self._file.damaged(f"has changed postings of {self._field}:{term!r} or near it")

    def _first(self, block: int) -> bytes:
        """The first term of a block."""
        text = self._text_of(block)
        length, start = number(text, 0)
        return bytes(text[start : start + length])

    def _text_of(self, block: int) -> memoryview:
        start, end = self._rows[block * ROW], self._rows[(block + 1) * ROW]
        return self._file.piece(self._text, start, end)

    def _terms(self) -> list[bytes]:
        blocks = range(len(self._checked))
        return [term for block in blocks for term in self._terms_of(block)]

    def _terms_of(self, block: int) -> list[bytes]:
        try:
            return self._block(block).terms
        except SURPRISES as error:
            raise self._odd_terms() from error

    def _odd_terms(self) -> Exception:
        return self._file.damaged(f"has terms of {self._field} that do not go together")

    def _block(self, number_: int) -> Block:
        if self._latest and self._latest[0] == number_:
            return self._latest[1]
        try:
            block = self._read(number_)
        except SURPRISES as error:
            raise self._odd_terms() from error
        self._latest = number_, block
        return block

    def _read(self, number_: int) -> Block:
        """A block.

        Raises:
            One of SURPRISES: there is no such block.
        """
        here = self._rows[number_ * ROW : (number_ + 2) * ROW].tolist()
        count = min(BLOCK, self._length - number_ * BLOCK)
        text = self._text_of(number_)
        length, at = number(text, 0)
        first = bytes(text[at : at + length])
        at += length
        sizes = Coded(text, at, count, BYTES)
        starts = list(accumulate(sizes.numbers(), initial=here[_RECORDS]))
        at = sizes.end
        positions: list[int] = []
        if self._has_positions:
            sizes = Coded(text, at, count, BYTES)
            positions = list(accumulate(sizes.numbers(), initial=here[_POSITIONS]))
            at = sizes.end
        ends = starts[-1], positions[-1] if positions else here[_POSITIONS]
        if ends != (here[_POSITIONS], here[ROW + _RECORDS]):
            raise DamagedRecordError
        return Block(first, bytes(text[at:]), count, starts, positions)


def _terms(first: bytes, data: bytes, count: int) -> Iterator[bytes]:
    """The first term, and others whose beginnings, lengths and ends are given.

    Raises:
        DamagedRecordError: there is more than that, or less.
    """
    yield first
    beginnings = data[:count]
    long = beginnings.translate(_IS_LONG).count(1)
    more = Coded(memoryview(data), count, long, BYTES)
    at = more.end
    lengths = iter(more.numbers())
    term = first
    for code in beginnings:
        end = at + (code & MORE)
        if code & MORE == MORE:
            end += next(lengths)
        term = term[: code >> 4] + data[at:end]
        yield term
        at = end
    if at != len(data):
        raise DamagedRecordError


def ascend(offsets: memoryview, end: int) -> bool:
    """True for offsets that go from 0 to `end` and never back."""
    numbers = offsets.tolist()
    return [0, end] == [numbers[0], numbers[-1]] and numbers == sorted(numbers)
