"""Phrases and words near each other: positions compared, within one document."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence as Positions

    from heatseek.engines.model import Budget
    from heatseek.engines.shared.plan import Sequence

_WINDOW = 12
"""Steps for each position of words that are to be near each other."""
Stands = dict[str, "Positions[int]"]
"""Term to its positions in a document's field, ascending."""


def occurrences(form: Sequence, stands: Stands, budget: Budget) -> int:
    """How often a phrase, or words near each other, occur in a document's field.

    Raises:
        QueryError: it takes more than the budget.
    """
    return (_in_order if form.slop is None else _near)(form, stands, budget)


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
    hits = sorted((at, term) for term, positions in stands.items() for at in positions)
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
