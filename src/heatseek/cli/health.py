"""The state of an index, found by reading all of it."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from heatseek.errors import (
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.engines.base import Engine, Generation, Origin

_SMALL = 100_000
"""Bytes that an index has beside its generation: locks, lists of files."""


class State(StrEnum):
    """In a word."""

    WHOLE = "whole"
    MISSING = "missing"
    FOREIGN = "foreign"
    OUTDATED = "outdated"
    DAMAGED = "damaged"


class Health(NamedTuple):
    """The state, and what is known beside it.

    Attributes:
        state: in a word.
        flaws: what is damaged.
        generation: what the index holds; None if that cannot be told.
        strays: bytes of a writer that is at work, or that died; the next one removes them.
        origin: what it was built from; None if that cannot be told.
    """

    state: State
    flaws: tuple[str, ...] = ()
    generation: Generation | None = None
    strays: int = 0
    origin: Origin | None = None

    @property
    def is_ill(self) -> bool:
        """Whether searches fail; a missing index is built by the first of them."""
        return self.state in {State.FOREIGN, State.OUTDATED, State.DAMAGED}


def examine(engine: Engine, folder: Path) -> Health:
    """Read the whole index in `folder`."""
    origin = engine.origin()
    flaws: tuple[str, ...] = ()
    try:
        flaws = tuple(engine.check())
        with engine.open() as reader:
            generation = reader.generation
    except IndexMissingError as error:
        is_foreign = isinstance(error, IndexForeignError)
        return Health(State.FOREIGN, (str(error),)) if is_foreign else Health(State.MISSING)
    except IndexOutdatedError:
        return Health(State.OUTDATED, origin=origin)
    except IndexDamagedError as error:
        return Health(State.DAMAGED, flaws or (error.what,), origin=origin)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        flaw = f"{error.filename or folder} cannot be read: {why}"
        return Health(State.DAMAGED, (*flaws, flaw), origin=origin)
    if flaws:
        return Health(State.DAMAGED, flaws, generation, origin=origin)
    strays = _size(folder) - generation.bytes
    strays = strays if strays > _SMALL else 0
    return Health(State.WHOLE, (), generation, strays, origin)


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118
            except OSError:  # a writer removed it
                continue
    return total
