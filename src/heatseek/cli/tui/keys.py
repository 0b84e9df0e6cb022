"""The keys of the interactive search, once: what they do, and how help names them."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding


class Key(NamedTuple):
    """Keys that do the same."""

    keys: str
    """As Textual names them."""
    action: str
    shown: str
    does: str


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
BINDINGS = [Binding(key.keys, key.action, key.does, priority=True, show=False) for key in KEYS]


def help_text() -> str:
    """All keys, a line each."""
    width = max(len(key.shown) for key in KEYS)
    return "\n".join(f"{key.shown:<{width}}  {key.does}" for key in KEYS)
