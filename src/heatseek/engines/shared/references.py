r"""Which articles of the archive are mentioned by which, and finding by it for `related:`.

Stories without a file have it as labels; of articles it may change with any other one, so it stands
beside them, in a note of the generation:

    [articles, bytes of their ids, mentions]\n     as JSON
    ids          of the articles that take part, sorted, a zero byte behind each
    lengths      of these, with that byte
    counts       how many articles mention each
    numbers      those that do, by their place among the ids

All of it is compressed; numbers are of four bytes, the least significant one first. Nothing is made
an object that nobody asks for: half a million ids would take more memory than the rest of a search.
"""

from __future__ import annotations

import json
import zlib
from array import array
from bisect import bisect_left, bisect_right
from itertools import accumulate, chain
from typing import TYPE_CHECKING

from heatseek.compression import MOST_BYTES, from_bytes, inflate, to_bytes
from heatseek.definitions import cached_property
from heatseek.engines.shared.fields import REFERENCES
from heatseek.engines.shared.patterns import places_of
from heatseek.errors import SURPRISES, IndexDamagedError
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from heatseek.engines.shared.plan import Leaf

_END = b"\0"
_MOST_HEAD = 100
"""Bytes before the ids."""
_SPACES = bytes(range(1, 32))
"""And others that a label has none of."""


class CrossReferences:
    """For each article of an archive those that mention it.

    Args:
        note: what `packed` gave; empty if there is none.

    Raises:
        IndexDamagedError: it is nothing that `packed` gives.
    """

    def __init__(self, note: bytes = b"") -> None:
        self._text = memoryview(b"")
        self._starts = self._ends = array("I", [0])
        self._numbers = array("I")
        if note:
            try:
                self._read(memoryview(inflate(note, MOST_BYTES)))
            except SURPRISES as error:
                what = "the note of which articles mention which is none"
                raise IndexDamagedError(what) from error

    def _read(self, note: memoryview) -> None:
        at = bytes(note[:_MOST_HEAD]).index(b"\n") + 1
        articles, size, mentions = json.loads(bytes(note[:at]))
        self._text = note[at : at + size]
        at += size
        middle = at + 4 * articles
        end = middle + 4 * articles
        self._starts = _ends(from_bytes("I", bytes(note[at:middle])))
        self._ends = _ends(from_bytes("I", bytes(note[middle:end])))
        self._numbers = from_bytes("I", bytes(note[end:]))
        found = len(self._text), len(self._numbers), len(self._starts), len(self._ends)
        if found != (self._starts[-1], mentions, articles + 1, articles + 1) or (
            self._ends[-1] != mentions or max(self._numbers, default=-1) >= articles
        ):
            raise ValueError("mentions of other articles than there are")

    def __len__(self) -> int:
        return len(self._starts) - 1

    def id(self, place: int) -> str:
        """The id of an article that takes part.

        Raises:
            IndexDamagedError: it is no text.
        """
        try:
            return self._id(place).decode()
        except UnicodeDecodeError as error:
            what = "the note of which articles mention which has an id that is none"
            raise IndexDamagedError(what) from error

    def _id(self, place: int) -> bytes:
        return bytes(self._text[self._starts[place] : self._starts[place + 1] - 1])

    def of(self, article_id: str) -> list[str]:
        """The ids of the articles that mention this one, sorted."""
        encoded = article_id.encode(errors="surrogatepass")
        place = bisect_left(range(len(self)), encoded, key=self._id)
        known = place < len(self) and self._id(place) == encoded
        return self._row(place) if known else []

    def items(self) -> Iterator[tuple[str, list[str]]]:
        """Every article that others mention, with them."""
        rows = ((self.id(place), self._row(place)) for place in range(len(self)))
        return ((id_, row) for id_, row in rows if row)

    def mentioned_by(self, place: int) -> Iterator[str]:
        """The ids of the articles that one mentions."""
        at = -1
        while True:
            try:
                at = self._numbers.index(place, at + 1)
            except ValueError:
                return
            yield self.id(bisect_right(self._ends, at) - 1)

    def places(self, compared: str) -> Iterator[int]:
        """The places of the articles whose ids are this label, once compared as labels are."""
        if not self._is_plain:
            yield from (at for at in range(len(self)) if label(self.id(at)) == compared)
            return
        encoded = compared.encode(errors="surrogatepass") + _END
        lowered = bytes(self._text).lower()
        at = lowered.find(encoded)
        while at >= 0:
            place = bisect_left(self._starts, at)
            if self._starts[place : place + 2].tolist() == [at, at + len(encoded)]:
                yield place
            at = lowered.find(encoded, at + 1)

    @cached_property
    def _is_plain(self) -> bool:
        """True if ids are compared as they are, but for case."""
        text = bytes(self._text)
        return text.isascii() and not (
            len(text.translate(None, _SPACES)) < len(text)
            or any(spaces in text for spaces in (b"  ", b" " + _END, _END + b" "))
            or text.startswith(b" ")
        )

    def _row(self, place: int) -> list[str]:
        numbers = self._numbers[self._ends[place] : self._ends[place + 1]]
        return [self.id(number) for number in numbers]


