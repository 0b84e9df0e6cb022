"""The state of an index, found by reading all of it."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from heatseek.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.engines.base import Engine, Generation

_SMALL = 100_000
"""Bytes that an index has beside its generation: locks, lists of files."""


class State(StrEnum):
    """In a word."""

    WHOLE = "whole"
    MISSING = "missing"
    OUTDATED = "outdated"
    DAMAGED = "damaged"


class Health(NamedTuple):
    """The state, and what is known beside it.

    Attributes:
        state: in a word.
        flaws: what is damaged.
        generation: what the index holds; None if that cannot be told.
        archive: the folder that it was built from; empty if that cannot be told.
        strays: bytes of a writer that is at work, or that died; the next one removes them.
    """

    state: State
    flaws: tuple[str, ...] = ()
    generation: Generation | None = None
    strays: int = 0
    archive: str = ""

    @property
    def is_ill(self) -> bool:
        """Whether searches fail; a missing index is built by the first of them."""
        return self.state in {State.OUTDATED, State.DAMAGED}


def examine(engine: Engine, folder: Path) -> Health:
    """Read the whole index in `folder`."""
    try:
        flaws = tuple(engine.check())
        with engine.open() as reader:
            generation = reader.generation
    except IndexMissingError:
        return Health(State.MISSING)
    except IndexOutdatedError as error:
        return Health(State.OUTDATED, archive=error.archive)
    except IndexDamagedError as error:
        return Health(State.DAMAGED, (error.what,))
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        return Health(State.DAMAGED, (f"{error.filename or folder} cannot be read: {why}",))
    if flaws:
        return Health(State.DAMAGED, flaws, generation, archive=generation.archive)
    strays = _size(folder) - generation.bytes
    strays = strays if strays > _SMALL else 0
    return Health(State.WHOLE, (), generation, strays, generation.archive)


def _size(folder: Path) -> int:
    total = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(path, name)).st_size  # noqa: PTH118
            except OSError:  # a writer removed it
                continue
    return total
