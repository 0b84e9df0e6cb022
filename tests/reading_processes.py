"""Processes that search an index over and over, and note what they saw.

    python reading_processes.py INDEX ONCE|STAYS

is one of them: it goes on until its standard input is closed.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Self

from heatseek.engines import load
from two_states import checksum

if TYPE_CHECKING:
    from types import TracebackType

KINDS = ("once", "long_lived")
PAUSE = 0.01
"""Seconds between two searches, so that others get on, too."""


class Readers:
    """Several of them, at work as long as the context lasts.

    Attributes:
        seen: once it is over: how often each checksum was met, and each error.
    """

    def __init__(self, index: Path, count: int) -> None:
        self.seen: Counter[str] = Counter()
        self._processes = [
            subprocess.Popen(
                [sys.executable, __file__, str(index), KINDS[number % len(KINDS)]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(count)
        ]

    def __enter__(self) -> Self:
        for process in self._processes:
            assert process.stdout
            process.stdout.readline()  # it has searched once
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            out, _ = process.communicate(timeout=60)
            self.seen.update(json.loads(out) if process.returncode == 0 else {"it crashed": 1})


def main(index: Path, kind: str) -> None:
    """Search until nobody listens any more."""
    seen: Counter[str] = Counter()
    engine = load(index)
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        try:
            seen[checksum(engine, long_lived=kind == "long_lived")] += 1
        except Exception as error:  # noqa: BLE001 - for whoever started this process
            seen[f"{type(error).__name__}: {error}"] += 1
        if seen.total() == 1:
            print("reading", flush=True)  # noqa: T201
    print(json.dumps(seen))  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
