"""Choosing one of many, with few keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from heatseek.cli.tui.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widgets import OptionList

Item = TypeVar("Item")

MAX_SHOWN = 300
"""Nobody scrolls through more; typing narrows them."""


class Picker(ModalScreen[Item | None], Generic[Item]):
    """A list to choose from, narrowed by typing; gives the choice, or None.

    Args:
        items: in the order in which they are shown.
        row: an item in a width, as it is shown, selected or not.
        words: what of an item typing narrows by.
        asks: shown until something is typed.
        does: what choosing one does.
    """

    DEFAULT_CSS = """
    Picker { align: center middle; }
    Picker > Vertical {
        width: 72; max-width: 100%; height: 18; max-height: 100%;
        border: round ansi_default; background: ansi_default;
    }
    Picker Input { height: 1; border: none; padding: 0; background: ansi_default; }
    Picker Rows { height: 1fr; background: ansi_default; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3,ctrl+t,f6,ctrl+l", "dismiss(None)", "back", priority=True),
        Binding("up,ctrl+p", "move('cursor_up')", "up", priority=True),
        Binding("down,ctrl+n", "move('cursor_down')", "down", priority=True),
        Binding("pageup", "move('page_up')", "up", priority=True),
        Binding("pagedown", "move('page_down')", "down", priority=True),
        Binding("enter", "choose", "choose", priority=True),
    ]

    def __init__(
        self,
        items: Sequence[Item],
        row: Callable[[Item, int, bool], Content],
        words: Callable[[Item], str],
        *,
        asks: str,
        does: str,
    ) -> None:
        super().__init__()
        self._items = items
        self._row = row
        self._words = words
        self._asks = asks
        self._does = does

    def compose(self) -> ComposeResult:
        """The words to narrow by, and what is left."""
        with Vertical():
            yield Input(placeholder=self._asks, compact=True)
            yield Rows(self._row)
            yield Static(f"Enter: {self._does} · Esc: back", markup=False)

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
            item
            for item in self._items
            if all(word in self._words(item).casefold() for word in wanted)
        ]
        self.query_one(Rows).fill(fitting[:MAX_SHOWN])
