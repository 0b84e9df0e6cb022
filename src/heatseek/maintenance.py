"""Making an index of an archive, keeping it current, and checking it."""

from __future__ import annotations

import os
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.conventions import Conventions, as_keys
from heatseek.definitions import pattern
from heatseek.engines.model import Origin, Slice
from heatseek.errors import (
    ArchiveError,
    ArgumentError,
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
    Remedy,
    StoreError,
    reason,
)
from heatseek.library import engine_of, local_archive, path_of, place_of, seconds_of
from heatseek.schema import DeclaredField, FieldKind
from heatseek.search.arguments import flag_of, texts_of
from heatseek.text.languages import ENGLISH, Language
from heatseek.vectors import Semantic
from heatseek.zones import is_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import NoReturn, TypedDict, Unpack

    from heatseek.config import Config
    from heatseek.config.places import Location
    from heatseek.engines.model import Generation
    from heatseek.indexer import SliceSummary, Summary
    from heatseek.indexer.summary import Listener
    from heatseek.ingest.problem import Problem

    class BuildArguments(TypedDict, total=False):
        """Arguments of whatever reads an archive into an index; see `rebuild`."""

        report: Callable[[Problem], None]
        progress: Callable[[int, int], None] | None
        tell: Callable[[str], None]
        processes: int | None
        timeout: float
        language: Language | None
        fields: Iterable[DeclaredField] | None
        keys: Mapping[str, Iterable[str]] | None
        time_zone: str | None
        follow_links: bool
        exclude: Sequence[str]
        semantic: Semantic | None


_SMALL = 100_000
"""Bytes that an index has beside its generation: locks, lists of files."""


_MOST_PROCESSES = 256
_MOST_SLICES = 1_000
_SLICE = pattern(r"(\d{1,4})/(\d{1,4})")


class State(StrEnum):
    """The state of an index in a word."""

    WHOLE = "whole"
    MISSING = "missing"
    FOREIGN = "foreign"
    OUTDATED = "outdated"
    DAMAGED = "damaged"


class Health(NamedTuple):
    """The state of an index, and what is known beside it."""

    state: State
    flaws: tuple[str, ...] = ()
    """The damage, line by line."""
    generation: Generation | None = None
    """The state of the index; None if that cannot be told."""
    strays: int = 0
    """Bytes of a writer that is at work, or that died; the next one removes them."""
    origin: Origin | None = None
    """The origin of the index; None if that cannot be told."""

    @property
    def is_ill(self) -> bool:
        """True if searches fail; a missing index only has to be built."""
        return self.state in {State.FOREIGN, State.OUTDATED, State.DAMAGED}


def rebuild(
    archive: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    **arguments: Unpack[BuildArguments],
) -> Summary:
    """Build the index of an archive, in place of what the folder `index` holds.

    Args:
        archive: the folder of articles.
        index: the folder of the index, made if it is missing; or its address.
        arguments: all by name:
            `report`: called for each thing wrong with a file; `str()` of it is
            `path:line: reason`.
            `progress`: called with the files read so far and in all.
            `tell`: called with a line on what is waited for, or done besides.
            `processes`: that read at the same time; None: as many as pay.
            `timeout`: seconds to wait for another writer of the same index.
            `language`: of the articles, English if None; every search and update follows it.
            `fields`: keys of the front matter that are fields of this archive.
            `keys`: for a field of every archive the keys that it is read from, instead of those
            of `conventions.KEYS`.
            `time_zone`: of times that name none, by its IANA name; this machine's if None.
            `follow_links`: whether symbolic links may lead out of the archive.
            `exclude`: what of it is passed over, in the words of a `.gitignore`.
            `semantic`: the kind of vectors to make, for searches by meaning; None: none, and in
            an update those that the index has. Where they cannot be made, `tell` is called with
            why, and the index is made without.

    Raises:
        UsageError: an argument makes no sense; there is no such language.
        ArchiveError: the archive is missing, unreadable or empty.
        StoreError: the index cannot be written.
    """
    # Reading articles takes parsers that searching does without.
    from heatseek import indexer  # noqa: PLC0415

    checked = _checked(arguments)
    checked["language"] = checked["language"] or ENGLISH
    checked["fields"] = checked["fields"] or ()
    folder, engine = path_of("archive", archive), engine_of(place_of("index", index))
    return indexer.rebuild(folder, engine, **checked)


def rebuild_slice(
    part: Slice | str,
    archive: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    **arguments: Unpack[BuildArguments],
) -> Summary | SliceSummary:
    """Read one slice of an archive into an index that several machines fill, each with its own.

    `part` is which of how many slices, such as "3/8". Searches go on in the old index until all
    slices are there; who is the last gives a Summary. Vectors are of all articles: the next
    `update` makes them. Other arguments and errors are those of `rebuild`, and:

    Raises:
        CapabilityError: the index is in a folder.
    """
    from heatseek import indexer  # noqa: PLC0415 - as above

    checked = _checked(arguments)
    checked["language"] = checked["language"] or ENGLISH
    checked["fields"] = checked["fields"] or ()
    if checked.pop("semantic"):
        checked["tell"]("slices have no vectors; the next update makes them")
    folder, engine = path_of("archive", archive), engine_of(place_of("index", index))
    return indexer.rebuild_slice(folder, engine, slice_of("part", part), **checked)


