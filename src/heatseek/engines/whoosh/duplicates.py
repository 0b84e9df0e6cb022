"""Documents that have the same link: of those that match, a search gives one."""

from __future__ import annotations

from heatseek.definitions import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heatseek.engines.whoosh.arrays import Arrays, Documents


class Duplicates:
    """The groups of an index.

    Args:
        groups: documents with the same link, as the manifest has them.
        arrays: the operations on sets of documents.
    """

    def __init__(self, groups: Sequence[Sequence[int]], arrays: Arrays) -> None:
        self._groups = groups
        self._arrays = arrays
        self._group_of = {
            document: number for number, members in enumerate(groups) for document in members
        }

    def total(self, documents: Documents) -> int:
        """How many documents there are, of those with the same link one."""
        return self._arrays.total(documents) - self.surplus(self.repeated(documents))

    def of_links(self, documents: set[int]) -> set[int]:
        """Documents, and all with the same link as one of them."""
        groups = {self._group_of[document] for document in documents if document in self._group_of}
        return documents | {d for group in groups for d in self._groups[group]}

    def with_links(self, documents: Documents) -> Documents:
        """Documents, and all with the same link as one of them."""
        if not self._group_of:
            return documents
        some = self._of_duplicates(documents)
        if not some:
            return documents
        arrays = self._arrays
        groups = set(map(self._group_of.__getitem__, some))
        others = (d for group in groups for d in self._groups[group])
        return arrays.union([documents, arrays.chosen(others)])

    def repeated(self, documents: Documents) -> list[int]:
        """Those of the documents whose link another one of them has, too."""
        if not self._group_of:
            return []
        groups = self._group_of
        some = self._of_duplicates(documents)
        own = [groups[document] for document in some]
        if len(set(own)) == len(own):
            return []
        met: set[int] = set()
        again: set[int] = set()
        for group in own:
            (again if group in met else met).add(group)
        return [document for document, group in zip(some, own, strict=True) if group in again]

    def surplus(self, repeated: list[int]) -> int:
        """How many of these are not the first of their link."""
        if not repeated:
            return 0
        return len(repeated) - len(set(map(self._group_of.__getitem__, repeated)))

    def others(self, ranked: Iterable[int]) -> Iterator[int]:
        """Of documents in order, those whose link one before them has."""
        met: set[int] = set()
        for document in ranked:
            group = self._group_of.get(document)
            if group in met:
                yield document
            elif group is not None:
                met.add(group)

    def _of_duplicates(self, documents: Documents) -> list[int]:
        """Those of the documents whose link others in the index have."""
        arrays = self._arrays
        return arrays.numbers(arrays.intersection([documents, self._all_duplicates]))

    @cached_property
    def _all_duplicates(self) -> Documents:
        return self._arrays.lasting(self._arrays.chosen(self._group_of))
