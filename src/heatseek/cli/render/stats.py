"""An index's contents, for people and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.console import cell, printed, table
from heatseek.cli.render.escapes import one_line
from heatseek.cli.render.wrapping import cut
from heatseek.wire import VERSION, dump, timestamp

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from rich.text import Text

    from heatseek import Differences, Generation
    from heatseek.cli.contents import Contents, Dates, Numbers
    from heatseek.cli.render.escapes import Style
    from heatseek.wire.archive import (
        DifferencesDocument,
        NumbersDocument,
        StatsDocument,
        UsedLabelDocument,
    )

MOST = 8
"""Labels shown of each kind; JSON has all."""
_LABEL = 40
"""Columns of a topic or provider."""


class Archive(NamedTuple):
    """The folder that the index was built from, as it is now."""

    path: str
    """As a person would type it."""
    differences: Differences | None
    trouble: str | None = None
    """The reason why there are none."""


class Stats(NamedTuple):
    """An index, its archive, and the present."""

    contents: Contents
    generation: Generation
    place: str
    """The folder of the index, as a person would type it."""
    archive: Archive
    now: datetime


def render_json(stats: Stats) -> str:
    """Everything, as one document; the archive's path is the absolute one."""
    contents, generation = stats.contents, stats.generation
    dates = contents.dates
    document: StatsDocument = {
        "version": VERSION,
        "articles": contents.articles,
        "related": contents.related,
        "published": {
            "true": contents.published[True],
            "false": contents.published[False],
            "unknown": contents.published[None],
        },
        "topics": _counts(contents.topics),
        "providers": _counts(contents.providers),
        "categories": _counts(contents.categories),
        "types": _counts(contents.types),
        "dates": {
            "first": timestamp(dates.first),
            "last": timestamp(dates.last),
            "known": dates.known,
            "unknown": dates.unknown,
        },
        "quality": _figures(contents.quality),
        "heat": _figures(contents.heat),
        "index": {
            "path": stats.place,
            "bytes": generation.bytes,
            "generation": generation.number,
            "created_at": timestamp(generation.created_at),
            "language": {
                "stemmer": generation.language.stemmer,
                "stopwords": generation.language.stopwords,
            },
        },
        "archive": {
            "path": generation.archive,
            "differences": _differences(stats.archive.differences),
            "trouble": stats.archive.trouble,
        },
    }
    return dump(document, indent=2)


def _labels(contents: Contents) -> Iterator[tuple[str, Counter[str]]]:
    yield "topics", contents.topics
    yield "providers", contents.providers
    yield "categories", contents.categories
    yield "types", contents.types


def _counts(counter: Counter[str]) -> list[UsedLabelDocument]:
    return [{"value": name or None, "count": count} for name, count in _ordered(counter)]


def _differences(differences: Differences | None) -> DifferencesDocument | None:
    if differences is None:
        return None
    return {
        "new": differences.new,
        "changed": differences.changed,
        "gone": differences.gone,
    }


def _ordered(counter: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first, and those without a name last."""
    return sorted(counter.items(), key=lambda item: (not item[0], -item[1], item[0]))


def _figures(numbers: Numbers) -> NumbersDocument:
    return {
        "lowest": numbers.lowest,
        "median": numbers.median,
        "highest": numbers.highest,
        "known": numbers.known,
        "unknown": numbers.unknown,
    }


def render_text(stats: Stats, style: Style, *, size: Callable[[int], str]) -> str:
    """A row for each part.

    Args:
        stats: the index, its archive, and the present.
        style: the width and what the terminal can do.
        size: bytes as people say them.
    """
    contents = stats.contents
    rows = table("", "", fold=[1])
    rows.add_row(_name("articles"), cell(f"{contents.articles:,}{_states(contents)}"))
    rows.add_row(_name("related"), cell(f"{contents.related:,}"))
    for name, counter in _labels(contents):
        rows.add_row(_name(name), cell(_most_frequent(counter, style)))
    rows.add_row(_name("dates"), cell(_dates(contents.dates)))
    rows.add_row(_name("quality"), cell(_numbers(contents.quality)))
    rows.add_row(_name("heat"), cell(_numbers(contents.heat)))
    rows.add_row(_name("language"), cell(str(stats.generation.language)))
    rows.add_row(_name("index"), cell(_index(stats, size)))
    rows.add_row(_name("archive"), cell(_archive(stats.archive)))
    return printed(rows, style)


def _name(text: str) -> Text:
    return cell(text, "bold")


def _states(contents: Contents) -> str:
    counts = contents.published
    parts = [
        f"{counts[state]:,} {word}"
        for state, word in ((True, "published"), (False, "unpublished"), (None, "not said"))
        if counts[state]
    ]
    return f" ({', '.join(parts)})" if len(parts) > 1 else ""


def _most_frequent(counter: Counter[str], style: Style) -> str:
    """The number of labels, and the most frequent ones."""
    named = [(name, count) for name, count in _ordered(counter) if name]
    if not named:
        return "none"
    top = [
        f"{cut(one_line(name), _LABEL, style.glyphs.ellipsis)} {count:,}"
        for name, count in named[:MOST]
    ]
    without = [f"none {counter['']:,}"] if counter[""] else []
    return f"{len(named):,}: {', '.join([*top, *without])}"


def _dates(dates: Dates) -> str:
    if dates.first is None or dates.last is None:
        return "none"
    # strftime does not fill up years to four digits everywhere.
    return f"{dates.first.date()} to {dates.last.date()}{_without(dates.unknown)}"


def _numbers(numbers: Numbers) -> str:
    if not numbers.known:
        return "none"
    spread = f"{numbers.lowest:,} to {numbers.highest:,}, median {numbers.median:,}"
    return f"{spread}{_without(numbers.unknown)}"


def _without(unknown: int) -> str:
    return f"; {unknown:,} without" if unknown else ""


def _index(stats: Stats, size: Callable[[int], str]) -> str:
    generation = stats.generation
    passed = age((stats.now - generation.created_at).total_seconds())
    made = f"{generation.created_at:%Y-%m-%d %H:%M} UTC"
    return (
        f"{stats.place}: {size(generation.bytes)}, generation {generation.number},"
        f" made {made} ({passed})"
    )


def age(seconds: float) -> str:
    """A time that has passed, in words."""
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count = int(seconds // unit)
        if count >= 1:
            return f"{count:,} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def _archive(archive: Archive) -> str:
    return f"{archive.path}: {changes(archive)}"


def changes(archive: Archive) -> str:
    """How far it has gone on since it was indexed, in words."""
    differences = archive.differences
    if archive.trouble or differences is None:
        return archive.trouble or "not known"
    if not differences.total:
        return "nothing changed since"
    parts = (f"{count:,} {state}" for state, count in differences._asdict().items() if count)
    return f"{', '.join(parts)} since: heatseek update"
