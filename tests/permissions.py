"""Permissions of files that hold for root, too, as they do for everybody else."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_VERSION = 0x20080522
_OVERRIDE = 1 << 1 | 1 << 2
"""The capabilities to read, write and look into whatever it is."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("process", ctypes.c_int))


class _Capabilities(ctypes.Structure):
    """Those of the numbers below 32, and as much again for the others."""

    _fields_ = tuple(
        (f"{kind}{half}", ctypes.c_uint32)
        for half in range(2)
        for kind in ("effective", "permitted", "inheritable")
    )


@contextmanager
def permissions_that_hold() -> Iterator[None]:
    """In this thread; programs that root starts are not bound by them."""
    if os.name == "nt":
        pytest.skip("needs permissions of POSIX")
    if os.geteuid():
        yield
        return
    if sys.platform != "linux":
        pytest.skip("needs capabilities, as this is root")
    libc = ctypes.CDLL(None, use_errno=True)
    before, header = _Capabilities(), _Header(_VERSION, 0)
    assert libc.capget(ctypes.byref(header), ctypes.byref(before)) == 0
    less = _Capabilities.from_buffer_copy(before)
    less.effective0 &= ~_OVERRIDE
    assert libc.capset(ctypes.byref(header), ctypes.byref(less)) == 0
    try:
        yield
    finally:
        assert libc.capset(ctypes.byref(header), ctypes.byref(before)) == 0
