"""The keys, shown over the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from heatseek.cli.tui.keys import help_text

if TYPE_CHECKING:
    from textual.app import ComposeResult

_QUERIES = """

climate ai           both words; either, if no article has both
"machine learning"   a phrase
climate -ai          not this word
@ai-climate          a saved search; words after it narrow it
forecast*  title:solar  after:2023   and more: heatseek help query"""


class Help(ModalScreen[None]):
    """All keys; any of the usual ones goes back."""

    DEFAULT_CSS = """
    Help { align: center middle; }
    Help > VerticalScroll {
        width: 76; max-width: 100%; height: auto; max-height: 100%;
        border: round ansi_default; background: ansi_default; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,f1,question_mark,q", "dismiss(None)", "back", priority=True),
    ]

    def compose(self) -> ComposeResult:
        """One text, scrolled where it does not fit."""
        with VerticalScroll():
            yield Static(help_text() + _QUERIES, markup=False)
