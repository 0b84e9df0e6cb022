"""Which segments are written anew together, and the file of a segment's deletions."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.sections import SectionWriter
from heatseek.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from heatseek.engines.whoosh.manifest import SegmentEntry
    from heatseek.engines.whoosh.segment import Segment, Statistics

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


def write_deletions(path: Path, segment: Segment, deleted: Collection[int]) -> None:
    """Write the file that stands for these deletions; `deleted` has all, those before too."""
    new = set(deleted).difference(segment.deleted)
    statistics = _without(segment, new)
    with path.open("xb") as file:
        out = SectionWriter(file)
        out.add("deleted", array("I", sorted(deleted)).tobytes())
        out.add("statistics", json.dumps(statistics).encode())
        out.close()


def _without(segment: Segment, gone: set[int]) -> Statistics:
    statistics = dict(segment.statistics())
    for spec in TEXT_FIELDS:
        words, having = statistics[spec.name]
        lengths = segment.lengths(spec.name)
        lost = [lengths[document] for document in gone]
        statistics[spec.name] = words - sum(lost), having - sum(map(bool, lost))
    return statistics
