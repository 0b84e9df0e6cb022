"""The engines that have to keep the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heatseek.engines.whoosh import writer

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", params=["whoosh", "whoosh in segments of 3"])
def engine_name(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each engine that has to keep the contract."""
    name, _, size = request.param.partition(" in segments of ")
    with pytest.MonkeyPatch.context() as patch:
        if size:
            patch.setattr(writer, "SEGMENT_SIZE", int(size))
        yield name
