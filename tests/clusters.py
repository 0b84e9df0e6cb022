"""A real OpenSearch server, and indexes on it that go when their tests are done."""

from __future__ import annotations

import atexit
import os
import time
from collections import deque
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from heatseek.engines import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heatseek.engines.base import Engine

NOT_FOUND = 404
VARIABLE = "HEATSEEK_TEST_OPENSEARCH"
_FEW = 5
_KEPT = 3
"""Indexes of a process that may still be asked: a test compares that many."""


def examples(number: int) -> int:
    """The random examples of a test of the contract: few where each is an index on a server."""
    return min(number, _FEW) if os.environ.get(VARIABLE) else number


def address() -> str:
    """The URL of the server; without one the test is skipped."""
    url = os.environ.get(VARIABLE)
    if not url:
        pytest.skip(f"no {VARIABLE}: tests/opensearch/run starts a server and runs this")
    return url


def location(name: str) -> str:
    """The location of an index on the server."""
    return f"opensearch://{address().removeprefix('http://')}/{name}"


@contextmanager
def new_location() -> Iterator[str]:
    """The location of an index that is not there yet, and goes with all that it has."""
    name = f"tests-{uuid4().hex[:12]}"
    try:
        yield location(name)
    finally:
        remove(name)


def remove(name: str) -> None:
    """Remove an index of ours, with its generations, notes and lease."""
    url = f"{address()}/{name}*?expand_wildcards=all"
    for _ in range(5):
        try:
            with urlopen(Request(url, method="DELETE"), timeout=60):  # noqa: S310 - http
                return
        except HTTPError as error:
            # A writer that was ended may have begun to remove one of them.
            if error.code != NOT_FOUND:
                raise
            time.sleep(0.2)


class Cluster:
    """Makes engines of new indexes on the server, and removes all but the last ones."""

    def __init__(self) -> None:
        self._names: deque[str] = deque()
        atexit.register(self._remove, 0)

    def engine(self, shards: int, _folder: Path | None = None) -> Engine:
        """An engine of an index that is new."""
        name = f"tests-{uuid4().hex[:12]}"
        made = load(location(name), {"shards": shards, "replicas": 0})
        self._names.append(name)
        self._remove(_KEPT)
        return made

    def _remove(self, kept: int) -> None:
        while len(self._names) > kept:
            remove(self._names.popleft())


@cache
def cluster() -> Cluster:
    """That of this process."""
    return Cluster()


def _made(shards: int, folder: Path) -> Engine:
    return cluster().engine(shards, folder)


in_one_shard = partial(_made, 1)
in_three_shards = partial(_made, 3)
