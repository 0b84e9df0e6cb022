"""What an index holds, for people and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.cli.overview import month
from heatseek.cli.render.escapes import TITLE, one_line
from heatseek.cli.render.wrapping import cut, filled, width
from heatseek.wire import VERSION, dump, timestamp

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from heatseek.cli.overview import Distribution, Overview
    from heatseek.cli.render.escapes import Style
    from heatseek.engines.base import Generation
    from heatseek.indexer.differences import Differences

MOST = 8
"""Labels shown of each kind; JSON has all."""
_NAMES = 12
"""Columns of what the lines begin with."""
_LABEL = 40
"""Columns of a topic or provider."""
BLOCKS, ASCII_BLOCKS = "▁▂▃▄▅▆▇█", ".:-=+*#@"
"""Columns of a plot by height; what can show the one may not be able to show the other."""


class Archive(NamedTuple):
    """The folder that the index was built from, as it is now."""

    shown: str
    """As a person would type it."""
    differences: Differences | None
    trouble: str | None = None
    """Why there are none."""


class Stats(NamedTuple):
    """All that is shown."""

    contents: Overview
    generation: Generation
    place: str
    """The folder of the index, as a person would type it."""
    archive: Archive
    now: datetime


def render_json(stats: Stats) -> str:
    """Everything, as one document; the archive's path is the absolute one."""
    contents, generation = stats.contents, stats.generation
    document = {
        "version": VERSION,
        "articles": contents.articles,
        "related": contents.related,
        "published": {
            "true": contents.published[True],
            "false": contents.published[False],
            "unknown": contents.published[None],
        },
        **{name: _counts(counter) for name, counter in _labels(contents)},
        "dates": {
            "first": timestamp(contents.first_date),
            "last": timestamp(contents.last_date),
            **_figures(contents.dates, _month_stamp),
        },
        "quality": _bounds(contents.quality) | _figures(contents.quality, int),
        "heat": _bounds(contents.heat) | _figures(contents.heat, int),
        "index": {
            "path": stats.place,
            "bytes": generation.bytes,
            "generation": generation.number,
            "created_at": timestamp(generation.created_at),
            "language": generation.language._asdict(),
        },
        "archive": {
            "path": generation.archive,
            "differences": stats.archive.differences and stats.archive.differences._asdict(),
            "trouble": stats.archive.trouble,
        },
    }
    return dump(document, indent=2)


def _labels(contents: Overview) -> Iterator[tuple[str, Counter[str]]]:
    yield "topics", contents.topics
    yield "providers", contents.providers
    yield "categories", contents.categories
    yield "types", contents.types


def _counts(counter: Counter[str]) -> list[dict[str, Any]]:
    return [{"name": name or None, "articles": count} for name, count in _ordered(counter)]


