"""The tables of docs/json.md, made from the types of wire/: `python tests/document_tables.py`.

The texts are read from the source, as a text below a key is not there at run time.
"""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path

from heatseek.wire import archive, articles, documents, evaluation, programs, search

ROOMS = (articles, search, archive, evaluation, programs, documents)
PAGE = Path(__file__).parent.parent / "docs" / "json.md"
BEGINNING = "<!-- tables: from here on made from wire/ by `python tests/document_tables.py` -->\n"
PLAIN = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "Any": "any value",
}


@cache
def classes() -> dict[str, ast.ClassDef]:
    """The types by name, in the order of the files."""
    trees = (ast.parse(inspect.getsource(room)) for room in ROOMS)
    nodes = (node for tree in trees for node in tree.body)
    return {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}


def tables() -> str:
    """A heading and a table for each object that stands in a document."""
    known = classes()
    rows = {name: _rows(node, known) for name, node in known.items()}
    text = "\n".join(row for each in rows.values() for row in each)
    used = [
        name
        for name, each in rows.items()
        if f"(#{_anchor(name)})" in text or each[0].startswith("| `version` |")
    ]
    return "\n".join(_section(known[name], rows[name]) for name in used)


def _section(node: ast.ClassDef, rows: list[str]) -> str:
    lines = [f"## {title(node.name)}", "", ast.get_docstring(node) or "", ""]
    return "\n".join([*lines, "| key | | |", "|---|---|---|", *rows, ""])


def _rows(node: ast.ClassDef, known: dict[str, ast.ClassDef]) -> list[str]:
    bases = [
        known[base.id] for base in node.bases if isinstance(base, ast.Name) and base.id in known
    ]
    rows = [row for base in bases for row in _rows(base, known)]
    for place, statement in enumerate(node.body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            text = _text(node.body[place + 1 :])
            rows.append(f"| `{statement.target.id}` | {_kind(statement.annotation)} | {text} |")
    return rows


def _text(following: list[ast.stmt]) -> str:
    match following:
        case [ast.Expr(value=ast.Constant(value=str(text))), *_]:
            return " ".join(text.split())
    raise AssertionError("a key without a text below it")


def _kind(annotation: ast.expr) -> str:
    match annotation:
        case ast.BinOp(left=left, right=ast.Constant(value=None)):
            words = f"{_kind(left)} or null"
        case ast.Subscript(value=ast.Name(id="NotRequired"), slice=inner):
            words = f"{_kind(inner)}; only if there is one"
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            words = f"list: {_kind(inner)}"
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])):
            words = f"object, by name: {_kind(inner)}"
        case ast.Name(id=name) if name in PLAIN:
            words = PLAIN[name]
        case ast.Name(id=name):
            words = f"[{title(name).lower()}](#{_anchor(name)})"
        case _:
            raise AssertionError(f"no words for {ast.unparse(annotation)}")
    return words


def title(name: str) -> str:
    """The heading of a type."""
    words = re.findall("[A-Z][a-z]*", name.removesuffix("Document"))
    return " ".join(words).capitalize()


def _anchor(name: str) -> str:
    return title(name).lower().replace(" ", "-")


def page() -> str:
    """docs/json.md with the tables as wire/ has them."""
    before, mark, _ = PAGE.read_text("utf-8").partition(BEGINNING)
    assert mark, "docs/json.md has no place for the tables"
    return f"{before}{mark}\n{tables()}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
