"""Making an index of an archive, and keeping it current."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.build_arguments import slice_of, values_of
from heatseek.engines.model import Origin
from heatseek.errors import ArchiveError, Remedy
from heatseek.library import engine_of, local_archive
from heatseek.search.arguments import path_of, place_of
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any, NoReturn, Unpack

    from heatseek.build_arguments import BuildArguments
    from heatseek.config import Config
    from heatseek.config.places import Location
    from heatseek.conventions import Conventions
    from heatseek.engines.base import Engine
    from heatseek.engines.model import Slice
    from heatseek.indexer import SliceSummary, Summary
    from heatseek.indexer.summary import Listener
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language
    from heatseek.vectors import Semantic


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

    folder, engine, values = _anew(archive, index, arguments)
    return indexer.rebuild(folder, engine, **values)


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

    folder, engine, values = _anew(archive, index, arguments)
    if values.pop("semantic"):
        values["tell"]("slices have no vectors; the next update makes them")
    return indexer.rebuild_slice(folder, engine, slice_of("part", part), **values)


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

    folder, engine, values = _inputs(archive, index, arguments)
    return indexer.build(folder, engine, **values)


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

    folder, engine, values = _inputs(archive, index, arguments)
    return indexer.update(folder, engine, **values)


def _inputs(
    archive: str | os.PathLike[str], index: str | os.PathLike[str], arguments: BuildArguments
) -> tuple[Path, Engine, dict[str, Any]]:
    """The archive, the engine of the index, and all other arguments, as the indexer takes them."""
    values = values_of(arguments)
    return path_of("archive", archive), engine_of(place_of("index", index)), values


def _anew(
    archive: str | os.PathLike[str], index: str | os.PathLike[str], arguments: BuildArguments
) -> tuple[Path, Engine, dict[str, Any]]:
    """As `_inputs`, for an index that takes nothing over from the one in its place."""
    folder, engine, values = _inputs(archive, index, arguments)
    values["language"] = values["language"] or ENGLISH
    values["fields"] = values["fields"] or ()
    return folder, engine, values


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
    values = values_of({**given, **others, "follow_links": follow_links, "exclude": exclude})
    names = ("timeout", "language", "fields", "conventions", "follow_links", "exclude", "semantic")
    place = place_of("index", index)
    follow(
        path_of("archive", archive),
        engine_of(place),
        listener,
        ignored=place if isinstance(place, Path) else None,
        **{name: values[name] for name in names},
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
