"""Conditions beside the query text: they choose articles and never change a text score."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from heatseek.errors import UsageError
from heatseek.query.tree import Query

MAX_LABELS = 1_024
"""Labels of all filters together; each is looked up."""
MAX_CHARACTERS = 10_000
"""Of these labels."""


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

    def check(self) -> None:
        """Refuse more labels than can be looked up, before anything else is done with them.

        Raises:
            UsageError: there are too many, or they are too long.
        """
        labels = (*self.topics, *self.providers, *self.categories, *self.types)
        if len(labels) > MAX_LABELS:
            raise UsageError(
                f"the filters have {len(labels):,} labels, more than {MAX_LABELS:,}: leave some out"
            )
        characters = sum(map(len, labels))
        if characters > MAX_CHARACTERS:
            raise UsageError(
                f"the labels of the filters have {characters:,} characters, more than"
                f" {MAX_CHARACTERS:,}: leave some out"
            )
