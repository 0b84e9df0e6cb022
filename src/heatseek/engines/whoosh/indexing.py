"""Articles into segments, by the block, through Whoosh's segment writer and our codec."""

from __future__ import annotations

import gc
import os
from contextlib import contextmanager, suppress
from itertools import chain, islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.writing import SegmentWriter

from heatseek.engines.shared.analysis import Block, Lexicon
from heatseek.engines.whoosh.codec import ArrayCodec, Pool
from heatseek.engines.whoosh.inversion import lengths, runs
from heatseek.engines.whoosh.manifest import SegmentEntry
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


BLOCK = 200_000
"""Words of texts that are inverted at once."""


class OneSegmentWriter(SegmentWriter):
    """Whoosh's writer for one segment in a folder; articles come by the block.

    It writes no TOC: ours is the manifest, because opening Whoosh's means unpickling it. Nor does
    it need fields: the files have those that the blocks have.
    """

    def __init__(self, folder: str, lexicon: Lexicon) -> None:
        toc = SimpleNamespace(generation=0, schema=Schema(), segments=[])
        index = SimpleNamespace(
            storage=_Storage(folder), indexname=_INDEX_NAME, _read_toc=lambda: toc
        )
        super().__init__(index, codec=ArrayCodec(), _lk=False)
        self.pool = Pool(folder, lexicon.names)
        self.written: list[Any] = []

    def add_block(self, block: Block, *, last: bool) -> None:
        """Add what is indexed of the documents since the last block."""
        block.lexicon.learn()
        self.perdocwriter.add_columns(block.columns | lengths(block))
        self.pool.add(runs(block, self.docnum), last=last)
        block.lexicon.forget()
        self.docnum += block.size
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
    lexicon = Lexicon(language)
    writer = OneSegmentWriter(os.fspath(folder), lexicon)
    try:
        block = Block(declared, lexicon)
        for article in articles:
            if block.length >= BLOCK:
                writer.add_block(block, last=False)
                block = Block(declared, lexicon)
            writer.perdocwriter.add_article(article)
            block.add(article)
        writer.add_block(block, last=True)
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
