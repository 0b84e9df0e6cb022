"""Running the interactive search on this terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek.cli.browser import open_link
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.render.clean import one_line
from heatseek.cli.terminal import is_terminal, shown, write
from heatseek.cli.tui.app import SearchApp
from heatseek.cli.tui.screen import Outside
from heatseek.cli.tui.session import Session
from heatseek.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.cli.asked import Asked
    from heatseek.config import Config


def interact(
    settings: Config, asked: Asked, clock: Callable[[], datetime], *, explain: bool
) -> int:
    """Search until the user quits; the path of an article that was chosen goes to stdout.

    Args:
        settings: where the index is, and the saved searches.
        asked: what to begin with.
        clock: gives the present.
        explain: begin with explanations shown.

    Raises:
        UsageError: there is no terminal to draw on.
        HeatseekError: the index cannot be opened.
    """
    _require_terminal()
    with closing(Session(settings, asked, clock)) as session:
        app = SearchApp(session, Outside(open_link), explain=explain)
        with _stdout_on_terminal():
            chosen = app.run()
        if app.failure is not None:
            raise app.failure
        archive = Path(session.generation.archive)
    if chosen is not None:
        path = shown(archive / chosen.id)
        write(f"{one_line(path) if is_terminal(sys.stdout) else path}\n", exact=True)
    return ExitCode.FOUND


def _require_terminal() -> None:
    # Not stdout: that may be where the chosen path is to go.
    if not (is_terminal(sys.__stdin__) and is_terminal(sys.__stderr__)):
        raise UsageError("--interactive needs a terminal: keys from stdin, drawing on stderr")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise UsageError("--interactive needs a terminal that can be drawn on, not TERM=dumb")


@contextmanager
def _stdout_on_terminal() -> Iterator[None]:
    """Have the terminal as stdout too, as in `vim "$(search -i)"` it is not.

    Textual draws on stderr, but asks stdout for the terminal's size; so does a text browser.
    """
    stdout, stderr = 1, 2
    sys.stdout.flush()
    before = os.dup(stdout)
    try:
        os.dup2(stderr, stdout)
        yield
    finally:
        os.dup2(before, stdout)
        os.close(before)
