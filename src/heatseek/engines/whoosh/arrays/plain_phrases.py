"""Phrases for `plain`: the positions of each document that has all words are compared in turn."""

from __future__ import annotations

from itertools import accumulate

from heatseek.engines.shared.plan import occurrences

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.engines.model import Budget
    from heatseek.engines.shared.plan import TermSequence
    from heatseek.engines.whoosh.positions import Positions
    from heatseek.engines.whoosh.postings import Postings

_FEW = 16
"""Documents below which not all positions of a term are read."""


def phrase_counts(
    form: TermSequence, postings: dict[str, Postings], field: int, budget: Budget
) -> Iterator[tuple[int, int]]:
    """Documents of a segment that have a phrase in a field, and how often.

    Raises:
        QueryError: it takes more than the budget.
    """
    places = {term: each.places(field) for term, each in postings.items()}
    documents = set.intersection(*(set(each) for each in sorted(places.values(), key=len)))
    in_field = {term: each.in_field(field) for term, each in postings.items() if documents}
    positions = {term: each.positions for term, each in in_field.items() if each}
    for document, stands in _stands(sorted(documents), places, positions):
        if count := occurrences(form, stands, budget):
            yield document, count


def _stands(
    documents: list[int],
    places: dict[str, dict[int, slice]],
    positions: dict[str, Positions],
) -> Iterator[tuple[int, dict[str, Sequence[int]]]]:
    """Where each term stands in each document."""
    if len(documents) < _FEW:
        for document in documents:
            yield document, {t: positions[t][own[document]] for t, own in places.items()}
        return
    every = [(term, own, positions[term].gaps()) for term, own in places.items()]
    for document in documents:
        yield document, {term: list(accumulate(gaps[own[document]])) for term, own, gaps in every}
