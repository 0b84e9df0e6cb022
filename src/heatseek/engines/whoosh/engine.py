"""The engine over a folder: what `engines.base` asks for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from heatseek.engines.whoosh.reader import WhooshReader
from heatseek.engines.whoosh.store import Manifest, as_generation, read_current

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from heatseek.engines.base import Writer


class WhooshEngine:
    """An index folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, *, stays: bool = False) -> WhooshReader:
        """Open the newest generation; see `Engine.open`."""

        def reader(folder: str, manifest: Manifest) -> WhooshReader:
            return WhooshReader(folder, manifest, as_generation(manifest), stays=stays)

        return read_current(os.fspath(self._root), reader)

    def writing(
        self,
        *,
        timeout: float = 0.0,
        waiting: Callable[[str], None] = lambda said: None,  # noqa: ARG005 - says nothing
    ) -> AbstractContextManager[Writer]:
        """Take the lock; see `Engine.writing`."""
        # Needed for writing only.
        from heatseek.engines.whoosh import writer  # noqa: PLC0415

        return writer.writing(self._root, timeout, waiting)

    def check(self) -> Iterator[str]:
        """Read everything and compare; see `Engine.check`."""
        from heatseek.engines.whoosh.check import check  # noqa: PLC0415 - for one command

        return check(self._root)
