"""An index on the server as the server sees it: to look at, and to change behind our back."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

from clusters import address
from heatseek.engines import load

if TYPE_CHECKING:
    from heatseek.engines.base import Engine


class ClusterIndex:
    """An index of its own name, and requests to the server that go past the engine."""

    def __init__(self, url: str | None = None, **settings: Any) -> None:
        self.url = url or address()
        self.name = f"tests-{uuid4().hex[:12]}"
        self.settings = {"replicas": 0, **settings}

    @property
    def location(self) -> str:
        return f"opensearch://{self.url.removeprefix('http://')}/{self.name}"

    @cached_property
    def engine(self) -> Engine:
        return self.another()

    def another(self, **settings: Any) -> Engine:
        """The engine of the same index, with other settings."""
        return load(self.location, {**self.settings, **settings})

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.url}/{path}", data, headers, method=method)  # noqa: S310 - http
        try:
            with urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
                return json.load(answer)
        except HTTPError as error:
            return json.load(error)

    def get(self, path: str) -> Any:
        return self.ask("GET", path)

    def put(self, path: str, body: Any) -> None:
        answer = self.ask("PUT", path, body)
        assert answer.get("acknowledged") or "_id" in answer, answer

    def alias(self, *actions: Any) -> None:
        answer = self.ask("POST", "_aliases", {"actions": actions})
        assert answer.get("acknowledged"), answer

    def indexes(self) -> list[str]:
        """All that the server has of it."""
        return sorted(self.ask("GET", f"{self.name}*?expand_wildcards=all"))

    def generations(self) -> list[str]:
        """Their indexes, the oldest first, without notes."""
        all_ = self.ask("GET", f"{self.name}-g*")
        return sorted(name for name in all_ if not name.endswith("-notes"))

    def drafts(self) -> list[str]:
        """Those that are still being filled."""
        all_ = self.ask("GET", f"{self.name}-g*/_alias")
        return sorted(name for name, found in all_.items() if f"{name}-fill" in found["aliases"])

    def current(self) -> str:
        """The index that the alias names."""
        (name,) = self.ask("GET", f"{self.name}/_alias")
        return str(name)

    def ids(self) -> list[str]:
        with self.engine.open() as reader:
            return sorted(article.id for article in reader.articles())

    def make_red(self) -> str:
        """Have the alias name another generation, whose shards no node has; its name."""
        current, red = self.current(), f"{self.name}-g00000099-0badcafe"
        settings = {"index.routing.allocation.require._name": "nobody"}
        mappings = self.get(f"{current}/_mapping")[current]["mappings"]
        properties = {"slice": {"type": "short"}}
        made = {"_meta": mappings["_meta"], "properties": properties}
        body = {"settings": settings, "mappings": made}
        self.put(f"{red}?wait_for_active_shards=0", body)
        self.alias(
            {"remove": {"index": current, "alias": self.name}},
            {"add": {"index": red, "alias": self.name, "is_write_index": True}},
        )
        return red

    def remove(self) -> None:
        for name in self.indexes():
            self.ask("DELETE", name)
