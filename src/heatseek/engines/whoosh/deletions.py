"""A segment whose documents were deleted in part: which ones, and the statistics of the others."""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.sections import SectionWriter
from heatseek.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from heatseek.engines.whoosh.segment import Segment, Statistics


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
