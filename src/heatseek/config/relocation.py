"""An index that `rebuild --engine` moves out of its folder, or back; later commands follow."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.config.places import INDEX, NOTE, in_cache, note_in, place_of
from heatseek.definitions import replace
from heatseek.engines.model import IndexUrl
from heatseek.errors import ConfigError, StoreError, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heatseek.config.model import Config

FOLDER = "folder"
"""The value of `--engine` that stands for the folder of the index itself."""


def relocate(settings: Config, text: str) -> Config:
    """The settings with the index moved to where `--engine` says.

    Args:
        settings: as they are without that.
        text: the address of an index, or `folder`.

    Raises:
        ConfigError: it is neither; or later commands would not look there.
    """
    place = place_of(text, "--engine") if text != FOLDER else None
    if place is not None and not isinstance(place, IndexUrl):
        raise ConfigError(
            f"--engine {text}: must be {FOLDER}, or an address such as opensearch://host:9200/name"
        )
    url = IndexUrl(place, settings.engine) if place else None
    if settings.folder_path is None:
        if url == settings.index_place:
            return settings
        shown = url.shown if url else text
        raise ConfigError(
            f"--engine {shown}: {settings.sources['index']} names another index, which counts more"
        )
    sources = {**settings.sources, "index": "--engine"}
    return replace(settings, index_place=url or settings.folder_path, sources=sources)


def leave_note(settings: Config) -> None:
    """Leave a note of where the index is, in the folder where it else would be.

    None is left, and one that is there is removed, where it is in that folder.

    Raises:
        StoreError: it cannot be written.
    """
    if settings.folder is None:
        return
    note = settings.folder / NOTE
    try:
        if isinstance(settings.index, IndexUrl):
            _write(note, f"{settings.index}\n")
        else:
            note.unlink(missing_ok=True)
        if settings.note and settings.note != note:
            settings.note.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{note} cannot be written: {reason(error)}") from None


def location_before(project: Path, archive: Path, environ: Mapping[str, str]) -> IndexUrl | None:
    """The address that a note names for a folder that had no heatseek.toml; None if there is none.

    Args:
        project: that folder.
        archive: of its articles: itself, or one in it.
        environ: names the user's cache.
    """
    with suppress(ConfigError):
        own = str(project / INDEX)
        for folder in (own, in_cache(project, environ), in_cache(archive, environ)):
            if url := note_in(folder):
                return url
    return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        # "x": a link that waits under this name is not followed.
        with draft.open("x", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
