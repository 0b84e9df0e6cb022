"""An index that follows its archive: an update after each burst of changes.

The system's notices of changes only say when to look. What changed is found by the update itself,
which compares the whole archive with the ledger; so a notice that got lost delays an update (to
the next look-round), and one too many costs a comparison.
"""

from __future__ import annotations

import time
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import watchfiles

from heatseek.conventions import NO_CONVENTIONS
from heatseek.errors import (
    ArchiveError,
    HeatseekError,
    IndexLockedError,
    IndexWriteError,
    StoreError,
    reason,
)
from heatseek.indexer.updating import update
from heatseek.ingest import exclusion
from heatseek.ingest.walk import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from heatseek.conventions import Conventions
    from heatseek.engines.base import Engine
    from heatseek.indexer.rebuilding import Fields
    from heatseek.indexer.summary import Listener, Summary
    from heatseek.text.languages import Language
    from heatseek.vectors import Semantic

_Change = tuple[watchfiles.Change, str]
"""With the path."""
_Changes = set[_Change]
_ADDED, _DELETED = watchfiles.Change.added, watchfiles.Change.deleted


class Pace(NamedTuple):
    """How fast things go, in seconds."""

    quiet: float = 0.2
    """A burst is over when nothing happened for so long,"""
    longest: float = 5.0
    """or when it lasted so long."""
    tick: float = 1.0
    """How often it is looked whether the folder is the one that is watched."""
    retry: float = 2.0
    """After an update failed; twice as long each time,"""
    longest_retry: float = 60.0
    """up to this."""
    poll: float = 5.0
    """Between looks at an archive that the system cannot watch."""
    look_round: float = 60.0
    """Between looks at one that it watches: not everything is noticed by every file system."""
    leisure: int = 100
    """A look-round may take one part in so many of the time."""


PACE = Pace()


def watch(  # noqa: PLR0913 - what a front end decides
    archive: Path,
    engine: Engine,
    listener: Listener,
    *,
    ignored: Path | None = None,
    timeout: float = 0.0,
    pace: Pace = PACE,
    language: Language | None = None,
    fields: Fields | None = None,
    conventions: Conventions = NO_CONVENTIONS,
    follow_links: bool = False,
    exclude: Sequence[str] = (),
    semantic: Semantic | None = None,
) -> NoReturn:
    """Keep what `engine` holds at the state of `archive`, for ever.

    Whatever fails after the first update is told and tried again. Every exception may interrupt
    it at any time: the index then is as after the last update.

    Args:
        archive: the folder; it may vanish and come back later.
        engine: the index.
        listener: told everything.
        ignored: a folder whose changes mean nothing: the index's, where it may be in the archive.
        timeout: seconds that one update waits for another writer.
        pace: how fast things go.
        language: of the articles; None: that of the index.
        fields: declared ones; None: those of the index.
        conventions: how files are read; where they say nothing, those of the index.
        follow_links: whether symbolic links may lead out of the archive.
        exclude: what of it is passed over, in the words of a `.gitignore`.
        semantic: the kind of vectors; None: that of the index.

    Raises:
        ArchiveError: at the first update; so do IndexOutdatedError and IndexDamagedError.
    """
    current = partial(
        update,
        timeout=timeout,
        language=language,
        fields=fields,
        conventions=conventions,
        follow_links=follow_links,
        exclude=exclude,
        semantic=semantic,
    )
    _Watch(archive, engine, listener, ignored, pace, current).run()


