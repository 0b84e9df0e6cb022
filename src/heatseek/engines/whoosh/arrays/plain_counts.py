"""Documents and counts for `plain`: lists as records have them, sets only where they are needed."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from itertools import accumulate, chain, compress, count, repeat
from operator import add, eq, itemgetter, mul

from heatseek.engines.whoosh.coding import ONES
from heatseek.engines.whoosh.postings import MAX_FIELDS, SELECTORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.postings import FieldPostings, SegmentPostings

_SPARSE = 6
"""Numbers that are so many times fewer than a list's are looked up in it one by one."""

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
            self._ids = sorted(self.members) if number is None else ids_of(bytes_of(number))
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
            mask = bytes_of(self.number)
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


def number_of(flags: bytes | bytearray) -> int:
    """Flags of all documents as the number of `Documents`."""
    return int.from_bytes(flags, "little")


def bytes_of(number: int) -> bytes:
    """The flags again, up to the last that is 1."""
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

    def among(self, documents: Documents) -> Documents:
        """Those of some documents that have it."""
        few, many = sorted((self.having(), documents), key=len)
        return Documents(members=many.among(few.members))


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
        return ranks_of(self._masks.translate(SELECTORS[field]), self._look(documents)[0])

    def _look(self, documents: Documents) -> tuple[Sequence[int], bytes]:
        """Where each document stands, or the next one, and its fields.

        Fields are asked for one after another, so the latest answer is kept.
        """
        if documents is self.documents and not self._deleted:
            return range(len(self._masks)), self._masks
        if not self._latest or self._latest[0] is not documents:
            self._latest = documents, *self._find(documents)
        return self._latest[1:]

    def _find(self, documents: Documents) -> tuple[Sequence[int], bytes]:
        few, ids, at = documents.ids, self._ids, 0
        places = [at := bisect_left(ids, document, at) for document in few]
        inside = places[: bisect_left(places, len(ids))]
        having = map(eq, gathered(ids, inside), few)
        masks = bytes(map(mul, gathered(self._masks, inside), having))
        return places, masks.ljust(len(few), b"\0")


def ranks_of(flags: bytes, places: Sequence[int]) -> list[int]:
    """How many of the flags are 1 before each of some ascending places."""
    if len(flags) < _NEAR * len(places):
        return list(gathered(list(accumulate(flags, initial=0)), places))
    return list(accumulate(map(flags.count, repeat(1), (0, *places), places)))


class FieldCounts(Counts):
    """Of a term in one field, taken from its records as far as they are needed."""

    def __init__(self, record: Record, field: int, parts: Sequence[FieldPostings]) -> None:
        self._record = record
        self._field = field
        self.parts = parts

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @cached_property
    def _values(self) -> Sequence[int]:
        """Those of all documents, and a 0 for what is behind the last."""
        every = [*(part.counts for part in self.parts), b"\0"]
        whole = [counts for counts in every if isinstance(counts, bytes)]
        return b"".join(whole) if len(whole) == len(every) else [*chain(*every)]

    def all(self) -> dict[int, int]:
        ids = self._record.all_ids(self._field)
        counts = dict(zip(ids, self._values[:-1], strict=True))
        return self._record.without_deleted(counts)

    def having(self) -> Documents:
        return self._record.in_field(self._field)

    def of(self, documents: Documents) -> Sequence[int]:
        flags = self.flags(documents)
        if all(part.coded_counts.form == ONES for part in self.parts):
            return flags
        ranks = self._record.ranks(self._field, documents)
        return list(map(mul, flags, gathered(self._values, ranks)))

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
