"""The engines that have to keep the contract, and the ways to an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heatseek.engines.whoosh import merging, writer
from indexes import fill, fill_by_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Fill = Callable[..., object]
    """Takes an engine, articles, and perhaps declared fields."""

WAYS = ("at once", "in segments of 3", "by changes")


@pytest.fixture(scope="module", params=["whoosh"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine that has to keep the contract."""
    name: str = request.param
    return name


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
