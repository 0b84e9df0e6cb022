"""Handlers for readers: work that lasts until somebody ends it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.web.messages import Content

if TYPE_CHECKING:
    from heatseek.web.messages import Ask
    from heatseek.web.service import Service


def until(_service: Service, ask: Ask) -> Content:
    """Work until there is a file of this name; at most 30 seconds."""
    ends = time.monotonic() + 30
    while not Path(ask.name).exists() and time.monotonic() < ends:
        pass
    return Content("text/plain", "done")


def failing(_service: Service, _ask: Ask) -> Content:
    """A fault of ours."""
    raise ZeroDivisionError
