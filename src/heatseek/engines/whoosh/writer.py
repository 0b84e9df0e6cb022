"""The next generation: of other articles, or of the last one's with changes."""

from __future__ import annotations

import gc
import os
import time
from contextlib import ExitStack, closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.article import Article
from heatseek.conventions import NO_CONVENTIONS
from heatseek.engines.model import Removal
from heatseek.engines.shared.numpy_import import import_numpy
from heatseek.engines.shared.references import with_references
from heatseek.engines.whoosh import store
from heatseek.engines.whoosh.files import Seal, adopt, claim, explained, sealed, write_synced
from heatseek.engines.whoosh.generations import (
    collect_garbage,
    next_generation,
    settle,
    switch,
)
from heatseek.engines.whoosh.lock import locked
from heatseek.engines.whoosh.manifest import (
    DELETIONS_FILE,
    DOCUMENTS_FILE,
    NOTE_FILE,
    TERMS_FILE,
    Manifest,
    SegmentEntry,
    as_generation,
    dump,
)
from heatseek.engines.whoosh.mark import MARK, Mark, diagnosis
from heatseek.engines.whoosh.merging import outgrown, write_deletions
from heatseek.engines.whoosh.segment import Segment
from heatseek.engines.whoosh.segments import Segments
from heatseek.errors import SURPRISES, IndexDamagedError, IndexMissingError, IndexWriteError
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from heatseek.conventions import Conventions
    from heatseek.engines.base import Part
    from heatseek.engines.model import Generation, Lease
    from heatseek.engines.whoosh.lock import Lock
    from heatseek.engines.whoosh.parts import PartMaker
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language

    Fields = tuple[DeclaredField, ...]

SEGMENT_SIZE = 200_000
"""Articles whose postings are held in memory at once; about 1 kB each."""
_SHARED = (DOCUMENTS_FILE, TERMS_FILE)
"""The files of a segment that never change."""


@contextmanager
def writing(
    root: Path, archive: Path | None, timeout: float, tell: Callable[[str], None]
) -> Iterator[GenerationWriter]:
    """The writer of an index, while it holds the lock; see `Engine.writing`."""
    with explained(root):
        claim(root, archive, tell)
        with locked(root, timeout, tell) as lock:
            # Again: it may have become another folder while the lock was waited for.
            mark = claim(root, archive, tell)
            collect_garbage(root, mark)
            yield GenerationWriter(root, mark, lock, tell)


class GenerationWriter:
    """See `engines.base.Writer`."""

    def __init__(self, root: Path, mark: Mark, lock: Lock, tell: Callable[[str], None]) -> None:
        self._root = root
        self._mark = mark
        self._lock = lock
        self._tell = tell
        self._last: tuple[Path, Manifest] | None = None
        """The newest generation, once it was read: under the lock nobody else makes one."""

    @property
    def lease(self) -> Lease:
        """See `Writer.lease`."""
        return self._lock.lease

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

    def part_maker(self, fields: Fields, language: Language) -> PartMaker:
        """See `Writer.part_maker`."""
        import_numpy(threads=True)
        from heatseek.engines.whoosh.parts import PartMaker  # noqa: PLC0415 - as in `_write`

        return PartMaker(fields, language)

    @contextmanager
    def replace(
        self,
        articles: Iterable[Article | Part],
        *,
        archive: str,
        fields: Fields = (),
        language: Language = ENGLISH,
        conventions: Conventions = NO_CONVENTIONS,
    ) -> Iterator[GenerationDraft]:
        """See `Writer.replace`."""
        self._mark = Mark(self._mark.id, archive, language, fields, conventions)
        with self._next_generation() as (made, folder):
            segments = _write(folder, articles, fields, language)
            files = _sealed_segments(folder, segments)
            yield self._draft(folder, made._replace(segments=tuple(segments), files=files))

    @contextmanager
    def change(self, changes: Iterable[Article | Part | Removal]) -> Iterator[GenerationDraft]:
        """See `Writer.change`."""
        before, manifest = self._current()
        language, fields = manifest.language, manifest.fields
        archive, conventions = manifest.archive, manifest.conventions
        self._mark = Mark(self._mark.id, archive, language, fields, conventions)
        with ExitStack() as opened:
            with _damage_told(before):
                kept = [opened.enter_context(closing(_Kept(before, e))) for e in manifest.segments]
            made, folder = opened.enter_context(self._next_generation())
            new = _write(folder, _with_outgrown(changes, kept), fields, language)
            files = _sealed_segments(folder, new)
            kept = [segment for segment in kept if not segment.outgrown]
            for segment in kept:
                files |= segment.adopted(folder, manifest)
            entries = (*(segment.entry for segment in kept), *new)
            yield self._draft(folder, made._replace(segments=entries, files=files))

    @contextmanager
    def _next_generation(self) -> Iterator[tuple[Manifest, Path]]:
        """A folder to be filled, and what can be said of it before."""
        mark = self._mark = self._mark._replace(place=os.path.realpath(self._root))
        with next_generation(self._root, mark, self._lock) as (number, folder):
            made = Manifest(number, mark.archive, int(time.time()), (), {}, id=mark.id)
            made = made._replace(language=mark.language, fields=mark.fields, place=mark.place)
            yield made._replace(conventions=mark.conventions), folder

    def _draft(self, folder: Path, manifest: Manifest) -> GenerationDraft:
        return GenerationDraft(lambda notes: self._finish(folder, manifest, notes))

    def _finish(
        self, folder: Path, manifest: Manifest, notes: Mapping[str, bytes | None]
    ) -> Generation:
        for name, data in notes.items():
            path = folder / f"{name}{NOTE_FILE}"
            if data is not None:
                manifest.files[path.name] = write_synced(path, data)
            else:
                manifest.files.update(self._kept_note(path))
        _remove_others(folder, manifest)
        manifest = manifest._replace(duplicates=_duplicates(folder, manifest))
        data = dump(manifest)
        if len(data) > store.LARGEST:
            raise IndexWriteError(
                "cannot write the index: too many articles have the same links;"
                " what was indexed before is untouched"
            )
        write_synced(folder / store.MANIFEST, data)
        self._last = None
        switch(self._root, folder, self._lock)
        settle(self._root, folder, self._mark, self._lock, self._tell)
        return as_generation(manifest)

    def _kept_note(self, path: Path) -> dict[str, Seal]:
        """Let a note of the last generation stand in another one, too, if there is such a note."""
        before, manifest = self._current()
        if path.name not in manifest.files:
            return {}
        adopt(before / path.name, path)
        return {path.name: manifest.files[path.name]}

    def _current(self) -> tuple[Path, Manifest]:
        """The newest generation; of its files the manifest seals each, so that no damage passes."""
        if self._last is None:
            root = str(self._root)
            try:
                self._last = store.read_current(root, lambda folder, m: (Path(folder), m))
            except (IndexMissingError, IndexDamagedError) as error:
                raise diagnosis(root, error) from error
        return self._last


