"""A job for other processes, to see how they share its tasks."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 30
"""Seconds that a task waits at most."""


def make() -> Job:
    return Job()


class Job:
    """Gives, for each of its tasks, how many it has done in this process, and a payload."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(
        self, number: int, size: int = 0, results: int = 1, waits: str = "", makes: str = ""
    ) -> Iterator[tuple[int, int, int, bytes]]:
        deadline = time.monotonic() + PATIENCE
        while waits and not Path(waits).exists():
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(0.01)
        if makes:
            Path(makes).touch()
        self.done += 1
        for result in range(results):
            yield number, result, os.getpid(), bytes(size)
