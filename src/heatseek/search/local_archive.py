"""An index on a server that another machine has built, read where its articles lie elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Self

    from heatseek.engines.base import Reader


class LocalReader:
    """A reader whose generation is of the archive on this machine; all else it leaves as it is.

    Args:
        reader: of the index.
        archive: the folder of its articles here.
    """

    def __init__(self, reader: Reader, archive: str) -> None:
        self._reader = reader
        self.generation = reader.generation._replace(archive=archive)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._reader.close()
