"""The folders of generations: numbered, switched to by one rename, removed when they are old."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.files import sync_folder, write_synced
from heatseek.engines.whoosh.store import CURRENT, GENERATION_NAME, generation_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def next_generation(root: Path) -> Iterator[tuple[int, Path]]:
    """A new folder to be filled, and its number; it goes again if that fails."""
    number = max(_generations(root), default=0) + 1
    folder = root / generation_name(number)
    try:
        folder.mkdir()
        yield number, folder
    except BaseException:
        # Ctrl-C may come when it is switched to already.
        if not is_current(folder):
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                _prepared(root).unlink()
        raise


def switch(root: Path, folder: Path) -> None:
    """Make a filled folder the one that readers open."""
    sync_folder(folder)
    prepared = _prepared(root)
    write_synced(prepared, f"{folder.name}\n".encode())
    prepared.replace(root / CURRENT)
    sync_folder(root)


def collect_garbage(root: Path) -> None:
    """Remove every generation but the current one, also those that dead writers left.

    While it is not known which one is current, all stay.
    """
    _prepared(root).unlink(missing_ok=True)
    current = _current(root)
    generations = list(_generations(root).values())
    if root / current not in generations:
        return
    for path in generations:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)


def is_current(folder: Path) -> bool:
    """Whether readers open this one."""
    return _current(folder.parent) == folder.name


def _prepared(root: Path) -> Path:
    """The file that is renamed to CURRENT."""
    return root / f"{CURRENT}.new"


def _current(root: Path) -> str:
    """What CURRENT says; empty if it says nothing that can be read."""
    try:
        return (root / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _generations(root: Path) -> dict[int, Path]:
    found = ((GENERATION_NAME.match(path.name), path) for path in root.iterdir())
    return {int(match[1]): path for match, path in found if match}
