"""What tests of several modules share."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", params=["whoosh"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each engine that has to keep the contract."""
    return request.param
