"""The sorted terms of an inverted field in one segment, and the postings of each."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from heatseek.engines.shared.fields import AFTER_ANY_UTF8, SPELLING
from heatseek.engines.whoosh.postings import ALIGNMENT, Postings
from heatseek.engines.whoosh.sections import DamagedRecordError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heatseek.engines.whoosh.sections import SectionFile

RECENT = 64
"""Terms whose postings are kept in the form in which they were read."""


class Vocabulary:
    """The sorted terms of one field and where the postings of each are.

    Args:
        file: of the segment's terms.
        field: an inverted one.
        size: documents of the segment.

    Raises:
        IndexDamagedError: there are not as many of the one as of the other.
    """

    def __init__(self, file: SectionFile, field: str, size: int) -> None:
        self._file = file
        self._size = size
        self._field = field
        self._text = file.section(f"{field}/terms")
        self._offsets = file.numbers(f"{field}/terms/offsets", "I")
        self._starts = file.numbers(f"{field}/posting_offsets", "I")
        self._records = file.section(f"{field}/postings")
        if (
            not len(self._offsets) == len(self._starts) > 0
            or (self._offsets[0], self._offsets[-1]) != (0, len(self._text))
            or (self._starts[0], self._starts[-1] * ALIGNMENT) != (0, len(self._records))
        ):
            raise file.damaged(f"has terms of {field} that do not go together")
        self._checked: set[int] = set()
        self.recent: dict[int, Postings] = {}
        self._words: list[str] = []

    def __len__(self) -> int:
        return len(self._starts) - 1

    def find(self, term: str) -> Postings | None:
        """The postings of a term."""
        # A lone surrogate is in no term, and must not raise.
        encoded = term.encode(errors="surrogatepass")
        place = self.lower_bound(encoded)
        if place == len(self) or self.term(place) != encoded:
            return None
        # The same words come again in a query of many phrases.
        postings = self.recent.get(place)
        if postings is None:
            if len(self.recent) >= RECENT:
                self.recent.clear()
            postings = self.recent[place] = self.postings(place)
        return postings

    def lower_bound(self, term: bytes) -> int:
        """The place of the first term that is not before `term`."""
        return bisect_left(range(len(self)), term, key=self.term)

    def term(self, place: int) -> bytes:
        """The term at a place."""
        return bytes(self._text[self._offsets[place] : self._offsets[place + 1]])

    def words(self) -> list[str]:
        """All terms, of labels without their spelling; made when they are asked for first."""
        if not self._words:
            text, offsets = bytes(self._text), self._offsets.tolist()
            terms = (text[start:end].decode() for start, end in pairwise(offsets))
            self._words = [term.partition(SPELLING)[0] for term in terms]
        return self._words

    def check_order(self) -> None:
        """See that terms, and their postings, stand one after another, and are sorted.

        Raises:
            IndexDamagedError: they are not.
        """
        terms = [self.term(place) for place in range(len(self))]
        if (
            not ascend(self._offsets, len(self._text))
            or not ascend(self._starts, len(self._records) // ALIGNMENT)
            or not all(one < other for one, other in pairwise(terms))
        ):
            raise self._file.damaged(f"has terms of {self._field} that are not in order")
        self.words()

    def spellings(self, label: str) -> range:
        """The places of the terms of a label, one for each way in which it was written."""
        start = f"{label}{SPELLING}".encode(errors="surrogatepass")
        return range(self.lower_bound(start), self.lower_bound(start + AFTER_ANY_UTF8))

    def postings(self, place: int) -> Postings:
        """The postings of the term at a place, checked when they are read first.

        Raises:
            IndexDamagedError: they are not as they were written.
        """
        start, end = self._starts[place] * ALIGNMENT, self._starts[place + 1] * ALIGNMENT
        check = place not in self._checked
        try:
            postings = Postings(self._records[start:end], self._size, check=check)
        except DamagedRecordError as error:
            term = self.term(place).decode(errors="replace")
            raise self._file.damaged(f"has changed postings of {self._field}:{term!r}") from error
        self._checked.add(place)
        return postings


def ascend(offsets: memoryview, end: int) -> bool:
    """True for offsets that go from 0 to `end` and never back."""
    numbers = offsets.tolist()
    return [0, end] == [numbers[0], numbers[-1]] and numbers == sorted(numbers)
