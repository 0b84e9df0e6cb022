"""Whoosh's view of a posting list: document by document, with positions and scores."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from whoosh.matching import LeafMatcher, ReadTooFar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.whoosh.lexicons import PostingList


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
        """Whether there is a document here."""
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
        """What the term adds to the document's score."""
        return float(self.scorer.score(self)) if self.scorer else self.weight()

    @property
    def _positions(self) -> list[int]:
        positions = self._postings.positions
        return list(positions[self._place]) if positions else []
