"""The text score: BM25F, one formula for every engine.

    x     = sum over fields of  weight * tf / (1 - b + b * length / average length)
    score = idf * x / (k1 + x)
    idf   = ln(1 + (N - df + 0.5) / (df + 0.5))

tf: how often a word stands in the field. Length: its words, function words not counted.
df: how many documents have it in any of the fields searched. N: all documents. Average length:
over the documents that have the field at all.
A phrase or prefix counts as one word: tf is its own number of occurrences (of a prefix: 1).
A label (category, type) counts as a field of weight 1 and average length.
The score of a query is the sum over its words, times a factor where the title has them all:

    1 + weight * min(1, words / length of the title)

words: of the query; one alone counts only where it is the whole title. A long text that repeats
words is worth no more than one that is about them; who types words of a title looks for that
article (Ogilvie, Callan, "Combining document representations for known-item search", 2003).

The order of operations is part of the formula: `ranking.arrays` has it for numpy, equal to the
last bit.

Source: Robertson, Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
sections 3.4-3.6; the idf is Lucene's, which never turns negative.
"""

from __future__ import annotations

import math
from operator import truediv

from heatseek.definitions import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

K1 = 1.2
"""How soon further occurrences of a word stop counting."""


class Dilution(NamedTuple):
    """A field's weight and length norm, so that its part of x is `tf / (base + slope * length)`."""

    base: float
    slope: float


def dilution(weight: float, b: float, average_length: float) -> Dilution:
    """Prepare a field; `weight` is above 0."""
    return Dilution((1.0 - b) / weight, b / ((average_length or 1.0) * weight))


def idf(documents: int, frequency: int) -> float:
    """How much a word tells, by the number of documents that have it."""
    return math.log(1.0 + (documents - frequency + 0.5) / (frequency + 0.5))


def norms(dilution: Dilution, lengths: Iterable[int]) -> list[float]:
    """The divisor of tf in a field, for each length."""
    base, slope = dilution
    return [base + slope * length for length in lengths]


def field_parts(counts: Iterable[int], norms: Iterable[float]) -> list[float]:
    """The part of x that a field gives, for each tf."""
    return list(map(truediv, counts, norms))


def scores(weight: float, xs: Iterable[float]) -> list[float]:
    """A word's score for each x; `weight` is its idf times its boost."""
    return [weight * x / (K1 + x) for x in xs]


def title_factor(words: int, length: int, weight: float) -> float:
    """The factor of a title of `length` words that has all `words` of the query."""
    return 1.0 + weight * min(words / length, 1.0)


def score(weight: float, x: float) -> float:
    """A word's score in one document."""
    return weight * x / (K1 + x)
