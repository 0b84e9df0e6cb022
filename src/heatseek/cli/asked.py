"""What a search asks for, before it is known what that means."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli import values

if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.config import Config
    from heatseek.query.filters import Filters


class Asked(NamedTuple):
    """What a search asks for, as typed; a saved search fills in what was not."""

    query: list[str]
    topic: list[str] | None
    provider: list[str] | None
    category: list[str] | None
    type: list[str] | None
    after: str | None
    before: str | None
    published: bool | None
    related: bool | None
    where: list[str] | None
    any: bool | None
    sort: str | None
    rank: str | None
    limit: str | None
    weights: Mapping[str, float] = MappingProxyType({})
    """In place of those that the rank starts from; `--boost` comes after them."""

    def filters(self, settings: Config, now: datetime) -> Filters:
        """The conditions beside the query text; dates such as `yesterday` count from `now`."""
        found = values.filters(
            (self.topic, self.provider, self.category, self.type),
            (self.after, self.before),
            published=self.published,
            related=self.related,
            now=now,
        )
        if not self.where:
            return found
        # A plain search does without.
        from heatseek.cli.own_fields import conditions  # noqa: PLC0415

        return found._replace(where=conditions(list(map(values.text, self.where)), settings, now))
