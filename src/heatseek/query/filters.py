"""Conditions beside the query text: they choose articles and never change a text score."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from heatseek.query.tree import Query


class Filters(NamedTuple):
    """Several values of one condition: any of them. Several conditions: all of them.

    Labels are compared without regard to case, accents or spacing.
    """

    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    """Names or domains."""
    categories: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    after: datetime | None = None
    """Published at this instant or later."""
    before: datetime | None = None
    """Published before this instant."""
    published: bool | None = None
    """True: not held back. False: held back only."""
    related: bool | None = None
    """True: only related articles. False: only articles with a file."""
    where: tuple[Query, ...] = ()
    """Further conditions, all of which must hold; see `query.where`."""
    excluded: tuple[str, ...] = ()
    """Ids of articles that are not to be found, nor others with the same link."""
