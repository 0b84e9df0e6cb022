"""The parts of the interactive screen: keys, their help, lists to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.content import Content


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

climate ai           both words; after these, either one
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


Item = TypeVar("Item")

MAX_SHOWN = 300
"""Nobody scrolls through more; typing narrows them."""


class Words(Input):
    """The words of a query."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """A question mark is a wildcard of a query; before there is one it asks for help."""
        if key == "question_mark" and not self.value:
            return False
        return super().check_consume_key(key, character)


class Rows(OptionList, Generic[Item], can_focus=False):
    """Items, each shown as text of some lines; the input above keeps the focus.

    Args:
        row: the text of an item in a width, selected or not.
    """

    def __init__(self, row: Callable[[Item, int, bool], Content]) -> None:
        super().__init__(compact=True, markup=False)
        self._row = row
        self._items: list[Item] = []
        self._columns = 0
        self._painted: int | None = None
        """The row that is shown as selected."""

    @property
    def selected(self) -> Item | None:
        """The item that keys are about."""
        at = self.highlighted
        return None if at is None or at >= len(self._items) else self._items[at]

    def fill(self, items: Sequence[Item], selected: int = 0) -> None:
        """Show these and no others."""
        self._items = []
        self._painted = None
        self.clear_options()
        self.append(items)
        self.highlighted = min(selected, len(items) - 1) if items else None

    def append(self, items: Sequence[Item]) -> None:
        """Show these too."""
        self._items += items
        self._columns = self._room()
        self.add_options([self._row(item, self._columns, False) for item in items])

    def move(self, how: str) -> None:
        """Select another row; at either end stay there.

        Args:
            how: cursor_up, cursor_down, page_up or page_down.
        """
        ends = {"cursor_up": 0, "cursor_down": self.option_count - 1}
        if self.highlighted != ends.get(how):
            getattr(self, f"action_{how}")()

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Show which row is selected: in its text, since Textual's style would be colour only."""
        for at in (self._painted, highlighted):
            if at is not None and at < len(self._items):
                row = self._row(self._items[at], self._columns, at == highlighted)
                self.replace_option_prompt_at_index(at, row)
        self._painted = highlighted
        super().watch_highlighted(highlighted)

    def on_resize(self, event: events.Resize) -> None:
        """Cut the lines for the new width."""
        del event
        if self._items and self._room() != self._columns:
            self.fill(self._items.copy(), self.highlighted or 0)

    def _room(self) -> int:
        # The scroll bar may come at any time.
        return self.size.width - 1


class Picker(ModalScreen[Item | None], Generic[Item]):
    """A list to choose from, narrowed by typing; gives the choice, or None.

    Args:
        items: in the order of the list.
        row: the text of an item in a width, selected or not.
        words: the text of an item, which typing narrows by.
        prompt: shown until something is typed.
        effect: of choosing one, in words.
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
        prompt: str,
        effect: str,
    ) -> None:
        super().__init__()
        self._items = items
        self._row = row
        self._words = words
        self._prompt = prompt
        self._effect = effect

    def compose(self) -> ComposeResult:
        """The words to narrow by, and what is left."""
        with Vertical():
            yield Input(placeholder=self._prompt, compact=True)
            yield Rows(self._row)
            yield Static(f"Enter: {self._effect} · Esc: back", markup=False)

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
        words = self.query_one(Input).value.casefold().split()
        fitting = [
            item
            for item in self._items
            if all(word in self._words(item).casefold() for word in words)
        ]
        self.query_one(Rows).fill(fitting[:MAX_SHOWN])
