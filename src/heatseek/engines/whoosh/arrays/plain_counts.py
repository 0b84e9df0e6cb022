"""Documents and counts for `plain`: lists as records have them, sets only where they are needed."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from functools import cached_property
from itertools import accumulate, chain, compress, count, repeat
from operator import add, eq, itemgetter, mul

from heatseek.engines.whoosh.coding import ONES
from heatseek.engines.whoosh.postings import MAX_FIELDS, SELECTORS
from heatseek.engines.whoosh.sections import DamagedRecordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.postings import FieldPostings, Postings, SegmentPostings

_SPARSE = 6
"""Numbers that are so many times fewer than a list's are looked up in it one by one."""

LEAST = 50_000
"""Documents of an index; of fewer, a number for each that has a term takes less time."""
_DENSE = 32
"""A term that one of so many documents has is worth a byte for each."""
_IS_ANY = b"\0" + b"\1" * 255
_LOW = int(sys.byteorder != "little")
"""Where in a pair of bytes the lower one is."""
_STEP = 255
_NEAR = 5
"""Flags from one place to the next below which they are added up one by one."""


class Documents:
    """A set of documents, in the forms in which it was needed so far.

    Args:
        ids: ascending, each once.
        members: as a set.
        number: with a byte for each document, which is 1 for those that are in the set.
    """

    __slots__ = ("_ids", "_members", "_size", "number")

    def __init__(
        self,
        ids: Sequence[int] | None = None,
        members: set[int] | None = None,
        number: int | None = None,
    ) -> None:
        self._ids = ids
        self._members = members
        self.number = number
        self._size = -1

    def __len__(self) -> int:
        if self._size < 0:
            self._size = self._count()
        return self._size

    def _count(self) -> int:
        if self._members is not None:
            return len(self._members)
        if self._ids is None and self.number is not None:
            return self.number.bit_count()
        return len(self.ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids if self._members is None else self._members)

    def __contains__(self, document: int) -> bool:
        return document in self.members

    @property
    def ids(self) -> Sequence[int]:
        """The documents, ascending."""
        if self._ids is None:
            number = self.number
            self._ids = sorted(self.members) if number is None else ids_of(_bytes_of(number))
        return self._ids

    @property
    def members(self) -> set[int]:
        """The documents."""
        if self._members is None:
            self._members = set(self.ids)
        return self._members

    def among(self, others: set[int]) -> set[int]:
        """Those of others that are in this set."""
        if self._members is not None:
            return others & self._members
        if self.number is not None:
            mask = _bytes_of(self.number)
            return {id_ for id_ in others if mask[id_ : id_ + 1] == b"\1"}
        ids = self.ids
        if len(others) * _SPARSE >= len(ids):
            return others.intersection(ids)
        places = places_of(sorted(others), ids)
        return {id_ for id_, place in places if ids[place] == id_}


class Union(Documents):
    """The documents of two sets, put together only where they are asked for.

    Args:
        one, other: the sets.
    """

    __slots__ = ("one", "other")

    def __init__(self, one: Documents, other: Documents) -> None:
        both = None
        if one.number is not None and other.number is not None:
            both = one.number | other.number
        super().__init__(number=both)
        self.one, self.other = sorted((one, other), key=len)

    def _count(self) -> int:
        if self.number is not None:
            return self.number.bit_count()
        one, other = self.one, self.other
        return len(one) + len(other) - len(other.among(one.members))

    def __iter__(self) -> Iterator[int]:
        return iter(self.members)

    @property
    def members(self) -> set[int]:
        if self._members is None:
            self._members = self.one.members | self.other.members
        return self._members

    def among(self, others: set[int]) -> set[int]:
        return self.one.among(others) | self.other.among(others)


def number_of(flags: bytes) -> int:
    """Flags of all documents as the number of `Documents`."""
    return int.from_bytes(flags, "little")


def _bytes_of(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "little")


def ids_of(flags: bytes) -> list[int]:
    """The places of all that are 1."""
    *before, _ = flags.split(b"\1")
    return list(map(add, accumulate(map(len, before)), count()))


class Counts:
    """How often something occurs in each of some documents, and in no other.

    Args:
        known: count by document.
    """

    def __init__(self, known: dict[int, int]) -> None:
        self._known = known

    def __len__(self) -> int:
        return len(self._known)

    def all(self) -> dict[int, int]:
        """All of them."""
        return self._known

    def of(self, documents: Documents) -> Sequence[int]:
        """The count of each document in turn, 0 of one without."""
        get = self._known.get
        return [get(document, 0) for document in documents.ids]

    def having(self) -> Documents:
        """The documents."""
        return Documents(members=set(self._known))


