"""The folders of generations: numbered, switched to by one rename, removed when they are old."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
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
        shutil.rmtree(folder, ignore_errors=True)
        raise


def switch(root: Path, folder: Path) -> None:
    """Make a filled folder the one that readers open."""
    sync_folder(folder)
    prepared = root / f"{CURRENT}.new"
    write_synced(prepared, f"{folder.name}\n".encode())
    prepared.replace(root / CURRENT)
    sync_folder(root)


def collect_garbage(root: Path) -> None:
    """Remove every generation but the current one, also those that dead writers left.

    While it is not known which one is current, all stay.
    """
    (root / f"{CURRENT}.new").unlink(missing_ok=True)
    try:
        current = (root / CURRENT).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return
    generations = list(_generations(root).values())
    if root / current not in generations:
        return
    for path in generations:
        if path.name != current:
            shutil.rmtree(path, ignore_errors=True)


def _generations(root: Path) -> dict[int, Path]:
    found = ((GENERATION_NAME.match(path.name), path) for path in root.iterdir())
    return {int(match[1]): path for match, path in found if match}
