"""Ragged arrays: lists of numbers laid end to end, and how many each list has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.integer]


def ends(counts: Numbers) -> Numbers:
    """Where each list begins, and where the last one ends."""
    places = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=places[1:])
    return places


def starts(counts: Numbers) -> Numbers:
    """Where each list begins."""
    return ends(counts)[:-1]


def sums(values: Numbers, counts: Numbers) -> Numbers:
    """The sum of each list."""
    so_far = ends(values)
    places = ends(counts)
    return np.diff(so_far.take(places))


def ranks_of(counts: Numbers) -> Numbers:
    """0 to n - 1 for each list of n."""
    places = ends(counts)
    return np.arange(places[-1]) - np.repeat(places[:-1], counts)


def within(at: Numbers, counts: Numbers, width: int = 1) -> Numbers:
    """The places of so many values of a width, behind each other from each place on."""
    places = width * ends(counts)
    first = np.repeat(at - places[:-1], counts)
    first += np.arange(0, places[-1], width)
    return first
