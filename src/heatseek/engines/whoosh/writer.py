"""Articles into a new generation, through Whoosh's segment writer and our codec."""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zlib import crc32

from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import FileLock
from whoosh.writing import SegmentWriter

from heatseek.article import Article
from heatseek.engines.whoosh import store
from heatseek.engines.whoosh.codec import ArrayCodec, whoosh_schema
from heatseek.engines.whoosh.fields import whoosh_fields
from heatseek.engines.whoosh.pool import Pool
from heatseek.engines.whoosh.store import Manifest
from heatseek.errors import IndexLockedError, IndexWriteError

SEGMENT_SIZE = 200_000
"""Articles whose postings are held in memory at once; about 1 kB each."""
_INDEX_NAME = "MAIN"
_CHUNK = 1 << 20


def write(root: Path, articles: Iterable[Article], archive: str) -> Manifest:
    """Make a new generation of `articles` and switch to it.

    Raises:
        IndexLockedError: another process is writing.
        IndexWriteError: the file system refused; the generation before is untouched.
    """
    with _refusals_explained(root), _locked(root), _uncollected():
        _collect_garbage(root)
        number = max(_generations(root), default=0) + 1
        folder = root / store.generation_name(number)
        try:
            manifest = _fill(folder, number, articles, archive)
            _switch(root, folder.name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        _collect_garbage(root)
        return manifest


class GenerationWriter(SegmentWriter):
    """Whoosh's writer for one segment in a fresh folder.

    It writes no TOC: ours is the manifest, because opening Whoosh's means unpickling it.
    """

    def __init__(self, folder: Path) -> None:
        toc = SimpleNamespace(generation=0, schema=whoosh_schema(), segments=[])
        index = SimpleNamespace(
            storage=FileStorage(os.fspath(folder)),
            indexname=_INDEX_NAME,
            _read_toc=lambda: toc,
        )
        super().__init__(index, codec=ArrayCodec(), _lk=False)
        self.pool = Pool()
        self.written: list[Any] = []

    def _commit_toc(self, segments: list[Any]) -> None:
        self.written = segments


def _fill(folder: Path, number: int, articles: Iterable[Article], archive: str) -> Manifest:
    folder.mkdir()
    left = iter(articles)
    segments: list[tuple[str, int]] = []
    while batch := _segment(folder, islice(left, SEGMENT_SIZE)):
        segments += batch
    names = {f"{name}{ending}" for name, _ in segments for ending in (".doc", ".trm")}
    _remove_others(folder, names)
    files = {name: _sealed(folder / name) for name in sorted(names)}
    manifest = Manifest(number, archive, int(time.time()), tuple(segments), files)
    _write_synced(folder / store.MANIFEST, store.dump(manifest))
    _sync_folder(folder)
    return manifest


def _segment(folder: Path, articles: Iterable[Article]) -> list[tuple[str, int]]:
    """Write one segment; gives its name and size, or nothing if there are no articles."""
    writer = GenerationWriter(folder)
    try:
        for article in articles:
            writer.add_document(**whoosh_fields(article))
    except BaseException:
        writer.cancel()
        raise
    writer.commit()
    return [(segment.segment_id(), segment.doc_count_all()) for segment in writer.written]


def _remove_others(folder: Path, names: set[str]) -> None:
    """Whoosh leaves its files behind when nothing was added."""
    for path in folder.iterdir():
        if path.name not in names:
            path.unlink()


def _sealed(path: Path) -> tuple[int, int]:
    """Force a file to disk; give its size and checksum."""
    crc = 0
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        while chunk := file.read(_CHUNK):
            crc = crc32(chunk, crc)
        return file.tell(), crc


def _switch(root: Path, name: str) -> None:
    prepared = root / f"{store.CURRENT}.new"
    _write_synced(prepared, f"{name}\n".encode())
    prepared.replace(root / store.CURRENT)
    _sync_folder(root)


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle to sync a folder by
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _generations(root: Path) -> dict[int, Path]:
    found = ((store.GENERATION_NAME.match(path.name), path) for path in root.iterdir())
    return {int(match[1]): path for match, path in found if match}


def _collect_garbage(root: Path) -> None:
    """Remove every generation but the current one, also those that dead writers left.

    While it is not known which one is current, all stay.
    """
    try:
        current = (root / store.CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return
    generations = list(_generations(root).values())
    if root / current not in generations:
        return
    for path in generations:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(os.fspath(root / store.LOCK))
    if not lock.acquire():
        raise IndexLockedError(
            f"{root} is being written by another process: wait until it is done, then try again"
        )
    try:
        yield
    finally:
        lock.release()


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


@contextmanager
def _refusals_explained(root: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or root
        raise IndexWriteError(
            f"cannot write the index: {where}: {error.strerror or error}; "
            "what was indexed before is untouched"
        ) from error