class _Watch:
    """The loop, and when it is to look next."""

    def __init__(  # noqa: PLR0913 - those of `watch`
        self,
        archive: Path,
        engine: Engine,
        listener: Listener,
        ignored: Path | None,
        pace: Pace,
        bring_up_to_date: Callable[..., Summary],
    ) -> None:
        self._archive = archive
        self._engine = engine
        self._listener = listener
        self._ignored = ignored and ignored.resolve()
        self._pace = pace
        self._bring_up_to_date = bring_up_to_date
        self._due = 0.0
        self._failures = 0
        self._noticing = True

    def run(self) -> NoReturn:
        self._update(first=True)
        while True:
            folder = self._folder()
            if folder is None:
                time.sleep(self._pace.tick)
                continue
            # What changed before the folder was watched.
            self._due = 0.0
            with closing(self._bursts()) as bursts:
                self._follow(bursts, folder)

    def _follow(self, bursts: Iterator[_Changes], folder: object) -> None:
        """Update after each burst, until the folder has to be watched anew."""
        for changes in bursts:
            if self._folder() != folder:
                return
            if self._matter(changes) or time.monotonic() >= self._due:
                self._update()
            if any(map(_is_linked_folder, changes)):
                return

    def _folder(self) -> object:
        """Which folder the archive is now; None, and told, if there is none."""
        try:
            status = self._archive.stat()
        except OSError as error:
            self._listener.vanished(ArchiveError(f"cannot read the archive: {reason(error)}"))
            return None
        return status.st_dev, status.st_ino

    def _update(self, *, first: bool = False) -> None:
        started = time.monotonic()
        try:
            summary = self._bring_up_to_date(
                self._archive,
                self._engine,
                report=self._listener.problem,
                progress=self._listener.progress,
                processes=None,
                tell=self._listener.waiting,
            )
        except (HeatseekError, OSError) as error:
            if first and not isinstance(error, IndexLockedError | IndexWriteError):
                raise
            if self._folder() is None:
                return
            if not isinstance(error, HeatseekError):
                error = StoreError(f"cannot update: {error}")
            self._listener.failed(error)
            wait = min(self._pace.retry * 2**self._failures, self._pace.longest_retry)
            self._failures = min(self._failures + 1, 10)
        else:
            self._listener.updated(summary)
            wait = self._pace.look_round if self._noticing else self._pace.poll
            if summary.changes is not None and not summary.changes.total:
                wait = max(wait, self._pace.leisure * (time.monotonic() - started))
            self._failures = 0
        self._due = time.monotonic() + wait

    def _bursts(self) -> Generator[_Changes, None, None]:
        """The changes, burst by burst, and nothing at each tick between."""
        pace = self._pace
        # Filtered by us: what its own filter drops would make it miss its time-outs.
        bursts = watchfiles.watch(
            self._archive.resolve(),
            watch_filter=None,
            debounce=_milliseconds(pace.longest),
            step=_milliseconds(pace.quiet),
            rust_timeout=_milliseconds(pace.tick),
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        try:
            for number, changes in enumerate(bursts):
                if not number:
                    self._noticing = True
                    self._listener.armed()
                yield changes
        except FileNotFoundError:
            time.sleep(pace.tick)
        except (OSError, RuntimeError) as error:
            # As a rule no watches are left: each folder needs one.
            self._noticing = False
            self._listener.unnoticed(str(error), pace.poll)
            while True:
                yield set()
                time.sleep(pace.tick)

    def _matter(self, changes: _Changes) -> bool:
        """True if articles, or folders of articles, may be among what changed."""
        root = self._archive.resolve()
        added = {name for kind, name in changes if kind is _ADDED}
        return any(
            self._may_be_article(Path(name), root)
            and (
                name.lower().endswith((*SUFFIXES, f"/{exclusion.FILE}"))
                # What is gone may have been a folder; what came and went was nothing.
                or (name not in added if kind is _DELETED else Path(name).is_dir())
            )
            for kind, name in changes
        )

    def _may_be_article(self, path: Path, root: Path) -> bool:
        """True if it lies where articles are looked for."""
        real = path.parent.resolve() / path.name
        if self._ignored in {real, *real.parents}:
            return False
        hidden = path.relative_to(root).parts if path.is_relative_to(root) else ()
        return not any(part.startswith(".") and part != exclusion.FILE for part in hidden)


def _is_linked_folder(change: _Change) -> bool:
    """True if a link to a folder has come: the folder behind it is not watched yet."""
    kind, name = change
    return kind is _ADDED and Path(name).is_symlink() and Path(name).is_dir()


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
