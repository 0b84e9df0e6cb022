"""Which segments are written anew together, so that there are always few of them.

A log-structured merge: a segment is written anew once what is added beside it is no longer small
against it. So their sizes grow by `FACTOR` at least, their number with the logarithm of the index,
and a document is written anew a bounded number of times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.engines.whoosh.manifest import SegmentEntry

FACTOR = 16
"""A segment this many times as large as all that is written anew stays as it is."""
MOST_DELETED = 0.25
"""Part of a segment; from here on it is written anew without them."""


def outgrown(segments: Sequence[SegmentEntry], added: int, largest: int) -> list[int]:
    """The places of the segments to be written anew, together with `added` new documents.

    Args:
        segments: with what is deleted by now.
        added: how many documents are new.
        largest: of how many documents a segment may consist.
    """
    by_size = sorted(range(len(segments)), key=lambda place: segments[place].live)
    chosen = []
    for place in by_size:
        segment = segments[place]
        worn = segment.deleted > MOST_DELETED * segment.size
        small = segment.live < FACTOR * added and segment.live + added <= largest
        if worn or small:
            chosen.append(place)
            added += segment.live
    return sorted(chosen)