def slice_of(argument: str, value: object) -> Slice:
    """A slice, as a value or as text such as `3/8`."""
    if isinstance(value, Slice):
        return value
    match = _SLICE.fullmatch(value) if isinstance(value, str) else None
    part = Slice(*map(int, match.groups())) if match else Slice(0, 0)
    if 1 <= part.number <= part.of <= _MOST_SLICES:
        return part
    reason = f"must be which of how many slices, such as 3/8, of at most {_MOST_SLICES:,}"
    raise ArgumentError(argument, value, reason)


def build_missing(
    archive: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    **arguments: Unpack[BuildArguments],
) -> Summary | None:
    """As `rebuild`, but None if there is an index by the time that it can be written.

    Without a language, fields, keys or a time zone, they are those of an index of another version
    or a damaged one in its place, if there is one.
    """
    from heatseek import indexer  # noqa: PLC0415 - as above

    checked = _checked(arguments)
    folder, engine = path_of("archive", archive), engine_of(place_of("index", index))
    return indexer.build(folder, engine, **checked)


def update(
    archive: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    **arguments: Unpack[BuildArguments],
) -> Summary:
    """Bring the index to the state of its archive; reads only files that changed.

    Open indexes go on with what they opened. Without a language, fields, keys or a time zone, the
    index keeps its own; others make it anew. Arguments and errors are those of `rebuild`, and:

    Raises:
        IndexOutdatedError: the index is of another archive.
        IndexDamagedError: the index is not as it was written.
    """
    from heatseek import indexer  # noqa: PLC0415 - as above

    checked = _checked(arguments)
    folder, engine = path_of("archive", archive), engine_of(place_of("index", index))
    return indexer.update(folder, engine, **checked)


def watch(  # noqa: PLR0913 - what a program decides
    archive: str | os.PathLike[str],
    index: str | os.PathLike[str],
    listener: Listener,
    *,
    timeout: float = 0.0,
    language: Language | None = None,
    fields: Iterable[DeclaredField] | None = None,
    keys: Mapping[str, Iterable[str]] | None = None,
    time_zone: str | None = None,
    follow_links: bool = False,
    exclude: Sequence[str] = (),
    semantic: Semantic | None = None,
) -> NoReturn:
    """Update the index whenever the archive changes, until an exception interrupts it.

    Args:
        archive: as in `rebuild`.
        index: as in `rebuild`.
        listener: told everything that happens.
        timeout: seconds that one update waits for another writer.
        language: as in `update`.
        fields: as in `update`.
        keys: as in `update`.
        time_zone: as in `update`.
        follow_links: as in `rebuild`.
        exclude: as in `rebuild`.
        semantic: as in `update`.

    Raises:
        ImportError: the package watchfiles is not there.
        UsageError, ArchiveError, StoreError: of the first update; later ones are told.
    """
    from heatseek.indexer.watching import watch as follow  # noqa: PLC0415 - needs watchfiles

    given: BuildArguments = {"timeout": timeout, "language": language, "fields": fields}
    others: BuildArguments = {"keys": keys, "time_zone": time_zone, "semantic": semantic}
    checked = _checked({**given, **others, "follow_links": follow_links, "exclude": exclude})
    names = ("timeout", "language", "fields", "conventions", "follow_links", "exclude", "semantic")
    place = place_of("index", index)
    follow(
        path_of("archive", archive),
        engine_of(place),
        listener,
        ignored=place if isinstance(place, Path) else None,
        **{name: checked[name] for name in names},
    )


def archive_of(settings: Config) -> Path:
    """The archive that the index of some settings is of, or is to be made of.

    It is the folder that was named, or else the one that the index was built from, if that was on
    this machine, or else the one that there is; if only the working directory is left, it must
    look like an archive.

    Raises:
        ArchiveError: it does not.
    """
    if settings.archive_is_explicit:
        return settings.archive
    if known := origin(settings.index):
        here = "" if os.path.isdir(known.archive) else local_archive(settings)  # noqa: PTH112 - text
        return Path(here or known.archive)
    if settings.archive_is_wide:
        raise ArchiveError(
            f"{settings.archive} is a home folder or above one, and is not indexed as a whole",
            Remedy.OTHER_ARCHIVE,
        )
    if settings.archive_is_assumed:
        from heatseek.indexer.scanning import check_assumed  # noqa: PLC0415 - as above

        check_assumed(settings.archive)
    return settings.archive


