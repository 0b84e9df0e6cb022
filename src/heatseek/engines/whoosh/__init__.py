"""The engine over a folder: what `engines.base` asks for."""

from __future__ import annotations

from heatseek.engines.model import EVERY_CAPABILITY, Capability
from heatseek.engines.whoosh.manifest import Manifest, as_generation
from heatseek.engines.whoosh.store import read_current
from heatseek.errors import CapabilityError, ConfigError, IndexDamagedError, IndexMissingError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from heatseek.engines.base import SliceWriter, Writer
    from heatseek.engines.model import Origin, Slice
    from heatseek.engines.whoosh.reader import WhooshReader


class WhooshEngine:
    """An index folder.

    Args:
        location: its path.
        settings: there are none.
    """

    name = "whoosh"
    capabilities = EVERY_CAPABILITY - {Capability.SLICES}

    def __init__(self, location: str, settings: Mapping[str, object]) -> None:
        if settings:
            raise ConfigError(f"an index in a folder has no setting {next(iter(settings))!r}")
        self._root = location

    def open(self, *, long_lived: bool = False) -> WhooshReader:
        """Open the newest generation; see `Engine.open`."""
        # No writer needs it.
        from heatseek.engines.whoosh.reader import WhooshReader  # noqa: PLC0415

        def reader(folder: str, manifest: Manifest) -> WhooshReader:
            return WhooshReader(folder, manifest, as_generation(manifest), long_lived=long_lived)

        try:
            return read_current(self._root, reader)
        except (IndexMissingError, IndexDamagedError) as error:
            # Where nothing is wrong nobody needs it.
            from heatseek.engines.whoosh.mark import diagnosis  # noqa: PLC0415

            raise diagnosis(self._root, error) from error

    def writing(
        self,
        *,
        archive: Path | None = None,
        timeout: float = 0.0,
        tell: Callable[[str], None] = lambda said: None,  # noqa: ARG005 - says nothing
    ) -> AbstractContextManager[Writer]:
        """Take the lock; see `Engine.writing`."""
        # Needed for writing only.
        from pathlib import Path  # noqa: PLC0415

        from heatseek.engines.whoosh import writer  # noqa: PLC0415

        return writer.writing(Path(self._root), archive, timeout, tell)

    def slicing(
        self,
        part: Slice,  # noqa: ARG002 - it cannot
        origin: Origin,  # noqa: ARG002
        *,
        timeout: float = 0.0,  # noqa: ARG002
        tell: Callable[[str], None] = lambda said: None,  # noqa: ARG002, ARG005
    ) -> AbstractContextManager[SliceWriter]:
        """One folder has one writer; see `Engine.slicing`."""
        raise CapabilityError(self.name, Capability.SLICES)

    def origin(self) -> Origin | None:
        """The origin of the index; see `Engine.origin`."""
        from heatseek.engines.whoosh.mark import origin  # noqa: PLC0415 - few commands need it

        return origin(self._root)

    def check(self) -> Iterator[str]:
        """Read everything and compare; see `Engine.check`."""
        from pathlib import Path  # noqa: PLC0415 - for one command

        from heatseek.engines.whoosh.check import check  # noqa: PLC0415

        return check(Path(self._root))