def _ordered(counter: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first, and those without a name last."""
    return sorted(counter.items(), key=lambda item: (not item[0], -item[1], item[0]))


def _bounds(found: Distribution) -> dict[str, Any]:
    if not found.known:
        return {"lowest": None, "median": None, "highest": None}
    return {"lowest": found.lowest, "median": found.median, "highest": found.highest}


def _figures(found: Distribution, edge: Callable[[int], Any]) -> dict[str, Any]:
    return {
        "known": found.known,
        "unknown": found.unknown,
        "columns": [
            {"from": edge(column.first), "to": edge(column.end), "articles": column.count}
            for column in found.columns
        ],
    }


def _month_stamp(number: int) -> str:
    return f"{month(number):%Y-%m-%d}"


def render_text(stats: Stats, style: Style, *, blocks: str, size: Callable[[int], str]) -> str:
    """A few lines for each part.

    Args:
        stats: what to show.
        style: the width and what the terminal can do.
        blocks: the signs that plots are made of.
        size: bytes as people say them.
    """
    contents = stats.contents
    lines = [
        *_row("articles", [f"{contents.articles:,}{_states(contents)}"], style),
        *_row("related", [f"{contents.related:,}"], style),
    ]
    for name, counter in _labels(contents):
        lines += _row(name, _listed(counter, style), style)
    lines += _row("dates", list(_dates(contents, style, blocks)), style)
    lines += _row("quality", list(_numbers(contents.quality, style, blocks)), style)
    lines += _row("heat", list(_numbers(contents.heat, style, blocks)), style)
    lines += _row("language", [str(stats.generation.language)], style)
    lines += _row("index", [_index(stats, size)], style)
    lines += _row("archive", [_archive(stats.archive)], style)
    return "".join(f"{line}\n" for line in lines)


def _row(name: str, cells: list[str], style: Style) -> Iterator[str]:
    room = style.width - _NAMES
    for place, text in enumerate(line for cell in cells for line in filled(cell, room)):
        head = name if place == 0 else ""
        yield style.paint(head, TITLE) + " " * (_NAMES - len(head)) + text


def _states(contents: Overview) -> str:
    counts = contents.published
    parts = [
        f"{counts[state]:,} {word}"
        for state, word in ((True, "published"), (False, "unpublished"), (None, "not said"))
        if counts[state]
    ]
    return f" ({', '.join(parts)})" if len(parts) > 1 else ""


def _listed(counter: Counter[str], style: Style) -> list[str]:
    """How many labels there are, and the most frequent ones."""
    named = [(name, count) for name, count in _ordered(counter) if name]
    if not named:
        return ["none"]
    top = [
        f"{cut(one_line(name), _LABEL, style.glyphs.ellipsis)} {count:,}"
        for name, count in named[:MOST]
    ]
    without = [f"none {counter['']:,}"] if counter[""] else []
    return [f"{len(named):,}: {', '.join([*top, *without])}"]


def _dates(contents: Overview, style: Style, blocks: str) -> Iterator[str]:
    found = contents.dates
    if contents.first_date is None or contents.last_date is None:
        yield "none"
        return
    span = f"{contents.first_date:%Y-%m-%d} to {contents.last_date:%Y-%m-%d}"
    yield f"{span}{_unknown(found)}"
    first, last = found.columns[0], found.columns[-1]
    months = first.end - first.first
    each = f"{months // 12} y" if months >= 12 and months % 12 == 0 else f"{months} months"
    each = {1: "1 month", 12: "1 year"}.get(months, each)
    # The ends of the axis are the first and the last month in it.
    beginning, end = f"{month(first.first):%Y-%m}", f"{month(last.end - 1):%Y-%m}"
    if found.lowest < first.first:
        beginning = f"until {month(first.end - 1):%Y-%m}"
    yield _plot(found, (beginning, f"{end}{_more(found)}"), each, style, blocks)


def _numbers(found: Distribution, style: Style, blocks: str) -> Iterator[str]:
    if not found.known:
        yield "none"
        return
    yield f"{found.lowest:,} to {found.highest:,}, median {found.median:,}{_unknown(found)}"
    first, last = found.columns[0], found.columns[-1]
    edges = f"{first.first:,}", f"{last.end - 1:,}{_more(found)}"
    yield _plot(found, edges, f"{first.end - first.first:,}", style, blocks)


def _more(found: Distribution) -> str:
    return "+" if found.highest >= found.columns[-1].end else ""


def _unknown(found: Distribution) -> str:
    return f"; {found.unknown:,} without" if found.unknown else ""


def _plot(found: Distribution, edges: tuple[str, str], each: str, style: Style, blocks: str) -> str:
    """One line: the axis in numbers around the columns, and what these stand for."""
    tallest = max(column.count for column in found.columns)
    # Nothing is less than a little.
    bars = "".join(
        blocks[(column.count * len(blocks) - 1) // tallest] if column.count else "_"
        for column in found.columns
    )
    told = f"a column is {each}, the highest {tallest:,}"
    whole = f"{edges[0]} {bars} {edges[1]}"
    room = style.width - _NAMES
    return f"{whole}  {told}" if width(whole) + 2 + len(told) <= room else f"{whole} ({told})"


def _index(stats: Stats, size: Callable[[int], str]) -> str:
    generation = stats.generation
    age = _age((stats.now - generation.created_at).total_seconds())
    made = f"{generation.created_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"{one_line(stats.place)}: {size(generation.bytes)}, generation {generation.number},"
        f" made {made} ({age})"
    )


def _age(seconds: float) -> str:
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count = int(seconds // unit)
        if count >= 1:
            return f"{count:,} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def _archive(archive: Archive) -> str:
    where = one_line(archive.shown)
    found = archive.differences
    if archive.trouble or found is None:
        return f"{where}: {one_line(archive.trouble or 'not known')}"
    if not found.total:
        return f"{where}: nothing changed since"
    parts = (f"{count:,} {what}" for what, count in found._asdict().items() if count)
    return f"{where}: {', '.join(parts)} since: heatseek update"
