"""The types of wire/ as objects, and how a document is not of one."""

from __future__ import annotations

import builtins
import types
import typing
from functools import cache
from typing import Any, is_typeddict

import document_tables


@cache
def wire_types() -> dict[str, Any]:
    """What the files of wire/ define, by name."""
    return {name: each for room in document_tables.ROOMS for name, each in vars(room).items()}


def flaws(value: object, kind: Any, names: dict[str, Any], place: str = "") -> list[str]:
    """How a value is not of a type."""
    if is_typeddict(kind):
        return flaws_of_keys(value, kind, names, place)
    args = typing.get_args(kind)
    match typing.get_origin(kind), value:
        case (types.UnionType, None):
            return []
        case (types.UnionType, _):
            return flaws(value, args[0], names, place)
        case (builtins.list, list(items)):
            return [flaw for each in items for flaw in flaws(each, args[0], names, f"{place}[]")]
        case (builtins.dict, dict(items)):
            inner = items.values()
            return [flaw for each in inner for flaw in flaws(each, args[1], names, f"{place}.*")]
    allowed = (int, float) if kind is float else kind
    is_good = kind is Any or (isinstance(allowed, type | tuple) and isinstance(value, allowed))
    is_number = isinstance(value, bool) and kind in (int, float)
    return [] if is_good and not is_number else [f"{place}: {value!r} is no {kind}"]


def flaws_of_keys(value: object, kind: Any, names: dict[str, Any], place: str) -> list[str]:
    """How a value is no object of these keys in their order, with such values."""
    if not isinstance(value, dict):
        return [f"{place}: {value!r} is no object"]
    marked = typing.get_type_hints(kind, names, include_extras=True)
    optional = {k for k, hint in marked.items() if typing.get_origin(hint) is typing.NotRequired}
    hints = typing.get_type_hints(kind, names)
    expected = [key for key in hints if key in value or key not in optional]
    wrong = [] if list(value) == expected else [f"{place}: {list(value)} are not {expected}"]
    inner = [
        flaws(value[key], hints[key], names, f"{place}.{key}") for key in expected if key in value
    ]
    return wrong + [flaw for each in inner for flaw in each]
