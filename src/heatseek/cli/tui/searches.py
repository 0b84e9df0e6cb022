"""The saved searches, to choose one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from heatseek.cli.render.clean import one_line
from heatseek.cli.render.escapes import UNICODE
from heatseek.cli.render.settings import as_typed
from heatseek.cli.render.wrapping import cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heatseek.config import SavedSearch


class Named(NamedTuple):
    """A saved search."""

    name: str
    does: str
    """Its query and options, as they would be typed."""


def named(searches: Mapping[str, SavedSearch]) -> list[Named]:
    """All of them, in the order of the file."""
    return [Named(name, one_line(as_typed(saved))) for name, saved in searches.items()]


def row(search: Named, columns: int, selected: bool) -> Content:
    """A name, and below it what it stands for."""
    shown = Content.assemble(
        f"{'>' if selected else ' '} {cut(f'@{search.name}', columns - 2, UNICODE.ellipsis)}",
        (f"\n    {cut(search.does, columns - 4, UNICODE.ellipsis)}", "dim"),
    )
    return shown.stylize("reverse") if selected else shown
