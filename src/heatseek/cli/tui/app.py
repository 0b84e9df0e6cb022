"""Textual's application around the one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from heatseek.article import Article
from heatseek.cli.tui.screen import Outside, SearchScreen

if TYPE_CHECKING:
    from heatseek.cli.tui.session import Session


class SearchApp(App[Article]):
    """The interactive search; gives the article that was chosen, or None.

    Args:
        session: the open index, and what to begin with.
        outside: what is done outside of the terminal.
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
        """What ended the application, if it was an error."""
        self._search_screen = SearchScreen(session, outside, explain=explain)

    def get_default_screen(self) -> SearchScreen:
        """The one screen."""
        return self._search_screen

    def _handle_exception(self, error: Exception) -> None:
        """End, and leave it to `main` to say why; Textual would print pages of traceback."""
        self.failure = self.failure or error
        super()._handle_exception(error)
        self._exit_renderables.clear()
