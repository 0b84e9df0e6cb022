"""The keys of the interactive search, each declared once, and the help that lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Key(NamedTuple):
    """Keys that do the same."""

    keys: str
    """As Textual names them."""
    action: str
    label: str
    """As help names them."""
    effect: str


KEYS = (
    Key("up,ctrl+p", "move('cursor_up')", "Up, Ctrl-P", "the hit above"),
    Key("down,ctrl+n", "move('cursor_down')", "Down, Ctrl-N", "the hit below"),
    Key("pageup", "move('page_up')", "PageUp", "a page of hits up"),
    Key("pagedown", "move('page_down')", "PageDown", "a page of hits down"),
    Key("shift+up,ctrl+up", "scroll_preview(-1)", "Shift-Up, Ctrl-Up", "scroll the preview up"),
    Key(
        "shift+down,ctrl+down",
        "scroll_preview(1)",
        "Shift-Down, Ctrl-Down",
        "scroll the preview down",
    ),
    Key("enter", "open_link", "Enter", "open the link in the browser"),
    Key("ctrl+o", "choose", "Ctrl-O", "quit and print the path"),
    Key("ctrl+y", "copy", "Ctrl-Y", "copy the link, or else the path"),
    Key("f2,ctrl+s", "sort", "F2, Ctrl-S", "sort by the next order: date, quality, ..."),
    Key("f3,ctrl+t", "filter", "F3, Ctrl-T", "filter by topic or provider"),
    Key("f4,ctrl+e", "explain", "F4, Ctrl-E", "how the score came about"),
    Key("f5,ctrl+r", "clear_filters", "F5, Ctrl-R", "clear all filters"),
    Key("f6,ctrl+l", "searches", "F6, Ctrl-L", "search as saved in heatseek.toml"),
    Key("f1", "help", "F1, ? if nothing is typed", "this help"),
    Key("escape", "quit", "Esc, Ctrl-C", "quit"),
)
HINT = "Enter open · F2 sort · F3 filter · F4 explain · F1 help · Esc quit"

# Before the input gets them: it would take some for its own.
BINDINGS = [Binding(key.keys, key.action, key.effect, priority=True, show=False) for key in KEYS]


def help_text() -> str:
    """All keys, a line each."""
    width = max(len(key.label) for key in KEYS)
    return "\n".join(f"{key.label:<{width}}  {key.effect}" for key in KEYS)


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
