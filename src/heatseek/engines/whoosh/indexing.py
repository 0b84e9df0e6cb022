"""Articles into segments, through Whoosh's segment writer and our codec.

Which segments are written anew together, and the file of a segment's deletions.
"""

from __future__ import annotations

import gc
import json
import os
from array import array
from contextlib import contextmanager, suppress
from itertools import chain, islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from whoosh.filedb.filestore import FileStorage
from whoosh.writing import SegmentWriter

from heatseek.engines.shared.analysis import article_fields
from heatseek.engines.whoosh.codec import ArrayCodec, Pool, whoosh_schema
from heatseek.engines.whoosh.manifest import ID_FIELD, RECORD_FIELD, SegmentEntry
from heatseek.engines.whoosh.sections import SectionWriter
from heatseek.engines.whoosh.segment import encode_article
from heatseek.schema import TEXT_FIELDS
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from heatseek.article import Article
    from heatseek.engines.whoosh.segment import Segment, Statistics
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language


_INDEX_NAME = "MAIN"


class _Storage(FileStorage):
    """Knows the files that are being written."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._files: list[Any] = []

    def create_file(self, name: str, **options: Any) -> Any:
        """As Whoosh has it, but in place of nothing that is there."""
        file = super().create_file(name, **(options | {"mode": "xb"}))
        self._files.append(file)
        return file

    def close_files(self) -> None:
        """Close those that are not, also if what is left to be written cannot be."""
        for file in self._files:
            with suppress(OSError):
                file.file.close()


class OneSegmentWriter(SegmentWriter):
    """Whoosh's writer for one segment in a folder.

    It writes no TOC: ours is the manifest, because opening Whoosh's means unpickling it.
    """

    def __init__(self, folder: Path, declared: tuple[DeclaredField, ...] = ()) -> None:
        toc = SimpleNamespace(generation=0, schema=whoosh_schema(declared), segments=[])
        index = SimpleNamespace(
            storage=_Storage(os.fspath(folder)),
            indexname=_INDEX_NAME,
            _read_toc=lambda: toc,
        )
        super().__init__(index, codec=ArrayCodec(), _lk=False)
        self.pool = Pool()
        self.written: list[Any] = []

    def abandon(self) -> None:
        """Stop after a failure, with no file left open."""
        with suppress(Exception):  # cannot write either, or is stopped already
            self.cancel()
        self.storage.close_files()

    def _commit_toc(self, segments: list[Any]) -> None:
        self.written = segments


def write_segments(
    folder: Path,
    articles: Iterable[Article],
    largest: int,
    declared: tuple[DeclaredField, ...] = (),
    language: Language = ENGLISH,
) -> list[SegmentEntry]:
    """Write articles to segments of up to `largest`; whatever `articles` raises goes through."""
    left = iter(articles)
    with _uncollected():
        return [
            _segment(folder, chain([first], islice(left, largest - 1)), declared, language)
            for first in left
        ]


def _segment(
    folder: Path,
    articles: Iterable[Article],
    declared: tuple[DeclaredField, ...],
    language: Language,
) -> SegmentEntry:
    writer = OneSegmentWriter(folder, declared)
    try:
        for article in articles:
            stored = {ID_FIELD: article.id.encode(), RECORD_FIELD: encode_article(article)}
            writer.add_document(**stored, **article_fields(article, declared, language))
        writer.commit()
    except BaseException:
        writer.abandon()
        raise
    (segment,) = writer.written
    return SegmentEntry(segment.segment_id(), segment.doc_count_all())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cycle collector from walking over millions of postings that are no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
