"""Documents that match a plan and pass filters: whole sets, never a call per document."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from heatseek.engines.shared.fields import (
    ARTICLE,
    HELD_BACK,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RELATED,
    UNKNOWN,
)
from heatseek.engines.shared.plan import (
    Boosted,
    Conjunction,
    Disjunction,
    Everything,
    Leaf,
    Node,
    Sequence,
    Within,
)
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.whoosh.arrays import Arrays, Column, Documents
    from heatseek.engines.whoosh.lookup import Occurrences
    from heatseek.query.filters import Filters


class Matcher:
    """Evaluates the nodes of plans.

    Args:
        arrays: the operations.
        find: looks a leaf up.
        column: gives a column by name.
    """

    def __init__(
        self, arrays: Arrays, find: Callable[[Leaf], Occurrences], column: Callable[[str], Column]
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
            case Conjunction(required, excluded):
                matching = arrays.intersection([self.documents(child) for child in required])
                return arrays.difference(matching, [self.documents(child) for child in excluded])
            case Disjunction(children):
                return arrays.union([self.documents(child) for child in children])
            case Within(column, low, high):
                return arrays.between(arrays.everything(), self._column(column), low, high)
            case Everything():
                return arrays.everything()
        return arrays.chosen(())


def filtered(
    documents: Documents,
    filters: Filters,
    arrays: Arrays,
    find: Callable[[Leaf], Occurrences],
    column: Callable[[str], Column],
) -> Documents:
    """Those of `documents` that pass."""
    for field, values in (
        ("topic_label", filters.topics),
        ("provider_label", filters.providers),
        ("category", filters.categories),
        ("type", filters.types),
    ):
        if values:
            leaves = (Leaf(v, (field,), (Sequence(((0, label(v)),)),)) for v in values)
            bearing = arrays.union([find(leaf).documents for leaf in leaves])
            documents = arrays.intersection([documents, bearing])
    for name, low, high in _ranges(filters):
        documents = arrays.between(documents, column(name), low, high)
    return documents


def _ranges(filters: Filters) -> Iterator[tuple[str, float, float]]:
    """Each filter over a column, as column and bounds; an unknown date passes no bound."""
    if filters.after or filters.before:
        low = math.ceil(filters.after.timestamp()) if filters.after else UNKNOWN + 1
        high = math.ceil(filters.before.timestamp()) - 1 if filters.before else math.inf
        yield "published_at", low, high
    if filters.published is not None:
        shown = (PUBLISHED, PUBLISHED_UNKNOWN) if filters.published else (HELD_BACK, HELD_BACK)
        yield "published", *shown
    if filters.related is not None:
        kind = RELATED if filters.related else ARTICLE
        yield "kind", kind, kind
