"""The process that does tasks for another one.

It takes a job and then the arguments of tasks on standard input, and gives results on output; it
lives as long as its standard input: however the other process ends, the system closes it.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import struct
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

LENGTH = struct.Struct("<Q")
"""Before each result; 0 says that the task is done."""

Job = Callable[..., Iterator[Any]]
"""Gives the results of one task after another; both can be pickled."""


def serve() -> None:
    """Do tasks in order, for ever."""
    # The terminal's Ctrl-C is for the process that started this one, and decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_receive, args=(requests,), daemon=True).start()
    job: Job = requests.get()
    # As where one process does all: what is read has no cycles that would grow.
    gc.disable()
    with open(1, "wb", closefd=False) as answers:
        while True:
            try:
                for result in job(*requests.get()):
                    _send(answers, pickle.dumps(result, protocol=5))
            except MemoryError:
                os._exit(1)  # the other process says in one line what may be the reason
            _send(answers, b"")


def _send(answers: IO[bytes], data: bytes) -> None:
    try:
        answers.write(LENGTH.pack(len(data)))
        answers.write(data)
        answers.flush()
    except BrokenPipeError:
        os._exit(0)  # nobody is there any more; closing `answers` would fail, too


def _receive(requests: SimpleQueue[Any]) -> None:
    """Take requests at once, so that their sender never waits while an answer waits for it."""
    with open(0, "rb", closefd=False) as source:
        while (request := _next(source)) is not None:
            requests.put(request)
    os._exit(0)


def _next(source: IO[bytes]) -> Any:
    try:
        return pickle.load(source)  # noqa: S301 - from the process that started us
    except (EOFError, OSError, pickle.UnpicklingError):
        return None
