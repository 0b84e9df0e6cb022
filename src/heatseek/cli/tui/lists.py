"""Lists to pick from: values to filter by, which turns them on or off, and saved searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from heatseek.cli.render.escapes import UNICODE, one_line
from heatseek.cli.render.settings import as_typed
from heatseek.cli.render.wrapping import cut, width
from heatseek.cli.tui.session import FILTER_OF
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from heatseek.article import Article
    from heatseek.cli.tui.session import Session
    from heatseek.config import SavedSearch
    from heatseek.results import Hit
    from heatseek.search.request import SearchRequest


class Choice(NamedTuple):
    """A value to filter by."""

    facet: str
    value: str
    articles: int
    """The number of matches that have it."""
    chosen: bool


def filter_row(choice: Choice, columns: int, selected: bool) -> Content:
    """A value on a line, marked where it is in use; its count stands at the end."""
    count = f"  {choice.articles:,}"
    room = columns - 13 - len(count)
    value = cut(choice.value, room, UNICODE.ellipsis)
    text = Content.assemble(
        ">" if selected else " ",
        "* " if choice.chosen else "  ",
        (f"{choice.facet:<9}", "dim"),
        value + " " * (room - width(value)),
        (count, "dim"),
    )
    return text.stylize("reverse") if selected else text


def choices(session: Session, selected: Hit | None) -> list[Choice]:
    """Values in use first, then those of the selected article, then the most frequent."""
    every: list[Choice] = []
    for facet in FILTER_OF:
        used = {label(value): value for value in _values(session.request, facet)}
        matches = {label(value): (value, n) for value, n in session.facet(facet)}
        # In use, though no article matches with it.
        every += [
            Choice(facet, value, 0, True) for key, value in used.items() if key not in matches
        ]
        every += [Choice(facet, value, n, key in used) for key, (value, n) in matches.items()]
    own = set(_own(selected.article)) if selected else set()
    # A stable sort: equal ones stay in the order of counts, topics before providers.
    return sorted(every, key=lambda c: (not c.chosen, (c.facet, label(c.value)) not in own))


def toggled(request: SearchRequest, choice: Choice) -> dict[str, tuple[str, ...]]:
    """The filter with a value that it had not, or without one that it had, by its argument."""
    before = _values(request, choice.facet)
    without = tuple(value for value in before if label(value) != label(choice.value))
    after = without if len(without) < len(before) else (*before, choice.value)
    return {FILTER_OF[choice.facet]: after}


def _values(request: SearchRequest, facet: str) -> tuple[str, ...]:
    return request.topics if facet == "topic" else request.providers


def _own(article: Article) -> Iterator[tuple[str, str]]:
    yield from (("topic", label(topic)) for topic in article.topics)
    yield from (("provider", label(name)) for name in article.provider.labels)


class SavedSearchRow(NamedTuple):
    """A saved search."""

    name: str
    command: str
    """Its query and options, as they would be typed."""


def search_rows(searches: Mapping[str, SavedSearch]) -> list[SavedSearchRow]:
    """All of them, in the order of the file."""
    return [SavedSearchRow(name, one_line(as_typed(saved))) for name, saved in searches.items()]


def search_row(search: SavedSearchRow, columns: int, selected: bool) -> Content:
    """A name, and below it the query and options that it stands for."""
    text = Content.assemble(
        f"{'>' if selected else ' '} {cut(f'@{search.name}', columns - 2, UNICODE.ellipsis)}",
        (f"\n    {cut(search.command, columns - 4, UNICODE.ellipsis)}", "dim"),
    )
    return text.stylize("reverse") if selected else text
