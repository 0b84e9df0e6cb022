"""A note of a generation, mapped: read where it is looked at, and only there."""

from __future__ import annotations

import mmap
import os
from zlib import crc32

from heatseek.engines.whoosh.manifest import NOTE_FILE
from heatseek.engines.whoosh.store import gone, regular, unreadable
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

    _descriptor = -1

    def __init__(self, folder: str, manifest: Manifest, name: str) -> None:
        self.view = memoryview(b"")
        seal = manifest.files.get(f"{name}{NOTE_FILE}")
        if seal is None or not seal[0]:
            return
        self._path = os.path.join(folder, f"{name}{NOTE_FILE}")  # noqa: PTH118 - as in `store`
        try:
            self._descriptor = regular(self._path, os.O_RDONLY)
        except FileNotFoundError as error:
            raise gone(folder) from error
        except OSError as error:
            raise unreadable(error, folder) from error
        self._state = self._stat()
        if self._state[0] != seal[0]:
            raise self._damaged()
        self._map = mmap.mmap(self._descriptor, 0, access=mmap.ACCESS_READ)
        self.view = memoryview(self._map)
        if crc32(self.view) != seal[1]:
            raise self._damaged()

    def __del__(self) -> None:
        # Also of a note that could not be opened whole.
        self.close()

    def check_unchanged(self) -> None:
        """See that nobody has written to it since; see `SectionFile.check_unchanged`.

        Raises:
            IndexDamagedError: somebody has.
        """
        if self._descriptor >= 0 and self._stat() != self._state:
            raise self._damaged()

    def close(self) -> None:
        """Release the file; whoever still looks at it keeps the map alive."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _stat(self) -> tuple[int, int]:
        state = os.fstat(self._descriptor)
        return state.st_size, state.st_mtime_ns

    def _damaged(self) -> IndexDamagedError:
        return IndexDamagedError(f"{self._path} is not as it was written")
