"""The process that does tasks for another one.

It takes the arguments of tasks from one pipe, and gives results to another; it lives as long as
the first: however the other process ends, the system closes it.
"""

from __future__ import annotations

import os
import pickle
import struct
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

LENGTH = struct.Struct("<Q")
"""Before each result; 0 says that the task is done."""

KILLED = 128
"""Of an exit code that says by which signal a process was killed, as shells have it."""

Job = Callable[..., Iterator[Any]]
"""Gives the results of one task after another; both can be pickled."""


def serve(job: Job, source: int, answers_to: int) -> None:
    """Do tasks in order, for ever.

    Args:
        job: what is done.
        source: the pipe that requests come from.
        answers_to: the pipe that results go to.
    """
    requests: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_receive, args=(source, requests), daemon=True).start()
    with open(answers_to, "wb") as answers:
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


def _receive(pipe: int, requests: SimpleQueue[Any]) -> None:
    """Take requests at once, so that their sender never waits while an answer waits for it."""
    with open(pipe, "rb") as source:
        while (request := _next(source)) is not None:
            requests.put(request)
    os._exit(0)


def _next(source: IO[bytes]) -> Any:
    try:
        return pickle.load(source)  # noqa: S301 - from the process that started us
    except (EOFError, OSError, pickle.UnpicklingError):
        return None
