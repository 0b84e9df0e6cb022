"""The settings with their sources, as a table for people and as JSON (docs/json.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from heatseek.cli.render.console import cell, printed, table
from heatseek.cli.render.facets import quoted
from heatseek.cli.terminal import display_path
from heatseek.config import IndexUrl
from heatseek.wire import VERSION, dump

if TYPE_CHECKING:
    from heatseek.cli.render.escapes import Style
    from heatseek.config import Config, SavedSearch
    from heatseek.config.places import Location
    from heatseek.ranking import Boosts
    from heatseek.wire.programs import SettingsDocument

_MIN_VALUE = 20
"""Columns that a long value gets at least; else its source stands on a line of its own."""


def render_json(settings: Config) -> str:
    """Every setting by its flat name, as `{"value": ..., "source": ...}`."""
    document: SettingsDocument = {
        "version": VERSION,
        "settings": {
            name: {"value": value, "source": settings.sources[name]}
            for name, value in _values(settings)
        },
    }
    return dump(document, indent=2)


def render_text(settings: Config, style: Style) -> str:
    """Three columns: name, value, source; on narrow terminals the source below the value."""
    rows = [
        (cell(name, "bold"), cell(_typed(name, value, settings) or style.glyphs.dash), source)
        for name, value in _values(settings)
        for source in [cell(settings.sources[name], "dim")]
    ]
    names, values, sources = (
        max(part.cell_len for part in column) for column in zip(*rows, strict=True)
    )
    beside = style.width - names - sources - 4 >= min(values, _MIN_VALUE)
    lines = table("", "", "", fold=[1]) if beside else table("", "", fold=[1])
    for name, value, source in rows:
        lines.add_row(*((name, value, source) if beside else (name, value.append("\n") + source)))
    return printed(lines, style)


def _values(settings: Config) -> Iterator[tuple[str, Any]]:
    """The settings as plain values, those of the open tables in the order of the file."""
    yield "file", None if settings.file is None else str(settings.file)
    yield "archive", str(settings.archive)
    yield (
        "index",
        settings.index.shown if isinstance(settings.index, IndexUrl) else str(settings.index),
    )
    yield from ((f"engine.{name}", value) for name, value in settings.engine.items())
    if settings.time_zone:
        yield "time_zone", settings.time_zone
    yield "limit", settings.limit
    yield "rank", settings.rank
    yield "update", settings.update
    yield from ((f"boost.{name}", value) for name, value in asdict(settings.boosts).items())
    if settings.semantic:
        yield f"semantic.{'model' if settings.semantic.model else 'kind'}", str(settings.semantic)
        yield "semantic.meaning", settings.meaning
    yield from ((f"language.{name}", v) for name, v in settings.language._asdict().items())
    yield from ((f"presets.{name}", asdict(v)) for name, v in settings.presets.items())
    yield from ((f"searches.{name}", _search(v)) for name, v in settings.searches.items())
    yield from ((f"synonyms.{name}", list(v)) for name, v in settings.synonyms.items())
    yield from ((f"keys.{name}", list(v)) for name, v in settings.keys.items())
    yield from (
        (f"fields.{name}", {"kind": v.kind, "facet": v.facet})
        for name, v in settings.fields.items()
    )


def _search(saved: SavedSearch) -> dict[str, Any]:
    """The settings of a saved search."""
    known = {k: v for k, v in saved._asdict().items() if v not in (None, (), "")}
    return known | ({"boost": dict(saved.boost)} if saved.boost else {})


def _typed(name: str, value: Any, settings: Config) -> str:
    """A value as a person would type it."""
    table, _, key = name.partition(".")
    match table:
        case "file" | "archive" | "index":
            path: Location | None = getattr(settings, table)
            return "" if path is None else display_path(path)
        case "presets":
            return _weights(settings.presets[key])
        case "searches":
            return _line(value)
        case "synonyms" | "keys":
            return ", ".join(value)
        case "fields":
            return f"{value['kind']}, facet" if value["facet"] else str(value["kind"])
        case _:
            return _plain(value)


def _weights(boosts: Boosts) -> str:
    return ", ".join(f"{name}={value:g}" for name, value in asdict(boosts).items())


def as_typed(saved: SavedSearch) -> str:
    """A saved search as the command line that it stands for, but for the quotes of its query."""
    return _line(_search(saved))


def _line(saved: dict[str, Any]) -> str:
    parts = [saved.get("query", "")]
    for name, value in saved.items():
        if name == "boost":
            parts.append(
                "--boost " + ",".join(f"{key}={weight:g}" for key, weight in value.items())
            )
        elif isinstance(value, bool):
            parts.append(_FLAGS[name, value])
        elif name != "query":
            many = value if isinstance(value, tuple) else (value,)
            parts += [f"--{name} {quoted(str(one))}" for one in many]
    return " ".join(part for part in parts if part)


_FLAGS = {
    ("published", True): "--published",
    ("published", False): "--unpublished",
    ("related", True): "--related",
    ("related", False): "--no-related",
    ("any", True): "--any",
    ("any", False): "--all",
}


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
