"""Phrases and words near each other: positions compared, document by document."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence as Positions

    from heatseek.engines.whoosh.plan import Sequence
    from heatseek.engines.whoosh.postings import Postings

Stands = dict[str, "Positions[int]"]
"""Term to its positions in a document's field, ascending."""


def count(form: Sequence, postings: dict[str, Postings], field: int) -> dict[int, int]:
    """How often a phrase occurs in a field of each document of a segment."""
    places = {term: found.places(field) for term, found in postings.items()}
    documents = set.intersection(*(set(found) for found in sorted(places.values(), key=len)))
    if not documents:
        return {}
    flat = {term: found.in_field(field) for term, found in postings.items()}
    positions = {term: found.positions for term, found in flat.items() if found}
    occurrences = _in_order if form.slop is None else _near
    counts: dict[int, int] = {}
    for document in documents:
        stands = {term: positions[term][places[term][document]] for term in places}
        found = occurrences(form, stands)
        if found:
            counts[document] = found
    return counts


def _in_order(form: Sequence, stands: Stands) -> int:
    starts: set[int] | None = None
    for offset, term in form.terms:
        here = {at - offset for at in stands[term]}
        starts = here if starts is None else starts & here
        if not starts:
            return 0
    return len(starts or ())


def _near(form: Sequence, stands: Stands) -> int:
    """How many positions begin a window, with a word of the phrase, that has them all."""
    wanted = Counter(term for _, term in form.terms)
    length = len(form.terms) + (form.slop or 0)
    starts = {at for found in stands.values() for at in found}
    return sum(
        all(_within(stands[term], at, length) >= times for term, times in wanted.items())
        for at in starts
    )


def _within(positions: Positions[int], start: int, length: int) -> int:
    return bisect_left(positions, start + length) - bisect_left(positions, start)
