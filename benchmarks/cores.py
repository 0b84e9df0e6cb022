"""A rebuild by one process and by several, by turns: python benchmarks/cores.py ARCHIVE 1 2 4."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

import indexers

_REBUILD = """
import sys
import heatseek
heatseek.rebuild(sys.argv[1], sys.argv[2], processes=int(sys.argv[3]))
"""


def main() -> None:
    """Print the median time, CPU time and peak memory of all processes together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("processes", type=int, nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    archive = str(options.archive.resolve())
    work = Path(tempfile.mkdtemp(prefix="heatseek-cores-"))
    runs: dict[int, list[dict[str, float]]] = {count: [] for count in options.processes}
    try:
        for _ in range(options.rounds):
            for count, several in runs.items():
                index = str(work / str(count))
                line = [sys.executable, "-c", _REBUILD, archive, index, str(count)]
                several.append(indexers.watched(line, work))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{'processes':>9} {'s':>8} {'CPU, s':>8} {'peak MB':>8}")
    for count, several in runs.items():
        seconds, cpu, memory = (
            median(run[name] for run in several) for name in ("seconds", "cpu_seconds", "memory_mb")
        )
        print(f"{count:>9} {seconds:>8.2f} {cpu:>8.2f} {memory:>8.0f}")


if __name__ == "__main__":
    main()
