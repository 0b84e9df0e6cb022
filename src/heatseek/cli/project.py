"""The index of a project, opened for a command; it is built first if none can be used."""

from __future__ import annotations

from heatseek.cli.terminal import display_path
from heatseek.errors import (
    ArchiveError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
    OtherArchiveError,
    Remedy,
)
from heatseek.library import open_project, same_place

TYPE_CHECKING = False
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
    except (OtherArchiveError, IndexForeignError):
        raise
    except IndexMissingError:
        _build_first(settings, request)
    except IndexOutdatedError as error:
        # The archive must be at hand: an index is never replaced by another archive's.
        if not error.archive or not same_place(settings.archive_path, error.archive):
            raise
        reason = f"{display_path(settings.index)} was made by another version of heatseek"
        _build(settings, reason, request)
    return open_project(settings, long_lived=long_lived)


def _build_first(settings: Config, request: SearchRequest | None) -> None:
    archive, index = display_path(settings.archive), display_path(settings.index)
    if not settings.archive.is_dir():
        _check(request, settings)
        raise ArchiveError(
            f"no index in {index} yet, and no folder {archive} to build it from",
            Remedy.OTHER_ARCHIVE,
        )
    _build(settings, f"no index in {index} yet", request)


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


def _build(settings: Config, reason: str, request: SearchRequest | None) -> None:
    _check(request, settings)
    # Few searches write; the others do without the writer's imports.
    from heatseek.cli.rebuild import build_missing  # noqa: PLC0415

    build_missing(settings, f"{reason}: building it from {display_path(settings.archive)}")
