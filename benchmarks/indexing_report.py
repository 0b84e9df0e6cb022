"""What `indexing.py` measured, as tables of plain text, and beside the bars."""

from __future__ import annotations

from statistics import fmean
from typing import Any

import indexers

_MB = 1e6


def commands_table(commands: dict[str, Any]) -> str:
    """A row for each command."""
    rows = [("", "s", "CPU, s", "peak MB", "processes", "runs", "times rebuild")]
    rebuild = commands[indexers.REBUILD]["seconds"]
    for name, run in commands.items():
        rows.append(
            (
                name,
                f"{run['seconds']:.2f}",
                f"{run['cpu_seconds']:.2f}",
                f"{run['memory_mb']:.0f}" if run["memory_mb"] else "",
                f"{run['processes']:.0f}",
                str(run["runs"]),
                f"{run['seconds'] / rebuild:.2f}",
            )
        )
    return _aligned(rows)


def updates_table(many: dict[str, Any]) -> str:
    """A row for each look at the index, then how fast it answers."""
    rows = [("updates", "segments", "files", "MB", "open files", "memory MB", "slowest, s")]
    rows += [
        (
            f"{look['updates']:,}",
            str(look["segments"]),
            str(look["files"]),
            f"{look['bytes'] / _MB:.1f}",
            str(look["open_files"]),
            f"{look['memory_mb']:.0f}",
            f"{look['slowest_s']:.2f}",
        )
        for look in many["looks"]
    ]
    warm, fresh = map(fmean, many["warm"]["ms"])
    one_shot, fresh_one_shot = many["one_shot"]
    same = "the same" if many["warm"]["equal"] else "NOT the same"
    return (
        f"{_aligned(rows)}\n\n"
        f"a fresh index: {many['fresh_bytes'] / _MB:.1f} MB; answers are {same}\n"
        f"warm query, mean: {warm:.2f} ms, fresh {fresh:.2f} ms: {warm / fresh:.2f} times\n"
        f"one-shot, median: {one_shot:.0f} ms, fresh {fresh_one_shot:.0f} ms:"
        f" {one_shot / fresh_one_shot:.2f} times"
    )


def bars(report: dict[str, Any]) -> str:
    """Each bar, what was measured, and whether it is reached."""
    runs = {name: run["seconds"] for name, run in report["commands"].items()}
    rebuild = runs[indexers.REBUILD]
    floor = runs[indexers.READING] + runs[indexers.BARE] / 2
    told = [
        ("rebuild, peak MB", report["commands"][indexers.REBUILD]["memory_mb"], "<=", 400.0),
        ("rebuild / (reading + half of bare Whoosh)", rebuild / floor, "<=", 1.3),
        ("update, nothing changed, s", runs["update, nothing changed"], "<=", 0.3),
        ("update, ten changed, s", runs["update, ten changed"], "<=", 1.0),
    ]
    others = [other for other in (indexers.WHOOSH, indexers.RECOLL) if other in runs]
    told += [(f"{other} / rebuild", runs[other] / rebuild, ">=", 25.0) for other in others]
    if "many" in report:
        warm, fresh = map(fmean, report["many"]["warm"]["ms"])
        told.append(("warm query after updates / fresh", warm / fresh, "<=", 1.3))
        one_shot, fresh = report["many"]["one_shot"]
        told.append(("one-shot after updates / fresh", one_shot / fresh, "<=", 1.3))
    rows = [("", "measured", "bar", "")]
    for name, value, sign, bar in told:
        reached = value <= bar if sign == "<=" else value >= bar
        rows.append((name, f"{value:.2f}", f"{sign} {bar:g}", "yes" if reached else "NO"))
    return _aligned(rows)


def _aligned(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            [
                f"{row[0]:<{widths[0]}}",
                *(f"{c:>{w}}" for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in rows
    )
