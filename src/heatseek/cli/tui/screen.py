"""The screen: words on top, hits and a preview, two lines of state; and what its keys do."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from heatseek.article import Kind
from heatseek.cli.tui import content, lists
from heatseek.cli.tui.widgets import BINDINGS, HINT, Help, Picker, Rows, Words
from heatseek.results import Sort
from heatseek.search.arguments import text_of
from heatseek.search.find import link_of
from heatseek.search.request import UNFILTERED

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.timer import Timer
    from textual.widgets import OptionList

    from heatseek.cli.tui.lists import Choice, SavedSearchRow
    from heatseek.cli.tui.session import Session
    from heatseek.results import Hit
    from heatseek.search.request import SearchRequest

DEBOUNCE = 0.03
"""Seconds without a key before the search: pasted and repeated keys are one search."""
NEAR_END = 5
"""So many hits before the last one, the next are fetched."""


class Outside(NamedTuple):
    """Deeds outside of the terminal."""

    open_link: Callable[[str], bool]
    """Opens a link in the browser, and says whether one took it."""


class SearchScreen(Screen[None]):
    """Searches as one types.

    Args:
        session: the open index, and the first search.
        outside: deeds outside of the terminal.
        explain: begin with explanations shown.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual's type
    BINDINGS: ClassVar[list[BindingType]] = [
        *BINDINGS,
        Binding("question_mark", "help", priority=True, show=False),
    ]

    def __init__(self, session: Session, outside: Outside, *, explain: bool) -> None:
        super().__init__()
        self._session = session
        self._outside = outside
        self._explain = explain
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The widgets, from top to bottom."""
        with Horizontal(id="query"):
            yield Static("search: ", id="label", markup=False)
            yield Words(
                self._session.text,
                placeholder=_invitation(self._session),
                compact=True,
                select_on_focus=False,
            )
        with Container(id="results"):
            yield Rows(self._row)
            with VerticalScroll(id="preview", can_focus=False):
                yield Static(id="article", markup=False)
        yield Static(id="state", markup=False)
        yield Static(id="remark", markup=False)

    def on_mount(self) -> None:
        """Show the hits of the first search."""
        words = self.query_one(Input)
        words.cursor_blink = False
        words.focus()
        # The list has its width only then.
        self.call_after_refresh(self._show)

    # Events.

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search, if no other key follows at once."""
        del event
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(DEBOUNCE, self._read_input)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the selected article; near the end fetch more."""
        del event
        hits = self._hits
        if (hits.highlighted or 0) + NEAR_END >= hits.option_count:
            hits.append(self._session.more())
            if self._session.error:
                self._tell("")
        self._preview()

    # Actions of keys.

    def action_move(self, how: str) -> None:
        """Move the selection."""
        self._hits.move(how)

    def action_scroll_preview(self, direction: int) -> None:
        """Scroll half of the preview's height."""
        preview = self.query_one("#preview")
        preview.scroll_relative(y=direction * max(1, preview.size.height // 2), animate=False)

    def action_open_link(self) -> None:
        """Open the link of the selected article, by the rules of `heatseek open`."""
        hit = self._selected
        if hit is None:
            return
        url = link_of(hit.article)
        if url is None:
            self._tell(f"{hit.article.id} has no link to open")
            return
        with ExitStack() as stack:
            # A browser may draw on the terminal, or complain there.
            with suppress(SuspendNotSupported):
                stack.enter_context(self.app.suspend())
            opened = self._outside.open_link(url)
        self._tell(
            f"opened {url}"
            if opened
            else f"no browser to open {url} with; name one by the variable BROWSER"
        )

    def action_choose(self) -> None:
        """Quit with the selected article."""
        hit = self._selected
        if hit is None:
            return
        if hit.article.kind is Kind.RELATED:
            self._tell("a related story has no file")
            return
        self.app.exit(hit.article)

    def action_copy(self) -> None:
        """Copy the link, or else the path; the terminal does it, if it can (OSC 52)."""
        hit = self._selected
        if hit is not None:
            text = link_of(hit.article) or hit.article.id
            self.app.copy_to_clipboard(text)
            self._tell(f"copied {text}")

    def action_sort(self) -> None:
        """Sort by the next of the orders."""
        sort = self._request.sort or Sort.RELEVANCE
        declared = (f.name for f in self._session.generation.fields if f.kind.is_ordered)
        orders = list(dict.fromkeys((*Sort, *declared, sort)))
        self._session.change(sort=orders[(orders.index(sort) + 1) % len(orders)])
        self._show()

    def action_filter(self) -> None:
        """Choose a topic or a provider."""
        picker = Picker(
            lists.choices(self._session, self._selected),
            lists.filter_row,
            lambda choice: f"{choice.facet} {choice.value}",
            prompt="filter by which topic or provider?",
            effect="on or off",
        )
        self.app.push_screen(picker, self._filter)

    def action_clear_filters(self) -> None:
        """Search everything again."""
        self._read_input()
        self._session.change(**UNFILTERED)
        self._show()

    def action_searches(self) -> None:
        """Choose a saved search."""
        rows = lists.search_rows(self._session.searches)
        if not rows:
            self._tell("no saved searches: heatseek.toml has no [searches]")
            return
        picker = Picker(
            rows,
            lists.search_row,
            lambda search: f"@{search.name} {search.command}",
            prompt="which saved search?",
            effect="search",
        )
        self.app.push_screen(picker, self._begin)

    def action_explain(self) -> None:
        """Show or hide how the score came about."""
        self._explain = not self._explain
        self._preview()

    def action_help(self) -> None:
        """Show the keys."""
        self.app.push_screen(Help())

    def action_quit(self) -> None:
        """Quit, with nothing chosen."""
        self.app.exit()

    # How.

    @property
    def _hits(self) -> Rows[Hit]:
        return self.query_one(Rows)

    # These read the input first: something may have been typed just before the key.

    @property
    def _request(self) -> SearchRequest:
        self._read_input()
        return self._session.request

    @property
    def _selected(self) -> Hit | None:
        self._read_input()
        return self._hits.selected

    @property
    def _match(self) -> str:
        return content.MATCH_WITHOUT_COLOR if self.app.no_color else content.MATCH

    def _row(self, hit: Hit, columns: int, selected: bool) -> Content:
        zone = self._session.request.zone
        border = content.border(hit, self._session.results)
        return content.row(
            *(hit, columns, self._match), selected=selected, zone=zone, border=border
        )

    def _read_input(self) -> None:
        text = text_of("query", self.query_one(Input).value)
        if text != self._session.text:
            self._session.ask(text)
            self._show()

    def _filter(self, choice: Choice | None) -> None:
        if choice is not None:
            self._session.change(**lists.toggled(self._request, choice))
            self._show()

    def _begin(self, search: SavedSearchRow | None) -> None:
        if search is not None:
            self._session.begin(f"@{search.name}")
            words = self.query_one(Input)
            words.value = self._session.text
            words.cursor_position = len(words.value)
            self._show()

    def _show(self) -> None:
        self._hits.fill(self._session.hits)
        self._preview()
        self._tell("")

    def _preview(self) -> None:
        hit = self._hits.selected
        area = self.query_one("#preview", VerticalScroll)
        article = self.query_one("#article", Static)
        area.scroll_home(animate=False)
        if hit is None:
            article.update("")
            return
        if self._explain:
            hit = self._session.explained(hit)
        columns = max(20, area.scrollable_content_region.width - 1)
        texts = self._session.highlights(hit)
        zone = self._session.request.zone
        article.update(content.preview(hit, texts, columns, self._match, zone))

    def _tell(self, effect: str) -> None:
        self.query_one("#state", Static).update(content.state(self._session))
        remark = content.remark(self._session, effect)
        line = self.query_one("#remark", Static)
        line.update(remark)
        line.set_class(remark == HINT, "-quiet")


def _invitation(session: Session) -> str:
    saved = ", or @ and the name of a saved search" if session.searches else ""
    return f"words to search for{saved}"
