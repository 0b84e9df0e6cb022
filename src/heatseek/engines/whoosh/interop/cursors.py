"""Whoosh's walks: over the terms of a field, and over the posting list of a term."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from whoosh.codec.base import Automata, FieldCursor
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.system import emptybytes

from heatseek.engines.shared.patterns import within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.whoosh.interop.lexicons import PostingList


class LexiconCursor(FieldCursor):
    """A place among the terms of a field."""

    def __init__(
        self,
        fieldname: str,
        fieldobj: Any,
        terms_of: Callable[[str, bytes], Iterator[tuple[str, bytes]]],
        term_info: Callable[[str, bytes], Any],
    ) -> None:
        self._fieldname = fieldname
        self._field = fieldobj
        self._terms_of = terms_of
        self._term_info = term_info
        self.first()

    def first(self) -> str | None:
        """Go to the first term."""
        return self.find(emptybytes)

    def find(self, string: str | bytes) -> str | None:
        """Go to the first term that is not before this one."""
        start = self._field.to_bytes(string)
        self._left = self._terms_of(self._fieldname, start)
        return self.next()

    def next(self) -> str | None:
        """Go to the next term."""
        self._term = next(self._left, (None, None))[1]
        return self.text()

    def texts(self, prefix: str) -> Iterator[str]:
        """The terms that begin so, as text."""
        text = self.find(prefix)
        while text is not None and text.startswith(prefix):
            yield text
            text = self.next()

    def text(self) -> str | None:
        """The term here, as text; None behind the last."""
        return None if self._term is None else self._field.from_bytes(self._term)

    term = text

    def term_info(self) -> Any:
        """Statistics of the term here; None behind the last."""
        return None if self._term is None else self._term_info(self._fieldname, self._term)

    def is_valid(self) -> bool:
        """True unless this is behind the last term."""
        return self._term is not None


class NearTerms(Automata):
    """Terms within an edit distance, of words as they were written too."""

    def terms_within(
        self, fieldcur: LexiconCursor, uterm: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        """The terms that share this many first letters, at most this many edits away."""
        words = Words(fieldcur.texts(uterm[:prefix]))
        return (words[place] for place in within(words, uterm, maxdist))


class Words(list[str]):
    """Sorted words; see `patterns.Terms`."""

    def words(self) -> list[str]:
        """All of them."""
        return self

    def lower_bound(self, term: bytes) -> int:
        """The place of the first that is not before `term`."""
        return bisect_left(self, term.decode())


class PostingMatcher(LeafMatcher):
    """The posting list of a term, walked through.

    It offers no bounds for blocks of documents: what Whoosh skips by them is not always too low
    to be among the best.
    """

    def __init__(
        self,
        term: tuple[str, bytes],
        postings: PostingList,
        format_: Any,
        scorer: Any = None,
        place: int = 0,
    ) -> None:
        self._term = term
        self._postings = postings
        self._place = place
        self.format = format_
        self.scorer = scorer

    def is_active(self) -> bool:
        """True unless this is behind the last document."""
        return self._place < len(self._postings.documents)

    def reset(self) -> None:
        """Go back to the first document."""
        self._place = 0

    def copy(self) -> PostingMatcher:
        """Another at the same place."""
        return PostingMatcher(self._term, self._postings, self.format, self.scorer, self._place)

    def id(self) -> int:
        """The document here."""
        return self._postings.documents[self._place]

    def all_ids(self) -> Iterator[int]:
        """The documents from here on."""
        return iter(self._postings.documents[self._place :])

    def next(self) -> bool:
        """Go to the next document; False, because there are no blocks."""
        if not self.is_active():
            raise ReadTooFar
        self._place += 1
        return False

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's name
        """Go to the first document from here that is not before this one."""
        if not self.is_active():
            raise ReadTooFar
        self._place = bisect_left(self._postings.documents, id, lo=self._place)

    def value(self) -> bytes:
        """The positions, as the format of the field has them."""
        encoded: bytes = self.format.encode(self._positions)
        return encoded

    def value_as(self, astype: str) -> Any:
        """Positions, or how often the document has the term."""
        return self._positions if astype == "positions" else self.weight()

    def weight(self) -> float:
        """How often the document has the term."""
        return self._postings.frequency(self._place)

    def supports_block_quality(self) -> bool:
        """No; see the class."""
        return False

    def max_quality(self) -> float:
        """A bound for all documents; wrapping matchers ask for it whatever is supported."""
        return float(self.scorer.max_quality()) if self.scorer else float("inf")

    def score(self) -> float:
        """The part of the term in the document's score."""
        return float(self.scorer.score(self)) if self.scorer else self.weight()

    @property
    def _positions(self) -> list[int]:
        positions = self._postings.positions
        return list(positions[self._place]) if positions else []
