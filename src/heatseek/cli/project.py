"""The index of a project, opened for a command; it is built first if none can be used."""

from __future__ import annotations

import os

from heatseek.cli.terminal import display_path, say
from heatseek.config import AUTO, IndexUrl
from heatseek.errors import (
    ArchiveError,
    HeatseekError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
    OtherArchiveError,
    Remedy,
)
from heatseek.library import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from heatseek import Config, Index, SearchRequest


def open_or_build(
    settings: Config, *, long_lived: bool = False, request: SearchRequest | None = None
) -> Index:
    """The index of the archive.

    Args:
        settings: where both are.
        long_lived: many searches are to come.
        request: that is to be put to it; a wrong one builds no index.

    Raises:
        ArchiveError: there is neither an index nor an archive to build it from.
        IndexMissingError: there is none on a server, where none is built but by `rebuild`.
        IndexOutdatedError: the index was built from another archive than the one that was named.
    """
    if isinstance(settings.index_place, IndexUrl):
        # Others search it, too, perhaps by another version of heatseek.
        return _current(open_project(settings, long_lived=long_lived), settings)
    try:
        return _current(open_project(settings, long_lived=long_lived), settings)
    except (OtherArchiveError, IndexForeignError):
        raise
    except IndexMissingError:
        _check(request, settings)
        _build_first(settings)
    except IndexOutdatedError as error:
        from pathlib import Path  # noqa: PLC0415 - before a build only

        archive = _archive(settings)
        # The archive must be at hand: an index is never replaced by another archive's.
        if not error.archive or archive.resolve() != Path(error.archive):
            raise
        _check(request, settings)
        reason = f"{display_path(settings.index)} was made by another version of heatseek"
        _build(archive, settings, f"{reason}: building it from {display_path(archive)}")
    return open_project(settings, long_lived=long_lived)


def _current(index: Index, settings: Config) -> Index:
    """The index, brought to the state of its archive first if that is configured."""
    if settings.update != AUTO:
        return index
    try:
        changes = index.differences(thorough=False)
        if changes is None or changes.total:
            from pathlib import Path  # noqa: PLC0415 - as below

            from heatseek.cli.rebuild import catch_up  # noqa: PLC0415 - as below

            catch_up(Path(index.generation.archive), settings, str(changes or ""))
            index.refresh()
    except HeatseekError as error:
        say(f"{error}; this is what was indexed")
    return index


def _archive(settings: Config) -> Path:
    from heatseek.maintenance import archive_of  # noqa: PLC0415 - before a build only

    return archive_of(settings)


def _build_first(settings: Config) -> None:
    index = display_path(settings.index)
    root = _archive(settings)
    archive = display_path(root)
    if not os.path.isdir(root):  # noqa: PTH112 - never raises
        raise ArchiveError(
            f"no index in {index} yet, and no folder {archive} to build it from",
            Remedy.OTHER_ARCHIVE,
        )
    if not settings.is_cached:
        _build(root, settings, f"no index in {index} yet: building it from {archive}")
        return
    _build(root, settings, f"no index of {root} yet: building it in {index}")
    say("to have the index elsewhere name its folder in a heatseek.toml, or by --index DIR")


def _check(request: SearchRequest | None, settings: Config) -> None:
    """See that a request makes sense for the index that is to be built."""
    if request is None:
        return
    from heatseek.maintenance import made_for  # noqa: PLC0415 - before a build only
    from heatseek.search.interpreter import check  # noqa: PLC0415 - as above

    made = made_for(
        *(settings.index, settings.chosen_language, settings.chosen_fields),
        settings.conventions,
    )
    check(request, made.fields, made.language)


def _build(archive: Path, settings: Config, preface: str) -> None:
    # Few searches write; the others do without the writer's imports.
    from heatseek.cli.rebuild import build_missing  # noqa: PLC0415

    build_missing(archive, settings, preface)