class GenerationDraft:
    """See `engines.base.Draft`.

    Args:
        finish: writes all notes and switches.
    """

    def __init__(self, finish: Callable[[Mapping[str, bytes | None]], Generation]) -> None:
        self._finish = finish

    def commit(
        self,
        *,
        notes: Mapping[str, bytes | None],
        mentions: Mapping[str, Collection[str]] | None,
    ) -> Generation:
        """See `Draft.commit`."""
        return self._finish(with_references(notes, mentions))


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
        with _damage_told(self._folder):
            found = self._segment.places_of(ids)
        self._changed = not found <= self._deleted
        self._deleted |= found

    def articles(self) -> Iterator[Article]:
        """The articles that can be found in it."""
        # Errors of who takes them do not come here.
        with _damage_told(self._folder):
            yield from self._segment.articles(self._deleted)

    def adopted(self, folder: Path, manifest: Manifest) -> dict[str, Seal]:
        """Let it stand in a new generation's folder, too; give its files."""
        endings = [*_SHARED]
        files: dict[str, Seal] = {}
        deletions = f"{self._name}{DELETIONS_FILE}"
        if self._changed:
            with _damage_told(self._folder):
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
    changes: Iterable[Article | Part | Removal], segments: list[_Kept]
) -> Iterator[Article | Part]:
    """The new articles, then all of the segments that are written anew with them."""
    count = 0
    gone: set[str] = set()
    for change in changes:
        if isinstance(change, Removal):
            gone.add(change.id)
            continue
        new = [change.id] if isinstance(change, Article) else change.ids
        gone.update(new)
        count += len(new)
        yield change
    if gone:
        for segment in segments:
            segment.delete(gone)
    entries = [segment.entry for segment in segments]
    for place in outgrown(entries, count, SEGMENT_SIZE):
        segments[place].outgrown = True
        yield from segments[place].articles()


def _write(
    folder: Path, articles: Iterable[Article | Part], fields: Fields, language: Language
) -> list[SegmentEntry]:
    left = iter(articles)
    with _uncollected():
        for first in left:
            # Whoosh and numpy take longer to import than changes without a new article.
            import_numpy(threads=True)
            from heatseek.engines.whoosh.indexing import write_segments  # noqa: PLC0415

            return write_segments(folder, chain([first], left), SEGMENT_SIZE, fields, language)
    return []


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the cycle collector from walking over modules and postings, which are no cycles."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _sealed_segments(folder: Path, segments: list[SegmentEntry]) -> dict[str, Seal]:
    names = [f"{segment.name}{ending}" for segment in segments for ending in _SHARED]
    return {name: sealed(folder / name) for name in names}


def _duplicates(folder: Path, manifest: Manifest) -> tuple[tuple[int, ...], ...]:
    with _damage_told(folder), closing(Segments(str(folder), manifest.segments)) as segments:
        return segments.duplicate_links()


def _remove_others(folder: Path, manifest: Manifest) -> None:
    """Whoosh leaves files behind that are no part of a segment."""
    for path in folder.iterdir():
        if path.name not in {*manifest.files, MARK}:
            path.unlink()


@contextmanager
def _damage_told(folder: Path) -> Iterator[None]:
    """While segments are read: only writers remove files, and this is the one.

    Raises:
        StoreError: one cannot be read, or holds what we do not write.
    """
    try:
        yield
    except OSError as error:
        raise store.unreadable(error, str(folder)) from error
    except SURPRISES as error:
        raise IndexDamagedError(f"{folder} holds what no index has") from error
