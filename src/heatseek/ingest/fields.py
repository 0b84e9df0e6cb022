"""Reading single values out of metadata of which nothing is certain.

Every reader here is total: whatever lies under a key, it gives a plain value or says that
there is none, and notes what it had to ignore. Notes never repeat a value.
"""

from __future__ import annotations

import math
import re
from bisect import insort
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from heatseek.article import HTTP, Provider
from heatseek.ingest.dates import EITHER, evidence, instant
from heatseek.ingest.keys import PAGE, TABLE
from heatseek.ingest.markup import plain_line
from heatseek.ingest.text import is_path, link
from heatseek.ingest.title import day_of_folders

if TYPE_CHECKING:
    from heatseek.ingest.keys import Keys

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
_DATE_FORMS = "is not a date like 2023-03-14T14:42:00Z"
_TWO_DATES = "could be two dates: no other date of the archive tells which number is the month"
_LINK = re.compile(r"\[\[(?:[^\[\]|]*+\|)?+([^\[\]|]++)\]\]|\[([^\[\]]++)\]\([^()\s]*+\)")
"""Of a wiki or of Markdown, around the words of a label."""
_BETWEEN_COMMAS = re.compile(r"(?:\[\[[^\[\]]*+\]\]|[^,])++")
_BETWEEN_SPACES = re.compile(r"(?:\[\[[^\[\]]*+\]\]|\S)++")
"""The items of a list that is a text; a link of a wiki is never divided."""
_AUTHORITY = re.compile(r"https?://(?:[^/@]*@)?(?:www\.)?([^/:?#]+)", re.IGNORECASE)
_INNER = 1_000
"""Ranks of keys in tables begin here: those beside the tables go before."""
_Entry = tuple[int, str, Any, bool]
"""A rank, a key as typed, its value, and whether that says the opposite."""
_rank = itemgetter(0)
T = TypeVar("T")

_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "y", "1"), True),
    **dict.fromkeys(("false", "no", "off", "n", "0"), False),
}


