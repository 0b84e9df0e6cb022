"""The state of an index, and the reading of all of it to tell."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from heatseek.engines.model import Origin
from heatseek.errors import (
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
    StoreError,
    reason,
)
from heatseek.library import engine_of
from heatseek.search.arguments import place_of

if TYPE_CHECKING:
    from heatseek.engines.model import Generation

_SMALL = 100_000
"""Bytes that an index has beside its generation: locks, lists of files."""


class State(StrEnum):
    """The state of an index in a word."""

    WHOLE = "whole"
    MISSING = "missing"
    FOREIGN = "foreign"
    OUTDATED = "outdated"
    DAMAGED = "damaged"


class Health(NamedTuple):
    """The state of an index, and what is known beside it."""

    state: State
    flaws: tuple[str, ...] = ()
    """The damage, line by line."""
    generation: Generation | None = None
    """The state of the index; None if that cannot be told."""
    strays: int = 0
    """Bytes of a writer that is at work, or that died; the next one removes them."""
    origin: Origin | None = None
    """The origin of the index; None if that cannot be told."""

    @property
    def is_ill(self) -> bool:
        """True if searches fail; a missing index only has to be built."""
        return self.state in {State.FOREIGN, State.OUTDATED, State.DAMAGED}


def check(index: str | os.PathLike[str] = "index") -> Health:
    """Read a whole index, and tell in which state it is."""
    place = place_of("index", index)
    engine = engine_of(place)
    before = engine.origin()
    flaws: tuple[str, ...] = ()
    try:
        flaws = tuple(engine.check())
        with engine.open() as reader:
            generation = reader.generation
    except (StoreError, OSError) as error:
        return _unusable(error, flaws, before)
    if flaws:
        return Health(State.DAMAGED, flaws, generation, origin=before)
    strays = _size(place) - generation.bytes if isinstance(place, Path) else 0
    return Health(State.WHOLE, (), generation, strays if strays > _SMALL else 0, before)


def _unusable(error: StoreError | OSError, flaws: tuple[str, ...], before: Origin | None) -> Health:
    """The health of an index that cannot be opened, or not be read to its end."""
    match error:
        case IndexForeignError():
            return Health(State.FOREIGN, (str(error),))
        case IndexMissingError():
            return Health(State.MISSING)
        case IndexOutdatedError():
            return Health(State.OUTDATED, origin=before)
        case IndexDamagedError():
            return Health(State.DAMAGED, flaws or (error.what,), origin=before)
        case OSError():
            flaws = (*flaws, f"{error.filename or 'the index'} cannot be read: {reason(error)}")
            return Health(State.DAMAGED, flaws, origin=before)
    raise error


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118
            except OSError:  # a writer removed it
                continue
    return total
