"""The text score: BM25F, one formula for every engine.

    x     = sum over fields of  weight * tf / (1 - b + b * length / average length)
    score = idf * x / (k1 + x)
    idf   = ln(1 + (N - df + 0.5) / (df + 0.5))

tf: how often a word stands in the field. Length: its words, function words not counted.
df: how many documents have it in any of the fields asked. N: all documents. Average length:
over the documents that have the field at all.
A phrase or prefix counts as one word: tf is its own number of occurrences (of a prefix: 1).
A label (category, type) counts as a field of weight 1 and average length.
The score of a query is the sum over its words.

Source: Robertson, Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
sections 3.4-3.6; the idf is Lucene's, which never turns negative.
"""

from __future__ import annotations

import math
from typing import NamedTuple

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


def saturated(x: float) -> float:
    """The part of the idf that x earns, 0 to 1."""
    return x / (K1 + x)
