"""A process that reads files for another one: requests on standard input, packets on output.

It lives as long as its standard input: however the other process ends, the system closes it.
"""

from __future__ import annotations

import os
import pickle
import signal
from queue import SimpleQueue
from threading import Thread
from typing import IO

from heatseek.ingest.discover import ArticleFile
from heatseek.ingest.keys import Format
from heatseek.ingest.reader import attempt
from heatseek.ingest.transfer import Packer

_Request = tuple[list[ArticleFile], Format]
"""Files, and how to read them."""


def serve() -> None:
    """Answer requests in order, for ever."""
    # The terminal's Ctrl-C is for the process that started this one, and decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests: SimpleQueue[_Request] = SimpleQueue()
    Thread(target=_receive, args=(requests,), daemon=True).start()
    packer = Packer()
    with open(1, "wb", closefd=False) as answers:
        while True:
            files, form = requests.get()
            packet = packer.pack([attempt(file, form) for file in files])
            try:
                pickle.dump(packet, answers, protocol=5)
                answers.flush()
            except BrokenPipeError:
                os._exit(0)  # nobody is there any more; closing `answers` would fail, too


def _receive(requests: SimpleQueue[_Request]) -> None:
    """Take requests at once, so that their sender never waits while an answer waits for it."""
    with open(0, "rb", closefd=False) as source:
        while (request := _next(source)) is not None:
            requests.put(request)
    os._exit(0)


def _next(source: IO[bytes]) -> _Request | None:
    try:
        request: _Request = pickle.load(source)  # noqa: S301 - from the process that started us
    except (EOFError, OSError, pickle.UnpicklingError):
        return None
    return request
