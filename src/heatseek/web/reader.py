"""A reader: a process that has the index open and answers one request after the other.

It is a plain interpreter at the ends of two pipes, started by `pool`, and ends when its standard
input does: however the listener ends, the system closes it. Signals are for the listener alone.
"""

from __future__ import annotations

import gzip
import os
import pickle
import signal
import sys
import traceback
from contextlib import contextmanager, suppress
from importlib import import_module
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Any, NoReturn

from heatseek.errors import HeatseekError
from heatseek.library import open_project
from heatseek.web.messages import Answer, Ask, Content
from heatseek.web.problems import problem_of
from heatseek.web.service import Service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from heatseek import Generation
    from heatseek.config import Config

LENGTH = 4
"""Bytes before each message that say how long it is."""
_SMALLEST = 1_000
"""Bytes from which on an answer is compressed."""
_LEVEL = 5


def read_only(table: dict[str, Any]) -> MappingProxyType[str, Any]:
    """A table of settings as it is unpacked; its own class has no name to find it by."""
    return MappingProxyType(table)


class Reader:
    """Answers requests from the newest generation that it was told of.

    Args:
        settings: of the project.

    Raises:
        HeatseekError: the index cannot be opened.
    """

    def __init__(self, settings: Config) -> None:
        index = open_project(settings, long_lived=True)
        self._service = Service(index, settings)
        self._epoch = 0
        # The first search of a process loads what the others find there.
        index.search(limit=1, facets="all")

    def answer(self, ask: Ask) -> Answer | None:
        """The answer, which may be a problem; None if it was not done in its slice of time."""
        index = self._service.index
        if ask.epoch > self._epoch:
            # What cannot be opened now leaves the old generation answering.
            with suppress(HeatseekError):
                index.refresh()
            self._epoch = ask.epoch
        try:
            with _slice(ask.slice):
                return _packed(self._content(ask), ask, state(index.generation))
        except _SliceOver:
            return None

    def _content(self, ask: Ask) -> Content:
        try:
            module, _, name = ask.handler.partition(":")
            content: Content = getattr(import_module(module), name)(self._service, ask)
        except HeatseekError as error:
            return problem_of(error)
        except Exception as error:  # noqa: BLE001 - one request; the next one is another one
            traceback.print_exc()
            return problem_of(error)
        return content


class _SliceOver(BaseException):
    """A request has used its time; whatever it was at stops, as by Ctrl-C."""


@contextmanager
def _slice(seconds: float) -> Iterator[None]:
    """Work that is given up after so much time of a processor; 0: it has all it wants.

    Raises:
        _SliceOver: the time is over.
    """
    if not seconds:
        yield
        return
    # Again and again: where nothing may be raised, as in a destructor, the first one is lost.
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _give_up(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _SliceOver


def state(generation: Generation) -> str:
    """A generation in a word: the number alone starts anew with a new folder."""
    return f"{generation.number}.{generation.created_at.timestamp():.0f}"


def _packed(content: Content, ask: Ask, generation: str) -> Answer:
    # Half a character can be in no answer.
    body = content.text.encode("utf-8", "replace")
    is_gzip = ask.gzip and len(body) >= _SMALLEST
    if is_gzip:
        body = gzip.compress(body, _LEVEL, mtime=0)
    return Answer(content.status, content.media_type, body, content.links, is_gzip, generation)


def serve() -> None:
    """Answer until there are no more requests."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, _give_up)
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # Whatever prints must not get between the answers.
    os.dup2(2, 1)
    with suppress(EOFError, BrokenPipeError):
        try:
            reader = Reader(pickle.loads(_next(source)))  # noqa: S301 - from the listener
        except HeatseekError as error:
            _send(target, error)
            return
        _send(target, None)
        while True:
            ask: Ask = pickle.loads(_next(source))  # noqa: S301 - from the listener
            _send(target, reader.answer(ask))


def _next(source: IO[bytes]) -> bytes:
    length = source.read(LENGTH)
    if len(length) < LENGTH:
        raise EOFError
    return source.read(int.from_bytes(length))


def _send(target: IO[bytes], message: object) -> None:
    target.write(framed(pickle.dumps(message, protocol=5)))
    target.flush()


def framed(message: bytes) -> bytes:
    """A message with its length before it."""
    return len(message).to_bytes(LENGTH) + message
