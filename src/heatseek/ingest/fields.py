"""Reading single values out of metadata of which nothing is certain.

Every reader here is total: whatever lies under a key, it gives a plain value or says that
there is none, and notes what it had to ignore. Notes never repeat a value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar

from heatseek.article import Provider
from heatseek.ingest.dates import instant
from heatseek.ingest.markup import plain_line
from heatseek.ingest.urls import link

MAX_LABEL = 200
"""Characters of a topic, provider, category or type."""
MAX_LABELS = 200
"""Under one key."""
MAX_ITEMS = 10 * MAX_LABELS
"""Of a list that are looked at: not each need be a label."""
MARKUP = 10
"""So many times as many characters as a text may have are read to get it."""
MAX_SCALAR = 10_000
"""Characters of what may be a number, a date or a flag."""
LARGEST = 2**53
"""Greater numbers count as this one: floats are exact up to here."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
T = TypeVar("T")

_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "0"), False),
}


class Fields:
    """A mapping from strangers.

    Attributes:
        data: the mapping.
        note: called with a key and what is wrong with its value.
    """

    def __init__(self, data: Mapping[Any, Any], note: Callable[[str, str], None]) -> None:
        self.data = data
        self.note = note

    def text(self, keys: tuple[str, ...], limit: int) -> str:
        """The first text under `keys` that is not empty, without markup, in one line."""
        for key in keys:
            text = self._line(key, self.data.get(key), limit)
            if text:
                return text
        return ""

    def label(self, key: str) -> str | None:
        """A short text that is compared as a whole."""
        return self._line(key, self.data.get(key), MAX_LABEL) or None

    def labels(self, key: str) -> tuple[str, ...]:
        """The labels under a key; of those that differ in case only, the first."""
        value = self.data.get(key)
        found: dict[str, str] = {}
        for number, item in enumerate(value if isinstance(value, list) else [value]):
            if len(found) == MAX_LABELS or number == MAX_ITEMS:
                self.note(key, f"more than {len(found)}: the rest was left out")
                break
            label = self._line(key, item, MAX_LABEL)
            if label:
                found.setdefault(label.casefold(), label)
        return tuple(found.values())

    def provider(self) -> Provider:
        """A mapping with `name` and `domain`, or just the name."""
        value = self.data.get("provider")
        if isinstance(value, Mapping):
            inner = Fields(value, lambda key, reason: self.note("provider", f"{key} {reason}"))
            return Provider(inner.label("name"), inner.label("domain"))
        return Provider(self.label("provider"))

    def integer(self, key: str) -> int | None:
        """A whole number from 0 to LARGEST; None if missing or negative."""
        number = self._read(key, _number, "is not a number")
        return None if number is None or number < 0 else min(number, LARGEST)

    def number(self, key: str) -> float | None:
        """A number, with or without decimals; a whole one as an integer."""
        number = self._read(key, _decimal, "is not a number")
        if number is None:
            return None
        return int(number) if number.is_integer() and abs(number) <= LARGEST else number

    def boolean(self, key: str) -> bool | None:
        """True or false, in any of YAML's spellings; None if missing."""
        return self._read(key, _boolean, "is neither true nor false")

    def instant(self, key: str) -> datetime | None:
        """A date, in UTC."""
        return self._read(key, instant, "is not a date like 2023-03-14T14:42:00Z")

    def link(self, keys: tuple[str, ...]) -> str | None:
        """The first http(s) link under `keys`."""
        for key in keys:
            value = self.data.get(key)
            if _is_missing(value):
                continue
            url = link(value) if isinstance(value, str) else None
            if url is not None:
                return url
            self.note(key, "is not an http(s) link")
        return None

    def _read(self, key: str, read: Callable[[Any], T | None], problem: str) -> T | None:
        """What `read` makes of a value; None if it is missing, or is nothing of the kind."""
        value = self.data.get(key)
        if _is_missing(value):
            return None
        is_long = isinstance(value, str) and len(value) > MAX_SCALAR
        found = None if is_long else read(value)
        if found is None:
            self.note(key, problem)
        return found

    def _line(self, key: str, value: Any, limit: int) -> str:
        if value is None:
            return ""
        raw = _scalar(value)
        if raw is None:
            self.note(key, "is not text")
            return ""
        # The cost of cleaning is that of the raw text, which an alias can bring many times.
        text = plain_line(raw[: MARKUP * limit])
        if len(text) > limit or len(raw) > MARKUP * limit:
            self.note(key, f"was cut to {limit:,} characters")
            return text[:limit].rstrip()
        return text


def _scalar(value: Any) -> str | None:
    """The text of a single value; None for mappings, lists and whatever else there is."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, float) or (isinstance(value, int) and abs(value) <= LARGEST):
        return str(value)
    return None


def _boolean(value: Any) -> bool | None:
    return _BOOLEANS.get((_scalar(value) or "").strip().lower())


def _number(value: Any) -> int | None:
    """The value's whole part, at most LARGEST and at least -1 if it is not an int itself."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, float) and not math.isnan(value):
        return math.floor(max(-1.0, min(value, LARGEST)))
    return None


def _decimal(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        return None
    try:
        number = float(value)
    except OverflowError:  # an int beyond all floats
        return None
    return number if math.isfinite(number) else None


def _is_missing(value: Any) -> bool:
    return value is None or value == ""
