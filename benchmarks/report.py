"""What was measured, as a table of plain text."""

from __future__ import annotations

from statistics import fmean, median, quantiles
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from contenders import Entry

_FLOOR = "python -c pass"
_MB = 1e6
_OURS = "heatseek_"

Row = tuple[str, list[str]]


def scale_table(entries: Sequence[Entry], measured: dict[str, Any]) -> str:
    """All figures of one scale, a column for each contender, aligned."""
    titles = [entry.title for entry in entries] + ["bare Python"]
    rows = list(_rows([entry.key for entry in entries], measured))
    return _aligned([("", titles), *rows])


def _rows(keys: Sequence[str], measured: dict[str, Any]) -> Iterator[Row]:
    built, warm, by_turns = measured["built"], measured["warm"], measured["by_turns"]
    rebuilt = {_OURS: measured["rebuilt"]}
    columns = [*keys, _FLOOR]

    def row(name: str, of: dict[str, Any], value: Callable[[Any], str]) -> Row:
        return name, [value(of[key]) if key in of else "" for key in columns]

    yield row("index from memory, s", built, lambda b: f"{b['seconds']:.1f}")
    yield row("  CPU, s", built, lambda b: f"{b['cpu_seconds']:.1f}")
    yield row("index size, MB", built, lambda b: f"{b['bytes'] / _MB:.1f}")
    yield row("rebuild from files, s", rebuilt, lambda r: f"{r['ms'] / 1e3:.1f}")
    yield row("  CPU, s", rebuilt, lambda r: f"{r['cpu_ms'] / 1e3:.1f}")
    yield row("  peak memory, MB", rebuilt, lambda r: f"{r['rss_mb']:.0f}")
    for name, reduce in (("mean", fmean), ("median", median), ("p95", _p95)):
        yield row(f"warm query, {name}, ms", warm, _reduced("ms", reduce))
    yield row("  CPU, mean, ms", warm, _reduced("cpu_ms", fmean))
    yield row("  times heatseek, mean", warm, _relative(warm, "ms", fmean))
    yield row("  asked first, mean, ms", warm, _reduced("first_ms", fmean))
    yield row("    times heatseek", warm, _relative(warm, "first_ms", fmean))
    yield row("  by turns, mean, ms", by_turns, _reduced("ms", fmean))
    yield row("    times heatseek", by_turns, _relative(by_turns, "ms", fmean))
    yield row("  peak memory, MB", warm, _reduced("rss_mb", max, ".0f"))
    yield row("  matches, mean", warm, _reduced("total", fmean, ".1f"))
    for query, shots in measured["one_shot"].items():
        runs = shots["runs"]
        yield row(f'one-shot "{query}", ms', runs, _reduced("ms", median, ".1f"))
        yield row("  p95, ms", runs, _reduced("ms", _p95, ".1f"))
        yield row("  CPU, median, ms", runs, _reduced("cpu_ms", median, ".1f"))
        yield row("  times heatseek, median", runs, _relative(runs, "ms", median))
        yield row("  peak memory, MB", runs, _reduced("rss_mb", median, ".0f"))
        yield row("  matches", shots["totals"], str)


def _reduced(
    name: str, reduce: Callable[[list[float]], float], form: str = ".2f"
) -> Callable[[Any], str]:
    return lambda measured: format(reduce([each[name] for each in measured]), form)


def _relative(
    of: dict[str, Any], name: str, reduce: Callable[[list[float]], float]
) -> Callable[[Any], str]:
    ours = reduce([each[name] for each in of[_OURS]])
    return lambda measured: format(reduce([each[name] for each in measured]) / ours, ".2f")


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def _aligned(rows: list[Row]) -> str:
    widths = [max(map(len, column)) for column in zip(*(cells for _, cells in rows), strict=True)]
    first = max(len(name) for name, _ in rows)
    lines = []
    for name, cells in rows:
        padded = [f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True)]
        lines.append("  ".join([f"{name:<{first}}", *padded]).rstrip())
    return "\n".join(lines)
