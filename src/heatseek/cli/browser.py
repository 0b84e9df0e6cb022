"""A link into the user's browser."""

from __future__ import annotations

import os
import sys
import webbrowser

from heatseek.cli.terminal import is_terminal


def open_link(url: str) -> bool:
    """Whether a browser took the link."""
    screen = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & {k for k, v in os.environ.items() if v}
    if sys.platform == "linux" and not screen and not is_terminal(sys.stdout):
        # What would be left are browsers that draw on the terminal.
        return False
    try:
        return webbrowser.open(url)
    except webbrowser.Error:
        return False
