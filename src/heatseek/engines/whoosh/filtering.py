"""Filters over columns and labels: they only ever take matches away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.layout import (
    ARTICLE,
    HELD_BACK,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RELATED,
    UNKNOWN,
)
from heatseek.engines.whoosh.plan import Leaf, Sequence
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.whoosh.arrays import Arrays, Column, Documents
    from heatseek.engines.whoosh.found import Found
    from heatseek.query.filters import Filters


def filtered(
    documents: Documents,
    filters: Filters,
    arrays: Arrays,
    find: Callable[[Leaf], Found],
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
