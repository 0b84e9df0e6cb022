"""The examples of `cases/query_language.toml`, and how their trees are written."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from heatseek.query import tree
from heatseek.query.tree import (
    All,
    Any,
    Boosted,
    Everything,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Phrase,
    Prefix,
    Query,
    Range,
    Synonyms,
    Wildcard,
    Words,
)
from heatseek.schema import PRESENCE

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NOW = datetime(2023, 3, 15, 12, 30, tzinfo=UTC)
"""A Wednesday; the present in all examples."""
DATA = Path(__file__).parent / "cases" / "query_language.toml"


class Example(NamedTuple):
    section: str
    text: str
    tree: str
    means: str


def examples() -> list[Example]:
    sections = tomllib.loads(DATA.read_text(encoding="utf-8"))["section"]
    return [Example(part["title"], **case) for part in sections for case in part["example"]]


class Mistake(NamedTuple):
    text: str
    message: str


def mistakes() -> list[Mistake]:
    found = tomllib.loads(DATA.read_text(encoding="utf-8"))["mistake"]
    return [Mistake(**case) for case in found]


def written(query: Query) -> str:
    """The tree in the compact form that the data file explains."""
    match query:
        case Words(children) | All(children) | Any(children):
            parts = ", ".join(written(child) for child in children)
            return f"{type(query).__name__.lower()}({parts})"
        case Not(child):
            return f"not({written(child)})"
        case Boosted(child, weight):
            return f"{written(child)}^{weight:g}"
        case Range() | tree.Path():
            return f"path:{query.text}" if isinstance(query, tree.Path) else _range(query)
        case Everything():
            return "everything"
    return f"{query.field}:{_leaf(query)}" if query.field else _leaf(query)


def _range(asked: Range) -> str:
    match asked:
        case Range("published" | "related" as field, low):
            states = {"published": ("unpublished", "published"), "related": ("article", "related")}
            return f"is:{states[field][low or 0]}"
        case Range(field) if field in PRESENCE:
            return f"has:{field}"
    first, last = (_value(asked.field, value) for value in (asked.low, asked.high))
    return f"{asked.field}:[{first}, {last}]"


def _leaf(leaf: Leaf) -> str:  # noqa: PLR0911 - one for each kind of leaf
    match leaf:
        case Phrase(text):
            return f'"{text}"'
        case Near(text, slop):
            return f'"{text}"~{slop}'
        case Prefix(text):
            return f"{text}*"
        case Wildcard(text):
            return f"form({text})"
        case Fuzzy(text, distance):
            return f"{text}~{distance}"
        case Synonyms(texts):
            return f"synonyms({', '.join(texts)})"
    return leaf.text


def _value(field: str, value: int | None) -> str:
    if value is None:
        return "*"
    return (
        f"{EPOCH + timedelta(seconds=value):%Y-%m-%dT%H:%M:%S}" if field == "date" else str(value)
    )


def table(section: str) -> str:
    """One section as the Markdown table that the documentation shows."""
    rows = [
        f"| {_code(case.text)} | {case.means} | {_code(case.tree)} |"
        for case in examples()
        if case.section == section
    ]
    return "\n".join(("| typed | means | tree |", "|---|---|---|", *rows))


def mistakes_table() -> str:
    rows = [f"| {_code(case.text)} | {case.message} |" for case in mistakes()]
    return "\n".join(("| typed | said |", "|---|---|", *rows))


def _code(text: str) -> str:
    shown = text.strip().replace("|", "\\|").replace("\n", "⏎").replace("\t", "⇥")
    return f"`{shown}`" if shown else "(nothing)"
