"""What a call costs, counted in steps and not by the clock: the same on a busy machine.

A step is a line of Python that was run, a call of a function in C, or `BYTES` characters of a
text that one of its methods walks through. What other C code does (regular expressions, parsers)
is not seen; for that the call runs in a process of its own, which the system ends when it takes
too much processor time or memory.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

BYTES = 64
SECONDS = 10
"""Processor time of a call, counting included, which takes several times as long as the call."""
MEMORY = 150_000_000
"""Bytes of address space."""
_WALKS = frozenset(
    """
    capitalize casefold count decode encode expandtabs isalnum isascii isprintable isspace join
    lower replace rsplit rstrip split splitlines strip translate upper
    """.split()
)


class Cost(NamedTuple):
    """What a call took.

    Attributes:
        steps: see above.
        memory: bytes by which the process grew at most.
        value: what the call returned.
    """

    steps: int
    memory: int
    value: Any


class _Counter:
    """Counts while it is the process's tracer and profiler."""

    def __init__(self) -> None:
        self.steps = 0

    def trace(self, _frame: FrameType, event: str, _: object) -> Callable[..., Any]:
        if event == "line":
            self.steps += 1
        return self.trace

    def profile(self, _frame: FrameType, event: str, function: Any) -> None:
        if event == "c_call":
            self.steps += 1
            text = getattr(function, "__self__", None)
            if isinstance(text, str | bytes) and function.__name__ in _WALKS:
                self.steps += len(text) // BYTES


def cost_of(
    call: Callable[[], object],
    *,
    seconds: int = SECONDS,
    memory: int = MEMORY,
    count: bool = True,
) -> Cost:
    """Run `call` in a forked process; fails if it raises, or goes beyond the limits.

    Args:
        call: gives something that can be pickled.
        seconds: of processor time.
        memory: bytes of address space that it may add; 0: as much as there is.
        count: whether to count steps, which makes it several times as slow.
    """
    answers, answer = os.pipe()
    _trim()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads that other tests have left
        child = os.fork()
    if child == 0:
        os.close(answers)
        _serve(answer, lambda: _counted(call, seconds, memory, count=count))
    os.close(answer)
    with os.fdopen(answers, "rb") as pipe:
        answered = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status:
        how = signal.Signals(-status).name if status < 0 else answered.decode()
        raise AssertionError(f"ended by {how}; allowed are {seconds} s and {memory:,} bytes")
    cost: Cost = pickle.loads(answered)  # noqa: S301 - from our own process
    return cost


def _serve(answer: int, call: Callable[[], bytes]) -> None:
    status = 1
    try:
        data, status = call(), 0
    except BaseException as error:  # noqa: BLE001 - told by the parent
        data = repr(error).encode()
    with suppress(OSError), os.fdopen(answer, "wb") as pipe:
        pipe.write(data)
    os._exit(status)


def _counted(call: Callable[[], object], seconds: int, memory: int, *, count: bool) -> bytes:
    gc.freeze()  # what is left of other tests is not to be looked through for garbage
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if memory and sys.platform == "linux":
        allowed = _address_space() + memory
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    before, counter = _peak(), _Counter()
    if count:
        sys.setprofile(counter.profile)
        sys.settrace(counter.trace)
    try:
        value = call()
    finally:
        sys.settrace(None)
        sys.setprofile(None)
    return pickle.dumps(Cost(counter.steps, _peak() - before, value))


def _trim() -> None:
    """Give back what is free, or the child takes it and does not seem to grow."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _address_space() -> int:
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _peak() -> int:
    """Of the memory that the process had in use."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def check_growth(
    call: Callable[[int], object], size: int, *, most: float = 2.3, idle: int = 2_000
) -> tuple[Cost, Cost]:
    """Fail if twice the size costs more than `most` times the steps.

    Args:
        call: what is to be counted, for a size.
        size: the smaller of the two.
        most: a little more than twice: some work is logarithmic.
        idle: steps that do not count: what is done once, whatever the size.
    """
    small, large = cost_of(lambda: call(size)), cost_of(lambda: call(2 * size))
    growth = large.steps / (small.steps + idle)
    assert growth <= most, f"{small.steps:,} steps grow {growth:.1f}-fold to {large.steps:,}"
    return small, large
