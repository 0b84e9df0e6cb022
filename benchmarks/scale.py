"""heatseek at ten thousand, a hundred thousand and a million articles, in one run.

    python benchmarks/scale.py path/to/azure path/to/powerapps --articles 10000,100000,1000000

What grows faster than the archive is seen by the side of the first scale. `benchmarks/README.md`
says what is measured. It begins with the disk space and the time that it will need.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import contenders
import indexers
import scale_report
import stages
from edits import Editor
from queries import WARM_UP
from warm import warmed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contenders import Entry

CONTENDERS = ("heatseek_", "fts5", "tantivy_")
EDITED = 10
"""Files before an update."""
DISK = 9_500
"""Bytes for each article: its file, itself again for the others, three indexes, an update."""
SECONDS = 0.003
"""For each article, on a machine of two cores that nobody else uses."""
_SETTLED = 2.5
"""Seconds after which times of files settle what they are."""


def main() -> None:
    """Measure every scale and print a table."""
    options = _options()
    work = Path(options.work or tempfile.mkdtemp(prefix="heatseek-scale-")).resolve()
    work.mkdir(parents=True, exist_ok=True)
    _say_needs(options.articles, work)
    entries = [entry for entry in contenders.available()[0] if entry.key in CONTENDERS]
    report: dict[str, Any] = {"load_before": os.getloadavg(), "scales": {}}
    try:
        for count in options.articles:
            report["scales"][count] = _measured(options, entries, count, work / str(count))
            report["load_after"] = os.getloadavg()
            print(scale_report.table(report), flush=True)
    finally:
        if not options.work:
            shutil.rmtree(work, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def _say_needs(counts: Sequence[int], work: Path) -> None:
    """Tell what it will take, and stop where there is no room for it."""
    articles = sum(counts)
    needed, free = DISK * articles, shutil.disk_usage(work).free
    _say(
        f"{articles:,} articles: {needed / 1e9:.1f} GB of disk in {work}, {free / 1e9:.0f} GB free;"
        f" {SECONDS * articles / 60:.0f} minutes or more"
    )
    if needed > free:
        raise SystemExit("not enough room: give fewer articles, or another folder by --work")


def _measured(
    options: argparse.Namespace, entries: Sequence[Entry], count: int, scale: Path
) -> dict[str, Any]:
    if not (scale / "queries.json").exists():
        _lay_down(options, count, scale)
    archive, index = scale / "archive", scale / "index" / "heatseek"
    found: dict[str, Any] = {"articles": count}
    for entry in entries:
        if entry.key != "heatseek_":
            folder = contenders.folder_of(entry, scale)
            if not folder.exists():
                _say(f"{count:,}: {entry.title}")
                articles = str(scale / "articles.pickles")
                stages.python("build.py", entry.key, articles, str(folder))
    _say(f"{count:,}: rebuild")
    if not (options.keep and index.exists()):
        found["rebuild"] = indexers.watched(indexers.heatseek("rebuild", archive, index), scale)
    found["bytes"] = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    _say(f"{count:,}: updates")
    found["nothing"], found["ten"] = _updates(archive, index, scale, options.seed)
    _say(f"{count:,}: warm queries")
    queries = json.loads((scale / "queries.json").read_text())
    warm = warmed(entries, scale, queries, WARM_UP, options.rounds, by_turns=False)
    found["warm"] = {key: _times(rows) for key, rows in warm.items()}
    _say(f"{count:,}: one-shot processes")
    found["one_shot"] = {
        query: stages.one_shots(entries, scale, query, options.runs)["runs"]
        for query in options.one_shot_query or ("machine learning", "climate AI")
    }
    _say(f"{count:,}: requests of all kinds")
    found["commands"] = stages.alternated(_commands(scale / "archive", index), 2, scale)
    found["requests"] = stages.python("scale_requests.py", str(index))
    return found


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


def _commands(archive: Path, index: Path) -> dict[str, list[str]]:
    """Whole processes, each of which does something whose cost could grow."""
    search = [str(indexers.PROGRAMS / "search"), "--json", "--index", str(index)]
    first = next(iter(sorted(archive.rglob("*.md")))).relative_to(archive)
    return {
        "a frequent word": [*search, "microsoft"],
        "--similar": [*search, "--similar", str(first)],
        "--facet topic --facet provider": [
            *(*search, "microsoft", "--facet", "topic", "--facet", "provider"),
        ],
        "--sort date": [*search, "microsoft", "--sort", "date"],
        "--offset 10000": [*search, "microsoft", "--offset", "10000"],
        "--group story": [*search, "microsoft", "--group", "story"],
        "related:": [*search, f"related:{first}"],
        "a prefix": [*search, "micro*"],
        "a fuzzy word": [*search, "microsfot~2"],
        "a phrase": [*search, '"machine learning"'],
        "a phrase of frequent words": [*search, '"microsoft azure"'],
        "words that no article has together": [*search, "microsoft collaboration siphon"],
        "a misspelt word": [*search, "mircosfot"],
        "completion of a topic": [
            *(str(indexers.PROGRAMS / "heatseek"), "__complete", "topic", "", "search"),
            *("--index", str(index)),
        ],
    }


def _updates(archive: Path, index: Path, scale: Path, seed: int) -> tuple[Any, Any]:
    """An update of nothing and one of ten edited files, once times are settled."""
    command = indexers.heatseek("update", archive, index)
    indexers.watched(command, scale)
    nothing = indexers.watched(command, scale)
    Editor(archive, seed).edit(EDITED)
    time.sleep(_SETTLED)
    return nothing, indexers.watched(command, scale)


def _times(rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Milliseconds of the queries of a contender; CPU time, as others may use the machine."""
    again = sorted(row["cpu_ms"] for row in rows)
    first = sorted(row["first_ms"] for row in rows)
    return {
        "p50": median(again),
        "p95": again[int(0.95 * len(again))],
        "mean": sum(again) / len(again),
        "first_mean": sum(first) / len(first),
        "first_p95": first[int(0.95 * len(first))],
        "rss_mb": rows[-1]["rss_mb"],
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archives", nargs="+", type=Path, metavar="ARCHIVE")
    parser.add_argument(
        "--articles",
        type=lambda text: [int(each) for each in text.split(",")],
        default=[10_000, 100_000, 1_000_000],
        metavar="N,N",
        help="scales (default: 10000,100000,1000000)",
    )
    parser.add_argument("--queries", type=int, default=200, help="warm queries (200)")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is asked (3)")
    parser.add_argument("--runs", type=int, default=9, help="one-shot runs (9)")
    parser.add_argument("--one-shot-query", action="append", metavar="TEXT", help="repeatable")
    parser.add_argument("--seed", type=int, default=2023, help="of queries and variations")
    parser.add_argument("--work", metavar="DIR", help="keep everything here (default: temporary)")
    parser.add_argument("--keep", action="store_true", help="measure no rebuild of an index there")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
