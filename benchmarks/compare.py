"""heatseek beside stock Whoosh, SQLite FTS5 and tantivy, on the same articles, in one run.

    python benchmarks/compare.py path/to/archive.tar.xz another/folder --articles all,10000

`benchmarks/README.md` says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import contenders
import stages
from queries import WARM_UP
from report import scale_table
from warm import warmed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contenders import Entry

ONE_SHOT_QUERIES = ("climate AI", "machine learning")
"""The first is the one of the README; in few archives does an article have both its words."""


def main() -> None:
    """Measure every scale, print a table for each, and write all figures if asked to."""
    options = _options()
    entries, missing = contenders.available()
    for entry in missing:
        _say(f"{entry.package} is not installed: no column for {entry.title}")
    work = Path(options.work or tempfile.mkdtemp(prefix="heatseek-benchmark-")).resolve()
    work.mkdir(parents=True, exist_ok=True)
    if any(work.iterdir()):
        raise SystemExit(f"{options.work}: give an empty or new folder")
    try:
        report = _compared(options, entries, work)
    finally:
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def _compared(options: argparse.Namespace, entries: Sequence[Entry], work: Path) -> dict[str, Any]:
    report: dict[str, Any] = {"machine": _machine(), "load_before": os.getloadavg()}
    _say("reading the archives")
    report["prepared"] = stages.prepared(
        work=str(work),
        archives=[str(path) for path in options.archives],
        scales=options.articles,
        queries=options.queries,
        seed=options.seed,
    )
    _print_head(report, options)
    report["scales"] = {}
    for scale, count in report["prepared"]["scales"].items():
        measured = _measured(options, entries, work / scale)
        report["scales"][scale] = measured
        print(f"\n{count:,} articles{' (as they are)' if scale == 'all' else ''}\n")
        print(scale_table(entries, measured), flush=True)
    report["load_after"] = os.getloadavg()
    print(f"\nload average before {report['load_before'][0]:.2f}, after {os.getloadavg()[0]:.2f}")
    return report


def _measured(options: argparse.Namespace, entries: Sequence[Entry], scale: Path) -> dict[str, Any]:
    queries = json.loads((scale / "queries.json").read_text())
    _say(f"{scale.name}: building")
    built = stages.built(entries, scale)
    _say(f"{scale.name}: heatseek rebuild")
    rebuilt = stages.rebuilt(scale)
    _say(f"{scale.name}: warm queries")
    warm, by_turns = (
        warmed(entries, scale, queries, WARM_UP, options.rounds, by_turns=by_turns)
        for by_turns in (False, True)
    )
    _say(f"{scale.name}: one-shot processes")
    one_shot = {
        query: stages.one_shots(entries, scale, query, options.runs)
        for query in options.one_shot_query or ONE_SHOT_QUERIES
    }
    return {
        "built": built,
        "rebuilt": rebuilt,
        "warm": warm,
        "by_turns": by_turns,
        "one_shot": one_shot,
    }


def _print_head(report: dict[str, Any], options: argparse.Namespace) -> None:
    print(", ".join(f"{name} {value}" for name, value in report["machine"].items()))
    read = report["prepared"]
    print(
        f"read {read['articles']:,} articles in {read['seconds']:.1f} s, {read['skipped']} skipped;"
        f" {options.queries} queries, {options.rounds} rounds;"
        f" {options.runs} runs of each one-shot process"
    )


def _machine() -> dict[str, Any]:
    """What the figures depend on."""
    packages = {}
    for name in ("heatseek", "whoosh3", "tantivy", "PyStemmer"):
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            packages[name] = "missing"
    return {
        "Python": platform.python_version(),
        **packages,
        "SQLite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        "CPUs": os.cpu_count(),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "archives", nargs="+", type=Path, metavar="ARCHIVE", help="folder, .tar, .tar.xz, .tar.gz"
    )
    parser.add_argument(
        "--articles",
        type=_scales,
        default=["all"],
        metavar="N,N",
        help="scales: 'all' is the archives as they are; more than there are is made up by"
        " variations of them (default: all)",
    )
    parser.add_argument("--queries", type=int, default=200, help="warm queries (200)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked (3)")
    parser.add_argument("--runs", type=int, default=15, help="one-shot runs (15)")
    parser.add_argument(
        "--one-shot-query",
        action="append",
        metavar="TEXT",
        help=f"repeatable (default: {', '.join(ONE_SHOT_QUERIES)})",
    )
    parser.add_argument("--seed", type=int, default=2023, help="of queries and variations")
    parser.add_argument("--work", metavar="DIR", help="keep everything here (default: temporary)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


def _scales(text: str) -> list[str]:
    scales = list(dict.fromkeys(text.split(",")))
    if not all(scale == "all" or (scale.isdecimal() and int(scale)) for scale in scales):
        raise argparse.ArgumentTypeError(f"{text}: give numbers, or all")
    return scales


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
