"""An index on a cluster as it is found: what it was built from, and its damage."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from heatseek.engines.opensearch import notes as stored_notes
from heatseek.engines.opensearch.client import HttpClient
from heatseek.engines.opensearch.generations import (
    DESCRIPTION,
    described,
    named,
    origin_of,
    read_current,
)
from heatseek.engines.opensearch.statistics import statistics
from heatseek.errors import IndexDamagedError, IndexForeignError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from heatseek.engines.base import Reader
    from heatseek.engines.model import Origin
    from heatseek.engines.opensearch.client import Client
    from heatseek.engines.opensearch.generations import Meta
    from heatseek.engines.opensearch.location import Location
    from heatseek.engines.opensearch.settings import Settings


def origin(location: Location, settings: Settings) -> Origin | None:
    """The origin of the index, also of another version's; None if nothing tells."""
    with closing(HttpClient(location, settings)) as client:
        try:
            names = named(client, location)
        except IndexForeignError:
            return None
        # Of several the latest.
        for index in reversed(names):
            answer = client.send("GET", index, query=DESCRIPTION)
            if found := origin_of(described(answer[index])):
                return found
    return None


def check(location: Location, settings: Settings, opened: Callable[[], Reader]) -> Iterator[str]:
    """The damage of an index; see `Engine.check`."""
    with closing(HttpClient(location, settings)) as client:
        try:
            index, meta = read_current(client, location)
        except IndexDamagedError as error:
            yield error.what
            return
        health = client.send(
            "GET", f"_cluster/health/{index}", query={"timeout": "0s"}, allow=(408,)
        )
        if health["status"] == "red":
            yield f"{index}: some of its shards are on no node that runs"
            return
        yield from _settings_flaws(client, index)
        for name in meta.notes:
            try:
                stored_notes.read(client, index, meta, name)
            except IndexDamagedError as error:
                yield error.what
        yield from _articles_flaws(client, index, meta, opened)


def _settings_flaws(client: Client, index: str) -> Iterator[str]:
    answer = client.send("GET", f"{index}/_settings", query={"flat_settings": "true"})
    settings: dict[str, Any] = answer[index]["settings"]
    if settings.get("index.blocks.write") != "true":
        yield f"{index} can be written to: somebody has taken its block off"


def _articles_flaws(
    client: Client, index: str, meta: Meta, opened: Callable[[], Reader]
) -> Iterator[str]:
    found = statistics(client, index)
    try:
        known = stored_notes.with_twins(client, index, meta).statistics
    except IndexDamagedError:
        known = found  # it is told with the other notes
    if found != known:
        written = f"{meta.documents:,} that were written"
        yield f"{index} has {found.documents:,} articles, which are not the {written}"
    with opened() as reader:
        if reader.generation != meta.generation:
            return  # it was replaced meanwhile
        try:
            count = sum(1 for _ in reader.articles())
        except IndexDamagedError as error:
            yield error.what
            return
        if count != meta.documents:
            yield f"{index} gives {count:,} of its {meta.documents:,} articles"
