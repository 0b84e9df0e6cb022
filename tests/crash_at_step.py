"""Command lines that send themselves a signal before the n-th step that they take on the disk.

    python crash_at_step.py SIGNAL heatseek ARGUMENT...

reads numbers from standard input, and for each runs the command line in a process of its own; for
each it prints the exit code, negative if it was killed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from heatseek.cli import main as cli
from heatseek.engines.whoosh import (  # noqa: F401 - loaded once, not in each process
    indexing,
    writer,
)

STEPS = {
    *("os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "os.truncate"),
    *("fcntl.flock", "shutil.copyfile", "mmap.__new__"),
}
"""Audit events of Python; opening for writing is one, too."""


class Crashes:
    """Runs one command line again and again."""

    def __init__(self, *line: str, cwd: Path, by: signal.Signals = signal.SIGKILL) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(int(by)), *line],
            cwd=cwd,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.communicate(timeout=60)

    def at(self, step: int) -> int:
        """Run it, with the signal before its `step`-th step; the exit code."""
        assert self._process.stdin
        assert self._process.stdout
        print(step, file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def stopped_at(self, step: int) -> int:
        """Run it until SIGSTOP stops it there; its process."""
        assert self._process.stdin
        print(step, file=self._process.stdin, flush=True)
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for child in children.read_text().split():
                if ") T " in Path(f"/proc/{child}/stat").read_text():
                    return int(child)
            time.sleep(0.01)
        raise TimeoutError

    def go_on(self, process: int) -> int:
        """Let it go on; the exit code."""
        assert self._process.stdout
        os.kill(process, signal.SIGCONT)
        return int(self._process.stdout.readline())


def main(number: int, program: str, args: list[str]) -> None:
    """Serve the other end."""
    # Whoever runs the tests in the background has it ignored, for all processes below.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _signal_at(int(line), number)
            os._exit(cli.run(program, args))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


def _signal_at(last: int, number: int) -> None:
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps == last:
            os.kill(os.getpid(), number)

    def audited(event: str, args: tuple[Any, ...]) -> None:
        writes = event == "open" and args[2] & (os.O_WRONLY | os.O_RDWR)
        if writes or event in STEPS:
            step()

    def synced(descriptor: int, fsync: Any = os.fsync) -> None:
        step()
        fsync(descriptor)

    os.fsync = synced  # no audit event
    sys.addaudithook(audited)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
