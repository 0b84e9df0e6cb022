"""A list of which one row is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual.widgets import OptionList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual import events
    from textual.content import Content

Item = TypeVar("Item")


class Rows(OptionList, Generic[Item], can_focus=False):
    """Items, each shown as text of some lines; the input above keeps the focus.

    Args:
        row: an item in a width, as it is shown, selected or not.
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
