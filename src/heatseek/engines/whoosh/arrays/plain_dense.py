"""Terms that many documents have, for `plain`: a byte for each document of the index.

Bytes of all documents are one long number where sets of them meet, are joined or are counted: what
takes a step for each document in lists takes one for all of them there. What records say of each of
their documents stays in the order of the record.
"""

from __future__ import annotations

from functools import cache
from itertools import islice

from heatseek.engines.whoosh.arrays.plain_counts import (
    Documents,
    Record,
    bytes_of,
    ids_of,
    number_of,
    ranks_of,
)
from heatseek.engines.whoosh.coding import MORE, NIBBLES, TWO
from heatseek.engines.whoosh.columns import gathered
from heatseek.engines.whoosh.postings import SELECTORS
from heatseek.engines.whoosh.sections import DamagedRecordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.postings import Postings, SegmentPostings

_PIECE = 4_096
"""Bytes of a list that become flags at a time: what that takes fits into the processor's cache."""
_LONG = b"\2"
"""Stands in flags for a distance that a list has apart."""
_VALUES = [b"\0", b"\1"]


class DenseRecord(Record):
    """The records of a term; see `Record`.

    Args:
        parts: likewise.
        deleted: likewise.
        flags: of each document of the index 1, if it has the term, else 0.

    Raises:
        DamagedRecordError: there are not as many as the records have.
    """

    def __init__(
        self, parts: Sequence[SegmentPostings], deleted: frozenset[int], flags: bytes
    ) -> None:
        self._flags = flags
        self._number = number_of(flags)
        self._size = sum(len(postings) for _, postings in parts)
        if self._number.bit_count() != self._size:
            raise DamagedRecordError
        super().__init__(parts, deleted, masks_of(parts))

    def _all(self) -> Documents:
        if not self._deleted:
            return Documents(number=self._number, size=self._size, flags=self._flags)
        left = bytearray(self._flags)
        for document in self._deleted:
            left[document] = 0
        return Documents(number=number_of(left))

    def in_field(self, field: int) -> Documents:
        number = number_of(_spread(self._flags, self._masks.translate(SELECTORS[field])))
        return Documents(number=number & (self.documents.number or 0))

    def all_ids(self, field: int) -> Iterable[int]:
        return ids_of(_spread(self._flags, self._masks.translate(SELECTORS[field])))

    def _find_places(self, few: Sequence[int]) -> Sequence[int]:
        return ranks_of(self._flags, few)

    def _find_masks(self, documents: Documents) -> bytes:
        # Behind the last document that has the term there is none.
        masks = bytes(gathered(self._masks + b"\0", self._places(documents)))
        having = number_of(bytes(gathered(self._flags, documents.ids)))
        return bytes_of(255 * having & number_of(masks)).ljust(len(masks), b"\0")


def dense_record(
    parts: Sequence[SegmentPostings], deleted: frozenset[int], size: int
) -> DenseRecord:
    """The records of a term in an index of so many documents."""
    flags: list[bytes] = []
    end = 0
    for base, postings in parts:
        own = list(flags_of(postings))
        flags += (bytes(base - end), *own)
        end = base + sum(map(len, own))
        if end > base + postings.size:
            raise DamagedRecordError
    return DenseRecord(parts, deleted, b"".join((*flags, bytes(size - end))))


def masks_of(parts: Sequence[SegmentPostings]) -> bytes:
    """The fields of each document of some records; those of labels have one."""
    return b"".join([postings.masks or b"\1" * len(postings) for _, postings in parts])


def flags_of(postings: Postings) -> Iterator[bytes]:
    """Of each document up to the last that has a term 1, if it has it, else 0; in some pieces."""
    coded = postings.documents
    is_halved = coded.form == NIBBLES
    first = coded.low[0] >> 4 if is_halved else coded.low[0]
    # The first distance is the number of a document, and one less than from before all of them.
    yield b"\0" if first else b"\1"
    run = (_pairs_of_runs() if is_halved else _runs(TWO, 256)).__getitem__
    large = coded.large()
    if sum(large) > postings.size:
        raise DamagedRecordError
    apart = map(_Runs().__getitem__, large)
    for at in range(0, len(coded.low), _PIECE):
        # All at once: a step for each takes longer than all else that is done with them.
        flags = b"".join(map(run, coded.low[at : at + _PIECE]))
        yield _woven(flags.split(_LONG), apart) if large else flags


@cache
def _runs(end: int, size: int) -> list[bytes]:
    """Flags of the documents from behind one to the next, by their distance.

    Args:
        end: distances from here on stand apart.
        size: of the table.
    """
    runs = [b"", *(bytes(distance - 1) + b"\1" for distance in range(1, end))]
    return runs + [_LONG] * (size - end)


@cache
def _pairs_of_runs() -> list[bytes]:
    """The same for two distances of half a byte."""
    runs = _runs(MORE, MORE + 1)
    return [one + other for one in runs for other in runs]


class _Runs(dict[int, bytes]):
    """The same for any distance."""

    def __missing__(self, distance: int) -> bytes:
        run = self[distance] = bytes(distance - 1) + b"\1"
        return run


def _woven(pieces: list[bytes], between: Iterator[bytes]) -> bytes:
    """Pieces of flags put together again."""
    woven = [b""] * (2 * len(pieces) - 1)
    woven[::2] = pieces
    woven[1::2] = islice(between, len(pieces) - 1)
    return b"".join(woven)


def _spread(flags: bytes, values: bytes) -> bytes:
    """Flags with a value, 0 or 1, in place of each that is 1."""
    return _woven(flags.split(b"\1"), map(_VALUES.__getitem__, values))
