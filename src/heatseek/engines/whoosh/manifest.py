"""The manifest of a generation: of which files it consists, and what it was built from.

The names and versions that writer and reader agree on stand here.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from zlib import crc32

from heatseek.conventions import KEYS, Conventions
from heatseek.definitions import NamedTuple
from heatseek.engines.model import Generation
from heatseek.engines.shared.fields import COLUMNS
from heatseek.errors import IndexOutdatedError, UsageError
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS, DeclaredField, FieldKind, check_declared
from heatseek.text.languages import ENGLISH, Language, stemmers
from heatseek.text.tokens import VERSION as ANALYSIS_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = 16
"""Of our files; to be raised when their layout changes."""
WHOOSH_FORMAT = -111
"""Whoosh's own index version (`whoosh.index._CURRENT_TOC_VERSION`; a test compares them)."""

DOCUMENTS_FILE = ".doc"
TERMS_FILE = ".trm"
DELETIONS_FILE = ".del"
NOTE_FILE = ".note"
_ENDINGS = frozenset((DOCUMENTS_FILE, TERMS_FILE, DELETIONS_FILE, NOTE_FILE))


def fingerprint() -> str:
    """Fields and analysis that an index was written by, besides the format."""
    text = ",".join(spec.name for spec in TEXT_FIELDS)
    labels = ",".join(spec.name for spec in LABEL_FIELDS)
    columns = ",".join(COLUMNS)
    return (
        f"text={text} labels={labels} columns={columns} "
        f"analysis={ANALYSIS_VERSION} byteorder={sys.byteorder}"
    )


_ID_LENGTH = 32
"""Hexadecimal digits."""
_MOST = 10**18
"""Above every number in a manifest."""
_NEAR = 2
"""Folders above an index's own in which its archive may be for both to be of one project."""
_LAST_SECOND = 253_402_300_799
"""Of the year 9999."""
MALFORMED = (
    *(ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError),
    UsageError,
)
"""The exceptions of values that were read and are not as they should be."""


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

    @property
    def files(self) -> list[str]:
        """The names of its files."""
        endings = (DOCUMENTS_FILE, TERMS_FILE, *((DELETIONS_FILE,) if self.deleted else ()))
        return [f"{self.name}{ending}" for ending in endings]


class Manifest(NamedTuple):
    """The parts of a generation."""

    number: int
    archive: str
    created_at: int
    """Seconds since 1970."""
    segments: tuple[SegmentEntry, ...]
    files: dict[str, tuple[int, int]]
    """Size and CRC-32 of each."""
    duplicates: tuple[tuple[int, ...], ...] = ()
    """Documents with the same link, numbered through all segments."""
    fields: tuple[DeclaredField, ...] = ()
    """Declared ones; all segments have them."""
    language: Language = ENGLISH
    conventions: Conventions = Conventions()
    id: str = ""
    """That of the index, as its mark has it."""
    place: str = ""
    """The real path of the index's folder when this was written; empty if nobody noted it."""

    @property
    def documents(self) -> int:
        """How many documents can be found."""
        return sum(segment.live for segment in self.segments)

    @property
    def bytes(self) -> int:
        """The bytes of all files."""
        return sum(size for size, _ in self.files.values())


def as_generation(manifest: Manifest) -> Generation:
    """A manifest as the rest of heatseek knows it."""
    return Generation(
        number=manifest.number,
        archive=manifest.archive,
        created_at=datetime.fromtimestamp(manifest.created_at, UTC),
        documents=manifest.documents,
        bytes=manifest.bytes,
        fields=manifest.fields,
        language=manifest.language,
        conventions=manifest.conventions,
    )


def dump(manifest: Manifest) -> bytes:
    """The manifest as it is written to its file."""
    head = {"format": FORMAT, "whoosh_format": WHOOSH_FORMAT, "fingerprint": fingerprint()}
    return sealed(head | manifest._asdict())


def load(data: bytes, root: str) -> Manifest:
    """The manifest that was dumped, of an index that is now in the folder `root`.

    Raises:
        IndexOutdatedError: by another version.
        MALFORMED: it is not as it was written.
    """
    values = json.loads(data)
    _check_version(values, root)
    check_seal(values)
    return _checked(values, root)


def sealed(values: dict[str, Any]) -> bytes:
    """Values as they are written to a file, with what tells that they are whole."""
    return json.dumps(values | {"checksum": _checksum(values)}, indent=1).encode()


def check_seal(values: dict[str, Any]) -> None:
    """Take from values read what told that they are whole.

    Raises:
        ValueError: they are not.
    """
    if values.pop("checksum") != _checksum(values):
        raise ValueError


