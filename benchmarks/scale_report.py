"""The table of `scale.py`: a column for each scale, and how much it grew since the first."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = {"heatseek_": "heatseek", "fts5": "SQLite FTS5", "tantivy_": "tantivy"}


def table(report: dict[str, Any]) -> str:
    """As Markdown."""
    scales = list(report["scales"].values())
    rows = [dict(_rows(scale)) for scale in scales]
    head = ["", *(f"{scale['articles']:,}" for scale in scales)]
    lines = [head, ["---", *("---:" for _ in scales)]]
    lines += ([name, *(row.get(name, "") for row in rows)] for name in rows[0])
    load = ", ".join(f"{each:.1f}" for each in (report["load_before"][0], report["load_after"][0]))
    text = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{text}\n\nload average before and after: {load}\n"


def _rows(scale: dict[str, Any]) -> Iterator[tuple[str, str]]:
    count = scale["articles"]
    if run := scale.get("rebuild"):
        yield "rebuild, CPU ms an article", f"{1e3 * run['cpu_seconds'] / count:.3f}"
        yield "rebuild, peak MB of all processes", f"{run['memory_mb']:.0f}"
    yield "index, MB", f"{scale['bytes'] / 1e6:.0f}"
    for key, name in (("nothing", "update, nothing changed"), ("ten", "update, ten files edited")):
        run = scale[key]
        yield f"{name}, s", f"{run['seconds']:.2f} (CPU {run['cpu_seconds']:.2f})"
    for key, times in scale["warm"].items():
        name = _NAMES[key]
        yield f"warm p50 / p95, ms: {name}", f"{times['p50']:.2f} / {times['p95']:.2f}"
        yield f"asked first, mean, ms: {name}", f"{times['first_mean']:.2f}"
        yield f"peak MB of that process: {name}", f"{times['rss_mb']:.0f}"
    for query, runs in scale["one_shot"].items():
        for key in ("heatseek_", "fts5", "tantivy_"):
            if taken := runs.get(key):
                time = median(run["cpu_ms"] for run in taken)
                peak = max(run["rss_mb"] for run in taken)
                yield (
                    f'one-shot "{query}", CPU ms, peak MB: {_NAMES[key]}',
                    f"{time:.0f}, {peak:.0f}",
                )
    for name, runs in scale["commands"].items():
        time, peak = runs[-1]["cpu_ms"] / 1e3, runs[-1]["rss_mb"]
        failed = "" if runs[-1]["status"] in (0, 1) else " FAILED"
        yield f"process: {name}, CPU s, peak MB", f"{time:.2f}, {peak:.0f}{failed}"
    for name, times in scale["requests"].items():
        if len(times) == 1:
            yield f"{name}, s", str(times[0])
        else:
            yield f"{name}, CPU s, first and again", f"{times[0]:.3f} / {times[1]:.3f}"
