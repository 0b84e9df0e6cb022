"""Filters over columns and labels: they only ever take matches away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.analysis import label
from heatseek.engines.whoosh.layout import HELD_BACK, RELATED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from heatseek.engines.whoosh.matching import Matcher
    from heatseek.query.filters import Filters


def filtered(
    documents: set[int],
    filters: Filters,
    matcher: Matcher,
    column: Callable[[str], Sequence[int]],
) -> set[int]:
    """Those of `documents` that pass."""
    for field, values in (
        ("topic_label", filters.topics),
        ("provider_label", filters.providers),
        ("category", filters.categories),
        ("type", filters.types),
    ):
        if values:
            bearing = (matcher.with_label(field, label(value)) for value in values)
            documents = documents & set().union(*bearing)
    if filters.after or filters.before:
        documents = _dated(documents, filters.after, filters.before, column("published_at"))
    if filters.published is not None:
        column_ = column("published")
        documents = {d for d in documents if (column_[d] != HELD_BACK) == filters.published}
    if filters.related is not None:
        kinds = column("kind")
        documents = {d for d in documents if (kinds[d] == RELATED) == filters.related}
    return documents


def _dated(
    documents: set[int],
    after: datetime | None,
    before: datetime | None,
    dates: Sequence[int],
) -> set[int]:
    """An unknown date passes neither bound."""
    low = UNKNOWN + 1 if after is None else after.timestamp()
    high = float("inf") if before is None else before.timestamp()
    return {document for document in documents if low <= dates[document] < high}
