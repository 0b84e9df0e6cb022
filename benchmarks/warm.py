"""Queries to long-lived processes, one for each contender."""

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
    from collections.abc import Iterable, Iterator, Sequence

    from contenders import Entry

_SERVER = Path(__file__).with_name("serve.py")


class Server:
    """A running `serve.py`."""

    def __init__(self, entry: Entry, scale: Path) -> None:
        command = [sys.executable, str(_SERVER), entry.key, str(folder_of(entry, scale))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, queries: Sequence[str]) -> Any:
        """Search for one after the other; gives times, total and ids of each."""
        if not self._process.stdin or not self._process.stdout:
            raise RuntimeError
        self._process.stdin.write(json.dumps(queries) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.communicate()


def warmed(  # noqa: PLR0913 - what a run is made of
    entries: Sequence[Entry],
    scale: Path,
    queries: Sequence[str],
    warm_up: int,
    rounds: int,
    *,
    by_turns: bool,
) -> dict[str, list[dict[str, Any]]]:
    """For each contender and query the median over the rounds.

    Args:
        entries: who is asked.
        scale: the folder of the scale.
        queries: what is asked; the first `warm_up` of them are not counted.
        warm_up: how many.
        rounds: how often every query is asked.
        by_turns: each query goes to all, one after the other, so that each finds the caches of the
            processor full of the others' data; otherwise each is asked all queries in a row.
    """
    with ExitStack() as stack:
        servers = {e.key: stack.enter_context(Server(e, scale)) for e in entries}
        for server in servers.values():
            server.ask(queries[:warm_up])
        asked: dict[str, dict[int, list[Any]]] = {key: {} for key in servers}
        places = range(warm_up, len(queries))
        for number in range(rounds):
            for key, row in _order(list(servers), places, number, by_turns=by_turns):
                answers = servers[key].ask([queries[place] for place in row])
                for place, answer in zip(row, answers, strict=True):
                    asked[key].setdefault(place, []).append(answer)
    return {
        key: [_together(queries[place], answers[place]) for place in places]
        for key, answers in asked.items()
    }


def _order(
    keys: list[str], places: range, number: int, *, by_turns: bool
) -> Iterator[tuple[str, Sequence[int]]]:
    """Who is asked what, in a round: in another order each time, so that nobody is always last."""
    rows: Iterable[Sequence[int]] = ([place] for place in places) if by_turns else [places]
    for turn, row in enumerate(rows):
        yield from ((key, row) for key in _turned(keys, number + turn))


def _turned(keys: list[str], by: int) -> list[str]:
    start = by % len(keys)
    return keys[start:] + keys[:start]


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
