"""The segments of a generation as one: their documents are numbered through."""

from __future__ import annotations

import os
from bisect import bisect_right
from itertools import accumulate
from time import monotonic
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.article import Article
    from heatseek.engines.whoosh.manifest import SegmentEntry


_FRESH = 0.001
"""Seconds. A search takes as long, and in its middle nothing is looked at."""


class Segments:
    """Open segments, each with the number of its first document.

    Attributes:
        size: how many documents there are, deleted ones included.

    Args:
        folder: where their files are.
        entries: what the manifest says of them, in order.

    Raises:
        IndexDamagedError: one is not what the manifest says of it.
    """

    def __init__(self, folder: str, entries: Sequence[SegmentEntry]) -> None:
        self._entries = entries
        self._checked_at = monotonic()
        self._segments = [
            Segment(os.path.join(folder, name), size, has_deletions=bool(deleted))  # noqa: PTH118 - pathlib is not imported in a one-shot search
            for name, size, deleted in entries
        ]
        sizes = (segment.size for segment in self._segments)
        *self._bases, self.size = accumulate(sizes, initial=0)

    def __iter__(self) -> Iterator[tuple[int, Segment]]:
        return zip(self._bases, self._segments, strict=True)

    def check_unchanged(self) -> None:
        """See that nobody has written to a file since it was opened; once in a millisecond.

        Raises:
            IndexDamagedError: somebody has.
        """
        now = monotonic()
        if now - self._checked_at < _FRESH:
            return
        for segment in self._segments:
            for file in segment.files:
                file.check_unchanged()
        self._checked_at = now

    def deleted(self) -> list[int]:
        """The documents that cannot be found, in no particular order."""
        for entry, segment in zip(self._entries, self._segments, strict=True):
            if len(segment.deleted) != entry.deleted:
                raise segment.files[-1].damaged("has another number of deleted documents")
        return [base + document for base, segment in self for document in segment.deleted]

    def article(self, document: int) -> Article:
        """The stored article of a document."""
        base, segment = self._holding(document)
        return segment.article(document - base)

    def id(self, document: int) -> str:
        """The id of the article."""
        base, segment = self._holding(document)
        return segment.id(document - base)

    def document(self, article_id: str) -> int | None:
        """The document of the article with an id, if it can be found."""
        for base, segment in self:
            for place in segment.places(article_id):
                if place not in segment.deleted:
                    return base + place
        return None

    def ids(self) -> Iterator[tuple[str, int]]:
        """The id of every article that can be found, and its document."""
        for base, segment in self:
            for place, id_ in enumerate(segment.ids()):
                if place not in segment.deleted:
                    yield id_, base + place

    def articles(self) -> Iterator[Article]:
        """All that can be found."""
        for segment in self._segments:
            yield from segment.articles(segment.deleted)

    def close(self) -> None:
        """Release the files."""
        for segment in self._segments:
            segment.close()

    def forget_recent(self) -> None:
        """Let go what was read for one search and may come again in it only."""
        for segment in self._segments:
            segment.forget_recent()

    def _holding(self, document: int) -> tuple[int, Segment]:
        place = bisect_right(self._bases, document) - 1
        return self._bases[place], self._segments[place]
