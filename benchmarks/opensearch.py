r"""An index on a cluster beside one in a folder: the same articles and queries, in one run.

    tests/opensearch/server.sh start 3
    python benchmarks/opensearch.py path/to/azure path/to/powerapps \
        --url http://127.0.0.1:19200,http://127.0.0.1:19201,http://127.0.0.1:19202

CPU of the servers is what they say of their processes (`_nodes/stats`): nobody else may use them.
`benchmarks/README.md` says what is measured. Its indexes go from the cluster when it is done.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from uuid import uuid4

import heatseek
import stages
from heatseek.engines.model import IndexUrl
from heatseek.engines.opensearch.client import HttpClient
from queries import WARM_UP

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek import Index, Results

FOLDER = "folder"
_REFRESHED = 1.1
"""Seconds after which a node looks at its own process again."""
_TOLERANCE = 1e-12
"""Of scores: those of two engines are sums of the same numbers, in another order perhaps."""


class Shape(NamedTuple):
    """How an index is filled."""

    shards: int
    workers: int
    """Processes that read and analyse, and as many connections to the cluster."""

    def __str__(self) -> str:
        return f"{self.shards} shards, {self.workers} workers"


class Cluster:
    """The servers that are measured.

    Args:
        urls: of its nodes.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._urls = urls
        hosts = ",".join(urlsplit(url).netloc for url in urls)
        self.name = f"benchmark-{uuid4().hex[:8]}"
        self.address = f"opensearch://{hosts}/{self.name}"

    def ask(self, path: str, method: str = "GET") -> Any:
        """The answer of the first node."""
        with urlopen(Request(self._urls[0] + path, method=method), timeout=60) as answer:  # noqa: S310 - http
            return json.load(answer)

    def cpu_seconds(self) -> float:
        """Of all nodes since they were started."""
        time.sleep(_REFRESHED)
        nodes = self.ask("/_nodes/stats/process")["nodes"].values()
        return sum(node["process"]["cpu"]["total_in_millis"] for node in nodes) / 1_000

    def remove(self) -> None:
        """Take the indexes of this benchmark off it."""
        self.ask(f"/{self.name}*?expand_wildcards=all", "DELETE")


def main() -> None:
    """Measure every scale and print its tables."""
    options = _options()
    cluster = Cluster(options.url.split(","))
    work = Path(options.work or tempfile.mkdtemp(prefix="heatseek-cluster-")).resolve()
    shapes = [Shape(options.shards[0], workers) for workers in options.workers]
    shapes += [Shape(shards, options.workers[-1]) for shards in options.shards[1:]]
    report: dict[str, Any] = {"load_before": os.getloadavg(), "scales": {}}
    try:
        for count in options.articles:
            report["scales"][count] = _measured(options, cluster, shapes, count, work / str(count))
            report["load_after"] = os.getloadavg()
            _show(count, report["scales"][count])
    finally:
        cluster.remove()
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def _measured(
    options: argparse.Namespace, cluster: Cluster, shapes: Sequence[Shape], count: int, scale: Path
) -> dict[str, Any]:
    if not (scale / "queries.json").exists():
        _lay_down(options, count, scale)
    queries = json.loads((scale / "queries.json").read_text())
    folder = str(scale / "index")
    report = {"fill": _in_folder(options.workers, count, scale, folder), "search": {}}
    _say(f"{count:,}: cluster, from memory")
    settings = {"shards": options.shards[0], "replicas": 0, "connections": 1}
    order = {"location": cluster.address, "articles": f"{scale}/articles.pickles"}
    report["fill"]["cluster, from memory"] = _filled(order, settings, cluster)
    for shape in shapes:
        _say(f"{count:,}: cluster, {shape}")
        settings = {"shards": shape.shards, "replicas": 0, "connections": shape.workers}
        order = {"location": cluster.address, "archive": f"{scale}/archive"}
        run = _filled({**order, "processes": shape.workers}, settings, cluster)
        report["fill"][str(shape)] = run
        if shape.workers == options.workers[-1]:
            _say(f"{count:,}: searches, {shape}")
            opened = (folder, IndexUrl(cluster.address, settings))
            found = _searched(opened, queries, options.rounds, cluster)
            report["search"][str(shape)] = found
    return report


