"""Documents and counts for `plain`: lists as records have them, sets only where they are needed."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate, chain, compress, repeat
from operator import eq, itemgetter, mul

from heatseek.engines.whoosh.coding import ONES
from heatseek.engines.whoosh.postings import MAX_FIELDS, SELECTORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.postings import FieldPostings, SegmentPostings

_SPARSE = 6
"""Numbers that are so many times fewer than a list's are looked up in it one by one."""


class Documents:
    """A set of documents.

    Args:
        ids: ascending, each once; None: to be sorted out of `members`.
        members: the same as a set; None: to be made of `ids`.
    """

    __slots__ = ("_ids", "_members")

    def __init__(self, ids: Sequence[int] | None, members: set[int] | None = None) -> None:
        self._ids = ids
        self._members = members

    def __len__(self) -> int:
        return len(self.ids if self._members is None else self._members)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids if self._members is None else self._members)

    def __contains__(self, document: int) -> bool:
        return document in self.members

    @property
    def ids(self) -> Sequence[int]:
        """The documents, ascending."""
        if self._ids is None:
            self._ids = sorted(self.members)
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

    __slots__ = ("_size", "one", "other")

    def __init__(self, one: Documents, other: Documents) -> None:
        super().__init__(None)
        self.one, self.other = sorted((one, other), key=len)
        self._size = -1

    def __len__(self) -> int:
        if self._size < 0:
            shared = self.other.among(self.one.members)
            self._size = len(self.one) + len(self.other) - len(shared)
        return self._size

    def __iter__(self) -> Iterator[int]:
        return iter(self.members)

    @property
    def members(self) -> set[int]:
        if self._members is None:
            self._members = self.one.members | self.other.members
        return self._members

    def among(self, others: set[int]) -> set[int]:
        return self.one.among(others) | self.other.among(others)


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
        return Documents(None, set(self._known))


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
        documents: all that can be found.
        masks: the fields of each document, deleted ones included.

    Args:
        parts: the records, one of each segment.
        deleted: documents that are in them and are not to be found.
    """

    def __init__(self, parts: Sequence[SegmentPostings], deleted: frozenset[int]) -> None:
        self.parts = parts
        self._deleted = deleted
        self._latest: tuple[Documents, Sequence[int], bytes] | None = None
        first, *others = (postings.behind(base) for base, postings in parts)
        self._ids = [*chain(first, *others)] if others else first
        self.masks = b"".join([postings.masks for _, postings in parts])
        self.documents = Documents(self._living(self._ids))

    def in_field(self, field: int) -> Documents:
        """Those that have the term in this field."""
        return Documents(self._living(compress(self._ids, self.having(field))))

    def _living(self, ids: Iterable[int]) -> Sequence[int]:
        deleted = self._deleted
        if deleted:
            return [id_ for id_ in ids if id_ not in deleted]
        return ids if ids is self._ids else list(ids)

    def having(self, field: int) -> bytes:
        """For each document of the records 1, if it has the term in this field."""
        return self.masks.translate(SELECTORS[field])

    def counts(self) -> dict[int, FieldCounts]:
        """Those of each field that any document has the term in."""
        fields: dict[int, list[FieldPostings]] = {}
        for _, postings in self.parts:
            for field in range(MAX_FIELDS - 1):
                if in_field := postings.in_field(field):
                    fields.setdefault(field, []).append(in_field)
        return {field: FieldCounts(self, field, parts) for field, parts in fields.items()}

    def all_ids(self, field: int) -> Iterator[int]:
        """Those that have the term in this field, deleted ones too."""
        return compress(self._ids, self.having(field))

    def without_deleted(self, counts: dict[int, int]) -> dict[int, int]:
        """Counts of documents that can be found."""
        for document in self._deleted & counts.keys():
            del counts[document]
        return counts

    def look(self, documents: Documents) -> tuple[Sequence[int], bytes]:
        """Of each document its place in the records, or that of the next one, and its fields.

        Fields are asked for one after another, so the latest answer is kept.
        """
        if documents is self.documents and not self._deleted:
            return range(len(self._ids)), self.masks
        if not self._latest or self._latest[0] is not documents:
            self._latest = documents, *self._look(documents.ids)
        return self._latest[1:]

    def _look(self, few: Sequence[int]) -> tuple[Sequence[int], bytes]:
        ids, at = self._ids, 0
        places = [at := bisect_left(ids, document, at) for document in few]
        inside = places[: bisect_left(places, len(ids))]
        having = map(eq, gathered(ids, inside), few)
        masks = bytes(map(mul, gathered(self.masks, inside), having))
        return places, masks.ljust(len(few), b"\0")


class FieldCounts(Counts):
    """Of a term in one field, taken from its records as far as they are needed."""

    def __init__(self, record: Record, field: int, parts: Sequence[FieldPostings]) -> None:
        self._record = record
        self._field = field
        self._parts = parts

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    def _values(self) -> Sequence[int]:
        if len(self._parts) == 1:
            return self._parts[0].counts
        every = [part.counts for part in self._parts]
        if all(isinstance(counts, bytes) for counts in every):
            return b"".join(every)  # type: ignore[arg-type] # just looked at
        return [count for counts in every for count in counts]

    def all(self) -> dict[int, int]:
        counts = dict(zip(self._record.all_ids(self._field), self._values(), strict=True))
        return self._record.without_deleted(counts)

    def having(self) -> Documents:
        return self._record.in_field(self._field)

    def of(self, documents: Documents) -> Sequence[int]:
        places, masks = self._record.look(documents)
        flags = masks.translate(SELECTORS[self._field])
        if all(part.coded_counts.form == ONES for part in self._parts):
            return flags
        having = self._record.having(self._field)
        before = map(having.count, repeat(1), (0, *places), places)
        # Behind the last document that has it there is none.
        values = gathered([*self._values(), 0], list(accumulate(before)))
        return list(map(mul, flags, values))


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
