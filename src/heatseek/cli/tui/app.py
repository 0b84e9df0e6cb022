"""Textual's application around the one screen, and running it on this terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from heatseek.article import Article
from heatseek.cli import ExitCode
from heatseek.cli.render.escapes import one_line
from heatseek.cli.show import open_link
from heatseek.cli.terminal import display_path, is_terminal, write
from heatseek.cli.tui.screen import Outside, SearchScreen
from heatseek.cli.tui.session import Session
from heatseek.errors import UsageError

if TYPE_CHECKING:
    from heatseek.config import Config


class SearchApp(App[Article]):
    """The interactive search; gives the article that was chosen, or None.

    Args:
        session: the open index, and the first search.
        outside: links into the world outside of the terminal.
        explain: begin with explanations shown.
    """

    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    # Ours on every screen, in place of Textual's hint to press another key.
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+c", "quit", priority=True, show=False)]

    def __init__(self, session: Session, outside: Outside, *, explain: bool = False) -> None:
        # The terminal's own colours: the other themes paint all of it.
        super().__init__(ansi_color=True)
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self.failure: Exception | None = None
        """The error that ended the application, if one did."""
        self._search_screen = SearchScreen(session, outside, explain=explain)

    def get_default_screen(self) -> SearchScreen:
        """The one screen."""
        return self._search_screen

    def _handle_exception(self, error: Exception) -> None:
        """End, and leave it to `main` to say why; Textual would print pages of traceback."""
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()


def interact(settings: Config, arguments: Mapping[str, Any], *, explain: bool) -> int:
    """Search until the user quits; the path of an article that was chosen goes to stdout.

    Args:
        settings: where the index is, and the saved searches.
        arguments: of the first request.
        explain: begin with explanations shown.

    Raises:
        UsageError: there is no terminal to draw on.
        HeatseekError: the index cannot be opened.
    """
    _require_terminal()
    with closing(Session(settings, arguments)) as session:
        app = SearchApp(session, Outside(open_link), explain=explain)
        with _stdout_on_terminal():
            chosen = app.run()
        if app.failure is not None:
            raise app.failure
        archive = Path(session.generation.archive)
    if chosen is not None:
        path = display_path(archive / chosen.id)
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