def _in_folder(
    numbers: Sequence[int], count: int, scale: Path, folder: str
) -> dict[str, dict[str, float]]:
    """Indexes in a folder: from memory, and by so many workers from files."""
    _say(f"{count:,}: {FOLDER}")
    order: dict[str, Any] = {"location": folder, "articles": f"{scale}/articles.pickles"}
    runs = {f"{FOLDER}, from memory": _filled(order, {}, None)}
    for workers in numbers:
        order = {"location": folder, "archive": f"{scale}/archive", "processes": workers}
        runs[f"{FOLDER}, {workers} workers"] = _filled(order, {}, None)
    return runs


def _lay_down(options: argparse.Namespace, count: int, scale: Path) -> None:
    _say(f"{count:,}: files")
    shutil.rmtree(scale, ignore_errors=True)
    scale.mkdir(parents=True)
    order = {
        "archives": [str(path) for path in options.archives],
        "work": str(scale),
        "articles": count,
        "queries": options.queries,
        "seed": options.seed,
    }
    stages.python("scale_archive.py", json.dumps(order))


def _filled(
    order: dict[str, Any], settings: dict[str, int], cluster: Cluster | None
) -> dict[str, float]:
    """An index made by `cluster_fill.py`, and the CPU time of the servers meanwhile."""
    before = cluster.cpu_seconds() if cluster else 0.0
    run: dict[str, float] = stages.python(
        "cluster_fill.py", json.dumps({**order, "settings": settings})
    )
    run["server_cpu_seconds"] = cluster.cpu_seconds() - before if cluster else 0.0
    return run


class _Timed(NamedTuple):
    ms: float
    cpu_ms: float
    requests: int
    answer: Results


def _searched(
    locations: tuple[str, IndexUrl], queries: Sequence[str], rounds: int, cluster: Cluster
) -> dict[str, Any]:
    """Both indexes are asked by turns; of the cluster's the servers' CPU time besides."""
    with (
        _counted_requests() as requests,
        heatseek.open_index(locations[0]) as folder,
        heatseek.open_index(locations[1]) as other,
    ):
        for query in queries[:WARM_UP]:
            folder.search(query)
            other.search(query)
        rows: dict[str, list[list[_Timed]]] = {"folder": [], "cluster": []}
        for query in queries[WARM_UP:]:
            for name, index in (("folder", folder), ("cluster", other)):
                rows[name].append([_timed(index, query, requests) for _ in range(rounds)])
        pairs = zip(rows["folder"], rows["cluster"], strict=True)
        different = [one[0].answer.query for one, two in pairs if not _is_same(one[0], two[0])]
        before = cluster.cpu_seconds()
        for query in queries[WARM_UP:]:
            other.search(query)
        spent = cluster.cpu_seconds() - before
    return {
        **{name: _summary(of) for name, of in rows.items()},
        "server_cpu_ms": 1e3 * spent / len(queries[WARM_UP:]),
        "different": different,
    }


@contextmanager
def _counted_requests() -> Iterator[list[str]]:
    """The targets of the requests that are made meanwhile."""
    made: list[str] = []
    exchange = HttpClient.exchange

    def counted(client: HttpClient, *args: Any) -> Any:
        made.append(args[2])
        return exchange(client, *args)

    HttpClient.exchange = counted  # type: ignore[method-assign] # to watch it
    try:
        yield made
    finally:
        HttpClient.exchange = exchange  # type: ignore[method-assign]


