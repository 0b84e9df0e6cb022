"""The segments of a generation as one: their documents are numbered through."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_right
from collections import Counter
from itertools import accumulate, compress, count
from time import monotonic

from heatseek.definitions import cached_property
from heatseek.engines.whoosh.postings import TermPostings
from heatseek.engines.whoosh.segment import Segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from heatseek.article import Article
    from heatseek.engines.shared.plan import Pattern, TermSequence
    from heatseek.engines.whoosh.manifest import SegmentEntry
    from heatseek.engines.whoosh.postings import PhrasePostings, SegmentPostings
    from heatseek.engines.whoosh.vocabulary import Vocabulary
    from heatseek.query.tree import Path

    Places = tuple[int, Vocabulary, Sequence[int]]
    """Of terms of a segment, behind the number of its first document."""


_MOST_LOOKS = 32
"""Ids that are looked for in the bytes of all before a table of them is made."""
_FRESH = 0.001
"""Seconds. A search takes as long, and in its middle nothing is looked at."""

_MANY = 50_000
"""Documents whose links are compared by numpy."""


class Segments:
    """Open segments, each with the number of its first document.

    Attributes:
        size: how many documents there are, deleted ones included.
        long_lived: whether many searches are to come.

    Args:
        folder: where their files are.
        entries: what the manifest says of them, in order.
        long_lived: likewise.

    Raises:
        IndexDamagedError: one is not what the manifest says of it.
    """

    def __init__(
        self, folder: str, entries: Sequence[SegmentEntry], *, long_lived: bool = True
    ) -> None:
        self.long_lived = long_lived
        self._entries = entries
        self._checked_at = monotonic()
        self._segments = [
            Segment(
                os.path.join(folder, name),  # noqa: PTH118 - pathlib is not imported in a one-shot search
                size,
                has_deletions=bool(deleted),
                long_lived=long_lived,
            )
            for name, size, deleted in entries
        ]
        self._looks = 0
        self._of_patterns: dict[tuple[str, type, Pattern], list[Places]] = {}
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

    def postings(self, field: str, term: str) -> TermPostings:
        """A term's postings in each segment that has it."""
        every = [(base, segment.postings(field, term)) for base, segment in self]
        return TermPostings((base, postings) for base, postings in every if postings is not None)

    def label_postings(self, field: str, label: str) -> TermPostings:
        """A label's postings in each segment, however it was written."""
        return TermPostings(
            (base, vocabulary.postings(place))
            for base, segment in self
            if (vocabulary := segment.vocabulary(field))
            for place in vocabulary.spellings(label)
        )

    def pattern_postings(
        self, field: str, pattern: Pattern, *, keep: bool = False
    ) -> Iterator[SegmentPostings]:
        """The postings of all terms of a field that match, one after another.

        There may be tens of thousands, of which none need be there when the next is read.

        Args:
            field: the field.
            pattern: what its terms are to match.
            keep: whether it is kept where they are until they are asked for once more.

        Raises:
            QueryError: there are too many.
        """
        # As tuples, patterns of two kinds can be equal.
        key = field, type(pattern), pattern
        every = self._of_patterns.pop(key, None)
        if every is None:
            every = self._find_pattern(field, pattern)
        if keep:
            self._of_patterns[key] = every
        return (
            (base, postings)
            for base, vocabulary, places in every
            for postings in vocabulary.postings_of(places)
        )

    def _find_pattern(self, field: str, pattern: Pattern) -> list[Places]:
        # Few queries have patterns: the start-up of the others does without.
        from heatseek.engines.shared import patterns  # noqa: PLC0415

        matching = []
        for base, segment in self:
            if vocabulary := segment.vocabulary(field):
                places = patterns.places_of(vocabulary, pattern)
                matching.append((base, segment, vocabulary, places))
                self.join_words(vocabulary)
        if sum(len(places) for *_, places in matching) > patterns.MAX_EXPANSIONS:
            # Segments may share some, and know some of deleted documents only.
            patterns.check_number(
                {
                    vocabulary.words()[place]
                    for _, segment, vocabulary, places in matching
                    for place in places
                    if not segment.deleted.issuperset(vocabulary.postings(place).ids)
                }
            )
        return [(base, vocabulary, places) for base, _, vocabulary, places in matching]

    def join_words(self, vocabulary: Vocabulary) -> None:
        """Keep the words of a vocabulary in little memory, unless many searches are to come."""
        if not self.long_lived:
            vocabulary.join_words()

    def phrase(self, form: TermSequence, inverted: str) -> list[PhrasePostings]:
        """The postings of each term of a phrase, in each segment that has them all."""
        found = []
        for base, segment in self:
            every = {term: segment.postings(inverted, term) for _, term in form.terms}
            postings = {term: each for term, each in every.items() if each}
            if len(postings) == len(every):
                found.append((base, postings))
        return found

    def duplicate_links(self) -> tuple[tuple[int, ...], ...]:
        """Groups of documents whose links are the same."""
        # Only writers ask for them.
        from heatseek.article import canonical  # noqa: PLC0415

        links = self._links()
        repeated = _repeated(links)
        groups: dict[str, list[int]] = {}
        # Equal checksums are looked into: only then the links are read.
        for document in compress(count(), map(repeated.__contains__, links)):
            url = canonical(self.article(document).url or "")
            groups.setdefault(url, []).append(document)
        return tuple(tuple(group) for group in groups.values() if len(group) > 1)

    def article(self, document: int) -> Article:
        """The stored article of a document."""
        place = bisect_right(self._bases, document) - 1
        return self._segments[place].article(document - self._bases[place])

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

    def documents(self, article_ids: Collection[str]) -> set[int]:
        """The documents of the articles with some ids, as far as they can be found.

        Many are looked up in a table of all ids, which is made once: to look for each in the bytes
        of all would take longer than the rest of a search.
        """
        self._looks += len(article_ids)
        if self._looks > _MOST_LOOKS:
            found = map(self._by_id.get, article_ids)
        else:
            found = map(self.document, article_ids)
        return {document for document in found if document is not None}

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return dict(self.ids())

    def ids(self) -> Iterator[tuple[str, int]]:
        """The id of every article that can be found, and its document."""
        for base, segment in self:
            for place, id_ in enumerate(segment.ids()):
                if place not in segment.deleted:
                    yield id_, base + place

    def with_path(self, path: Path) -> Iterator[int]:
        """The documents whose ids are this path, or begin with it as with a folder."""
        # Few searches ask for a path.
        from heatseek.query.terms import path_test  # noqa: PLC0415

        matches = path_test(path)
        for base, segment in self:
            for place, id_ in enumerate(segment.folded_ids()):
                if matches(id_) and place not in segment.deleted:
                    yield base + place

    def living(self, column: str) -> Iterator[int]:
        """The numbers of a column, of all documents that can be found."""
        for segment in self._segments:
            values, deleted = segment.column(column), segment.deleted
            if deleted:
                yield from (v for place, v in enumerate(values) if place not in deleted)
            else:
                yield from values

    def articles(self) -> Iterator[Article]:
        """All that can be found."""
        for segment in self._segments:
            yield from segment.articles(segment.deleted)

    def release(self) -> None:
        """Give back the memory of what was read of the files."""
        for segment in self._segments:
            for file in segment.files:
                file.release()

    def close(self) -> None:
        """Release the files."""
        for segment in self._segments:
            segment.close()

    def forget_recent(self) -> None:
        """Let go what was read for one search and may come again in it only."""
        self._of_patterns.clear()
        for segment in self._segments:
            segment.forget_recent()

    def _holding(self, document: int) -> tuple[int, Segment]:
        place = bisect_right(self._bases, document) - 1
        return self._bases[place], self._segments[place]

    def _links(self) -> array[int]:
        """The checksum of the link of each document; 0 of one without, or that is deleted."""
        links = array("I")
        for base, segment in self:
            links.frombytes(segment.column("link").tobytes())
            for document in segment.deleted:
                links[base + document] = 0
        return links


def _repeated(numbers: array[int]) -> set[int]:
    """Those that are there more than once, but for 0."""
    if len(numbers) < _MANY:
        return {number for number, times in Counter(numbers).items() if times > 1 and number}
    import numpy as np  # noqa: PLC0415 - a writer has it, mostly; of few it would take longer

    ordered = np.sort(np.frombuffer(numbers, np.uint32))
    return {*ordered[1:][ordered[1:] == ordered[:-1]].tolist()} - {0}