def archive_of(values: dict[str, Any], root: str) -> str:
    """The archive that a manifest or a mark names; a path, if not one of this machine.

    If both were moved, or copied, with the folder that they are in it is the one that stands to
    the index now as the other one did.

    Args:
        values: as read.
        root: the folder of the index as it is now.
    """
    archive, place = values["archive"], values.get("place", "")
    for path in (archive, place):
        if not isinstance(path, str) or "\0" in path:
            raise ValueError
        os.fsencode(path)
    here = os.path.realpath(root)
    if not archive or here == place or not os.path.isabs(place):  # noqa: PTH117 - text
        return str(archive)
    way = os.path.relpath(archive, place)
    moved = os.path.normpath(os.path.join(here, way))  # noqa: PTH118 - as above
    is_near = way.split(os.sep).count(os.pardir) <= _NEAR  # noqa: PTH206 - as above
    return moved if is_near and os.path.isdir(moved) else str(archive)  # noqa: PTH112


def fields_of(values: dict[str, Any]) -> tuple[DeclaredField, ...]:
    """The declared fields of a manifest."""
    fields = tuple(DeclaredField(str(n), FieldKind(k), bool(f)) for n, k, f in values["fields"])
    check_declared(fields)
    return fields


def language_of(values: dict[str, Any]) -> Language:
    """The language of a manifest; its stemmer may be missing here."""
    stemmer, stopwords = values["language"]
    if not isinstance(stemmer, str):
        raise TypeError
    return Language(stemmer, bool(stopwords))


def conventions_of(values: dict[str, Any]) -> Conventions:
    """How the files were read; marks of former versions do not say it."""
    keys, zone = values.get("conventions", (None, None))
    read = None if keys is None else tuple((str(f), tuple(map(str, names))) for f, names in keys)
    if not {field for field, _ in read or ()} <= KEYS.keys():
        raise ValueError
    if not isinstance(zone, str | None):
        raise TypeError
    return Conventions(read, zone)


def id_of(values: dict[str, Any]) -> str:
    """The id of the index that a manifest is of."""
    id_ = values["id"]
    # No pattern: to compile one takes every search longer than this.
    if not isinstance(id_, str) or len(id_) != _ID_LENGTH or id_.strip("0123456789abcdef"):
        raise ValueError
    return id_


def _checksum(values: dict[str, Any]) -> int:
    return crc32(json.dumps(values, sort_keys=True).encode())


def _check_version(values: dict[str, Any], root: str) -> None:
    written = (values["format"], values["whoosh_format"], values["fingerprint"])
    if written != (FORMAT, WHOOSH_FORMAT, fingerprint()):
        try:
            raise outdated(archive_of(values, root))
        except MALFORMED:
            raise outdated("") from None


def is_file_name(name: str) -> bool:
    """True for the name of a file of a generation."""
    stem, dot, ending = name.rpartition(".")
    return _is_plain(stem) and dot + ending in _ENDINGS


def _is_plain(name: str) -> bool:
    """True for letters, digits and low lines."""
    return name.isascii() and name.replace("_", "0").isalnum()


def outdated(archive: str) -> IndexOutdatedError:
    """The error of an index that another version has written."""
    return IndexOutdatedError("the index was made by another version of heatseek", archive)


def _checked(values: dict[str, Any], root: str) -> Manifest:
    """A manifest whose names stay inside its folder, and whose numbers can be."""
    segments = tuple(SegmentEntry(str(n), int(s), int(d)) for n, s, d in values["segments"])
    files = {str(name): (int(size), int(crc)) for name, (size, crc) in values["files"].items()}
    names = [_is_plain(segment.name) for segment in segments]
    names += map(is_file_name, files)
    documents = sum(segment.size for segment in segments)
    duplicates = tuple(tuple(map(int, group)) for group in values["duplicates"])
    number, created_at = int(values["number"]), int(values["created_at"])
    counts = [number, *(size for size, _ in files.values())]
    are_possible = (
        all(names)
        and len({segment.name for segment in segments}) == len(segments)
        and all(0 <= segment.deleted <= segment.size < _MOST for segment in segments)
        and all(files.keys() >= {*segment.files} for segment in segments)
        and all(0 <= count < _MOST for count in counts)
        and all(group and min(group) >= 0 and max(group) < documents for group in duplicates)
        and 0 <= created_at <= _LAST_SECOND
    )
    if not are_possible:
        raise ValueError
    archive, language = archive_of(values, root), language_of(values)
    _check_stemmer(language.stemmer, archive)
    own = fields_of(values), language, conventions_of(values), id_of(values)
    return Manifest(number, archive, created_at, segments, files, duplicates, *own)


def _check_stemmer(stemmer: str, archive: str) -> None:
    if stemmer not in stemmers():
        raise IndexOutdatedError(
            f"the index was made with a stemmer that is missing here, {stemmer}:"
            " install a newer PyStemmer, or make the index anew",
            archive,
        )