def _ends(lengths: array[int]) -> array[int]:
    return array("I", accumulate(lengths, initial=0))


def packed(mentioned_by: Mapping[str, Collection[str]]) -> bytes:
    """The note of which articles mention each; empty if none does."""
    by = {id_: sorted(others) for id_, others in mentioned_by.items() if others}
    if not by:
        return b""
    # Text is in the order of its bytes.
    ids = sorted({*by, *chain.from_iterable(by.values())})
    places = {id_: place for place, id_ in enumerate(ids)}
    encoded = [id_.encode() + _END for id_ in ids]
    counts = array("I", (len(by.get(id_, ())) for id_ in ids))
    mentions = chain.from_iterable(by.get(id_, ()) for id_ in ids)
    numbers = array("I", list(map(places.__getitem__, mentions)))
    text = b"".join(encoded)
    head = json.dumps([len(ids), len(text), len(numbers)]).encode()
    columns = map(to_bytes, (array("I", map(len, encoded)), counts, numbers))
    return zlib.compress(b"".join((head, b"\n", text, *columns)), zlib.Z_BEST_SPEED)


def with_references(
    notes: Mapping[str, bytes | None], mentioned_by: Mapping[str, Collection[str]] | None
) -> Mapping[str, bytes | None]:
    """Notes of a generation with that of who mentions whom; see `Draft.commit`."""
    if mentioned_by is None:
        return {**notes, REFERENCES: None}
    note = packed(mentioned_by)
    return {**notes, REFERENCES: note} if note else notes


class Mentioned:
    """Mentioned articles by the ids of those that mention them, compared as labels are.

    Args:
        references: of the archive.
    """

    def __init__(self, references: CrossReferences) -> None:
        self._references = references

    def ids(self, leaf: Leaf) -> set[str]:
        """The ids that an article of this id, or of one that matches a pattern, mentions."""
        if leaf.pattern:
            words = self._ids.words()
            found = [words[place] for place in places_of(self._ids, leaf.pattern)]
            return {mentioned for id_ in found for mentioned in self._mentioned[id_]}
        references = self._references
        places = references.places(leaf.spellings[0].terms[0][1])
        return {id_ for place in places for id_ in references.mentioned_by(place)}

    @cached_property
    def _mentioned(self) -> dict[str, list[str]]:
        """By the id of each article that mentions others, as a label: these."""
        mentioned: dict[str, list[str]] = {}
        for id_, mentioned_by in self._references.items():
            for other in mentioned_by:
                mentioned.setdefault(label(other), []).append(id_)
        return mentioned

    @cached_property
    def _ids(self) -> _Ids:
        return _Ids(self._mentioned)


class _Ids:
    """A sorted vocabulary, as patterns look at it."""

    def __init__(self, ids: dict[str, list[str]]) -> None:
        self._ids = sorted(ids)

    def words(self) -> list[str]:
        return self._ids

    def lower_bound(self, term: bytes) -> int:
        # Bytes of UTF-8 are in the order of their characters.
        return bisect_left(self._ids, term, key=str.encode)
