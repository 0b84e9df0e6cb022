"""The index of a project, opened for a command; it is built first if none can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli.terminal import display_path
from heatseek.errors import (
    ArchiveError,
    IndexMissingError,
    IndexOutdatedError,
    OtherArchiveError,
)
from heatseek.library import open_project

if TYPE_CHECKING:
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
        IndexOutdatedError: the index was built from another archive than the one that was named.
    """
    try:
        return open_project(settings, long_lived=long_lived)
    except OtherArchiveError:
        raise
    except IndexMissingError:
        if request:
            from heatseek.search.interpreter import check  # noqa: PLC0415 - before a build only

            check(request, settings.declared, settings.language)
        _build_first(settings)
    except IndexOutdatedError as error:
        # The archive must be at hand: an index is never replaced by another archive's.
        if not error.archive or settings.archive.resolve() != Path(error.archive):
            raise
        _build(settings, f"{display_path(settings.index)} was made by another version of heatseek")
    return open_project(settings, long_lived=long_lived)


def _build_first(settings: Config) -> None:
    archive, index = display_path(settings.archive), display_path(settings.index)
    if not settings.archive.is_dir():
        raise ArchiveError(
            f"no index in {index} yet, and no folder {archive} to build it from:"
            " name the articles' folder by --archive DIR"
        )
    _build(settings, f"no index in {index} yet")


def _build(settings: Config, reason: str) -> None:
    # Few searches write; the others do without the writer's imports.
    from heatseek.cli.rebuild import build_missing  # noqa: PLC0415

    build_missing(settings, f"{reason}: building it from {display_path(settings.archive)}")
