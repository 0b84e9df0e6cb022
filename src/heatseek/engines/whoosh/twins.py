"""Documents that lead to the same place: one hit together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from heatseek.links import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.engines.whoosh.segment import Segment


def twins(segments: Sequence[Segment]) -> tuple[tuple[int, ...], ...]:
    """Groups of documents whose links are the same, numbered through all segments."""
    links = dict(_links(segments))
    frequency = Counter(links.values())
    # Equal checksums are looked into: only then the links are read.
    alike = [document for document, link in links.items() if frequency[link] > 1]
    groups: dict[str, list[int]] = {}
    for document in alike:
        groups.setdefault(_url(segments, document), []).append(document)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)


def _links(segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """Document, and checksum of its link, of all that have one and can be found."""
    base = 0
    for segment in segments:
        deleted = frozenset(segment.deleted)
        for document, link in enumerate(segment.column("link")):
            if link and document not in deleted:
                yield base + document, link
        base += segment.size


def _url(segments: Sequence[Segment], document: int) -> str:
    for segment in segments:
        if document < segment.size:
            return canonical(segment.article(document).url or "")
        document -= segment.size
    raise IndexError(document)
