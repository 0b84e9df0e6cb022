"""Small files that commands keep for the next one, in the user's XDG state folder.

By hand: platformdirs would cost 9 ms of every search on a terminal.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def folder(name: str, environ: Mapping[str, str]) -> Path | None:
    """Heatseek's folder of this name; None if the environment names no place for it."""
    state, home = (Path(environ.get(variable, "")) for variable in ("XDG_STATE_HOME", "HOME"))
    # The specification: a relative path is to be ignored.
    if not state.is_absolute():
        state = home / ".local" / "state"
    return state / "heatseek" / name if state.is_absolute() else None


def keep(path: Path, data: bytes, most: int) -> None:
    """Replace a file in one step; only its owner may read it.

    Args:
        path: of the file; its folder is made.
        data: what it is to hold.
        most: files that the folder may have; the oldest go, and drafts of the dead.

    Raises:
        OSError: the file cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(path, data)
    with suppress(OSError):
        _tidy(path.parent, most)


def _write(path: Path, data: bytes) -> None:
    draft = path.with_suffix(f".{os.getpid()}.new")
    try:
        # O_EXCL: a link that waits under this name is not followed.
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise


def _tidy(place: Path, most: int) -> None:
    with os.scandir(place) as scan:
        entries = list(scan)
    if len(entries) > most:
        for entry in sorted(entries, key=lambda e: e.stat().st_mtime_ns)[:-most]:
            with suppress(OSError):
                Path(entry.path).unlink()
