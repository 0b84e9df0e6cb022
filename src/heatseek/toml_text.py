"""TOML read within bounds, and values as messages write them."""

from __future__ import annotations

import re
import tomllib
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_VALUE = 40
"""Characters of a value, or of a key, that are shown."""
MAX_BITS = 10_000
"""Of a whole number that is written in decimals; Python refuses that from 14,000 on."""
MAX_DOTS = 8
"""Of one key: `tomllib` keeps every beginning of a dotted key, for each key anew."""
_STRING = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|#[^\n]*+",
    re.DOTALL,
)
"""Strings and comments, also such as nothing closes: each is read once."""
_LONG_KEY = re.compile(rf"(?<![\w.-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{MAX_DOTS + 1}}}")
_LONG_NUMBER = re.compile(r"[=\[,]\s*+(?=[+-]?[\w.+-]{5000})[+-]?\d")
"""`tomllib` takes a hundred bytes for each digit."""
_PLACE = re.compile(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|.*)\)")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_HINTS = {
    "Invalid value": "it is missing, or is text without quotes",
    "Invalid hex value": r"a \ in double quotes: write \\ for one, or use single quotes",
}
"""Added to messages of `tomllib`, by how they begin, that do not help with a frequent mistake."""


class TomlError(ValueError):
    """A text is no TOML, or beyond a bound; the message may quote the text.

    Attributes:
        index: where in the text.
        too_deep: it is beyond a bound of nesting.
    """

    def __init__(self, reason: str, index: int, *, too_deep: bool = False) -> None:
        super().__init__(reason)
        self.index = index
        self.too_deep = too_deep


def loads(text: str, *, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Parse a text in time and memory that its length bounds.

    Raises:
        TomlError: it is no TOML, or beyond a bound.
    """
    if any(line.count(".") > MAX_DOTS for line in text.split("\n")):
        _refuse_long_keys(text)
    if long := _LONG_NUMBER.search(text):
        raise TomlError("a number is too long", long.start())
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        raise _error(text, str(error)) from None
    except RecursionError:
        raise TomlError("nested too deeply", 0, too_deep=True) from None
    except MemoryError:
        raise TomlError("more than the memory holds", 0) from None
    except ValueError:  # int() refuses thousands of digits, datetime() odd zones
        raise TomlError("a number or date out of range", 0) from None


def _refuse_long_keys(text: str) -> None:
    blank = _STRING.sub(lambda match: "x" * len(match[0]), text)
    if long := _LONG_KEY.search(blank):
        raise TomlError("a key with too many dots", long.start(), too_deep=True)


def _error(text: str, message: str) -> TomlError:
    """The parser puts the place into the message; it becomes an index again."""
    place = _PLACE.fullmatch(message)
    reason = _with_hint(place["reason"] if place else message)
    if place is None or place["line"] is None:
        return TomlError(reason, len(text))
    before = text.split("\n")[: int(place["line"]) - 1]
    return TomlError(reason, sum(len(line) + 1 for line in before) + int(place["column"]) - 1)


def _with_hint(message: str) -> str:
    hint = next((hint for start, hint in _HINTS.items() if message.startswith(start)), "")
    return f"{message}: {hint}" if hint else message


def written(value: Any) -> str:
    """A value as TOML writes it, cut where it gets long."""
    return cut(_written(value))


def cut(text: str) -> str:
    """A text of the file as messages show it."""
    return text if len(text) <= MAX_VALUE else f"{text[: MAX_VALUE - 1]}…"


def _written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() if value.bit_length() > MAX_BITS:
            return hex(value)
        case str():
            return f'"{_ESCAPED.sub(_escape, value[:MAX_VALUE])}"'
        case list():
            return f"[{', '.join(map(_written, value[:MAX_VALUE]))}]"
        case dict():
            inner = islice(value.items(), MAX_VALUE)
            pairs = (f"{_key(name)} = {_written(each)}" for name, each in inner)
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
    # Dates and times are written like this, too.
    return str(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _written(name)


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    return f"\\{sign}" if sign in '\\"' else f"\\u{ord(sign):04X}"
