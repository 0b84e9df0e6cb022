"""Scores for `numpy_arrays`: of a word in all its documents, and which documents need no score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from heatseek.engines.whoosh.arrays import ROUNDING, Gains
from heatseek.engines.whoosh.arrays.numpy_counts import ALL, Counts, Norms
from heatseek.engines.whoosh.arrays.numpy_factors import Factors
from heatseek.engines.whoosh.arrays.numpy_lists import Documents, Mask, Numbers, Places
from heatseek.ranking import arrays as formulas
from heatseek.ranking.arrays import Floats

if TYPE_CHECKING:
    from heatseek.engines.whoosh import arrays

    Evidence = arrays.Evidence[Documents, Counts, Norms, Floats]
    Word = arrays.Word[Documents, Counts, Norms, Floats]

_TINY = 1e-300
BLOCK = 32
"""Values of which the greatest stands for all."""
_DENSE = 4_096
"""Documents of a word up to which a field that few of them have is added up for all: no places of
those that have it need be found."""
_FEW_BLOCKS = 8
"""For each value that is wanted: with fewer blocks two of these would often be in one."""


def gains_of(word: Word) -> arrays.Gains[Floats]:
    """A word's score in each document that has it."""
    evidence = word.evidence
    gains = evidence.gains
    if gains is None or gains.weight != word.weight:
        gains = evidence.gains = Gains(word.weight, _scores(word.weight, evidence))
    return gains


class Bounds(NamedTuple):
    """What is known of the best of some documents before any word is added up."""

    factors: Floats | Factors
    """The multiplier of each document of the index, but for rounding."""
    most: float
    """The greatest one of those that have not all words."""
    least: float
    """What the best reach at least; 0: that is not known."""


def promising(
    words: Sequence[Word], count: int, wanted: Mask, bounds: Bounds, totals: Floats
) -> Documents | None:
    """The documents that could be among the best `count`; None if no bound tells.

    Words are added up from the rarest one on. Once the best have more than all words that are left
    could give by the greatest multiplier, documents that have only these are out of it; so is each
    that stays behind even with all of these in full (MaxScore; Turtle and Flood, 1995).

    Args:
        words: two or more, the rarest first.
        count: how many are the best.
        wanted: True at each document that may be given; it is changed.
        bounds: of these documents.
        totals: a zero for each document of the index, as it is afterwards.
    """
    factors, most, least = bounds
    rest = [total(words[place:]) for place in range(len(words) + 1)]
    added: list[Places] = []
    found: Documents | None = None
    try:
        for place, word in enumerate(words, start=1):
            added.append(word.evidence.documents)
            totals[added[-1]] += gains_of(word).scores
            if rest[place] >= (least / most if least else rest[0] - rest[place]):
                continue  # too much is left, whatever these documents have
            among = _different(added, wanted)
            boosts, sums = factors[among], totals[among]
            if len(among) >= count:
                least = max(least, slackened(reached(sums * boosts, count)))
            if rest[place] * most < least:
                among = among[(sums + rest[place]) * boosts >= least]
                among.sort(kind="stable")
                found = among
                break
        for having in added:
            totals[having] = 0.0
    except BaseException:
        # Ctrl-C, too: the next search must not find scores of this one.
        totals.fill(0.0)
        raise
    return found


def total(words: Sequence[Word]) -> float:
    """No document has more by all of these words."""
    return sum(map(_bound, words))


def max_of(values: Floats) -> float:
    """The greatest value, none of which is below 0; 0 of none."""
    return float(np.maximum.reduce(values, initial=0.0))


def slackened(bound: float) -> float:
    """A bound that no rounding error can pass, also of numbers too small for their digits."""
    return bound * (1.0 - ROUNDING) - _TINY


def greatest(values: Numbers, count: int) -> float:
    """The `count`-th greatest value."""
    at = len(values) - count
    ordered = values.copy()
    ordered.partition(at)
    return float(ordered[at])


def leaders(keys: Numbers, times: Numbers, count: int) -> Places | slice:
    """The places of all that could be the first `count` by key and time."""
    if count >= len(keys):
        return ALL
    least = greatest(keys, count)
    better = (keys > least).nonzero()[0]
    level = (keys == least).nonzero()[0]
    oldest = greatest(times[level], count - len(better))
    return np.concatenate([better, level[times[level] >= oldest]])


def reached(values: Floats, count: int) -> float:
    """What `count` of the values reach at least, and not more than the `count`-th greatest."""
    if is_long(values, count):
        size = len(values) // BLOCK
        # Each block is a column, so that whole rows are compared at a time.
        values = np.maximum.reduce(values[: size * BLOCK].reshape(BLOCK, size))
    return greatest(values, count)


def is_long(values: Floats, count: int) -> bool:
    """True if `reached` looks at blocks, and so gives less than the `count`-th greatest."""
    return len(values) // BLOCK > _FEW_BLOCKS * count


def _different(sets: Sequence[Places], wanted: Mask) -> Places:
    """Those that are wanted, each once, in no particular order."""
    kept = []
    for each in sets:
        kept.append(each[wanted[each]])
        wanted[each] = False
    among = np.concatenate(kept)
    wanted[among] = True
    return among


def _bound(word: Word) -> float:
    """No document has a greater score by a word."""
    gains = word.evidence.gains
    if gains and gains.weight == word.weight:
        if gains.greatest is None:
            gains.greatest = max_of(gains.scores)
        return gains.greatest
    # weight * x / (K1 + x) stays below it.
    return word.weight


def _scores(weight: float, evidence: Evidence) -> Floats:
    """A word's score in each document that has it."""
    documents = evidence.documents
    size = len(documents)
    if size <= _DENSE:
        every = (
            formulas.field_parts(counts.among(documents), norms[documents])
            for counts, norms in evidence.fields
        )
        return formulas.scores(weight, sum(every, start=np.zeros(size)))
    scores = np.empty(size)
    parts = formulas.blocks(size), formulas.blocks(size)
    for part, some in zip(parts[0], part_scores(weight, evidence, [*parts[1]]), strict=True):
        scores[part] = some
    return scores


def part_scores(weight: float, evidence: Evidence, parts: Sequence[slice]) -> Iterator[Floats]:
    """A word's scores in its documents, part by part; none is empty."""
    documents = evidence.documents
    fields = [(counts.blocks(documents, parts), norms) for counts, norms in evidence.fields]
    for part in parts:
        xs = np.zeros(part.stop - part.start)
        for counts, norms in fields:
            ids, places, values = next(counts)
            xs[places] += formulas.field_parts(1.0 if values is None else values, norms[ids])
        yield formulas.scores(weight, xs)
