"""Run commands by turns and measure each whole process: JSON on stdin, JSON on stdout.

In: `commands` (name to argument list), `runs`, `folder` (to run in). Out: name to a list of runs
(`ms`, `cpu_ms`, `rss_mb`, `status`). A process of its own with next to no imports, because on
Linux a child's peak memory counts that of the parent it was forked from.
"""

import json
import os
import sys
import time

_SILENT = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_RDWR, 0) for descriptor in (0, 1, 2)]


def run(command: list[str]) -> dict[str, float]:
    """Run it to its end, its output thrown away."""
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=_SILENT)
    _, status, usage = os.wait4(child, 0)
    return {
        "ms": 1e3 * (time.perf_counter() - started),
        "cpu_ms": 1e3 * (usage.ru_utime + usage.ru_stime),
        "rss_mb": usage.ru_maxrss / 1024,
        "status": os.waitstatus_to_exitcode(status),
    }


if __name__ == "__main__":
    order = json.load(sys.stdin)
    os.chdir(order["folder"])
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in order["commands"]}
    for _ in range(order["runs"]):
        for name, command in order["commands"].items():
            runs[name].append(run(command))
    json.dump(runs, sys.stdout)
