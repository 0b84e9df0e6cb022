"""Terms that many documents have, for `plain`: a byte for each document of the index.

Bytes of all documents are one long number where sets of them meet, are joined or are counted: what
takes a step for each document in lists takes one for all of them there. What records say of each of
their documents stays in the order of the record.
"""

from __future__ import annotations

from functools import cache

from heatseek.engines.whoosh.arrays.plain_counts import (
    Documents,
    FieldCounts,
    Record,
    bytes_of,
    gathered,
    ids_of,
    number_of,
    ranks_of,
)
from heatseek.engines.whoosh.coding import MORE, NIBBLES, TWO
from heatseek.engines.whoosh.postings import SELECTORS
from heatseek.engines.whoosh.sections import DamagedRecordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heatseek.engines.whoosh.postings import FieldPostings, Postings, SegmentPostings

_LONG = b"\2"
"""Stands in flags for a distance that a list has apart."""
_IN_BOTH = b"\0\0\xff" + bytes(253)
"""Of documents of a record, 2 for those of a set that it meets, to all bits of these."""
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
        if self._number.bit_count() != sum(len(postings) for _, postings in parts):
            raise DamagedRecordError
        super().__init__(parts, deleted, masks_of(parts))

    def _all(self) -> Documents:
        if not self._deleted:
            return Documents(number=self._number)
        left = bytearray(self._flags)
        for document in self._deleted:
            left[document] = 0
        return Documents(number=number_of(left))

    def in_field(self, field: int) -> Documents:
        number = number_of(_spread(self._flags, self._masks.translate(SELECTORS[field])))
        return Documents(number=number & (self.documents.number or 0))

    def all_ids(self, field: int) -> Iterable[int]:
        return ids_of(_spread(self._flags, self._masks.translate(SELECTORS[field])))

    def counts(self) -> dict[int, FieldCounts]:
        return {
            field: DenseCounts(self, field, counts.parts)
            for field, counts in super().counts().items()
        }

    def among(self, number: int, field: int) -> int:
        """Of documents those that have the term in this field.

        Args:
            number: as `Documents` has it.
            field: the field.
        """
        number &= self.documents.number or 0
        # Flags and the number add up to 2 for the documents of both.
        chosen = bytes_of(self._number + number).translate(_IN_BOTH, b"\0")
        masks = bytes_of(number_of(self._masks) & number_of(chosen)).translate(None, b"\0")
        return number_of(_spread(bytes_of(number), masks.translate(SELECTORS[field])))

    def _find(self, documents: Documents) -> tuple[Sequence[int], bytes]:
        ids = documents.ids
        places = ranks_of(self._flags, ids)
        # Behind the last document that has the term there is none.
        masks = gathered(self._masks + b"\0", places)
        number = number_of(bytes(gathered(self._flags, ids))) * 255
        return places, bytes_of(number & number_of(bytes(masks))).ljust(len(ids), b"\0")


class DenseCounts(FieldCounts):
    """The counts of a dense record."""

    def __init__(self, record: DenseRecord, field: int, parts: Sequence[FieldPostings]) -> None:
        super().__init__(record, field, parts)
        self._dense = record

    def among(self, documents: Documents) -> Documents:
        if documents.number is None:
            return super().among(documents)
        return Documents(number=self._dense.among(documents.number, self._field))


def dense_record(
    parts: Sequence[SegmentPostings], deleted: frozenset[int], size: int
) -> DenseRecord:
    """The records of a term in an index of so many documents."""
    flags = b""
    for base, postings in parts:
        own = flags_of(postings)
        if len(own) > postings.size:
            raise DamagedRecordError
        flags = flags.ljust(base, b"\0") + own
    return DenseRecord(parts, deleted, flags.ljust(size, b"\0"))


def masks_of(parts: Sequence[SegmentPostings]) -> bytes:
    """The fields of each document of some records; those of labels have one."""
    return b"".join([postings.masks or b"\1" * len(postings) for _, postings in parts])


def flags_of(postings: Postings) -> bytes:
    """Of each document up to the last that has a term 1, if it has it, else 0."""
    coded = postings.documents
    is_halved = coded.form == NIBBLES
    first = coded.low[0] >> 4 if is_halved else coded.low[0]
    runs = _pairs_of_runs() if is_halved else _runs(TWO, 256)
    # All at once: a step for each takes longer than all else that is done with them.
    flags = b"".join(map(runs.__getitem__, coded.low))
    if large := coded.large():
        if sum(large) > postings.size:
            raise DamagedRecordError
        flags = _lengthened(flags, large)
    # The first distance is the number of a document, and one less than from before all of them.
    return (b"\0" if first else b"\1") + flags


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


def _lengthened(flags: bytes, large: Sequence[int]) -> bytes:
    """Flags with the distances that stand apart put into their places."""
    pieces = flags.split(_LONG)
    woven = [b""] * (2 * len(pieces) - 1)
    woven[::2] = pieces
    woven[1::2] = [bytes(distance - 1) + b"\1" for distance in large]
    return b"".join(woven)


def _spread(flags: bytes, values: bytes) -> bytes:
    """Flags with a value, 0 or 1, in place of each that is 1."""
    pieces = flags.split(b"\1")
    woven = [b""] * (2 * len(pieces) - 1)
    woven[::2] = pieces
    woven[1::2] = map(_VALUES.__getitem__, values)
    return b"".join(woven)
