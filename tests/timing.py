"""Bounds on time that hold on a busy machine, too."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NOMINAL = 0.011
"""Seconds that `_pace` takes on the machine whose seconds the bounds are in."""
TRIES = 8


def check_time(call: Callable[[], object], seconds: float) -> None:
    """Fail unless a call takes less than so many seconds of CPU time, in the best of a few tries.

    A machine that is slower, or slowed down by others, gets as much more time.
    """
    taken: list[float] = []
    for _ in range(TRIES):
        # What the tests before have left is not to be looked through for garbage meanwhile.
        gc.freeze()
        started = time.process_time()
        call()
        taken.append((time.process_time() - started) / max(1.0, _pace() / NOMINAL))
        gc.unfreeze()
        if taken[-1] < seconds:
            return
    raise AssertionError(f"took {min(taken):.3f} s, more than {seconds:g} s")


def _pace() -> float:
    started = time.process_time()
    sum(number * number for number in range(200_000))
    return time.process_time() - started
