"""Text for people that is longer than their screen goes through a pager, as `git log` does."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from heatseek.cli.terminal import is_terminal, write

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT = "less"
SETTINGS = {"LESS": "FRX", "LV": "-c"}
"""As git sets them: colours pass, short text is just printed, the screen stays as it was."""

_LINKS = re.compile(r"\x1b\]8;;[^\x1b]*\x1b\\")


def show(text: str, environ: Mapping[str, str], *, paged: bool = True) -> None:
    """Write text for people to stdout, through a pager if it is longer than the screen.

    Args:
        text: whole lines.
        environ: `HEATSEEK_PAGER`, then `PAGER`, names the pager; an empty one or `cat` is none.
        paged: False: no pager, whatever the length (`--no-pager`).
    """
    command = _command(environ) if paged and _is_long(text, environ) else []
    if not command or not _paged(text, command, environ):
        write(text, exact=False)


def _is_long(text: str, environ: Mapping[str, str]) -> bool:
    if not is_terminal(sys.stdout) or environ.get("TERM", "dumb") == "dumb":
        return False
    return text.count("\n") >= get_terminal_size().lines


def _command(environ: Mapping[str, str]) -> list[str]:
    import shlex  # noqa: PLC0415 - only long text needs it

    setting = next(
        (environ[name] for name in ("HEATSEEK_PAGER", "PAGER") if name in environ), DEFAULT
    )
    try:
        command = shlex.split(setting)
    except ValueError:
        return []
    return [] if command == ["cat"] else command


def _paged(text: str, command: list[str], environ: Mapping[str, str]) -> bool:
    """Show the text by a pager; false if that is missing or fails."""
    # Only long text needs them.
    import signal  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    try:
        pager = subprocess.Popen(  # noqa: S603 - the user's own choice
            command, stdin=subprocess.PIPE, env={**SETTINGS, **environ}
        )
    except (OSError, ValueError):
        return False
    # Ctrl-C is the pager's business until it ends.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with suppress(BrokenPipeError):
            pager.communicate(_plain(text).encode("utf-8", "replace"))
        # Killed by a signal, it had begun to show the text.
        return pager.wait() <= 0
    finally:
        signal.signal(signal.SIGINT, before)


def _plain(text: str) -> str:
    """Without hyperlinks: `less` before 566 and `more` print their escape sequences."""
    return _LINKS.sub("", text)