def _timed(index: Index, query: str, requests: list[str]) -> _Timed:
    before, started, cpu = len(requests), time.perf_counter(), time.process_time()
    answer = index.search(query)
    cpu, spent = time.process_time() - cpu, time.perf_counter() - started
    return _Timed(1e3 * spent, 1e3 * cpu, len(requests) - before, answer)


def _is_same(one: _Timed, other: _Timed) -> bool:
    first, second = one.answer, other.answer
    hits = zip(first.hits, second.hits, strict=False)
    return (first.total, first.total_some, len(first)) == (
        *(second.total, second.total_some, len(second)),
    ) and all(
        a.article.id == b.article.id and math.isclose(a.score, b.score, rel_tol=_TOLERANCE)
        for a, b in hits
    )


def _summary(rows: Sequence[Sequence[_Timed]]) -> dict[str, float]:
    """Of each query the median over the rounds; requests of the first round apart."""
    times = sorted(median(each.ms for each in row) for row in rows)
    cpus = sorted(median(each.cpu_ms for each in row) for row in rows)
    first = sorted(row[0].ms for row in rows)
    return {
        "p50": median(times),
        "p95": times[int(0.95 * len(times))],
        "first_p50": median(first),
        "first_p95": first[int(0.95 * len(first))],
        "cpu_p50": median(cpus),
        "requests": sum(row[-1].requests for row in rows) / len(rows),
        "first_requests": sum(row[0].requests for row in rows) / len(rows),
        "most_requests": max(each.requests for row in rows for each in row),
    }


def _show(count: int, report: dict[str, Any]) -> None:
    print(f"\n{count:,} articles\n")
    print(f"{'rebuild':32}{'s':>8}{'CPU ms':>10}{'server':>10}{'MB':>8}{'peak MB':>9}")
    for name, run in report["fill"].items():
        each = 1e3 / run["documents"]
        print(
            f"{name:32}{run['seconds']:8.1f}{run['cpu_seconds'] * each:10.2f}"
            f"{run['server_cpu_seconds'] * each:10.2f}{run['bytes'] / 1e6:8.1f}"
            f"{run['memory_mb']:9.0f}"
        )
    print("(CPU of client and servers for each article)\n")
    print(
        f"{'warm top ten, ms':32}{'p50':>8}{'p95':>8}{'first':>8}{'p95':>8}{'CPU':>8}{'server':>8}"
        f"{'requests':>10}{'first':>8}{'most':>6}"
    )
    for name, found in report["search"].items():
        for kind in ("folder", "cluster"):
            of = found[kind]
            server = f"{found['server_cpu_ms']:8.2f}" if kind == "cluster" else f"{'':8}"
            print(
                f"{FOLDER if kind == 'folder' else name:32}{of['p50']:8.2f}{of['p95']:8.2f}"
                f"{of['first_p50']:8.2f}{of['first_p95']:8.2f}{of['cpu_p50']:8.2f}{server}"
                f"{of['requests']:10.2f}{of['first_requests']:8.2f}{of['most_requests']:6}"
            )
        if found["different"]:
            print(f"NOT THE SAME ANSWERS: {found['different'][:5]}")


def _options() -> argparse.Namespace:
    numbers = dict[str, Any](type=lambda text: [int(each) for each in text.split(",")])
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE")
    parser.add_argument("--url", required=True, metavar="URL,URL", help="of the nodes")
    parser.add_argument("--articles", **numbers, default=[10_000], metavar="N,N", help="scales")
    parser.add_argument("--shards", **numbers, default=[1, 2, 3], metavar="N,N")
    parser.add_argument("--workers", **numbers, default=[1, 2, 4], metavar="N,N")
    parser.add_argument("--queries", type=int, default=200, help="warm queries (200)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked (3)")
    parser.add_argument("--seed", type=int, default=2023, help="of queries and variations")
    parser.add_argument("--work", metavar="DIR", help="keep everything here (default: temporary)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
