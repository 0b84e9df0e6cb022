"""Which values there are to filter by, and filters with one of them turned on or off."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from heatseek.cli.render.cells import width
from heatseek.cli.render.layout import cut
from heatseek.cli.render.look import UNICODE
from heatseek.cli.tui.session import FACETS, filtered
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.article import Article
    from heatseek.cli.tui.session import Session
    from heatseek.query.filters import Filters
    from heatseek.results import Hit


class Choice(NamedTuple):
    """A value to filter by."""

    facet: str
    value: str
    articles: int
    """How many of the matches have it."""
    chosen: bool


def row(choice: Choice, columns: int, selected: bool) -> Content:
    """A value on a line, marked where it is in use; its count stands at the end."""
    counted = f"  {choice.articles:,}"
    room = columns - 13 - len(counted)
    value = cut(choice.value, room, UNICODE.ellipsis)
    shown = Content.assemble(
        ">" if selected else " ",
        "* " if choice.chosen else "  ",
        (f"{choice.facet:<9}", "dim"),
        value + " " * (room - width(value)),
        (counted, "dim"),
    )
    return shown.stylize("reverse") if selected else shown


def choices(session: Session, selected: Hit | None) -> list[Choice]:
    """Values in use first, then those of the selected article, then the most frequent."""
    filters = session.question.filters
    found: list[Choice] = []
    for facet in FACETS:
        used = {label(value): value for value in _values(filters, facet)}
        counted = {label(value): (value, n) for value, n in session.facet(facet)}
        # In use, though no article matches with it.
        found += [
            Choice(facet, value, 0, True) for key, value in used.items() if key not in counted
        ]
        found += [Choice(facet, value, n, key in used) for key, (value, n) in counted.items()]
    own = set(_own(selected.article)) if selected else set()
    # A stable sort: what is alike stays in the order of counts, topics before providers.
    return sorted(found, key=lambda c: (not c.chosen, (c.facet, label(c.value)) not in own))


def toggled(filters: Filters, choice: Choice) -> Filters:
    """The filters with a value that they had not, or without one that they had."""
    before = _values(filters, choice.facet)
    without = tuple(value for value in before if label(value) != label(choice.value))
    after = without if len(without) < len(before) else (*before, choice.value)
    return filtered(filters, choice.facet, after)


def _values(filters: Filters, facet: str) -> tuple[str, ...]:
    return filters.topics if facet == "topic" else filters.providers


def _own(article: Article) -> Iterator[tuple[str, str]]:
    yield from (("topic", label(topic)) for topic in article.topics)
    yield from (("provider", label(name)) for name in article.provider if name)
