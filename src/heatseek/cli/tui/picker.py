"""Choosing a topic or a provider to filter by."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from heatseek.cli.render.layout import cut
from heatseek.cli.render.look import UNICODE
from heatseek.cli.tui.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.widgets import OptionList

MAX_SHOWN = 300
"""Nobody scrolls through more; typing narrows them."""


class Choice(NamedTuple):
    """A value to filter by."""

    facet: str
    value: str
    articles: int | None
    """How many of the matches have it; None where that was not counted."""
    chosen: bool = False


class Picker(ModalScreen[Choice | None]):
    """A list to choose from, narrowed by typing; gives the choice, or None.

    Args:
        choices: in the order in which they are shown.
    """

    DEFAULT_CSS = """
    Picker { align: center middle; }
    Picker > Vertical {
        width: 60; max-width: 100%; height: 18; max-height: 100%;
        border: round ansi_default; background: ansi_default;
    }
    Picker Input { height: 1; border: none; padding: 0; background: ansi_default; }
    Picker Rows { height: 1fr; background: ansi_default; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3,ctrl+t", "dismiss(None)", "back", priority=True),
        Binding("up,ctrl+p", "move('cursor_up')", "up", priority=True),
        Binding("down,ctrl+n", "move('cursor_down')", "down", priority=True),
        Binding("pageup", "move('page_up')", "up", priority=True),
        Binding("pagedown", "move('page_down')", "down", priority=True),
        Binding("enter", "choose", "choose", priority=True),
    ]

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = choices

    def compose(self) -> ComposeResult:
        """The words to narrow by, and what is left."""
        with Vertical():
            yield Input(placeholder="filter by which topic or provider?", compact=True)
            yield Rows(_row)
            yield Static("Enter: on or off · Esc: back", markup=False)

    def on_mount(self) -> None:
        """Begin with all of them."""
        self.query_one(Input).cursor_blink = False
        # The list has its width only then.
        self.call_after_refresh(self._narrow)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep those that have what is typed."""
        event.stop()
        self._narrow()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click chooses."""
        del event
        self.action_choose()

    def action_move(self, how: str) -> None:
        """Move the selection."""
        self.query_one(Rows).move(how)

    def action_choose(self) -> None:
        """Take the selected one."""
        chosen = self.query_one(Rows).selected
        if chosen is not None:
            self.dismiss(chosen)

    def _narrow(self) -> None:
        wanted = self.query_one(Input).value.casefold().split()
        fitting = [
            choice
            for choice in self._choices
            if all(word in f"{choice.facet} {choice.value}".casefold() for word in wanted)
        ]
        self.query_one(Rows).fill(fitting[:MAX_SHOWN])


def _row(choice: Choice, columns: int, selected: bool) -> Content:
    counted = "" if choice.articles is None else f"  {choice.articles:,}"
    room = columns - 13 - len(counted)
    shown = Content.assemble(
        ">" if selected else " ",
        "* " if choice.chosen else "  ",
        (f"{choice.facet:<9}", "dim"),
        cut(choice.value, room, UNICODE.ellipsis),
        (counted, "dim"),
    )
    return shown.stylize("reverse") if selected else shown
