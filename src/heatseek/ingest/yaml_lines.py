r"""YAML read line by line: keys, entries, and texts that end where their line does.

Nearly all lines of headers are such; these can mean one thing only, and need no parser.
"""

from __future__ import annotations

import re
from typing import Any

_NOT = r"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
"""Characters that are no text. To compile a range of all others takes 2 ms each time."""
_LINE = re.compile(
    rf"""
    \n++(?P<indent>[ ]{{0,40}}+)(?P<dash>-[ ]++)?+
    (?:(?!(?:null|Null|NULL):)(?P<key>[A-Za-z_][\w-]{{0,99}}+):(?:[ ]++|(?=\n|\Z)))?+
    (?P<value>
        "(?:[^{_NOT}"\\]++|\\["\\])*+"
      | '(?:[^{_NOT}']++|'')*+'
      | (?!(?:null|Null|NULL)(?:\n|\Z))
        -?[a-zA-Z0-9/](?:[^{_NOT}\ :]++|:(?=[!-~])|[ ]++(?=[^{_NOT}\ \#]))*+
    )?+
    (?=\n|\Z)
    | (?P<other>[\s\S]++)
    """,
    re.ASCII | re.VERBOSE,
)
_ESCAPED = re.compile(r'\\(["\\])')
_END = ("",) * 5

_Lines = list[tuple[str, ...]]
"""Indent, dash, key, value and what is none of these, of each line; the last one is `_END`."""


class _UncertainError(Exception):
    """A parser has to tell."""


def read_lines(text: str) -> dict[Any, Any] | None:
    """The mapping that a text is; None if that cannot be told line by line.

    Args:
        text: lines, each behind its line break; no more of them than a tree may have nodes
            (`yaml_tree.check_size`).
    """
    lines: _Lines = _LINE.findall(text)
    if not lines or lines[-1][4]:
        return None
    if any(lines[-1]):  # no line break ends the text
        lines.append(_END)
    try:
        data, end = _mapping(lines, 0, 0)
    except _UncertainError:
        return None
    return data if end == len(lines) - 1 else None


def _mapping(lines: _Lines, start: int, depth: int) -> tuple[dict[Any, Any], int]:
    """The mapping that begins in a line, so many columns from the left, and the line behind it."""
    data: dict[Any, Any] = {}
    indent, dash, key, value, _ = lines[start]
    while key and not dash and len(indent) == depth:
        start += 1
        if value:
            data[key] = _text(value)
        else:
            data[key], start = _below(lines, start, depth)
        indent, dash, key, value, _ = lines[start]
    if not data:
        raise _UncertainError
    return data, start


def _below(lines: _Lines, start: int, depth: int) -> tuple[Any, int]:
    """The value of a key with nothing on its line: what stands deeper, or a list beside it."""
    indent, dash, *_ = lines[start]
    if dash and len(indent) >= depth:
        return _list(lines, start, len(indent))
    if len(indent) > depth:
        return _mapping(lines, start, len(indent))
    return None, start


def _list(lines: _Lines, start: int, depth: int) -> tuple[list[Any], int]:
    entries: list[Any] = []
    indent, dash, key, value, _ = lines[start]
    while dash and len(indent) == depth:
        if key:
            column = depth + len(dash)
            lines[start] = (" " * column, "", key, value, "")
            mapping, start = _mapping(lines, start, column)
            entries.append(mapping)
        elif value:
            entries.append(_text(value))
            start += 1
        else:
            raise _UncertainError
        indent, dash, key, value, _ = lines[start]
    return entries, start


def _text(value: str) -> str:
    mark = value[0]
    if mark == '"':
        text = value[1:-1]
        return _ESCAPED.sub(r"\1", text) if "\\" in text else text
    return value[1:-1].replace("''", "'") if mark == "'" else value
