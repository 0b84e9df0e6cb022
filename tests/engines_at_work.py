"""Each engine that has to keep the contract: how one is made, and the ways to an index of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from clusters import in_one_shard, in_three_shards
from heatseek.engines import load
from heatseek.engines.whoosh import merging, parts, records, writer
from indexes import fill, fill_by_changes, fill_in_parts
from memory_engine import MemoryEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

Way = Callable[[], AbstractContextManager[Callable[..., object]]]
"""Gives what fills an engine with articles, so that it has them in a form of its own."""


class Kind(NamedTuple):
    """A kind of engine."""

    make: Callable[[Any], Any]
    ways: dict[str, Way]
    is_slow: bool = False
    needs_server: bool = False


@contextmanager
def at_once() -> Iterator[Callable[..., object]]:
    yield fill


@contextmanager
def by_changes() -> Iterator[Callable[..., object]]:
    yield fill_by_changes


@contextmanager
def in_parts() -> Iterator[Callable[..., object]]:
    yield fill_in_parts


@contextmanager
def in_segments() -> Iterator[Callable[..., object]]:
    """Of three articles each, some in parts, by the block of few words, by the few postings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "SEGMENT_SIZE", 3)
        patch.setattr(parts, "BLOCK", 6)
        patch.setattr(records, "AT_ONCE", 4)
        yield fill_in_parts


@contextmanager
def with_deletions() -> Iterator[Callable[..., object]]:
    """Left in the segments that they are of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "FACTOR", 0)
        patch.setattr(merging, "MOST_DELETED", 1.0)
        yield fill_by_changes


ENGINES = {
    "whoosh": Kind(
        load, {"at once": at_once, "in segments of 3": in_segments, "by changes": with_deletions}
    ),
    "memory": Kind(MemoryEngine, {"by changes": by_changes}, is_slow=True),
    "opensearch": Kind(in_one_shard, {"by changes": by_changes}, needs_server=True),
    "opensearch in 3 shards": Kind(in_three_shards, {"in parts": in_parts}, needs_server=True),
}
