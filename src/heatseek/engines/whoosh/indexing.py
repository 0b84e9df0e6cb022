"""Articles into segments, through Whoosh's segment writer and our codec."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager, suppress
from itertools import chain, islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from whoosh.filedb.filestore import FileStorage
from whoosh.writing import SegmentWriter

from heatseek.engines.shared.analysis import article_fields
from heatseek.engines.whoosh.codec import ArrayCodec, Pool, whoosh_schema
from heatseek.engines.whoosh.layout import ID_FIELD, RECORD_FIELD
from heatseek.engines.whoosh.manifest import SegmentEntry
from heatseek.engines.whoosh.segment import encode_article
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from heatseek.article import Article
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
