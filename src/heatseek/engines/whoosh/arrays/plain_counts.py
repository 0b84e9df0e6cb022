"""Documents and counts for `plain`: lists as records have them, sets only where they are needed."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, chain, compress, count, repeat
from operator import add, eq, mul

from heatseek.definitions import cached_property
from heatseek.engines.whoosh.coding import ONES
from heatseek.engines.whoosh.columns import gathered
from heatseek.engines.whoosh.postings import MAX_FIELDS, SELECTORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.postings import FieldPostings, SegmentPostings

_SPARSE = 6
"""Numbers that are so many times fewer than a list's are looked up in it one by one."""

_PIECE = 65_536
"""Bytes that are looked at together."""
_NEAR = 5
"""Flags from one place to the next below which they are added up one by one."""


class Documents:
    """A set of documents, in the forms in which it was needed so far.

    Args:
        ids: ascending, each once.
        members: as a set.
        number: with a byte for each document, which is 1 for those that are in the set.
        size: how many there are, if that is known.
        flags: the bytes of the number, if they are known.
    """

    __slots__ = ("_flags", "_ids", "_members", "_size", "number")

    def __init__(
        self,
        ids: Sequence[int] | None = None,
        members: set[int] | None = None,
        number: int | None = None,
        size: int = -1,
        flags: bytes = b"",
    ) -> None:
        self._ids = ids
        self._members = members
        self._flags = flags
        self.number = number
        self._size = size

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
            self._ids = sorted(self.members) if self.number is None else ids_of(self.flags)
        return self._ids

    @property
    def flags(self) -> bytes:
        """The bytes of the number, up to the last that is 1."""
        if not self._flags:
            self._flags = bytes_of(self.number or 0)
        return self._flags

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
            return set(self._marked(sorted(others)))
        ids = self.ids
        if len(others) * _SPARSE >= len(ids):
            return others.intersection(ids)
        places = places_of(sorted(others), ids)
        return {id_ for id_, place in places if ids[place] == id_}

    def narrowed(self, others: Documents) -> Documents:
        """Those of others that are in this set, too."""
        if self._members is None and self.number is not None:
            return Documents(list(self._marked(others.ids)))
        return Documents(members=self.among(others.members))

    def _marked(self, ids: Sequence[int]) -> Iterator[int]:
        flags = self.flags
        inside = ids[: bisect_left(ids, len(flags))]
        return compress(inside, gathered(flags, inside))


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
        return len(one) + len(other) - len(other.narrowed(one))

    def __iter__(self) -> Iterator[int]:
        return iter(self.members)

    @property
    def members(self) -> set[int]:
        if self._members is None:
            self._members = self.one.members | self.other.members
        return self._members

    def among(self, others: set[int]) -> set[int]:
        return self.one.among(others) | self.other.among(others)

    def narrowed(self, others: Documents) -> Documents:
        return Documents(members=self.among(others.members))


def number_of(flags: bytes | bytearray) -> int:
    """Flags of all documents as the number of `Documents`."""
    return int.from_bytes(flags, "little")


def bytes_of(number: int) -> bytes:
    """The flags again, up to the last that is 1."""
    return number.to_bytes((number.bit_length() + 7) // 8, "little")


def ids_of(flags: bytes) -> list[int]:
    """The places of all that are 1."""
    ids: list[int] = []
    for start in range(0, len(flags), _PIECE):
        *before, _ = flags[start : start + _PIECE].split(b"\1")
        ids += map(add, accumulate(map(len, before)), count(start))
    return ids


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

    def flags(self, documents: Documents) -> bytes:
        """For each document in turn 1, if it is one of them, else 0."""
        return bytes(map(bool, self.of(documents)))


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
        self._latest_places: tuple[Documents, Sequence[int]] | None = None
        self._latest_masks: tuple[Documents, bytes] | None = None
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
        """The fields that have the term in each document, 0 of one without.

        Fields are asked for one after another, so the latest answer is kept.
        """
        if documents is self.documents and not self._deleted:
            return self._masks
        if not self._latest_masks or self._latest_masks[0] is not documents:
            self._latest_masks = documents, self._find_masks(documents)
        return self._latest_masks[1]

    def ranks(self, field: int, documents: Documents) -> list[int]:
        """How many have the term in a field before each document."""
        return ranks_of(self._masks.translate(SELECTORS[field]), self._places(documents))

    def _places(self, documents: Documents) -> Sequence[int]:
        """Where each document stands, or the next one; the latest answer is kept."""
        if documents is self.documents and not self._deleted:
            return range(len(self._masks))
        if not self._latest_places or self._latest_places[0] is not documents:
            self._latest_places = documents, self._find_places(documents.ids)
        return self._latest_places[1]

    def _find_places(self, few: Sequence[int]) -> Sequence[int]:
        ids, at = self._ids, 0
        return [at := bisect_left(ids, document, at) for document in few]

    def _find_masks(self, documents: Documents) -> bytes:
        few, ids, places = documents.ids, self._ids, self._places(documents)
        inside = places[: bisect_left(places, len(ids))]
        having = map(eq, gathered(ids, inside), few)
        masks = bytes(map(mul, gathered(self._masks, inside), having))
        return masks.ljust(len(few), b"\0")


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
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    @cached_property
    def _values(self) -> Sequence[int]:
        """Those of all documents, and a 0 for what is behind the last."""
        every = [*(part.counts for part in self._parts), b"\0"]
        whole = [counts for counts in every if isinstance(counts, bytes)]
        return b"".join(whole) if len(whole) == len(every) else [*chain(*every)]

    def all(self) -> dict[int, int]:
        ids = self._record.all_ids(self._field)
        counts = dict(zip(ids, self._values[:-1], strict=True))
        return self._record.without_deleted(counts)

    def of(self, documents: Documents) -> Sequence[int]:
        flags = self.flags(documents)
        if all(part.coded_counts.form == ONES for part in self._parts):
            return flags
        ranks = self._record.ranks(self._field, documents)
        return list(map(mul, flags, gathered(self._values, ranks)))

    def having(self) -> Documents:
        return self._record.in_field(self._field)

    def flags(self, documents: Documents) -> bytes:
        return self._record.masks_of(documents).translate(SELECTORS[self._field])


def places_of(few: Sequence[int], ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of ascending numbers each with its place among others, or that of the next one, if any."""
    at, end = 0, len(ids)
    for number in few:
        at = bisect_left(ids, number, at)
        if at == end:
            return
        yield number, at
