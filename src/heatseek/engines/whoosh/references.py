"""Articles of the archive by those that mention them, for `related:`.

Stories without a file have it as labels, in their segment; of articles it may change with any other
one, so it stands beside the segments, in a note of the generation.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from heatseek.engines.shared.patterns import places_of
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from heatseek.cross_references import CrossReferences
    from heatseek.engines.shared.plan import Leaf
    from heatseek.engines.whoosh.segments import Segments


class References:
    """What is mentioned, by the ids of what mentions it, compared as labels are.

    Args:
        references: of the archive.
        segments: where the articles are.
    """

    def __init__(self, references: CrossReferences, segments: Segments) -> None:
        documents = dict(segments.ids())
        self._mentioned: dict[str, list[int]] = {}
        for id_, mentioned_by in references.items():
            for other in mentioned_by if id_ in documents else ():
                self._mentioned.setdefault(label(other), []).append(documents[id_])
        self._ids = _Ids(self._mentioned)

    def documents(self, leaf: Leaf) -> set[int]:
        """What is mentioned by an article of this id, or of one that matches a pattern."""
        if leaf.pattern:
            words = self._ids.words()
            found = [words[place] for place in places_of(self._ids, leaf.pattern)]
        else:
            found = [leaf.spellings[0].terms[0][1]]
        return {document for id_ in found for document in self._mentioned.get(id_, ())}


class _Ids:
    """A sorted vocabulary, as patterns look at it."""

    def __init__(self, ids: dict[str, list[int]]) -> None:
        self._ids = sorted(ids)

    def words(self) -> list[str]:
        return self._ids

    def lower_bound(self, term: bytes) -> int:
        # Bytes of UTF-8 are in the order of their characters.
        return bisect_left(self._ids, term, key=str.encode)
