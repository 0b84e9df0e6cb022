"""The engine over a cluster of OpenSearch: what `engines.base` asks for."""

from __future__ import annotations

from heatseek.engines.model import EVERY_CAPABILITY
from heatseek.engines.opensearch.location import location_of
from heatseek.engines.opensearch.settings import settings_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from heatseek.engines.base import SliceWriter, Writer
    from heatseek.engines.model import Origin, Slice
    from heatseek.engines.opensearch.reader import OpenSearchReader


class OpenSearchEngine:
    """An index on a cluster.

    Args:
        location: see `location`.
        settings: see `settings`.
    """

    name = "opensearch"
    capabilities = EVERY_CAPABILITY

    def __init__(self, location: str, settings: Mapping[str, object]) -> None:
        self._location = location_of(location)
        self._settings = settings_of(settings)

    def open(self, *, long_lived: bool = False) -> OpenSearchReader:
        """Open the newest generation; see `Engine.open`."""
        # Whoever only names an index asks no server.
        from heatseek.engines.opensearch.client import HttpClient  # noqa: PLC0415
        from heatseek.engines.opensearch.generations import read_current  # noqa: PLC0415
        from heatseek.engines.opensearch.reader import OpenSearchReader  # noqa: PLC0415

        client = HttpClient(self._location, self._settings)
        try:
            index, meta = read_current(client, self._location)
            return OpenSearchReader(client, index, meta, long_lived=long_lived)
        except BaseException:
            client.close()
            raise

    def writing(
        self,
        *,
        archive: Path | None = None,  # noqa: ARG002 - no folder is a place for this index
        timeout: float = 0.0,
        tell: Callable[[str], None] = lambda said: None,  # noqa: ARG005 - says nothing
    ) -> AbstractContextManager[Writer]:
        """Take the lease; see `Engine.writing`."""
        from heatseek.engines.opensearch import writer  # noqa: PLC0415 - not for a search

        return writer.writing(self._location, self._settings, timeout, tell)

    def slicing(
        self,
        part: Slice,
        origin: Origin,
        *,
        timeout: float = 0.0,
        tell: Callable[[str], None] = lambda said: None,  # noqa: ARG005 - says nothing
    ) -> AbstractContextManager[SliceWriter]:
        """Take the lease on a slice; see `Engine.slicing`."""
        from heatseek.engines.opensearch import slices  # noqa: PLC0415 - not for a search

        return slices.slicing(self._location, self._settings, part, origin, timeout, tell)

    def origin(self) -> Origin | None:
        """The origin of the index; see `Engine.origin`."""
        from heatseek.engines.opensearch.check import origin  # noqa: PLC0415 - for few commands

        return origin(self._location, self._settings)

    def check(self) -> Iterator[str]:
        """Read everything and compare; see `Engine.check`."""
        from heatseek.engines.opensearch.check import check  # noqa: PLC0415 - for one command

        return check(self._location, self._settings, self.open)
