"""SIGTERM while an index is written or watched: the work ends in order, as by Ctrl-C."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class Termination:
    """A handler of SIGTERM that ends the work as Ctrl-C does, and remembers it."""

    def __init__(self) -> None:
        self.requested = False

    def __call__(self, _number: int, _frame: FrameType | None) -> NoReturn:
        """Called with the signal."""
        self.requested = True
        raise KeyboardInterrupt


@contextmanager
def orderly_end() -> Iterator[None]:
    """While this is open, SIGTERM leaves no draft and no lease behind; then it ends the process."""
    is_default = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if not is_default or threading.current_thread() is not threading.main_thread():
        yield
        return
    termination = Termination()
    signal.signal(signal.SIGTERM, termination)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if termination.requested:
            signal.raise_signal(signal.SIGTERM)
