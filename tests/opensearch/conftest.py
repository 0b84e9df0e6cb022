"""The real server that the tests here ask: one that runs, named by the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clusters import address
from opensearch.cluster_index import ClusterIndex

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def server() -> str:
    """The URL of a node, as `http://host:port`."""
    return address()


@pytest.fixture
def index(server: str) -> Iterator[ClusterIndex]:
    """An index that is new, and goes with the test."""
    made = ClusterIndex(server)
    yield made
    made.remove()
