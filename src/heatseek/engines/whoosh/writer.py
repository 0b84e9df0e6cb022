"""The next generation: of other articles, or of the last one's with changes."""

from __future__ import annotations

import time
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.engines.whoosh import store
from heatseek.engines.whoosh.deletions import write_deletions
from heatseek.engines.whoosh.files import Seal, adopt, sealed, write_synced
from heatseek.engines.whoosh.generations import collect_garbage, next_generation, switch
from heatseek.engines.whoosh.layout import (
    DELETIONS_FILE,
    DOCUMENTS_FILE,
    NOTE_FILE,
    TERMS_FILE,
)
from heatseek.engines.whoosh.lock import locked
from heatseek.engines.whoosh.merging import outgrown
from heatseek.engines.whoosh.refusals import explained, refuse_other_folders
from heatseek.engines.whoosh.segment import Segment
from heatseek.engines.whoosh.segments import Segments
from heatseek.engines.whoosh.store import Manifest, SegmentEntry, as_generation
from heatseek.engines.whoosh.twins import twins
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from heatseek.article import Article
    from heatseek.engines.base import Generation
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language

    Fields = tuple[DeclaredField, ...]
    Notes = Callable[[], Mapping[str, bytes]]

SEGMENT_SIZE = 200_000
"""Articles whose postings are held in memory at once; about 1 kB each."""
_SHARED = (DOCUMENTS_FILE, TERMS_FILE)
"""The files of a segment that never change."""


@contextmanager
def writing(
    root: Path, timeout: float, waiting: Callable[[str], None]
) -> Iterator[GenerationWriter]:
    """The writer of an index, while it holds the lock; see `Engine.writing`."""
    with explained(root):
        refuse_other_folders(root)
        with locked(root, timeout, waiting):
            collect_garbage(root)
            yield GenerationWriter(root)


