"""The engines that have to keep the contract, and the ways to an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engines_at_work import ENGINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from engines_at_work import Kind, Way
    from heatseek.engines.base import Engine

    Make = Callable[[Path], Engine]
    """Takes a folder, which it need not use, and gives the engine of an index that is new there."""
    Fill = Callable[..., object]
    """Takes an engine, articles, and perhaps declared fields."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test of the contract runs for every engine; one that fills it, for all its ways.

    By brute force an engine takes long: its random archives are for the slow suite.
    """
    if "filled" in metafunc.fixturenames:
        ways = [
            pytest.param(
                *(kind.make, way),
                id=f"{name}, {title}",
                marks=marks(kind, is_random=True),
            )
            for name, kind in ENGINES.items()
            for title, way in kind.ways.items()
        ]
        metafunc.parametrize(("make", "filled"), ways, indirect=["filled"], scope="module")
    elif "make" in metafunc.fixturenames:
        makes = [
            pytest.param(kind.make, id=name, marks=marks(kind)) for name, kind in ENGINES.items()
        ]
        metafunc.parametrize("make", makes, scope="module")


def marks(kind: Kind, *, is_random: bool = False) -> list[pytest.MarkDecorator]:
    """Those of the tests of an engine, perhaps with random archives."""
    slow = [pytest.mark.slow] if kind.is_slow and is_random else []
    return [*slow, pytest.mark.opensearch] if kind.needs_server else slow


@pytest.fixture(scope="module")
def filled(request: pytest.FixtureRequest) -> Iterator[Fill]:
    """Fills an engine with articles in one of its ways."""
    way: Way = request.param
    with way() as fill:
        yield fill
