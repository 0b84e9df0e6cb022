"""Opening the index that a command searches; it is built first if none can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heatseek import engines
from heatseek.cli.terminal import display_path
from heatseek.errors import ArchiveError, IndexForeignError, IndexMissingError, IndexOutdatedError

if TYPE_CHECKING:
    from heatseek.config import Config
    from heatseek.engines.base import Engine, Reader
    from heatseek.search.request import SearchRequest


def open_reader(
    settings: Config, *, long_lived: bool = False, request: SearchRequest | None = None
) -> Reader:
    """The index of the archive.

    Args:
        settings: where both are.
        long_lived: many searches are to come.
        request: that is to be put to it; a wrong one builds no index.

    Raises:
        ArchiveError: there is neither an index nor an archive to build it from.
        IndexOutdatedError: the index was built from another archive than the one that was named.
    """
    engine = engines.load(settings.index)
    try:
        return _of_archive(engine.open(long_lived=long_lived), settings)
    except IndexForeignError:
        raise
    except IndexMissingError:
        _build_first(settings, engine, request)
    except IndexOutdatedError as error:
        from heatseek.cli.renewal import is_replaceable  # noqa: PLC0415 - seldom

        if not is_replaceable(error, settings):
            raise
        _build(
            settings,
            engine,
            f"{display_path(settings.index)} was made by another version of heatseek",
            request,
        )
    return _of_archive(engine.open(long_lived=long_lived), settings)


def _of_archive(reader: Reader, settings: Config) -> Reader:
    """The reader, unless another archive was named than it is of."""
    built_from = Path(reader.generation.archive)
    if settings.archive_is_explicit and settings.archive.resolve() != built_from.resolve():
        reader.close()
        raise IndexOutdatedError(
            f"{display_path(settings.index)} was built from {display_path(built_from)}, not"
            f" {display_path(settings.archive)}: choose another --index,"
            f" or run heatseek rebuild --archive {display_path(settings.archive)}"
        )
    return reader


def _build_first(settings: Config, engine: Engine, request: SearchRequest | None) -> None:
    if request:
        _check(request, settings, engine)
    archive, index = display_path(settings.archive), display_path(settings.index)
    if not settings.archive.is_dir():
        raise ArchiveError(
            f"no index in {index} yet, and no folder {archive} to build it from:"
            " name the articles' folder by --archive DIR"
        )
    _build(settings, engine, f"no index in {index} yet", request)


def _check(request: SearchRequest, settings: Config, engine: Engine) -> None:
    """See that a request makes sense for the index that is to be built."""
    from heatseek.cli.renewal import kept  # noqa: PLC0415 - before a build only
    from heatseek.search.interpreter import check  # noqa: PLC0415

    language, fields = kept(settings, engine)
    check(request, fields, language)


def _build(settings: Config, engine: Engine, reason: str, request: SearchRequest | None) -> None:
    if request:
        _check(request, settings, engine)
    # Few searches write; the others do without the writer's imports.
    from heatseek.cli.building import build_missing  # noqa: PLC0415
    from heatseek.cli.renewal import kept  # noqa: PLC0415

    language, fields = kept(settings, engine)
    preface = f"{reason}: building it from {display_path(settings.archive)}"
    build_missing(
        settings.archive,
        engine,
        language,
        fields,
        follow_links=settings.follow_links,
        preface=preface,
    )