class Fields:
    """A mapping from strangers.

    Attributes:
        note: called with a key and what is wrong with its value.
        order: what its dates tell of the order of day and month (`dates.evidence`).
    """

    def __init__(
        self, data: Mapping[Any, Any], note: Callable[[str, str], None], keys: Keys
    ) -> None:
        self.note = note
        self.order = 0
        self._keys = keys
        self._found: dict[str, list[_Entry]] = {}
        self._look_at(data, 0)
        for _, _, table, _ in self._found.pop(TABLE, ()):
            if isinstance(table, dict):
                self._look_at(table, _INNER)

    def _look_at(self, data: Mapping[Any, Any], least: int) -> None:
        """Find what each field may be read from; of equal keys the first counts."""
        found, known_keys, places = self._found, self._keys.known, self._keys.places
        for key, value in data.items():
            if value is None or value == "":
                continue
            known = known_keys.get(key)
            for field, rank, opposite in places(key) if known is None else known:
                entry = rank + least, key, value, opposite
                if field in found:
                    insort(found[field], entry, key=_rank)
                else:
                    found[field] = [entry]

    def value(self, field: str) -> Any:
        """The value of the first key of a field."""
        return next((value for _, _, value, _ in self._present(field)), None)

    def text(self, field: str, limit: int, *, joined: bool = False) -> str:
        """The first text that is not empty, without markup, in one line.

        Args:
            field: one of every archive, or `OWN` and the name of a declared one.
            limit: its most characters.
            joined: whether a list is a text that somebody forgot to put in quotes.
        """
        for _, key, value, _ in self._present(field):
            if joined and isinstance(value, list) and (text := self._joined(key, value, limit)):
                return text
            text = self._line(key, value, limit)
            if text:
                return text
        return ""

    def label(self, field: str) -> str | None:
        """A short text that is compared as a whole; of a list the first."""
        labels = self.labels(field)
        return labels[0] if labels else None

    def labels(self, field: str) -> tuple[str, ...]:
        """The labels of a field; of those that differ in case only, the first."""
        for _, key, value, _ in self._present(field):
            if labels := self._labels_of(key, value):
                return labels
        return ()

    def topics(self, category: str | None) -> tuple[str, ...]:
        """The topics, under the first key that has some, and other categories than the category.

        Where there are no topics, that too is one.
        """
        found: tuple[str, ...] = ()
        for _, key, value, _ in self._present("topics"):
            labels = self._labels_of(key, value)
            if labels and key.lower() != "categories" and not found:
                found = labels
            elif labels and key.lower() == "categories":
                rest = labels if not found else (each for each in labels if each != category)
                return tuple(_distinct((*found, *rest)))
        return found

    def provider(self) -> Provider:
        """Who published: names, mappings with `name` and `domain`, or a list of either."""
        for _, key, lists, _ in self._present("provider"):
            value = _linked(lists)
            if not isinstance(value, list):
                one = self._one_provider(key, value)
                if one.name or one.domain:
                    return one
                continue
            found = [self._one_provider(key, _linked(item)) for item in value[:MAX_LABELS]]
            names = tuple(_distinct(each.name for each in found if each.name))
            domain = next((each.domain for each in found if each.domain), None)
            if names or domain:
                return Provider(names[0] if names else None, domain, names[1:])
        return Provider()

    def integer(self, field: str) -> int | None:
        """A whole number from 0 to LARGEST; None if missing or negative."""
        number = self._read(field, _number, "is not a number")
        return None if number is None or number < 0 else min(number, LARGEST)

    def number(self, field: str) -> float | None:
        """A number, with or without decimals; a whole one as an integer."""
        number = self._read(field, _decimal, "is not a number")
        if number is None:
            return None
        return int(number) if number.is_integer() and abs(number) <= LARGEST else number

    def boolean(self, field: str) -> bool | None:
        """True or false, in any of YAML's spellings; None if missing."""
        for _, key, value, opposite in self._present(field):
            found = None if _is_long(value) else _boolean(value)
            if found is not None:
                return found is not opposite
            # There are archives in which `published` is a date.
            if instant(value, self._keys.dates) is None:
                self.note(key, "is neither true nor false")
        return None

    def instant(self, field: str) -> datetime | None:
        """A date, in UTC; of a mapping its `date`."""
        first: datetime | None = None
        for _, key, value, _ in self._present(field):
            inner = value.get("date") if isinstance(value, dict) else value
            order = evidence(inner)
            self.order |= order
            found = None if _is_long(inner) else instant(inner, self._keys.dates)
            # What else it may be is told where that is read.
            if found is None is first and key.lower() not in self._keys.flags:
                self.note(key, _TWO_DATES if order else _DATE_FORMS)
            first = first or found
            # Evidence must not hang on how dates are read: one that may be two ends nothing.
            if found is not None and order != EITHER:
                break
        return first

    def address_day(self) -> str:
        """The day of which the page's address on its site is, as in `2023-03-14`; or empty."""
        texts = (value for _, _, value, _ in self._present(PAGE) if isinstance(value, str))
        return next((day for text in texts if (day := day_of_folders(text[:MAX_SCALAR]))), "")

    def link(self, field: str) -> str | None:
        """The first http(s) link; of a list its first item, of a mapping its `url`."""
        for _, key, value, _ in self._present(field):
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, dict):
                first = next((first[name] for name in ("url", "src", "path") if name in first), "")
            if first is None or first in ("", []):
                continue
            url = link(first) if isinstance(first, str) else None
            if url is not None:
                return url
            # Paths on their own site are what other programs have there.
            if key.lower() in self._keys.own or not (isinstance(first, str) and is_path(first)):
                self.note(key, "is not an http(s) link")
        return None

    def _present(self, field: str) -> Sequence[_Entry]:
        return self._found.get(field, ())

    def _labels_of(self, key: str, value: Any) -> tuple[str, ...]:
        value = _linked(value)
        if type(value) is str and key.lower() not in self._keys.lists:
            label = self._label(key, value)
            return (label,) if label else ()
        found: dict[str, str] = {}
        is_topic = key.lower() in self._keys.topics
        for number, item in enumerate(self._items(value, spaced=is_topic and self._keys.spaced)):
            if len(found) == MAX_LABELS or number == MAX_ITEMS:
                self.note(key, f"more than {len(found)}: the rest was left out")
                break
            label = self._label(key, _name_of(item))
            if is_topic:
                label = label.removeprefix("#")
            if label:
                found.setdefault(label.casefold(), label)
        return tuple(found.values())

    def _items(self, value: Any, *, spaced: bool) -> list[Any]:
        if isinstance(value, list):
            return value
        if not isinstance(value, str) or len(value) > MARKUP * MAX_SCALAR:
            return [value]
        text = _without_brackets(value.strip())
        if "," in text:
            return [item.strip().strip("\"'") for item in _BETWEEN_COMMAS.findall(text)]
        return _BETWEEN_SPACES.findall(text) if spaced else [text]

    def _one_provider(self, key: str, value: Any) -> Provider:
        if isinstance(value, dict):
            inner = {name.lower(): text for name, text in value.items() if type(name) is str}
            name = self._line(key, inner.get("name"), MAX_LABEL, "name ")
            domain = self._line(key, inner.get("domain"), MAX_LABEL, "domain ")
            return Provider(name or None, domain or None)
        name = self._label(key, value)
        if name and HTTP.fullmatch(name) and (host := _AUTHORITY.match(name)):
            return Provider(None, host[1].lower())
        return Provider(name or None)

    def _label(self, key: str, value: Any) -> str:
        """A short text without links: the words that they stand around."""
        if isinstance(value, str) and "[" in value and len(value) <= MARKUP * MAX_LABEL:
            value = _LINK.sub(r"\1\2", value)
        return self._line(key, value, MAX_LABEL)

    def _read(self, field: str, read: Callable[[Any], T | None], problem: str) -> T | None:
        """The first value as `read` gives it; None if there is none, or nothing of the kind."""
        for _, key, value, _ in self._present(field):
            found = None if _is_long(value) else read(value)
            if found is None:
                self.note(key, problem)
            return found
        return None

    def _joined(self, key: str, items: list[Any], limit: int) -> str:
        """A text in brackets, read as the list that it also is."""
        parts = [self._line(key, item, limit) for item in items[:MAX_LABELS]]
        text = ", ".join(filter(None, parts))[:limit].rstrip()
        if text:
            self.note(key, "is a list: it was read as one text; put it in quotes")
        return text

    def _line(self, key: str, value: Any, limit: int, part: str = "") -> str:
        """The text of a value, or of a part of it, that a note names before all else."""
        if value is None:
            return ""
        raw = value if value.__class__ is str else _scalar(value)
        if raw is None:
            self.note(key, f"{part}is not text")
            return ""
        # The cost of cleaning is that of the raw text, which an alias can bring many times.
        is_label = len(raw) <= MAX_LABEL == limit
        text = _label_line(raw) if is_label else plain_line(raw[: MARKUP * limit])
        if len(text) > limit or len(raw) > MARKUP * limit:
            self.note(key, f"{part}was cut to {limit:,} characters")
            return text[:limit].rstrip()
        return text


@lru_cache(maxsize=2_000)
def _label_line(text: str) -> str:
    """One that many files may have."""
    return plain_line(text)


def _without_brackets(text: str) -> str:
    """A list that is a text without the brackets around it; those of its links stay."""
    bare = _LINK.sub("", text) if "]" in text else text
    text = text[bare.startswith("[") :]
    return text.removesuffix("]") if bare.endswith("]") else text


def _linked(value: Any) -> Any:
    """A value; lists as of `[[People]]`, a wiki's link without quotes, as that link."""
    match value:
        case [[str(name)]]:
            return f"[[{name}]]"
    return value


def _name_of(item: Any) -> Any:
    """An item of a list; of a mapping its name."""
    if not isinstance(item, dict):
        return _linked(item)
    return next((item[key] for key in ("name", "label", "title", "slug") if key in item), item)


def _distinct(names: Any) -> list[str]:
    """Those of the names that differ by more than case, in order."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return list(found.values())


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


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) > MAX_SCALAR
