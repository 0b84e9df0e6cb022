"""Articles, and parts of segments, into segments, through Whoosh's writer and our codec."""

from __future__ import annotations

import os
from contextlib import suppress
from ctypes import CDLL
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.writing import SegmentWriter

from heatseek.article import Article
from heatseek.engines.whoosh.codec import ArrayCodec, Pool
from heatseek.engines.whoosh.manifest import SegmentEntry
from heatseek.engines.whoosh.parts import Part, PartMaker
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from heatseek.engines.base import Part as AnyPart
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language


_INDEX_NAME = "MAIN"
_MANY = 50_000
"""Documents of a segment that takes tens of millions of bytes to make."""


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
    """Whoosh's writer for one segment in a folder, which is laid together of parts.

    It writes no TOC: ours is the manifest, because opening Whoosh's means unpickling it. Nor does
    it need fields: the files have those that the parts have.
    """

    def __init__(self, folder: str) -> None:
        toc = SimpleNamespace(generation=0, schema=Schema(), segments=[])
        index = SimpleNamespace(
            storage=_Storage(folder), indexname=_INDEX_NAME, _read_toc=lambda: toc
        )
        super().__init__(index, codec=ArrayCodec(), _lk=False)
        self.pool = Pool(folder)
        self.written: list[Any] = []
        self._waiting: Part | None = None
        """The last part, which need not wait in a file if no other comes."""

    def add_part(self, part: Part) -> None:
        """The next documents."""
        self._take(last=False)
        self._waiting = part

    def complete(self) -> SegmentEntry:
        """Write what is left; the segment."""
        self._take(last=True)
        self.commit(merge=False)  # else Whoosh loads its readers
        (segment,) = self.written
        return SegmentEntry(segment.segment_id(), segment.doc_count_all())

    def _take(self, *, last: bool) -> None:
        part, self._waiting = self._waiting, None
        if part:
            self.perdocwriter.add_part(part)
            self.pool.add(part, self.docnum, last=last)
            self.docnum += len(part.ids)
            self._added = True

    def abandon(self) -> None:
        """Stop after a failure, with no file left open."""
        with suppress(Exception):  # cannot write either, or is stopped already
            self.cancel()
        self.pool.cleanup()
        self.storage.close_files()

    def _commit_toc(self, segments: list[Any]) -> None:
        self.written = segments


def write_segments(
    folder: Path,
    articles: Iterable[Article | AnyPart],
    largest: int,
    declared: tuple[DeclaredField, ...] = (),
    language: Language = ENGLISH,
) -> list[SegmentEntry]:
    """Write articles to segments of up to `largest`; whatever `articles` raises goes through."""
    left = _parts(articles, PartMaker(declared, language), largest)
    segments: list[SegmentEntry] = []
    while first := next(left, None):
        entry, left = _segment(folder, first, left, largest)
        segments.append(entry)
        if entry.size >= _MANY:
            _give_back()
    return segments


def _segment(
    folder: Path, first: Part, left: Iterator[Part], largest: int
) -> tuple[SegmentEntry, Iterator[Part]]:
    """One segment, and what is left to be written."""
    writer = OneSegmentWriter(os.fspath(folder))
    try:
        writer.add_part(first)
        size = len(first.ids)
        for part in left:
            size += len(part.ids)
            if size > largest:
                return writer.complete(), chain([part], left)
            writer.add_part(part)
        return writer.complete(), left
    except BaseException:
        writer.abandon()
        raise


def _parts(articles: Iterable[Article | AnyPart], maker: PartMaker, largest: int) -> Iterator[Part]:
    """Parts of all articles in their order; those made here fill a segment to the last place."""
    room = largest
    for each in articles:
        ready: tuple[Part | None, ...]
        if isinstance(each, Article):
            ready = (maker.add(each) or (maker.finish() if maker.size == room else None),)
        elif isinstance(each, Part):
            ready = (maker.finish(), each)
        else:
            raise TypeError("a part of another engine")
        for part in filter(None, ready):
            room -= len(part.ids)
            if room < 0:  # it begins the next segment
                room = largest - len(part.ids)
            if room <= 0:
                room = largest
            yield part
    if last := maker.finish():
        yield last


def _give_back() -> None:
    """Let the system have the memory that was freed, where the C library (glibc) would keep it.

    It lies in pieces between what stays, so the next segment does not fit there.
    """
    with suppress(OSError, AttributeError):
        CDLL(None).malloc_trim(0)
