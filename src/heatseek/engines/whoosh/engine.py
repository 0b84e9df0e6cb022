"""The engine over a folder: what `engines.base` asks for."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from heatseek.engines.base import Generation
from heatseek.engines.whoosh.reader import WhooshReader
from heatseek.engines.whoosh.store import Manifest, read_current

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heatseek.article import Article


class WhooshEngine:
    """An index folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, *, stays: bool = False) -> WhooshReader:
        """Open the newest generation; see `Engine.open`."""

        def reader(folder: str, manifest: Manifest) -> WhooshReader:
            return WhooshReader(folder, manifest, generation(manifest), stays=stays)

        return read_current(os.fspath(self._root), reader)

    def replace(self, articles: Iterable[Article], *, archive: str) -> Generation:
        """Write a new generation; see `Engine.replace`."""
        # Whoosh is needed for writing only; importing it takes longer than a search.
        from heatseek.engines.whoosh.writer import write  # noqa: PLC0415

        return generation(write(self._root, articles, archive))


def generation(manifest: Manifest) -> Generation:
    """What a manifest says to the rest of heatseek."""
    return Generation(
        number=manifest.number,
        archive=manifest.archive,
        created_at=datetime.fromtimestamp(manifest.created_at, UTC),
        documents=manifest.documents,
        bytes=manifest.bytes,
    )
