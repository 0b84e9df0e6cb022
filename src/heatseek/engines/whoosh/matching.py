"""Which documents match a plan: operations on whole sets, never a call per document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.engines.whoosh.plan import (
    Boosted,
    Conjunction,
    Disjunction,
    Everything,
    Leaf,
    Node,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from heatseek.engines.whoosh.arrays import Arrays, Column, Documents
    from heatseek.engines.whoosh.found import Found


class Matcher:
    """Evaluates the nodes of plans.

    Args:
        arrays: the operations.
        find: looks a leaf up.
        column: gives a column by name.
    """

    def __init__(
        self, arrays: Arrays, find: Callable[[Leaf], Found], column: Callable[[str], Column]
    ) -> None:
        self._arrays = arrays
        self._find = find
        self._column = column

    def documents(self, node: Node) -> Documents:  # noqa: PLR0911 - one for each kind of node
        """All documents that match."""
        arrays = self._arrays
        match node:
            case Leaf():
                return self._find(node).documents
            case Boosted(leaf):
                return self._find(leaf).documents
            case Conjunction(wanted, unwanted):
                found = arrays.intersection([self.documents(child) for child in wanted])
                return arrays.difference(found, [self.documents(child) for child in unwanted])
            case Disjunction(children):
                return arrays.union([self.documents(child) for child in children])
            case Within(column, low, high):
                return arrays.between(arrays.everything(), self._column(column), low, high)
            case Everything():
                return arrays.everything()
        return arrays.chosen(())
