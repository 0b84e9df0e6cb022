"""One term's postings: a record of documents and counts, and apart from it the positions.

    flags      form of the documents, how masks stand, `SINGLE`, `COUNTED`        1 byte
    number     of documents                                                       not of a `SINGLE`
    documents  a list: the first, then how far each is from the one before
    masks      in which fields each document has the term: none, one for all, or n bytes
    forms      of the counts of each field that any mask names, two bits each     if `COUNTED`
    counts     a list for each of these fields: how many positions each document has

Positions are a list for each field, all documents' in turn: of each document the first, then how
far each is from the one before. Labels have documents only, words as written have masks too, terms
have everything. `coding` says how lists stand.
"""

from __future__ import annotations

from functools import cache
from itertools import accumulate, compress

from heatseek.engines.whoosh.coding import ONES, Coded, number
from heatseek.engines.whoosh.sections import DamagedRecordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from heatseek.engines.whoosh.positions import Positions

FORM = 3
ONE_MASK, MASKS = 4, 8
SINGLE, COUNTED = 16, 32
MAX_FIELDS = 8
"""One bit of a mask for each; the last says that it is a word as written."""
FORMS_IN_BYTE = 4
SELECTORS = [bytes((mask >> bit) & 1 for mask in range(256)) for bit in range(MAX_FIELDS)]
"""Per field: a translation of masks to whether its bit is set."""


