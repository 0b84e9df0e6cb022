"""Generations of an index in a folder: prepared aside, switched to by one rename.

    index/
      CURRENT                  the name of the generation that readers open
      LOCK                     held by the one writer; LOCK.holder says who that is
      generation-00000007/
        manifest.json          format, fingerprint, archive, counts; size and CRC-32 of each file
        *.doc *.trm            a segment; never changed, so generations can share it by hard links
        *.del                  which documents of a segment are deleted
        *.note                 what the indexer noted, for the next change and for searches

A writer fills a new folder, syncs it, and renames a new CURRENT over the old one. Only then
does it remove older generations; a reader that has one open keeps its files through its maps,
one that was about to open it reads CURRENT again. Nothing here executes what it reads.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from zlib import crc32

from heatseek.engines.base import Generation
from heatseek.engines.whoosh.layout import FORMAT, NOTE_FILE, WHOOSH_FORMAT, fingerprint
from heatseek.errors import (
    IndexDamagedError,
    IndexMissingError,
    IndexOutdatedError,
    StoreError,
)
from heatseek.schema import DeclaredField, FieldKind
from heatseek.text.languages import ENGLISH, Language, stemmers

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

CURRENT = "CURRENT"
LOCK = "LOCK"
HOLDER = "LOCK.holder"
MANIFEST = "manifest.json"
GENERATION_NAME = re.compile(r"generation-(\d{8,18})\Z")
_FILE_NAME = re.compile(r"[A-Za-z0-9_]+\.(?:doc|trm|del|note)\Z")
_SEGMENT_NAME = re.compile(r"[A-Za-z0-9_]+\Z")
_ATTEMPTS = 100
"""How often a reader that was overtaken by writers looks again."""


class SegmentEntry(NamedTuple):
    """A segment of a generation."""

    name: str
    size: int
    """Documents, deleted ones included."""
    deleted: int = 0

    @property
    def live(self) -> int:
        """Documents that can be found."""
        return self.size - self.deleted


class Manifest(NamedTuple):
    """What a generation consists of."""

    number: int
    archive: str
    created_at: int
    """Seconds since 1970."""
    segments: tuple[SegmentEntry, ...]
    files: dict[str, tuple[int, int]]
    """Size and CRC-32 of each."""
    twins: tuple[tuple[int, ...], ...] = ()
    """Documents with the same link, numbered through all segments."""
    fields: tuple[DeclaredField, ...] = ()
    """Declared ones; all segments have them."""
    language: Language = ENGLISH

    @property
    def documents(self) -> int:
        """How many documents can be found."""
        return sum(segment.live for segment in self.segments)

    @property
    def bytes(self) -> int:
        """What all files take."""
        return sum(size for size, _ in self.files.values())


def as_generation(manifest: Manifest) -> Generation:
    """What a manifest says to the rest of heatseek."""
    return Generation(
        number=manifest.number,
        archive=manifest.archive,
        created_at=datetime.fromtimestamp(manifest.created_at, UTC),
        documents=manifest.documents,
        bytes=manifest.bytes,
        fields=manifest.fields,
        language=manifest.language,
    )


def generation_name(number: int) -> str:
    """The folder of a generation."""
    return f"generation-{number:08d}"


def read_current(root: str, opener: Callable[[str, Manifest], T]) -> T:
    """Call `opener` with the folder and manifest of the newest generation.

    Raises:
        IndexMissingError, IndexOutdatedError, IndexDamagedError.
    """
    name = _current(root)
    for _ in range(_ATTEMPTS):
        folder = os.path.join(root, name)  # noqa: PTH118 - pathlib is not imported in a one-shot search
        try:
            return opener(folder, _manifest(folder))
        except FileNotFoundError as error:
            newest = _current(root)
            if newest == name:
                raise IndexDamagedError(f"{error.filename} is missing") from error
            name = newest
        except OSError as error:
            raise unreadable(error, folder) from error
    raise IndexDamagedError(f"{root} changes too fast to be read")


def unreadable(error: OSError, where: str) -> StoreError:
    """What it means that a file of the index cannot be read."""
    path = error.filename or where
    if isinstance(error, FileNotFoundError):
        return IndexDamagedError(f"{path} is missing")
    if isinstance(error, IsADirectoryError | NotADirectoryError):
        return IndexDamagedError(f"{path} is overwritten")
    # Permissions, too many open files, a failing disk: making it anew helps with none of them.
    reason = (error.strerror or "unknown error").lower()
    advice = "; choose another --index" if isinstance(error, PermissionError) else ""
    return StoreError(f"cannot read the index: {path}: {reason}{advice}")


def check_sizes(folder: str, manifest: Manifest) -> None:
    """See that every file is there in its full length; a look that costs next to nothing.

    Raises:
        IndexDamagedError: one is not.
        FileNotFoundError: one is missing, maybe because a writer has gone on.
    """
    for name, (size, _) in manifest.files.items():
        path = os.path.join(folder, name)  # noqa: PTH118
        if os.stat(path).st_size != size:  # noqa: PTH116
            raise IndexDamagedError(f"{path} has another size than when it was written")


class Note:
    """The file of what was noted by a name, held open: writers remove what they replace.

    Raises:
        FileNotFoundError: a writer has removed it already.
    """

    def __init__(self, folder: str, manifest: Manifest, name: str) -> None:
        self._sealed = manifest.files.get(f"{name}{NOTE_FILE}")
        path = os.path.join(folder, f"{name}{NOTE_FILE}")  # noqa: PTH118
        self._file = open(path, "rb") if self._sealed else None  # noqa: PTH123, SIM115 - closed below

    def read(self) -> bytes:
        """What was noted; empty if nothing was.

        Raises:
            IndexDamagedError: it is not as it was written.
        """
        if not self._file:
            return b""
        self._file.seek(0)
        data = self._file.read()
        if (len(data), crc32(data)) != self._sealed:
            raise IndexDamagedError(f"{self._file.name} is not as it was written")
        return data

    def close(self) -> None:
        """Release the file."""
        if self._file:
            self._file.close()


def dump(manifest: Manifest) -> bytes:
    """The manifest as it is written to its file."""
    head = {"format": FORMAT, "whoosh_format": WHOOSH_FORMAT, "fingerprint": fingerprint()}
    values = head | manifest._asdict()
    return json.dumps(values | {"checksum": _checksum(values)}, indent=1).encode()


def _current(root: str) -> str:
    path = os.path.join(root, CURRENT)  # noqa: PTH118
    try:
        with open(path, encoding="ascii") as file:  # noqa: PTH123
            name = file.read(64).strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise IndexMissingError(f"no index in {root}: `heatseek rebuild` makes one") from error
    except OSError as error:
        raise unreadable(error, path) from error
    except UnicodeDecodeError as error:
        raise IndexDamagedError(f"{path} is overwritten") from error
    if not GENERATION_NAME.match(name):
        raise IndexDamagedError(f"{path} is overwritten")
    return name


def _manifest(folder: str) -> Manifest:
    path = os.path.join(folder, MANIFEST)  # noqa: PTH118
    with open(path, "rb") as file:  # noqa: PTH123
        data = file.read()
    try:
        values = json.loads(data)
        _check_version(values)
        return _checked(values)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise IndexDamagedError(f"{path} is overwritten") from error


def _check_version(values: dict[str, Any]) -> None:
    written = (values["format"], values["whoosh_format"], values["fingerprint"])
    if written != (FORMAT, WHOOSH_FORMAT, fingerprint()):
        raise IndexOutdatedError(
            "the index was made by another version of heatseek: run `heatseek rebuild`",
            str(values.get("archive", "")),
        )


def _checksum(values: dict[str, Any]) -> int:
    return crc32(json.dumps(values, sort_keys=True).encode())


def _checked(values: dict[str, Any]) -> Manifest:
    """A manifest that is as it was written, and whose names stay inside its folder."""
    if values.pop("checksum") != _checksum(values):
        raise ValueError
    segments = tuple(SegmentEntry(str(n), int(s), int(d)) for n, s, d in values["segments"])
    files = {str(name): (int(size), int(crc)) for name, (size, crc) in values["files"].items()}
    names = [_SEGMENT_NAME.match(segment.name) for segment in segments]
    names += [_FILE_NAME.match(name) for name in files]
    if not all(names):
        raise ValueError
    number, archive, created_at = values["number"], values["archive"], values["created_at"]
    twins = tuple(tuple(map(int, group)) for group in values["twins"])
    fields = tuple(DeclaredField(str(n), FieldKind(k), bool(f)) for n, k, f in values["fields"])
    language = _language(str(archive), *values["language"])
    return Manifest(
        int(number), str(archive), int(created_at), segments, files, twins, fields, language
    )


def _language(archive: str, stemmer: str, stopwords: bool) -> Language:
    language = Language(stemmer, stopwords)
    if stemmer not in stemmers():
        raise IndexOutdatedError(
            f"the index was made with a stemmer that is missing here, {stemmer}:"
            " install a newer PyStemmer, or run `heatseek rebuild`",
            archive,
        )
    return language
