"""Queries to long-lived processes, one for each contender, asked by turns."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Self

from contenders import folder_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contenders import Entry

_SERVER = Path(__file__).with_name("serve.py")


class Server:
    """A running `serve.py`."""

    def __init__(self, entry: Entry, scale: Path) -> None:
        command = [sys.executable, str(_SERVER), entry.key, str(folder_of(entry, scale))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, query: str) -> Any:
        """Search; gives times, total and ids."""
        if not self._process.stdin or not self._process.stdout:
            raise RuntimeError
        self._process.stdin.write(json.dumps(query) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.communicate()


def warmed(
    entries: Sequence[Entry], scale: Path, queries: Sequence[str], warm_up: int, rounds: int
) -> dict[str, list[dict[str, Any]]]:
    """For each contender and query the median over the rounds.

    Args:
        entries: who is asked.
        scale: the folder of the scale.
        queries: what is asked; the first `warm_up` of them are not counted.
        warm_up: how many.
        rounds: how often every query is asked.
    """
    with ExitStack() as stack:
        servers = {e.key: stack.enter_context(Server(e, scale)) for e in entries}
        for query in queries[:warm_up]:
            for server in servers.values():
                server.ask(query)
        asked: dict[str, list[list[Any]]] = {key: [] for key in servers}
        for number in range(rounds):
            for place, query in enumerate(queries[warm_up:]):
                for key, server in _turned(list(servers.items()), number + place):
                    answers = asked[key]
                    if not number:
                        answers.append([])
                    answers[place].append(server.ask(query))
    counted = queries[warm_up:]
    return {
        key: [_together(q, a) for q, a in zip(counted, answers, strict=True)]
        for key, answers in asked.items()
    }


def _turned(servers: list[tuple[str, Server]], by: int) -> list[tuple[str, Server]]:
    """In another order each time, so that nobody always comes after the slowest."""
    start = by % len(servers)
    return servers[start:] + servers[:start]


def _together(query: str, answers: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "query": query,
        "ms": median(answer["ms"] for answer in answers),
        "cpu_ms": median(answer["cpu_ms"] for answer in answers),
        "first_ms": answers[0]["ms"],
        "total": answers[0]["total"],
        "ids": answers[0]["ids"],
        "rss_mb": answers[-1]["rss_mb"],
    }
