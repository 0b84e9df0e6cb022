"""The engines that have to keep the contract, and the ways to an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heatseek.engines import load
from heatseek.engines.whoosh import merging, writer
from indexes import fill, fill_by_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heatseek.engines.base import Engine

    Make = Callable[[Path], Engine]
    """Takes a folder, which it need not use, and gives the engine of an index that is new there."""
    Fill = Callable[..., object]
    """Takes an engine, articles, and perhaps declared fields."""

ENGINES: dict[str, Make] = {"whoosh": load}
WAYS = ("at once", "in segments of 3", "by changes")


@pytest.fixture(scope="module", params=ENGINES)
def make(request: pytest.FixtureRequest) -> Make:
    """Each engine that has to keep the contract."""
    return ENGINES[request.param]


@pytest.fixture(scope="module", params=WAYS)
def filled(request: pytest.FixtureRequest) -> Iterator[Fill]:
    """Fills an engine with articles: in one segment, in many, and with deletions left in them."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "in segments of 3":
            patch.setattr(writer, "SEGMENT_SIZE", 3)
        if request.param == "by changes":
            patch.setattr(merging, "FACTOR", 0)
            patch.setattr(merging, "MOST_DELETED", 1.0)
        yield fill_by_changes if request.param == "by changes" else fill