class Postings:
    """A record, read: which documents have the term, in which fields, how often and where.

    Args:
        record: the whole record.
        size: documents of the segment.
        positions: gives the bytes of the term's positions; None of a term without.

    Attributes:
        documents: the list of them, as it stands.
        array: room for the documents as an array, as soon as they were read as one.

    Raises:
        DamagedRecordError: it is not as it was written, or says that it has more than it has; so
            does whatever reads a part of it.
    """

    __slots__ = (
        "_counted",
        "_counts",
        "_fields",
        "_ids",
        "_mask",
        "_masks",
        "_places",
        "_record",
        "_start",
        "array",
        "documents",
        "positions",
        "size",
    )

    def __init__(
        self, record: memoryview, size: int, positions: Callable[[], memoryview] | None = None
    ) -> None:
        try:
            flags = record[0]
            count, start = (1, 1) if flags & SINGLE else number(record, 1)
            self.documents = Coded(record, start, count, flags & FORM)
            end = self.documents.end
            self._masks: bytes | None = b""
            self._mask = 0
            if flags & MASKS:
                self._masks = bytes(record[end : end + count])
                end += count
            elif flags & ONE_MASK:
                self._masks = None
                self._mask = record[end]
                end += 1
        except IndexError as error:
            raise DamagedRecordError from error
        if not count or flags & FORM == ONES or end > len(record):
            raise DamagedRecordError
        if positions is None and end != len(record):
            raise DamagedRecordError
        self._record = record
        self._start = end
        self._counted = bool(flags & COUNTED)
        self.size = size
        self.positions = positions
        self.array: Any = None
        self._ids: Sequence[int] | None = None
        self._counts: dict[int, Coded] | None = None
        self._fields: dict[int, FieldPostings] | None = None
        # Made when they are asked for: a pattern reads thousands of records for their masks alone.
        self._places: dict[int, dict[int, slice]] | None = None

    def __len__(self) -> int:
        return self.documents.count

    @property
    def ids(self) -> Sequence[int]:
        """The documents, ascending."""
        ids = self._ids
        if ids is None:
            ids = self._ids = list(accumulate(self.documents.numbers()))
            if ids[-1] >= self.size:
                raise DamagedRecordError
        return ids

    def behind(self, base: int) -> Sequence[int]:
        """The documents, numbered from `base` on."""
        if not base:
            return self.ids
        ids = list(accumulate(self.documents.numbers(), initial=base))
        if ids[-1] >= base + self.size:
            raise DamagedRecordError
        del ids[0]
        return ids

    @property
    def masks(self) -> bytes:
        """The fields of each document; of labels none."""
        if self._masks is None:
            self._masks = bytes((self._mask,)) * len(self)
        return self._masks

    @property
    def mask(self) -> int:
        """That of all documents, if they have the same; else 0."""
        return self._mask

    def having(self, field: int) -> bytes:
        """For each of `ids`, 1 or 0: whether the document has the term in this field."""
        if self._mask:
            return bytes((self._mask >> field & 1,)) * len(self)
        return self.masks.translate(SELECTORS[field])

    def in_field(self, field: int) -> FieldPostings | None:
        """Counts and positions in one field, for the documents that `having` marks."""
        return self.fields.get(field)

    @property
    def fields(self) -> dict[int, FieldPostings]:
        """The same of each field that has any."""
        if self._fields is None:
            fields: dict[int, FieldPostings] = {}
            before: FieldPostings | None = None
            if source := self.positions:
                for field, counts in self.counts.items():
                    before = fields[field] = FieldPostings(counts, source, before)
            self._fields = fields
        return self._fields

    @property
    def counts(self) -> dict[int, Coded]:
        """The counts alone of each field that has any."""
        if self._counts is None:
            self._counts = {} if self.positions is None else self._read_counts()
        return self._counts

    @property
    def is_single(self) -> bool:
        """True if each count of each field is 1: then the record has none of them."""
        if not self._counted and self._start != len(self._record):
            raise DamagedRecordError
        return not self._counted

    def places(self, field: int) -> dict[int, slice]:
        """For each document that has the term in a field: which of the positions are its own."""
        if self._places is None:
            self._places = {}
        places = self._places.get(field)
        if places is None:
            in_field = self.in_field(field)
            ends = list(accumulate(in_field.counts, initial=0)) if in_field else [0]
            own = map(slice, ends, ends[1:])
            places = dict(zip(self.documents_of(field), own, strict=True)) if in_field else {}
            self._places[field] = places
        return places

    def documents_of(self, field: int) -> Iterator[int]:
        """The documents that have the term in this field."""
        if self._mask >> field & 1:
            return iter(self.ids)
        return compress(self.ids, self.having(field))

    def _read_counts(self) -> dict[int, Coded]:
        record, at = self._record, self._start
        if self._mask:
            numbers = dict.fromkeys(fields_of(self._mask), len(self))
        else:
            numbers = _by_field(self.masks)
        forms = b""
        if self._counted:
            forms = bytes(record[at : at + -(-len(numbers) // FORMS_IN_BYTE)])
            at += len(forms)
        lists: dict[int, Coded] = {}
        for place, (field, count) in enumerate(numbers.items()):
            form = ONES
            if self._counted:
                form = forms[place // FORMS_IN_BYTE] >> 2 * (place % FORMS_IN_BYTE) & FORM
            counts = lists[field] = Coded(record, at, count, form)
            at = counts.end
        if at != len(record):
            raise DamagedRecordError
        return lists


@cache
def fields_of(mask: int) -> tuple[int, ...]:
    """The fields that a mask names."""
    return tuple(field for field in range(MAX_FIELDS - 1) if mask >> field & 1)


def _by_field(masks: bytes) -> dict[int, int]:
    """How many of the masks have each field that any has, by field."""
    all_masks, lowest = (int.from_bytes(each, "little") for each in (masks, b"\1" * len(masks)))
    numbers: dict[int, int] = {}
    for field in range(MAX_FIELDS - 1):
        if having := (all_masks & lowest).bit_count():
            numbers[field] = having
        all_masks >>= 1
    return numbers


SegmentPostings = tuple[int, Postings]
"""A term's postings in one segment, behind the number of the segment's first document."""


class TermPostings(list[SegmentPostings]):
    """The postings of a term, or of several that count as one, in the segments that have it."""

    record: Any = None
    """Room for all of them as one: documents and counts are asked for apart. It may not refer to
    this list: files stay open until the last of what was read of them is released."""


PhrasePostings = tuple[int, dict[str, Postings]]
"""The postings of each term of a phrase in one segment, behind the number of its first document."""


class FieldPostings:
    """The part of a term's postings that is about one field.

    Args:
        counts: how often the term stands in the field of each document, as a list.
        source: of the positions.
        before: the same of the field before, if there is one.
    """

    __slots__ = ("_before", "_positions", "_source", "coded_counts")

    def __init__(
        self, counts: Coded, source: Callable[[], memoryview], before: FieldPostings | None
    ) -> None:
        self.coded_counts = counts
        self._source = source
        self._before = before
        self._positions: Positions | None = None

    def __len__(self) -> int:
        return self.coded_counts.count

    @property
    def counts(self) -> Sequence[int]:
        """How often the term stands in the field of each document."""
        return self.coded_counts.numbers()

    @property
    def positions(self) -> Positions:
        """Where it stands.

        Raises:
            DamagedRecordError: there are not as many as counts say.
        """
        if self._positions is None:
            # Few searches look at them.
            from heatseek.engines.whoosh.positions import Positions  # noqa: PLC0415

            start = self._before.positions.end if self._before else 0
            self._positions = Positions(self._source(), start, sum(self.counts))
        return self._positions
