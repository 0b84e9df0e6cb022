"""Indexing: heatseek beside recollindex and `whoosh index`, updates, and many updates.

    python benchmarks/indexing.py path/to/azure path/to/powerapps --updates 1000

`benchmarks/README.md` says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import indexers
import stages
from edits import Editor
from indexing_report import bars, commands_table, updates_table

_ONCE = (indexers.WHOOSH, indexers.RECOLL)
"""Commands that take so long that once is enough."""
_SETTLE = 3
"""Seconds until times of files tell whether they were changed; see `indexer.scanning`."""


def main() -> None:
    """Measure, print tables and what became of each bar, and write all figures if asked to."""
    options = _options()
    work = Path(options.work or tempfile.mkdtemp(prefix="heatseek-indexing-")).resolve()
    work.mkdir(parents=True, exist_ok=True)
    if any(work.iterdir()):
        raise SystemExit(f"{options.work}: give an empty or new folder")
    try:
        report = _measured(options, work)
    finally:
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def _measured(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    report: dict[str, Any] = {"load_before": os.getloadavg()}
    _say("reading the archives")
    archives = [str(path) for path in options.archives]
    stages.prepared(
        work=str(work),
        archives=archives,
        scales=["all"],
        queries=options.queries,
        seed=options.seed,
    )
    # Files of its own: some will be changed, and `whoosh index` puts its index among them.
    archive = Path(shutil.copytree(work / "source", work / "archive"))
    report["files"] = sum(path.is_file() for path in archive.rglob("*.md"))
    report["commands"] = _commands(options, work, archive)
    print(f"{report['files']:,} files, {options.processes} processes read\n")
    print(commands_table(report["commands"]), flush=True)
    if options.updates:
        report["many"] = _many_updates(options, work, archive)
        print(f"\n{options.updates:,} updates of {options.files} files each\n")
        print(updates_table(report["many"]), flush=True)
    print(f"\n{bars(report)}")
    report["load_after"] = os.getloadavg()
    print(f"\nload average before {report['load_before'][0]:.2f}, after {os.getloadavg()[0]:.2f}")
    return report


def _commands(options: argparse.Namespace, work: Path, archive: Path) -> dict[str, Any]:
    """Each command, by turns; the median run of each."""
    commands = indexers.whole_commands(work, archive, options.processes)
    runs: dict[str, list[dict[str, float]]] = {}
    for turn in range(options.rounds):
        for name, command in commands.items():
            if turn == 0 or name not in _ONCE:
                _say(name)
                runs.setdefault(name, []).append(indexers.watched(command, work))
                shutil.rmtree(archive / ".whoosh_index", ignore_errors=True)
        _say(indexers.BARE)
        runs.setdefault(indexers.BARE, []).append(_bare(work))
    update = indexers.heatseek("update", archive, work / "index")
    editor = Editor(archive, options.seed)
    indexers.watched(["/bin/sleep", str(_SETTLE)], work)
    indexers.watched(update, work)
    for turn in range(max(3, options.rounds)):
        _say(f"updates, {turn + 1}")
        for name, edited in (("update, nothing changed", 0), ("update, ten changed", 10)):
            editor.edit(edited)
            runs.setdefault(name, []).append(indexers.watched(update, work))
        indexers.watched(["/bin/sleep", str(_SETTLE)], work)
        indexers.watched(update, work)
    return {name: _median(of) for name, of in runs.items()}


def _median(runs: list[dict[str, float]]) -> dict[str, float]:
    """Of each figure; of memory the most."""
    figures = {name: median(run[name] for run in runs) for name in runs[0]}
    return figures | {"memory_mb": max(run["memory_mb"] for run in runs), "runs": len(runs)}


def _bare(work: Path) -> dict[str, float]:
    """Stock Whoosh, from articles in memory: its own time, without loading them."""
    folder = work / "bare"
    shutil.rmtree(folder, ignore_errors=True)
    articles = str(work / "all" / "articles.pickle")
    built = stages.python("build.py", "stock_whoosh", articles, str(folder))
    return {
        "seconds": built["seconds"],
        "cpu_seconds": built["cpu_seconds"],
        "memory_mb": 0,
        "processes": 1,
    }


def _many_updates(options: argparse.Namespace, work: Path, archive: Path) -> dict[str, Any]:
    """What becomes of the index, and how fast it answers beside a fresh one."""
    _say(f"{options.updates:,} updates")
    order = {
        "archive": str(archive),
        "index": str(work / "index"),
        "updates": options.updates,
        "files": options.files,
        "seed": options.seed + 1,
    }
    looks = stages.python("many_updates.py", json.dumps(order))
    indexers.watched(indexers.heatseek("rebuild", archive, work / "fresh"), work)
    indexes = [str(work / "index"), str(work / "fresh")]
    queries = json.loads((work / "all" / "queries.json").read_text())
    _say("searches")
    order = {"indexes": indexes, "queries": queries, "rounds": 5}
    return {
        "looks": looks,
        "warm": stages.python("side_by_side.py", stdin=json.dumps(order)),
        "one_shot": _one_shots(indexes, queries[0], work),
        "fresh_bytes": sum(p.stat().st_size for p in (work / "fresh").rglob("*") if p.is_file()),
    }


def _one_shots(indexes: list[str], query: str, work: Path) -> list[float]:
    search = str(Path(sys.executable).parent / "search")
    commands = {index: [search, query, "--json", "--index", index] for index in indexes}
    runs = stages.alternated(commands, 21, work)
    return [median(run["ms"] for run in runs[index]) for index in indexes]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "archives", nargs="+", type=Path, metavar="ARCHIVE", help="folder, .tar, .tar.xz, .tar.gz"
    )
    parser.add_argument("--rounds", type=int, default=3, help="runs; the median counts (3)")
    parser.add_argument("--processes", type=int, default=2, help="that read, for `alone` (2)")
    parser.add_argument("--updates", type=int, default=0, help="in a row (none)")
    parser.add_argument("--files", type=int, default=5, help="edited before each of them (5)")
    parser.add_argument("--queries", type=int, default=200, help="after them (200)")
    parser.add_argument("--seed", type=int, default=2023, help="of queries and edits")
    parser.add_argument("--work", metavar="DIR", help="keep everything here (default: temporary)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
