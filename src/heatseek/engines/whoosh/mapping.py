"""A note of a generation, mapped: read where it is looked at, and only there."""

from __future__ import annotations

import mmap
import os
from zlib import crc32

from heatseek.engines.whoosh.manifest import NOTE_FILE
from heatseek.engines.whoosh.store import HeldFile, gone, unreadable
from heatseek.errors import IndexDamagedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from heatseek.engines.whoosh.manifest import Manifest


class MappedNote:
    """The bytes of a note, checked when it is opened.

    Attributes:
        view: all of them; none if there is no such note.

    Raises:
        IndexDamagedError: it is not as it was written.
        GenerationGoneError: a writer has removed it.
    """

    _file: HeldFile | None = None

    def __init__(self, folder: str, manifest: Manifest, name: str) -> None:
        self.view = memoryview(b"")
        seal = manifest.files.get(f"{name}{NOTE_FILE}")
        if seal is None or not seal[0]:
            return
        self._path = os.path.join(folder, f"{name}{NOTE_FILE}")  # noqa: PTH118 - as in `store`
        try:
            self._file = HeldFile(self._path)
        except FileNotFoundError as error:
            raise gone(folder) from error
        except OSError as error:
            raise unreadable(error, folder) from error
        if self._file.size != seal[0]:
            raise self._damaged()
        self._map = mmap.mmap(self._file.descriptor, 0, access=mmap.ACCESS_READ)
        self.view = memoryview(self._map)
        if crc32(self.view) != seal[1]:
            raise self._damaged()

    def check_unchanged(self) -> None:
        """See that nobody has written to it since; see `SectionFile.check_unchanged`.

        Raises:
            IndexDamagedError: somebody has.
        """
        if self._file and not self._file.is_unchanged():
            raise self._damaged()

    def close(self) -> None:
        """Release the file; whoever still looks at it keeps the map alive."""
        if self._file:
            self._file.close()
            self._file = None

    def _damaged(self) -> IndexDamagedError:
        return IndexDamagedError(f"{self._path} is not as it was written")
