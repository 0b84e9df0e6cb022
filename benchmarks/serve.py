"""One contender as a long-lived process: KEY FOLDER; lists of queries in, lists of answers out.

The time of each search is taken here, so that pipes and JSON are not part of it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contenders import load

if TYPE_CHECKING:
    from contenders.base import Search


def main(key: str, folder: Path) -> None:
    """Answer until there are no more lines."""
    search = load(key).searcher(folder)
    for line in sys.stdin:
        answers = [_timed(search, query) for query in json.loads(line)]
        print(json.dumps(answers), flush=True)


def _timed(search: Search, query: str) -> dict[str, Any]:
    started, cpu = time.perf_counter(), time.process_time()
    answer = search(query)
    taken, cpu = time.perf_counter() - started, time.process_time() - cpu
    return {
        "ms": 1e3 * taken,
        "cpu_ms": 1e3 * cpu,
        "total": answer.total,
        "ids": answer.ids,
        "rss_mb": _peak_memory(),
    }


def _peak_memory() -> float:
    """MB; on Linux not from `getrusage`, which counts the parent's memory, too."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
