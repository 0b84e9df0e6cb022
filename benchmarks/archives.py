"""The archives named on the command line, together in one folder."""

from __future__ import annotations

import shutil
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_ENDINGS = (".tar.xz", ".tar.gz", ".tar")


def gather(archives: Iterable[Path], folder: Path) -> Path:
    """Make `folder` of archives: packed ones unpacked, folders copied.

    Links to them would be passed over: they lead out of an archive.

    Raises:
        SystemExit: one is neither a folder nor a tar file.
    """
    folder.mkdir(parents=True)
    for archive in archives:
        ending = next((e for e in _ENDINGS if archive.name.endswith(e)), "")
        place = folder / archive.name.removesuffix(ending)
        if archive.is_dir():
            shutil.copytree(archive, place)
        elif ending and archive.is_file():
            with tarfile.open(archive) as packed:
                packed.extractall(place, filter="data")
        else:
            raise SystemExit(f"{archive}: no folder and no tar file of articles")
    return folder
