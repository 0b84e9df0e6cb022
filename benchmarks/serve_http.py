"""`heatseek serve` under load while its index is updated, beside a bare FTS5 endpoint.

python benchmarks/serve_http.py ARCHIVE... [--clients 16] [--seconds 60] [--updates 20]

Each client asks a query, waits for the answer and `--pause`, and asks the next one, over one
connection. Meanwhile so many `heatseek update`s run, each of which writes one number into the
titles of five articles: an answer that has two numbers, or a smaller one than the client has seen,
is a mixture of generations. They run beside FTS5, too, whose table stays as it is. It prints
errors, mixtures, and percentiles of the time of an answer.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote_plus, urlsplit

import heatseek
from archives import gather
from contenders import load
from queries import draw

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
HEATSEEK = Path(sys.executable).parent / "heatseek"
MARKED = 5
"""Articles that an update changes together."""
WORD = "zzupdated"
ASKED = 0.1
"""The share of requests that look at them."""


class Load(NamedTuple):
    """What the clients do."""

    clients: int
    seconds: float
    pause: float
    queries: list[str]


class Client:
    """Asks one after the other, and notes what is wrong."""

    def __init__(self, address: str, load: Load, seed: int, *, marked: bool) -> None:
        self._place = urlsplit(address).netloc
        self._load = load
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._marked = marked
        self._seen = -1
        self.times: list[float] = []
        """Milliseconds of each answer."""
        self.errors: list[str] = []
        self.mixtures: list[str] = []

    def run(self) -> None:
        """Until the time is over."""
        connection = HTTPConnection(self._place, timeout=60)
        ends = time.monotonic() + self._load.seconds
        while time.monotonic() < ends:
            is_marked = self._marked and self._chance.random() < ASKED
            query = WORD if is_marked else self._chance.choice(self._load.queries)
            started = time.perf_counter()
            try:
                connection.request("GET", f"/api/search?q={quote_plus(query)}")
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, HTTPException) as error:
                self.errors.append(repr(error))
                connection.close()
                continue
            self.times.append(1e3 * (time.perf_counter() - started))
            if answer.status != 200:
                self.errors.append(f"{answer.status} {body[:200]!r}")
            elif is_marked:
                self._look(json.loads(body))
            time.sleep(self._load.pause)

    def _look(self, document: dict[str, Any]) -> None:
        numbers = {int(number) for number in re.findall(rf"{WORD} (\d+)", json.dumps(document))}
        if document["total"] != MARKED or len(numbers) != 1 or min(numbers) < self._seen:
            self.mixtures.append(f"{document['total']} articles, {sorted(numbers)}")
        self._seen = max(numbers, default=self._seen)


def measured(address: str, load: Load, *, marked: bool) -> dict[str, Any]:
    """What all clients together saw."""
    clients = [Client(address, load, seed, marked=marked) for seed in range(load.clients)]
    started = time.monotonic()
    with ThreadPoolExecutor(load.clients) as threads:
        list(threads.map(Client.run, clients))
    seconds = time.monotonic() - started
    times = [each for client in clients for each in client.times]
    cuts = quantiles(times, n=100, method="inclusive")
    return {
        "answers": len(times),
        "per_second": round(len(times) / seconds, 1),
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
        "most_ms": round(max(times), 1),
        "errors": [each for client in clients for each in client.errors][:5],
        "mixtures": [each for client in clients for each in client.mixtures][:5],
    }


@contextmanager
def running(*line: object) -> Iterator[str]:
    """A server, by its address."""
    with subprocess.Popen(
        list(map(str, line)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def mark(archive: Path, number: int) -> None:
    """Write a number into the titles of some articles."""
    (archive / "marked").mkdir(exist_ok=True)
    for each in range(MARKED):
        (archive / f"marked/{each}.md").write_text(f"# {WORD} {number} of {each}\n")


def update(archive: Path, index: Path, load: Load, updates: int, failed: list[str]) -> None:
    """So many updates, spread over the time."""
    for number in range(1, updates + 1):
        time.sleep(load.seconds / (updates + 1))
        mark(archive, number)
        line = [HEATSEEK, "update", "--archive", archive, "--index", index]
        done = subprocess.run(list(map(str, line)), capture_output=True, text=True, check=False)
        if done.returncode:
            failed.append(done.stderr)


def main() -> int:
    """Measure both; 1 if anything was wrong."""
    options = _options()
    work = Path(tempfile.mkdtemp())
    try:
        figures = _measure(options, work)
    finally:
        shutil.rmtree(work)
    print(json.dumps(figures, indent=1))
    ours = figures["heatseek"]
    return 1 if ours["errors"] or ours["mixtures"] or figures["failed updates"] else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("archives", nargs="+", type=Path)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--updates", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between two requests")
    parser.add_argument("--alone", action="store_true", help="without FTS5")
    return parser.parse_args()


def _measure(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    archive, index = gather(options.archives, work / "archive"), work / "index"
    mark(archive, 0)
    heatseek.rebuild(archive, index)
    with heatseek.open_index(index) as opened:
        articles = list(opened.articles())
    queries = draw(articles, 200, seed=1)
    load_ = Load(options.clients, options.seconds, options.pause, queries)
    failed: list[str] = []
    figures: dict[str, Any] = {"articles": len(articles), "failed updates": failed}
    line: tuple[object, ...] = (
        HEATSEEK,
        "serve",
        "--port",
        "0",
        "--archive",
        archive,
        "--index",
        index,
    )
    writing = (archive, index, load_, options.updates, failed)
    with running(*line) as address, _updating(writing):
        figures["heatseek"] = measured(address, load_, marked=True)
    if not options.alone:
        load("fts5").build(articles, work / "fts5")
        line = (sys.executable, HERE / "fts5_endpoint.py", work / "fts5")
        with running(*line) as address, _updating(writing):
            figures["fts5"] = measured(address, load_, marked=False)
    return figures


@contextmanager
def _updating(writing: tuple[Any, ...]) -> Iterator[None]:
    thread = threading.Thread(target=update, args=writing)
    thread.start()
    yield
    thread.join()


if __name__ == "__main__":
    sys.exit(main())
