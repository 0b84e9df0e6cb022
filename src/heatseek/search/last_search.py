"""The last search of a terminal, so that `show 3` and `open 3` know what 3 was.

A small file for each terminal. What goes wrong here is nobody's trouble: it is a convenience, and
no search fails because of it.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.search import state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from heatseek.engines.model import Generation

_NAME = "searches"
MAX_FILES = 20
"""Terminals that are remembered; the oldest are forgotten."""
MAX_IDS = 1_000
MAX_BYTES = 4_000_000
VERSION = 1


class LastSearch(NamedTuple):
    """What a search showed."""

    folder: Path
    """The index."""
    generation: str
    """Which state of the index answered; another one may rank otherwise."""
    first: int
    """The rank of the first hit shown."""
    ids: tuple[str, ...]

    def id_at(self, rank: int) -> str | None:
        """The id of the article that had a rank, if it was shown."""
        place = rank - self.first
        return self.ids[place] if 0 <= place < len(self.ids) else None


def stamp(generation: Generation) -> str:
    """A generation as it is remembered; the number alone starts anew with a new folder."""
    return f"{generation.number} {generation.created_at.isoformat()}"


def remember(last: LastSearch, environ: Mapping[str, str]) -> None:
    """Keep what was shown on this terminal; in silence nothing if that cannot be."""
    values = {
        "version": VERSION,
        "index": str(last.folder),
        "generation": last.generation,
        "first": last.first,
        "ids": last.ids[:MAX_IDS],
    }
    folder = state.folder(_NAME, environ)
    if folder is None:
        return
    with suppress(OSError, ValueError):
        state.keep(folder / f"{_terminal()}.json", json.dumps(values).encode(), MAX_FILES)


def recall(environ: Mapping[str, str]) -> LastSearch | None:
    """The last search of this terminal, or else of the user; None if none is known."""
    folder = state.folder(_NAME, environ)
    if folder is None:
        return None
    with suppress(OSError):
        for path in [folder / f"{_terminal()}.json", *_newest_first(folder)]:
            with suppress(OSError, ValueError, KeyError, TypeError):
                return _read(path)
    return None


def _terminal() -> str:
    """A name for this terminal: that of its device, with the session that it belongs to."""
    session = os.getsid(0) if hasattr(os, "getsid") else os.getppid()
    for descriptor in (0, 1, 2):
        with suppress(OSError, AttributeError):
            return f"{os.ttyname(descriptor).strip('/').replace('/', '-')}-{session}"
    return f"none-{session}"


def _read(path: Path) -> LastSearch:
    with path.open("rb") as file:
        values: Any = json.loads(file.read(MAX_BYTES))
    if values["version"] != VERSION or not all(isinstance(name, str) for name in values["ids"]):
        raise ValueError("written by another version")
    return LastSearch(
        Path(values["index"]),
        str(values["generation"]),
        int(values["first"]),
        tuple(values["ids"]),
    )


def _newest_first(folder: Path) -> Sequence[Path]:
    found = [(entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(folder)]
    return [Path(path) for _, path in sorted(found, reverse=True) if path.endswith(".json")]
