"""How properties are tried: with as much time for an example as a busy machine needs.

The default suite takes the same examples each time, its long forms take new ones; for new ones of
all properties there is `pytest --hypothesis-profile=new`.

All tests run in one zone of time, and so do the processes that they start.
"""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from permissions import permissions_that_hold

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ["TZ"] = "UTC"
time.tzset()
# A shell has what runs in the background ignore Ctrl-C, and so would the processes that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Neither of an example nor of making it is the time by the clock a measure.
unhurried = settings(
    settings.get_profile("default"), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("new", unhurried)
settings.register_profile("same", unhurried, derandomize=True)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    marks = str(config.getoption("markexpr")).replace("not slow", "")
    if "slow" in marks and not config.getoption("--hypothesis-profile"):
        settings.load_profile("new")


@pytest.fixture
def permissions() -> Iterator[None]:
    """Those of files hold, whoever runs the tests."""
    with permissions_that_hold():
        yield
