"""What messages say in TOML and about it: values as it writes them, its parser's words in ours."""

from __future__ import annotations

import re
from typing import Any

MAX_VALUE = 40
"""Characters of a value that are shown."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f]')
_BACKSLASH = r"a \ in double quotes: write \\ for one, or use single quotes"
_WORDS = {
    "Invalid value": "the value is missing, or is text without quotes",
    "Expected '=' after a key": "not KEY = VALUE",
    "Invalid statement": "not KEY = VALUE",
    "Invalid initial character for a key": "a name is missing, or needs quotes",
    "Expected newline or end of document": "more text after a value: one KEY = VALUE a line",
    "Cannot overwrite a value": "this key stands here a second time",
    "Duplicate inline table key": "this key stands here a second time",
    "Cannot declare": "this table stands here a second time",
    "Cannot redefine": "this table stands here a second time",
    "Cannot mutate immutable namespace": "a table in braces has all its keys in them",
    "Expected ']": "the closing bracket of a table's name is missing",
    "Unclosed array": "the closing bracket of a list is missing",
    "Unclosed inline table": "the closing brace of a table is missing",
    "Unterminated string": "the closing quote is missing",
    "Expected \"'": "the closing quote is missing",
    "Expected '\"": "the closing quote is missing",
    "Illegal character '\\n'": "the closing quote is missing in this line",
    "Illegal character": "a control character in a text",
    "Found invalid character": "a control character",
    "Unescaped '\\'": _BACKSLASH,
    "Invalid hex value": _BACKSLASH,
    "Escaped character is not": _BACKSLASH,
    "Invalid date or datetime": "no such date",
}
"""How the messages of `tomllib` begin, and what we say."""


def in_our_words(said: str) -> str:
    """What is wrong, of what `tomllib` said of it without the place."""
    return next((ours for theirs, ours in _WORDS.items() if said.startswith(theirs)), said)


def written(value: Any) -> str:
    """A value as TOML writes it, cut where it gets long."""
    text = _written(value)
    return text if len(text) <= MAX_VALUE else f"{text[: MAX_VALUE - 1]}…"


def _written(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{_ESCAPED.sub(_escape, value)}"'
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            pairs = (f"{_key(name)} = {_written(inner)}" for name, inner in value.items())
            return f"{{ {', '.join(pairs)} }}" if value else "{}"
    # Dates and times are written like this, too.
    return str(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _written(name)


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    return f"\\{sign}" if sign in '\\"' else f"\\u{ord(sign):04X}"
