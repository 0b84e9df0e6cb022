"""The mark of an index: whose folder this is, and what the index was built from.

A small file at the root says it, and again in each generation's folder; the manifest does, too. So
any one of these, or CURRENT, may be lost or spoilt: the rest still tells that the folder is an
index, and of which archive, in which language, with which fields. A folder that has none of them
is somebody else's. Only writers read the mark, and readers that find something wrong.
"""

from __future__ import annotations

import json
import os
import re
from typing import NamedTuple
from zlib import crc32

from heatseek.conventions import Conventions
from heatseek.engines.model import Origin
from heatseek.engines.whoosh import manifest, store
from heatseek.errors import (
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
    StoreError,
)
from heatseek.schema import DeclaredField
from heatseek.text.languages import ENGLISH, Language

MARK = "HEATSEEK"
"""The name of the file."""
_MAGIC = "heatseek index"
_FORMER_NAME = re.compile(r"generation-[0-9]{8,18}\Z")
"""A generation of the versions that knew no mark."""
_FORMER_FORMAT = 10
"""The last of these."""


class Mark(NamedTuple):
    """An index, known among all others by a random id."""

    id: str
    archive: str = ""
    """Empty until the first generation is built."""
    language: Language = ENGLISH
    fields: tuple[DeclaredField, ...] = ()
    conventions: Conventions = Conventions()
    place: str = ""
    """As in a manifest."""

    @property
    def origin(self) -> Origin | None:
        """The origin of the index, if it was built."""
        return Origin(*self[1:-1]) if self.archive else None

    def dump(self) -> bytes:
        """As it is written to a file."""
        return manifest.sealed({"magic": _MAGIC, **self._asdict()})


def new_mark(origin: Origin | None) -> Mark:
    """The mark of a new index."""
    return Mark(os.urandom(16).hex(), *(origin or ()))


def find(root: str) -> Mark | None:
    """The mark of the index in a folder; None if that is no index."""
    known = _read(os.path.join(root, MARK), root)  # noqa: PTH118
    if known or not (folder := _newest(root, store.GENERATION_NAME)):
        return known
    return in_generation(folder)


def in_generation(folder: str) -> Mark | None:
    """The mark of the index that a generation's folder is of; None if it is of none."""
    names, root = (store.MANIFEST, MARK), os.path.dirname(folder)  # noqa: PTH120
    known = (_read(os.path.join(folder, name), root) for name in names)  # noqa: PTH118
    return next((mark for mark in known if mark), None)


def origin(root: str) -> Origin | None:
    """The origin of the index in a folder; None if nothing is left that tells."""
    folder = _newest(root, store.GENERATION_NAME)
    known = (folder and in_generation(folder)) or find(root)
    return known.origin if known else former_origin(root)


def former_origin(root: str) -> Origin | None:
    """The same, of an index that was made before there were marks; None if it is none."""
    folder = _newest(root, _FORMER_NAME)
    try:
        values = json.loads(_contents(folder, store.MANIFEST)) if folder else {}
        manifest.check_seal(values)
        if values["format"] > _FORMER_FORMAT or not values["fingerprint"].startswith("text="):
            return None
        return Origin(
            manifest.archive_of(values, root),
            manifest.language_of(values),
            manifest.fields_of(values),
        )
    except (OSError, StoreError, *manifest.MALFORMED):
        return None


def former_generation(root: str) -> str:
    """The folder that such an index keeps its newest generation in."""
    return _newest(root, _FORMER_NAME)


def flaw(folder: str, id_: str) -> str:
    """The fault of the mark in a folder of the index with this id; empty if there is none."""
    path = os.path.join(folder, MARK)  # noqa: PTH118
    known = _read(path, folder)
    if known is None:
        return f"{path} is {'overwritten' if os.path.lexists(path) else 'missing'}"
    return "" if known.id == id_ else f"{path} is of another index"


def files(root: str) -> list[str]:
    """The names in a folder that are somebody's, in order.

    Hidden ones may stand beside an index: .gitignore, .DS_Store.
    """
    with os.scandir(root) as entries:
        return sorted(entry.name for entry in entries if not entry.name.startswith("."))


def foreign(root: str, name: str, doing: str = "") -> IndexForeignError:
    """The error of a folder that is no index, and has this file; `doing` is what failed by it."""
    return IndexForeignError(f"{doing}{root} is no index and has files of its own, such as {name}")


def diagnosis(root: str, error: StoreError) -> StoreError:
    """The error that explains why no generation was found in a folder; `error` is how it looks."""
    if former := former_origin(root):
        return manifest.outdated(former.archive)
    known = find(root)
    path = os.path.join(root, store.CURRENT)  # noqa: PTH118
    if known or is_wreck(root):
        is_lost = isinstance(error, IndexMissingError) and not (known and not known.archive)
        return IndexDamagedError(f"{path} is missing") if is_lost else error
    try:
        names = files(root)
    except OSError:
        return error
    return foreign(root, names[0]) if names else error


def is_wreck(root: str) -> bool:
    """True if a folder has the remains of an index that nothing tells more of.

    Nobody but a writer gives a folder such a name: its end is the checksum of the rest.
    """
    try:
        with os.scandir(root) as entries:
            return any(
                store.GENERATION_NAME.match(entry.name)
                and entry.name == _with_checksum(entry.name[:-8])
                and entry.is_dir(follow_symlinks=False)
                for entry in entries
            )
    except OSError:
        return False


def new_name(number: int, mark: Mark) -> str:
    """The name of a generation, which no other writer gives."""
    return _with_checksum(f"generation-{number:08d}-{mark.id[:8]}{os.urandom(4).hex()}")


def _with_checksum(name: str) -> str:
    return f"{name}{crc32(name.encode()):08x}"


def _newest(root: str, form: re.Pattern[str]) -> str:
    """The folder that CURRENT names in this form; empty if it does not."""
    try:
        name = store.current_name(root)
    except (OSError, StoreError):
        return ""
    return os.path.join(root, name) if form.match(name) else ""  # noqa: PTH118


def _read(path: str, root: str) -> Mark | None:
    """The content of a mark or a manifest, if it is whole; other versions' as well.

    Args:
        path: of the file.
        root: the folder of the index.
    """
    try:
        values = json.loads(store.contents(path, store.LARGEST))
        manifest.check_seal(values)
        return Mark(
            manifest.id_of(values),
            manifest.archive_of(values, root),
            manifest.language_of(values),
            manifest.fields_of(values),
            manifest.conventions_of(values),
        )
    except (OSError, StoreError, *manifest.MALFORMED):
        return None


def _contents(folder: str, name: str) -> bytes:
    return store.contents(os.path.join(folder, name), store.LARGEST)  # noqa: PTH118
