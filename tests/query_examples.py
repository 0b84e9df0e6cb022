"""The examples of `cases/query_language.toml`, and how their trees are written."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

from heatseek.query.tree import All, Any, Everything, Not, Phrase, Prefix, Query, Term, Words

DATA = Path(__file__).parent / "cases" / "query_language.toml"


class Example(NamedTuple):
    section: str
    text: str
    tree: str
    means: str


def examples() -> list[Example]:
    sections = tomllib.loads(DATA.read_text(encoding="utf-8"))["section"]
    return [Example(part["title"], **case) for part in sections for case in part["example"]]


def written(query: Query) -> str:
    """The tree in the compact form that the data file explains."""
    match query:
        case Words(children) | All(children) | Any(children):
            parts = ", ".join(written(child) for child in children)
            return f"{type(query).__name__.lower()}({parts})"
        case Not(child):
            return f"not({written(child)})"
        case Everything():
            return "everything"
        case Term(text, field) | Phrase(text, field) | Prefix(text, field):
            shape = {Term: "{}", Phrase: '"{}"', Prefix: "{}*"}[type(query)]
            return f"{field}:{shape.format(text)}" if field else shape.format(text)


def table(section: str) -> str:
    """One section as the Markdown table that the documentation shows."""
    rows = [
        f"| {_code(case.text)} | {case.means} | {_code(case.tree)} |"
        for case in examples()
        if case.section == section
    ]
    return "\n".join(("| typed | means | tree |", "|---|---|---|", *rows))


def _code(text: str) -> str:
    shown = text.strip().replace("|", "\\|").replace("\n", "⏎").replace("\t", "⇥")
    return f"`{shown}`" if shown else "(nothing)"
