"""Documents that lead to the same place: one hit together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from heatseek.links import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.whoosh.segments import Segments


def twins(segments: Segments) -> tuple[tuple[int, ...], ...]:
    """Groups of documents whose links are the same, numbered through all segments."""
    frequency = Counter(link for _, link in _links(segments))
    groups: dict[str, list[int]] = {}
    for document, link in _links(segments):
        # Equal checksums are looked into: only then the links are read.
        if frequency[link] > 1:
            url = canonical(segments.article(document).url or "")
            groups.setdefault(url, []).append(document)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _links(segments: Segments) -> Iterator[tuple[int, int]]:
    """Document, and checksum of its link, of all that have one and can be found."""
    for base, segment in segments:
        for document, link in enumerate(segment.column("link")):
            if link and document not in segment.deleted:
                yield base + document, link
