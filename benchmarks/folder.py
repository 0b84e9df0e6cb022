"""Any folder of articles: how much of it is found, which keys are read, how fast, six queries.

    python benchmarks/folder.py path/to/folder --query "garbage collection"

`benchmarks/README.md` says what is measured and how to read it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import header_keys
import heatseek
import indexers
import stages
from heatseek.ingest.walk import SUFFIXES
from queries import draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MB = 1e6
_NO_ARTICLES = 3
"""Exit code of `heatseek rebuild` for an archive in which it finds nothing."""
_QUERIES, _WARM_RUNS = 6, 9
_SHOWN_KEYS = 40


def main() -> None:
    """Measure one folder, print it, and write all figures if asked to."""
    options = _options()
    archive = options.archive.resolve()
    files = sorted(_files(archive))
    if not files:
        raise SystemExit(f"{options.archive}: no {', '.join(SUFFIXES)} files in there")
    work = Path(tempfile.mkdtemp(prefix="heatseek-folder-"))
    try:
        report = _measured(options, archive, files, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"{options.archive.name}\n\n{_page(report)}")
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def _files(archive: Path) -> Iterator[Path]:
    """All that could be articles, none of them hidden."""
    for path in archive.rglob("*"):
        is_hidden = any(part.startswith(".") for part in path.relative_to(archive).parts)
        if path.suffix.lower() in SUFFIXES and not is_hidden and path.is_file():
            yield path


def _measured(
    options: argparse.Namespace, archive: Path, files: Sequence[Path], work: Path
) -> dict[str, Any]:
    size = sum(path.stat().st_size for path in files)
    runs, said = _indexed(archive, work, options.rounds)
    (work / "keys").mkdir()
    uses, unread = header_keys.uses(archive, files, work / "keys")
    report = {
        "files": len(files),
        "bytes": size,
        "said": said,
        "indexing": runs,
        "keys": [use._asdict() for use in uses],
        "files_with_unread_keys": unread,
    }
    return report | _searched(options, work / "index")


def _searched(options: argparse.Namespace, index: Path) -> dict[str, Any]:
    """What the index holds, and the answers to the queries."""
    try:
        opened = heatseek.open_index(index)
    except heatseek.IndexMissingError:  # as nothing in the folder is an article
        return {"articles": 0, "dated": 0, "queries": []}
    with opened:
        articles = [a for a in opened.articles() if a.kind is heatseek.Kind.ARTICLE]
        articles.sort(key=lambda article: article.id)
        queries = options.query or draw(articles, _QUERIES, options.seed)
        answers = [_answer(opened, query) for query in queries]
    dated = sum(article.published_at is not None for article in articles)
    _time_processes(answers, index, options.runs)
    return {"articles": len(articles), "dated": dated, "queries": answers}


def _indexed(archive: Path, work: Path, rounds: int) -> tuple[dict[str, Any], list[str]]:
    """The median run of each program, by turns; and the lines that heatseek printed."""
    commands = {indexers.REBUILD: indexers.heatseek("rebuild", archive, work / "index")}
    commands |= indexers.recoll(work, archive)
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    said: list[str] = []
    for _ in range(rounds):
        for name, command in commands.items():
            print(name, file=sys.stderr, flush=True)
            runs[name].append(indexers.watched(command, work, _NO_ARTICLES))
            if name == indexers.REBUILD:
                said = (work / "log").read_text(errors="replace").splitlines()
    figures = ("seconds", "cpu_seconds")
    medians = {
        name: {f: median(run[f] for run in of) for f in figures} for name, of in runs.items()
    }
    return medians, said


def _answer(index: heatseek.Index, query: str) -> dict[str, Any]:
    """The first hits of a query, and how long it takes an index that stays open."""
    seconds = []
    for _ in range(_WARM_RUNS):
        started = time.perf_counter()
        results = index.search(query)
        seconds.append(time.perf_counter() - started)
    hits = [{"title": hit.article.title, "id": hit.article.id} for hit in islice(results, 3)]
    return {"query": query, "total": results.total, "hits": hits, "warm_ms": 1e3 * median(seconds)}


def _time_processes(answers: Sequence[dict[str, Any]], index: Path, runs: int) -> None:
    """Add to each answer what the whole command `search` takes."""
    search = str(Path(sys.executable).parent / "search")
    commands = {
        answer["query"]: [search, answer["query"], "--json", "--index", str(index)]
        for answer in answers
    }
    measured = stages.alternated(commands, runs, index.parent)
    for answer in answers:
        answer["process_ms"] = median(run["ms"] for run in measured[answer["query"]])


def _page(report: dict[str, Any]) -> str:
    said = report["said"]
    lines = [
        f"{report['articles']:,} articles of {report['files']:,} files,"
        f" {report['bytes'] / _MB:.1f} MB; {report['dated']:,} have a date",
        f"heatseek prints {len(said):,} lines, the last: {said[-1]}",
        "",
        *_speed_lines(report["indexing"], report["bytes"] / _MB),
        f"load average: {os.getloadavg()[0]:.2f}",
    ]
    return "\n".join([*lines, "", *_key_lines(report), "", *_query_lines(report["queries"])])


def _speed_lines(runs: dict[str, Any], size: float) -> Iterator[str]:
    for name, run in runs.items():
        seconds, cpu = run["seconds"], run["cpu_seconds"]
        yield f"{name}: {size / seconds:.2f} MB/s; {size / cpu:.2f} MB per CPU second"
    if indexers.RECOLL in runs:
        ours, theirs = runs[indexers.REBUILD], runs[indexers.RECOLL]
        wall, cpu = (theirs[figure] / ours[figure] for figure in ("seconds", "cpu_seconds"))
        yield f"heatseek / recoll: {wall:.2f}; by CPU time {cpu:.2f}"


def _key_lines(report: dict[str, Any]) -> Iterator[str]:
    for title, is_read in (("keys read", True), ("keys that nobody reads", False)):
        uses = [use for use in report["keys"] if use["is_read"] is is_read]
        some = ", ".join(f"{use['name']} {use['files']:,}" for use in uses[:_SHOWN_KEYS])
        more = f" and {len(uses) - _SHOWN_KEYS} more" if len(uses) > _SHOWN_KEYS else ""
        yield f"{title} ({len(uses)}): {some or 'none'}{more}"
    yield f"files with keys that nobody reads: {report['files_with_unread_keys']:,}"


def _query_lines(answers: Sequence[dict[str, Any]]) -> Iterator[str]:
    for answer in answers:
        yield (
            f"{answer['query']}: {answer['total']:,} articles,"
            f" {answer['warm_ms']:.2f} ms open, {answer['process_ms']:.0f} ms as a process"
        )
        yield from (f"    {hit['title']}  ({hit['id']})" for hit in answer["hits"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("archive", type=Path, metavar="FOLDER")
    parser.add_argument(
        "--query", action="append", metavar="TEXT", help="repeatable (six of the archive's words)"
    )
    parser.add_argument("--rounds", type=int, default=1, help="of indexing, by turns (1)")
    parser.add_argument("--runs", type=int, default=7, help="processes of each query (7)")
    parser.add_argument("--seed", type=int, default=2023, help="of the queries")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
