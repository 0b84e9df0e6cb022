"""One contender as a long-lived process: KEY FOLDER; a query a line in, an answer a line out.

The time of each search is taken here, so that pipes and JSON are not part of it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from contenders import load


def main(key: str, folder: Path) -> None:
    """Answer until there are no more lines."""
    search = load(key).searcher(folder)
    for line in sys.stdin:
        query = json.loads(line)
        started, cpu = time.perf_counter(), time.process_time()
        answer = search(query)
        taken, cpu = time.perf_counter() - started, time.process_time() - cpu
        record = {
            "ms": 1e3 * taken,
            "cpu_ms": 1e3 * cpu,
            "total": answer.total,
            "ids": answer.ids,
            "rss_mb": _peak_memory(),
        }
        print(json.dumps(record), flush=True)


def _peak_memory() -> float:
    """MB; on Linux not from `getrusage`, which counts the parent's memory, too."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
