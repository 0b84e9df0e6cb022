"""A real Chromium, driven by Playwright: an installed one, which nothing here downloads."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VARIABLE = "HEATSEEK_TESTS_NEED_CHROMIUM"
"""Where it is set, a test without a browser fails: it is what `.ci/run` runs."""
ARGUMENTS = (
    # Containers have no user namespaces; pages of our own are all that it opens.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str:
    """The program; without one a test is skipped, or fails where it may not be."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    advice = "no Chromium: install it, such as by `apt-get install chromium`"
    if os.environ.get(VARIABLE):
        pytest.fail(advice, pytrace=False)
    pytest.skip(advice)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser without windows, which loads nothing by itself."""
    program = chromium()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not without a browser

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield opened
        opened.close()
