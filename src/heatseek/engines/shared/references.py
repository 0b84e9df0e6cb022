r"""Which articles of the archive are mentioned by which, and finding by it for `related:`.

Stories without a file have it as labels; of articles it may change with any other one, so it stands
beside them, in a note of the generation:

    {"ids": [...], "counts": [...]}\n      the articles that take part; how many mention each
    numbers                                 those that do, by their place in `ids`

All of it is compressed; the numbers are of four bytes, the least significant one first.
"""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from heatseek.compression import MOST_BYTES, SURPRISES, from_bytes, inflate, to_bytes
from heatseek.engines.shared.patterns import places_of
from heatseek.errors import IndexDamagedError
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from heatseek.engines.shared.plan import Leaf


class CrossReferences:
    """For each article of an archive those that mention it.

    Args:
        note: what `packed` gave; empty if there is none.

    Raises:
        IndexDamagedError: it is nothing that `packed` gives.
    """

    def __init__(self, note: bytes = b"") -> None:
        self._ids: list[str] = []
        self._ends = [0]
        self._numbers = array("I")
        if note:
            try:
                self._read(inflate(note, MOST_BYTES))
            except SURPRISES as error:
                what = "the note of which articles mention which is none"
                raise IndexDamagedError(what) from error
        self._places = {id_: place for place, id_ in enumerate(self._ids)}

    def _read(self, note: bytes) -> None:
        head, _, numbers = note.partition(b"\n")
        columns = json.loads(head)
        self._ids = columns["ids"]
        self._ends = list(accumulate(_counts(columns), initial=0))
        self._numbers = from_bytes("I", numbers)
        if len(self._numbers) != self._ends[-1] or max(self._numbers, default=-1) >= len(self._ids):
            raise ValueError("mentions of other articles than there are")

    def of(self, article_id: str) -> list[str]:
        """The ids of the articles that mention this one, sorted."""
        place = self._places.get(article_id)
        return [] if place is None else self._row(place)

    def items(self) -> Iterator[tuple[str, list[str]]]:
        """Every article that others mention, with them."""
        rows = ((id_, self._row(place)) for id_, place in self._places.items())
        return ((id_, row) for id_, row in rows if row)

    def _row(self, place: int) -> list[str]:
        numbers = self._numbers[self._ends[place] : self._ends[place + 1]]
        return [self._ids[number] for number in numbers]


def _counts(columns: dict[str, Any]) -> list[int]:
    ids, counts = columns["ids"], columns["counts"]
    if type(ids) is not list or set(map(type, ids)) - {str} or set(map(type, counts)) - {int}:
        raise TypeError("not the columns of a note")
    if len(ids) != len(counts) or min(counts, default=0) < 0:
        raise ValueError("columns that do not go together")
    return counts  # type: ignore[no-any-return] # looked at above


def packed(mentioned_by: Mapping[str, Collection[str]]) -> bytes:
    """The note of which articles mention each; empty if none does."""
    by = {id_: sorted(others) for id_, others in mentioned_by.items() if others}
    if not by:
        return b""
    ids = sorted(by.keys() | {other for others in by.values() for other in others})
    places = {id_: place for place, id_ in enumerate(ids)}
    counts = [len(by.get(id_, ())) for id_ in ids]
    numbers = array("I", (places[other] for id_ in ids for other in by.get(id_, ())))
    head = json.dumps({"ids": ids, "counts": counts}, separators=(",", ":")).encode()
    return zlib.compress(head + b"\n" + to_bytes(numbers), zlib.Z_BEST_SPEED)


class Mentioned:
    """Mentioned articles by the ids of those that mention them, compared as labels are.

    Args:
        references: of the archive.
    """

    def __init__(self, references: CrossReferences) -> None:
        self._mentioned: dict[str, list[str]] = {}
        for id_, mentioned_by in references.items():
            for other in mentioned_by:
                self._mentioned.setdefault(label(other), []).append(id_)
        self._ids = _Ids(self._mentioned)

    def ids(self, leaf: Leaf) -> set[str]:
        """The ids that an article of this id, or of one that matches a pattern, mentions."""
        if leaf.pattern:
            words = self._ids.words()
            found = [words[place] for place in places_of(self._ids, leaf.pattern)]
        else:
            found = [leaf.spellings[0].terms[0][1]]
        return {mentioned for id_ in found for mentioned in self._mentioned.get(id_, ())}


class _Ids:
    """A sorted vocabulary, as patterns look at it."""

    def __init__(self, ids: dict[str, list[str]]) -> None:
        self._ids = sorted(ids)

    def words(self) -> list[str]:
        return self._ids

    def lower_bound(self, term: bytes) -> int:
        # Bytes of UTF-8 are in the order of their characters.
        return bisect_left(self._ids, term, key=str.encode)
