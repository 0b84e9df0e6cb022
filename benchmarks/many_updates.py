"""Update an index many times in one process: JSON on the command line, JSON on stdout.

In: `archive`, `index`, `updates`, `files` (edited before each), `seed`. Out: a list of what there
was every so often.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from edits import Editor
from heatseek import engines, indexer

_LOOKS = 20


def run(order: dict[str, Any]) -> list[dict[str, float]]:
    """Carry out `order`."""
    archive, index = Path(order["archive"]), Path(order["index"])
    editor = Editor(archive, order["seed"])
    engine = engines.load(index)
    every = max(1, order["updates"] // _LOOKS)
    looks, seconds = [_look(index, 0, 0.0)], []
    for number in range(1, order["updates"] + 1):
        editor.edit(order["files"])
        started = time.perf_counter()
        indexer.update(archive, engine, report=lambda problem: None)  # noqa: ARG005 - says nothing
        seconds.append(time.perf_counter() - started)
        if number % every == 0:
            looks.append(_look(index, number, max(seconds)))
            seconds.clear()
    return looks


def _look(index: Path, updates: int, slowest: float) -> dict[str, float]:
    files = [path for path in index.rglob("*") if path.is_file()]
    return {
        "updates": updates,
        "slowest_s": slowest,
        "segments": sum(path.suffix == ".doc" for path in files),
        "files": len(files),
        "bytes": sum(path.stat().st_size for path in files),
        "open_files": len(list(Path("/proc/self/fd").iterdir())),
        "memory_mb": _memory(),
    }


def _memory() -> float:
    """What this process has now."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    print(json.dumps(run(json.loads(sys.argv[1]))))