class GenerationWriter:
    """See `engines.base.Writer`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def generation(self) -> Generation:
        """See `Writer.generation`."""
        folder, manifest = self._current()
        with _damage_told(folder):
            store.check_sizes(str(folder), manifest)
        return as_generation(manifest)

    def note(self, name: str) -> bytes:
        """See `Writer.note`."""
        folder, manifest = self._current()
        with _damage_told(folder), closing(store.Note(str(folder), manifest, name)) as note:
            return note.read()

    def replace(
        self,
        articles: Iterable[Article],
        *,
        archive: str,
        notes: Notes,
        fields: Fields = (),
        language: Language = ENGLISH,
    ) -> Generation:
        """See `Writer.replace`."""
        with next_generation(self._root) as (number, folder):
            segments = _write(folder, articles, fields, language)
            files = _sealed_segments(folder, segments)
            manifest = Manifest(number, archive, int(time.time()), tuple(segments), files)
            return self._finish(folder, manifest._replace(fields=fields, language=language), notes)

    def change(
        self, added: Iterable[Article], *, removed: Callable[[], Iterable[str]], notes: Notes
    ) -> Generation:
        """See `Writer.change`."""
        before, manifest = self._current()
        with _damage_told(before):
            segments = [_Kept(before, entry) for entry in manifest.segments]
        try:
            with next_generation(self._root) as (number, folder):
                changes = _with_outgrown(added, removed, segments)
                new = _write(folder, changes, manifest.fields, manifest.language)
                files = _sealed_segments(folder, new)
                kept = [segment for segment in segments if not segment.outgrown]
                for segment in kept:
                    files |= segment.adopted(folder, manifest)
                entries = (*(segment.entry for segment in kept), *new)
                made = Manifest(number, manifest.archive, int(time.time()), entries, files)
                made = made._replace(fields=manifest.fields, language=manifest.language)
                return self._finish(folder, made, notes)
        finally:
            for segment in segments:
                segment.close()

    def _finish(self, folder: Path, manifest: Manifest, notes: Notes) -> Generation:
        for name, data in notes().items():
            path = folder / f"{name}{NOTE_FILE}"
            manifest.files[path.name] = write_synced(path, data)
        _remove_others(folder, manifest)
        manifest = manifest._replace(twins=_twins(folder, manifest))
        write_synced(folder / store.MANIFEST, store.dump(manifest))
        switch(self._root, folder)
        collect_garbage(self._root)
        return as_generation(manifest)

    def _current(self) -> tuple[Path, Manifest]:
        return store.read_current(
            str(self._root), lambda folder, manifest: (Path(folder), manifest)
        )


class _Kept:
    """A segment of the last generation, with what is to be deleted from it."""

    def __init__(self, folder: Path, entry: SegmentEntry) -> None:
        self._folder = folder
        self._name = entry.name
        path = str(folder / entry.name)
        self._segment = Segment(path, entry.size, has_deletions=bool(entry.deleted))
        self._deleted = self._segment.deleted
        self._changed = False
        self.outgrown = False

    @property
    def entry(self) -> SegmentEntry:
        return SegmentEntry(self._name, self._segment.size, len(self._deleted))

    def delete(self, ids: set[str]) -> None:
        found = {place for place, id_ in enumerate(self._segment.ids()) if id_ in ids}
        self._changed = not found <= self._deleted
        self._deleted |= found

    def articles(self) -> Iterator[Article]:
        """What can be found in it."""
        return self._segment.articles(self._deleted)

    def adopted(self, folder: Path, manifest: Manifest) -> dict[str, Seal]:
        """Let it stand in a new generation's folder, too; give its files."""
        endings = [*_SHARED]
        files: dict[str, Seal] = {}
        deletions = f"{self._name}{DELETIONS_FILE}"
        if self._changed:
            write_deletions(folder / deletions, self._segment, self._deleted)
            files[deletions] = sealed(folder / deletions)
        elif self._deleted:
            endings.append(DELETIONS_FILE)
        for ending in endings:
            name = f"{self._name}{ending}"
            adopt(self._folder / name, folder / name)
            files[name] = manifest.files[name]
        return files

    def close(self) -> None:
        self._segment.close()


def _with_outgrown(
    added: Iterable[Article], removed: Callable[[], Iterable[str]], segments: list[_Kept]
) -> Iterator[Article]:
    """What is added, then all of the segments that are written anew with it."""
    count = 0
    for article in added:
        count += 1
        yield article
    gone = set(removed())
    if gone:
        for segment in segments:
            segment.delete(gone)
    entries = [segment.entry for segment in segments]
    for place in outgrown(entries, count, SEGMENT_SIZE):
        segments[place].outgrown = True
        yield from segments[place].articles()


def _write(
    folder: Path, articles: Iterable[Article], fields: Fields, language: Language
) -> list[SegmentEntry]:
    left = iter(articles)
    for first in left:
        # Whoosh takes longer to import than changes without a new article take.
        from heatseek.engines.whoosh.indexing import write_segments  # noqa: PLC0415

        return write_segments(folder, chain([first], left), SEGMENT_SIZE, fields, language)
    return []


def _sealed_segments(folder: Path, segments: list[SegmentEntry]) -> dict[str, Seal]:
    names = [f"{segment.name}{ending}" for segment in segments for ending in _SHARED]
    return {name: sealed(folder / name) for name in names}


def _twins(folder: Path, manifest: Manifest) -> tuple[tuple[int, ...], ...]:
    with closing(Segments(str(folder), manifest.segments)) as segments:
        return twins(segments)


def _remove_others(folder: Path, manifest: Manifest) -> None:
    """Whoosh leaves files behind that are no part of a segment."""
    for path in folder.iterdir():
        if path.name not in manifest.files:
            path.unlink()


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    """While the last generation is read: only writers remove files, and this is the one."""
    try:
        yield
    except OSError as error:
        raise store.unreadable(error, str(folder)) from error
