"""Run a command to its end and watch all of its processes: JSON on stdin, JSON on stdout.

In: `command`, `folder` (to run in), `log` (a file for what it says). Out: `seconds`, `cpu_seconds`,
`memory_mb` (the peak of all processes together, memory that they share counted once),
`processes` (at most at one time), `status`. A process of its own with next to no imports, because
on Linux a child's peak memory counts that of the parent it was forked from.
"""

import json
import os
import sys
import time

_INTERVAL = 0.1
"""Seconds between two looks; a look takes a millisecond for each process."""


def watched(command: list[str], log: str) -> dict[str, float]:
    """Run it, and look at its processes now and then."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    started = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    peak, most, pause = 0, 1, 0.01
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        pids = _family(child)
        peak, most = max(peak, sum(map(_memory, pids))), max(most, len(pids))
        time.sleep(pause)
        pause = min(2 * pause, _INTERVAL)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        # One process may have had more than was seen, all together have not less than one.
        "memory_mb": max(peak, usage.ru_maxrss) / 1024,
        "processes": most,
        "status": os.waitstatus_to_exitcode(status),
    }


def _family(pid: int) -> list[int]:
    """A process and all that it started, as far as they are alive."""
    found = [pid]
    for parent in found:
        try:
            with open(f"/proc/{parent}/task/{parent}/children") as file:  # noqa: PTH123
                found += map(int, file.read().split())
        except OSError:
            continue
    return found


def _memory(pid: int) -> int:
    """Proportional set size in kB."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:  # noqa: PTH123
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
    except (OSError, StopIteration):
        return 0


if __name__ == "__main__":
    order = json.load(sys.stdin)
    os.chdir(order["folder"])
    json.dump(watched(order["command"], order["log"]), sys.stdout)