def index_of(settings: Config) -> Location:
    """The place that the index of some settings is to be written to.

    In the user's cache the folder of all indexes is made first: only its owner may read it.
    """
    if settings.is_cached and settings.folder:
        # If it cannot be made the writer says so.
        with suppress(OSError):
            settings.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.index


def origin(index: str | os.PathLike[str] = "index") -> Origin | None:
    """The origin of an index, also if it is damaged; None if nothing tells."""
    return engine_of(place_of("index", index)).origin()


def made_for(
    index: str | os.PathLike[str],
    language: Language | None,
    fields: tuple[DeclaredField, ...] | None,
    conventions: Conventions,
) -> Origin:
    """The settings that `build_missing` makes an index for; None: those of the index there was."""
    return (origin(index) or Origin("")).unless_chosen(language, fields, conventions)


def check(index: str | os.PathLike[str] = "index") -> Health:
    """Read a whole index, and tell in which state it is."""
    place = place_of("index", index)
    engine = engine_of(place)
    before = engine.origin()
    flaws: tuple[str, ...] = ()
    try:
        flaws = tuple(engine.check())
        with engine.open() as reader:
            generation = reader.generation
    except (StoreError, OSError) as error:
        return _unusable(error, flaws, before)
    if flaws:
        return Health(State.DAMAGED, flaws, generation, origin=before)
    strays = _size(place) - generation.bytes if isinstance(place, Path) else 0
    return Health(State.WHOLE, (), generation, strays if strays > _SMALL else 0, before)


def _unusable(error: StoreError | OSError, flaws: tuple[str, ...], before: Origin | None) -> Health:
    """The health of an index that cannot be opened, or not be read to its end."""
    match error:
        case IndexForeignError():
            return Health(State.FOREIGN, (str(error),))
        case IndexMissingError():
            return Health(State.MISSING)
        case IndexOutdatedError():
            return Health(State.OUTDATED, origin=before)
        case IndexDamagedError():
            return Health(State.DAMAGED, flaws or (error.what,), origin=before)
        case OSError():
            flaws = (*flaws, f"{error.filename or 'the index'} cannot be read: {reason(error)}")
            return Health(State.DAMAGED, flaws, origin=before)
    raise error


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118
            except OSError:  # a writer removed it
                continue
    return total


def _ignore(*_: object) -> None:
    """In place of a callback that was not given."""


def _checked(given: BuildArguments) -> dict[str, Any]:
    """All arguments of a build, of the types that the indexer takes.

    Raises:
        ArgumentError: one of them is of another type.
        TypeError: there is no such argument.
    """
    values: dict[str, Any] = {
        **dict.fromkeys(("report", "tell"), _ignore),
        **dict.fromkeys(("progress", "processes", "language", "fields", "keys", "time_zone")),
        "semantic": None,
        "timeout": 0.0,
        "follow_links": False,
        "exclude": (),
    }
    for name in given.keys() - values.keys():
        raise TypeError(f"unexpected argument {name!r}; there are {', '.join(sorted(values))}")
    values |= given
    for name in ("report", "tell", "progress"):
        if not callable(values[name]) and (name, values[name]) != ("progress", None):
            raise ArgumentError(name, values[name], "must be a function")
    processes = values["processes"]
    if processes is not None and not (type(processes) is int and 0 < processes <= _MOST_PROCESSES):
        reason = f"must be a whole number from 1 to {_MOST_PROCESSES}"
        raise ArgumentError("processes", processes, reason)
    if not isinstance(values["language"], Language | None):
        raise ArgumentError("language", values["language"], "must be a Language")
    if not isinstance(values["semantic"], Semantic | None):
        raise ArgumentError("semantic", values["semantic"], "must be a Semantic")
    values["fields"] = _fields(values["fields"])
    values["conventions"] = _conventions(values.pop("keys"), values.pop("time_zone"))
    values["timeout"] = seconds_of("timeout", values["timeout"])
    values["follow_links"] = flag_of("follow_links", values["follow_links"])
    values["exclude"] = texts_of("exclude", values["exclude"])
    return values


def _fields(given: Any) -> tuple[DeclaredField, ...] | None:
    if given is None:
        return None
    try:
        fields = tuple(given)
    except TypeError:
        fields = (None,)
    for field in fields:
        if not (
            isinstance(field, DeclaredField)
            and isinstance(field.name, str)
            and isinstance(field.kind, FieldKind)
        ):
            raise ArgumentError("fields", field, "must be a DeclaredField")
    return tuple(sorted(fields))


def _conventions(keys: Any, time_zone: Any) -> Conventions:
    if time_zone is not None and not (isinstance(time_zone, str) and is_zone(time_zone)):
        raise ArgumentError("time_zone", time_zone, "must be the name of a zone: Europe/Berlin")
    if keys is None:
        return Conventions(None, time_zone)
    try:
        return Conventions(as_keys(keys), time_zone)
    except (AttributeError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, ValueError) else "must be names of keys by field"
        raise ArgumentError("keys", keys, reason) from None
