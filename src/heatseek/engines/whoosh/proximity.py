"""Phrases and words near each other: positions compared, document by document."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence as Positions

    from heatseek.engines.base import Budget
    from heatseek.engines.whoosh.plan import Sequence
    from heatseek.engines.whoosh.postings import Postings

_WINDOW = 12
"""Steps for each position of words that are to be near each other."""
Stands = dict[str, "Positions[int]"]
"""Term to its positions in a document's field, ascending."""


def count(
    form: Sequence, postings: dict[str, Postings], field: int, budget: Budget
) -> dict[int, int]:
    """How often a phrase occurs in a field of each document of a segment.

    Raises:
        QueryError: it takes more than the budget.
    """
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
        found = occurrences(form, stands, budget)
        if found:
            counts[document] = found
    return counts


def _in_order(form: Sequence, stands: Stands, budget: Budget) -> int:
    (_, first), *others = form.terms
    budget.spend(len(stands[first]))
    starts = set(stands[first])
    for offset, term in others:
        budget.spend(len(stands[term]))
        starts = starts.intersection(map((-offset).__add__, stands[term]))
        if not starts:
            return 0
    return len(starts)


def _near(form: Sequence, stands: Stands, budget: Budget) -> int:
    """How many positions begin a window, with a word of the phrase, that has them all."""
    budget.spend(_WINDOW * sum(map(len, stands.values())))
    hits = sorted((at, term) for term, found in stands.items() for at in found)
    need = Counter(term for _, term in form.terms)
    length = len(form.terms) + (form.slop or 0)
    have = dict.fromkeys(need, 0)
    missing, end, before, windows = len(need), 0, -1, 0
    for start, term in hits:
        while end < len(hits) and hits[end][0] < start + length:
            entering = hits[end][1]
            have[entering] += 1
            missing -= have[entering] == need[entering]
            end += 1
        windows += not missing and start != before
        missing += have[term] == need[term]
        have[term] -= 1
        before = start
    return windows
