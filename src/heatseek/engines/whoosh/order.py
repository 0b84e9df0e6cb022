"""The last step to a page, exactly: by value, then newer date, then id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def best(
    values: Mapping[int, float],
    dates: Sequence[int],
    id_of: Callable[[int], str],
    window: slice,
) -> list[int]:
    """The documents of `window` in the order: greatest value, newest date, least id."""
    keys = {document: (value, int(dates[document])) for document, value in values.items()}
    ranked = sorted(keys, key=keys.__getitem__, reverse=True)
    if window.stop < len(ranked):
        last = keys[ranked[window.stop - 1]] if window.stop else None
        ranked = [document for document in ranked if last and keys[document] >= last]
    if len({keys[document] for document in ranked}) < len(ranked):
        # Ids are read only where something depends on them.
        ranked = sorted(sorted(ranked, key=id_of), key=keys.__getitem__, reverse=True)
    return ranked[window]
