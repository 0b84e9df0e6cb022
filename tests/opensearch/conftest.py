"""The real server that the tests here ask: one that runs, named by the environment."""

from __future__ import annotations

import pytest

from clusters import address


@pytest.fixture(scope="session")
def server() -> str:
    """The URL of a node, as `http://host:port`."""
    return address()