class Ones(Counts):
    """A count of 1 for each document of a set."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def __len__(self) -> int:
        return len(self._documents)

    def all(self) -> dict[int, int]:
        return dict.fromkeys(self._documents, 1)

    def of(self, documents: Documents) -> Sequence[int]:
        if documents is self._documents:
            return b"\1" * len(documents)
        return bytes(map(self._documents.members.__contains__, documents.ids))

    def having(self) -> Documents:
        return self._documents


class Record:
    """A term's records of all segments, as one.

    Attributes:
        parts: the records, one of each segment.
        documents: all that can be found.

    Args:
        parts: likewise.
        deleted: documents that are in them and are not to be found.
        masks: of each document the fields that have the term, in the order of `ids`.
    """

    def __init__(
        self, parts: Sequence[SegmentPostings], deleted: frozenset[int], masks: bytes
    ) -> None:
        self.parts = parts
        self._deleted = deleted
        self._masks = masks
        self._latest: tuple[Documents, Sequence[int], bytes] | None = None
        self.documents = self._all()

    def _all(self) -> Documents:
        return Documents(self._living(self._ids))

    @cached_property
    def _ids(self) -> Sequence[int]:
        first, *others = (postings.behind(base) for base, postings in self.parts)
        return [*chain(first, *others)] if others else first

    def in_field(self, field: int) -> Documents:
        """Those that have the term in this field."""
        return Documents(self._living(self.all_ids(field)))

    def all_ids(self, field: int) -> Iterable[int]:
        """Those that have the term in this field, deleted ones too."""
        return compress(self._ids, self._masks.translate(SELECTORS[field]))

    def _living(self, ids: Iterable[int]) -> Sequence[int]:
        deleted = self._deleted
        if deleted:
            return [id_ for id_ in ids if id_ not in deleted]
        return ids if isinstance(ids, list) else list(ids)

    def counts(self) -> dict[int, FieldCounts]:
        """Those of each field that any document has the term in."""
        fields: dict[int, list[FieldPostings]] = {}
        for _, postings in self.parts:
            for field in range(MAX_FIELDS - 1):
                if in_field := postings.in_field(field):
                    fields.setdefault(field, []).append(in_field)
        return {field: FieldCounts(self, field, parts) for field, parts in fields.items()}

    def without_deleted(self, counts: dict[int, int]) -> dict[int, int]:
        """Counts of documents that can be found."""
        for document in self._deleted & counts.keys():
            del counts[document]
        return counts

    def masks_of(self, documents: Documents) -> bytes:
        """The fields that have the term in each document, 0 of one without."""
        return self._look(documents)[1]

    def ranks(self, field: int, documents: Documents) -> list[int]:
        """How many have the term in a field before each document."""
        return _ranks(self._masks.translate(SELECTORS[field]), self._look(documents)[0])

    def _look(self, documents: Documents) -> tuple[Sequence[int], bytes]:
        """Where each document stands, or the next one, and its fields.

        Fields are asked for one after another, so the latest answer is kept.
        """
        if documents is self.documents and not self._deleted:
            return range(len(self._masks)), self._masks
        if not self._latest or self._latest[0] is not documents:
            few, ids, at = documents.ids, self._ids, 0
            places = [at := bisect_left(ids, document, at) for document in few]
            inside = places[: bisect_left(places, len(ids))]
            having = map(eq, gathered(ids, inside), few)
            masks = bytes(map(mul, gathered(self._masks, inside), having))
            self._latest = documents, places, masks.ljust(len(few), b"\0")
        return self._latest[1:]


class DenseRecord(Record):
    """The same of a term that many documents have: its masks are of all documents of the index."""

    def _all(self) -> Documents:
        flags = self._masks.translate(_IS_ANY)
        if self._deleted:
            left = bytearray(flags)
            for document in self._deleted:
                left[document] = 0
            flags = bytes(left)
        return Documents(number=number_of(flags))

    def in_field(self, field: int) -> Documents:
        number = number_of(self._masks.translate(SELECTORS[field]))
        return Documents(number=number & (self.documents.number or 0))

    def all_ids(self, field: int) -> Iterable[int]:
        return ids_of(self._masks.translate(SELECTORS[field]))

    def _look(self, documents: Documents) -> tuple[Sequence[int], bytes]:
        ids = documents.ids
        return ids, bytes(gathered(self._masks, ids))


def record_of(parts: Sequence[SegmentPostings], deleted: frozenset[int], size: int) -> Record:
    """The records of a term, in an index of so many documents."""
    if size < LEAST or sum(len(postings) for _, postings in parts) * _DENSE < size:
        return Record(parts, deleted, b"".join([postings.masks for _, postings in parts]))
    masks = b""
    for base, postings in parts:
        own = flat_masks(postings)
        if len(own) > postings.size:
            raise DamagedRecordError
        masks = masks.ljust(base, b"\0") + own
    return DenseRecord(parts, deleted, masks.ljust(size, b"\0"))


def flat_masks(postings: Postings) -> bytes:
    """The fields of each document up to the last one that has the term."""
    numbers = postings.documents.numbers()
    masks = postings.masks or b"\1" * len(postings)
    first = numbers[0]
    begun = bytes(first) + masks[:1]
    try:
        gaps, masks = bytes(numbers[1:]), masks[1:]
    except ValueError:
        gaps, masks = _in_steps(numbers[1:], masks[1:])
    pairs = bytearray(2 * len(gaps))
    pairs[_LOW::2], pairs[1 - _LOW :: 2] = gaps, masks
    # All at once: a step for each takes longer than all else that is done with them.
    return b"".join((begun, *map(_Runs().__getitem__, array("H", bytes(pairs)))))


def _in_steps(gaps: Sequence[int], masks: bytes) -> tuple[bytes, bytes]:
    """Distances of which some are greater than a byte, by way of documents without the term."""
    steps, stops, at = bytearray(), bytearray(), 0
    for place in [place for place, gap in enumerate(gaps) if gap > _STEP]:
        between, rest = divmod(gaps[place] - 1, _STEP)
        steps += bytes(gaps[at:place]) + bytes((_STEP,)) * between + bytes((rest + 1,))
        stops += masks[at:place] + bytes(between) + masks[place : place + 1]
        at = place + 1
    return bytes(steps) + bytes(gaps[at:]), bytes(stops) + masks[at:]


class _Runs(dict[int, bytes]):
    """Parts of masks by the distance of two documents and, 256 times, the fields of the second."""

    def __missing__(self, key: int) -> bytes:
        run = self[key] = bytes((key & _STEP) - 1) + bytes((key >> 8,))
        return run


def _ranks(flags: bytes, places: Sequence[int]) -> list[int]:
    """How many of the flags are 1 before each of some ascending places."""
    if len(flags) < _NEAR * len(places):
        return list(gathered(list(accumulate(flags, initial=0)), places))
    return list(accumulate(map(flags.count, repeat(1), (0, *places), places)))


class FieldCounts(Counts):
    """Of a term in one field, taken from its records as far as they are needed."""

    def __init__(self, record: Record, field: int, parts: Sequence[FieldPostings]) -> None:
        self._record = record
        self._field = field
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    @cached_property
    def _values(self) -> Sequence[int]:
        return [count for part in self._parts for count in part.counts]

    def all(self) -> dict[int, int]:
        counts = dict(zip(self._record.all_ids(self._field), self._values, strict=True))
        return self._record.without_deleted(counts)

    def having(self) -> Documents:
        return self._record.in_field(self._field)

    def of(self, documents: Documents) -> Sequence[int]:
        flags = self.flags(documents)
        if all(part.coded_counts.form == ONES for part in self._parts):
            return flags
        ranks = self._record.ranks(self._field, documents)
        # Behind the last document that has it there is none.
        return list(map(mul, flags, gathered([*self._values, 0], ranks)))

    def flags(self, documents: Documents) -> bytes:
        """For each document in turn 1, if it has the term in this field, else 0."""
        return self._record.masks_of(documents).translate(SELECTORS[self._field])


def places_of(few: Sequence[int], ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of ascending numbers each with its place among others, or that of the next one, if any."""
    at, end = 0, len(ids)
    for number in few:
        at = bisect_left(ids, number, at)
        if at == end:
            return
        yield number, at


def gathered(values: Sequence[int], places: Sequence[int]) -> Sequence[int]:
    """The value at each place."""
    # Of one place `itemgetter` gives no tuple.
    return itemgetter(*places)(values) if len(places) > 1 else [values[p] for p in places]
