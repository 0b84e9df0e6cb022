"""The process that starts those that do tasks: it loads what they need, and forks.

So modules are loaded once for all of them. It does no task itself and has one thread, so that no
fork copies a lock that is held. It ends with the last of them; if one fails, so do all.
"""

from __future__ import annotations

import gc
import hashlib  # noqa: F401 - every task needs it, and it loads OpenSSL
import os
import pickle
import signal
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from heatseek.ingest import parsing  # noqa: F401 - every task needs it
from heatseek.ingest.worker import KILLED, serve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.ingest.worker import Job


def run(pipes: Sequence[tuple[int, int]]) -> None:
    """Fork a process for each pair of pipes, for requests and answers; wait for all of them.

    The job is taken from standard input.
    """
    # The terminal's Ctrl-C is for the process that started this one, and decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    children: set[int] = set()

    def stop(*_: object) -> NoReturn:
        _end(children)
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    try:
        with open(0, "rb", closefd=False) as source:
            job: Job = pickle.load(source)  # noqa: S301 - from the process that started us
    except EOFError:
        return  # it stopped before there was one
    # As where one process does all: what is read has no cycles that would grow. What is loaded
    # by now is shared memory as long as nobody moves it.
    gc.disable()
    gc.freeze()
    for pair in pipes:
        child = os.fork()
        if not child:
            _work(job, pair, pipes)
        children.add(child)
    for end in (end for pair in pipes for end in pair):
        os.close(end)
    _wait(children)


def _work(job: Job, pair: tuple[int, int], pipes: Sequence[tuple[int, int]]) -> NoReturn:
    """Do tasks in a process that was just forked."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for end in (end for other in pipes if other != pair for end in other):
            os.close(end)
        serve(job, *pair)
    except BaseException:  # noqa: BLE001 - a defect: shown as at the end of a program
        traceback.print_exc()
    finally:
        os._exit(1)


def _wait(children: set[int]) -> None:
    while children:
        child, status = os.wait()
        children.discard(child)
        if status:
            _end(children)
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code > 0 else KILLED - code)


def _end(children: set[int]) -> None:
    """Kill them, and leave none that nobody waited for."""
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    for child in children:
        with suppress(ChildProcessError):
            os.waitpid(child, 0)
