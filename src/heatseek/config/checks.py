"""The keys of heatseek.toml, each with the check of its value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from heatseek.config.model import (
    BOOST_KEYS,
    MAX_LIMIT,
    UPDATES,
    SavedSearch,
    boost,
    days,
)
from heatseek.conventions import KEYS, as_keys
from heatseek.query.dates import EXAMPLES, interval
from heatseek.query.dates.iso import DateError
from heatseek.ranking import Boosts, Preset
from heatseek.results import DIRECTIONS, Sort
from heatseek.schema import DeclaredField, FieldKind, field_flaw, name_flaw
from heatseek.text.edit_distance import closest
from heatseek.text.languages import Language, stemmers
from heatseek.toml_text import cut, written
from heatseek.zones import is_zone

Key = tuple[str, ...]
Check = Callable[[Any], Any]
"""Gives the value as it is to be used, or raises ValueError with the reason."""

MAX_NAMES = 20
"""More keys than these are not listed where one is unknown."""
MOST_NAMES = 40
"""Names of one kind, such as stemmers, that are listed where another one stands."""
MAX_NAME = 40
MAX_SYNONYMS = 20
"""Of one word."""
MAX_RULES = 200
"""Under `exclude`."""
MAX_WILDCARDS = 3
"""In one of them: the work of a match grows by a power of them."""
MAX_PATH = 4_096
"""Characters; no file system takes more."""
MAX_PHRASE = 200
"""Characters of a synonym."""


class MistakeError(ValueError):
    """A key or value that makes no sense; `key` leads to it."""

    def __init__(self, key: Key, message: str) -> None:
        super().__init__(message)
        self.key = key


def checked(document: Mapping[str, Any], folder: Path) -> dict[Key, Any]:
    """The values of a whole file, by table and key.

    Args:
        document: as TOML gives it.
        folder: of the file; relative paths start from there.

    Raises:
        MistakeError: a key is unknown, or a value is not what it must be.
    """
    presets = document.get("presets")
    rank = _one_of([*Preset, *(presets if isinstance(presets, dict) else ())])
    values = {
        "archive": _path(folder),
        "index": _path(folder),
        "follow_links": _flag,
        "exclude": _rules,
        "limit": _limit,
        "rank": rank,
        "time_zone": _zone,
        "update": _one_of(list(UPDATES)),
    }
    tables = _tables(rank, _order(_orders(document.get("fields"))))
    _distinct(document.get("fields"))
    resolved: dict[Key, Any] = {}
    for name, value in document.items():
        if name in values:
            resolved[name,] = _checked((name,), value, values[name])
        elif name in tables:
            for inner, item in _table((name,), value).items():
                resolved[name, inner] = tables[name]((name, inner), item)
        else:
            raise MistakeError((name,), _unknown(name, [*values, *tables]))
    return resolved


def _orders(fields: Any) -> list[str]:
    """The orders of hits; of the fields, not checked yet, those of an ordered kind."""
    declared = fields.items() if isinstance(fields, dict) else ()
    kinds = {name: field.get("kind") for name, field in declared if isinstance(field, dict)}
    ordered = [kind for kind in FieldKind if kind.is_ordered]
    return [*Sort, *(name for name, kind in kinds.items() if kind in ordered)]


def _distinct(fields: Any) -> None:
    """Names of fields are compared without regard to case."""
    seen: dict[str, str] = {}
    for name in fields if isinstance(fields, dict) else ():
        other = seen.setdefault(name.lower(), name)
        if other != name:
            reason = f'"{cut(name)}" is there already, as "{cut(other)}"'
            raise MistakeError(("fields", name), reason)


def _tables(rank: Check, sort: Check) -> dict[str, Callable[[Key, Any], Any]]:
    """The checks of the entries of each table."""
    return {
        "boost": lambda key, value: _entry(key, value, _WEIGHTS),
        "language": lambda key, value: _entry(key, value, _LANGUAGE),
        "synonyms": _synonym,
        "searches": lambda key, value: _search(key, value, {**_SEARCH, "rank": rank, "sort": sort}),
        "presets": _preset,
        "fields": _field,
        "keys": _keys,
    }


# Of whatever kind.


def _table(key: Key, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        name = _dotted(key)
        raise MistakeError(key, f"{name} must be a table: [{name}]")
    return value


def _entry(key: Key, value: Any, checks: Mapping[str, Check]) -> Any:
    """One key of a table whose keys are known."""
    if key[-1] not in checks:
        raise MistakeError(key, _unknown(key[-1], list(checks)))
    return _checked(key, value, checks[key[-1]])


def _entries(key: Key, value: Any, checks: Mapping[str, Check]) -> dict[str, Any]:
    """A whole table whose keys are known."""
    return {name: _entry((*key, name), inner, checks) for name, inner in _table(key, value).items()}


def _checked(key: Key, value: Any, check: Check) -> Any:
    try:
        return check(value)
    except MistakeError as error:
        raise MistakeError((*key, *error.key), str(error)) from None
    except (ValueError, OverflowError) as error:
        raise MistakeError(key, f"{_dotted(key)} = {written(value)}: {error}") from None


def _dotted(key: Key) -> str:
    return ".".join(map(cut, key))


def _unknown(name: str, names: list[str]) -> str:
    nearest, name = closest(name, names), cut(name)
    if nearest is None and f"boost.{name}" in BOOST_KEYS:
        nearest = f"boost.{name}"
    if nearest:
        return f'unknown key "{name}"; did you mean "{nearest}"?'
    hint = f"; there are {', '.join(names)}" if len(names) <= MAX_NAMES else ""
    return f'unknown key "{name}"{hint}'


def _one_of(names: list[str]) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            nearest = closest(value, names) if isinstance(value, str) else None
            hint = f'; did you mean "{nearest}"?' if nearest else ""
            known = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
            raise ValueError(f"must be one of {known}{hint}")
        return value

    return check


def _order(names: list[str]) -> Check:
    """One of these, also with a direction after it."""
    known = _one_of(names)

    def check(value: Any) -> Any:
        name, colon, direction = str(value).partition(":")
        if colon and direction in DIRECTIONS and name != Sort.RELEVANCE:
            known(name)
            return value
        return known(value)

    return check


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - a mistake in a file
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")  # noqa: TRY004 - a mistake in a file
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    """One text or a list of them."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ValueError("must not be empty")
    return tuple(dict.fromkeys(map(_text, values)))


def _stars(rule: str) -> int:
    """The wildcards of a rule; `**` for folders is one, elsewhere two: the work is theirs."""
    return len(re.findall(r"(?<![^/])\*\*(?![^/])|\*", rule.strip("! ")))


def _rules(value: Any) -> tuple[str, ...]:
    """Lines of a `.gitignore`; each is tried on every name of the archive."""
    rules = _texts(value) if value != [] else ()
    if len(rules) > MAX_RULES:
        raise ValueError(f"at most {MAX_RULES} rules")
    for rule in rules:
        if len(rule) > MAX_PHRASE or _stars(rule) > MAX_WILDCARDS:
            raise ValueError(
                f"a rule has at most {MAX_PHRASE} characters and {MAX_WILDCARDS} wildcards"
            )
    return rules


def _limit(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_LIMIT:
        raise ValueError(f"must be a whole number from 0 to {MAX_LIMIT:,}")
    return value


def _zone(value: Any) -> str:
    name = _text(value)
    if not is_zone(name):
        raise ValueError("must be the name of a time zone, such as Europe/Berlin")
    return name


def _path(folder: Path) -> Check:
    def check(value: Any) -> Path:
        if not isinstance(value, str) or "\0" in value:
            raise ValueError("must be a path in quotes")
        if not value:
            raise ValueError("must not be empty")
        if len(value) > MAX_PATH:
            raise ValueError(f"must be a path of at most {MAX_PATH:,} characters")
        try:
            return folder / Path(value).expanduser()
        except RuntimeError:
            raise ValueError("nobody has this home folder") from None

    return check


def _day(value: Any) -> str:
    """A date in quotes as `--after` takes it, or one of TOML's own."""
    text = value.isoformat() if isinstance(value, date) else _text(value)
    try:
        interval(text, datetime.now(UTC), ages=True)
    except DateError as problem:
        raise ValueError(f"{problem}; write {problem.advice or EXAMPLES}") from None
    return text


def _name(key: Key) -> str:
    """The name that an entry of an open table goes by; it is typed as an option's value."""
    name = key[-1]
    if not re.fullmatch(r"[^\W_][\w-]*", name) or name != name.lower() or len(name) > MAX_NAME:
        raise MistakeError(
            key, f'"{name[:MAX_NAME]}" is no name: use lower-case letters, digits, - and _'
        )
    return name


# [boost] and [presets.NAME].


def _weight(name: str) -> Check:
    def check(value: Any) -> float:
        if name == "half_life" and isinstance(value, str):
            value = days(value)
        if type(value) not in (int, float):
            raise ValueError("must be a number")
        return boost(name, float(value))

    return check


_WEIGHTS = {name: _weight(name) for name in (key.removeprefix("boost.") for key in BOOST_KEYS)}


def _preset(key: Key, value: Any) -> Boosts:
    if _name(key) in list(Preset):
        raise MistakeError(key, f'"{key[-1]}" is built in: choose another name')
    return Boosts(**_entries(key, value, _WEIGHTS))


# [language] and [synonyms].


def _stemmer(value: Any) -> str:
    return str(_one_of(stemmers())(value))


_LANGUAGE: Mapping[str, Check] = dict(
    zip(Language._fields, (_stemmer, _flag), strict=True),
)


def _synonym(key: Key, value: Any) -> tuple[str, ...]:
    others = _checked(key, value, _others)
    if not key[-1].strip() or len(key[-1]) > MAX_PHRASE:
        raise MistakeError(key, f"a synonym stands for a text of 1 to {MAX_PHRASE} characters")
    return tuple(others)


def _others(value: Any) -> tuple[str, ...]:
    others = _texts(value)
    if len(others) > MAX_SYNONYMS or max(map(len, others)) > MAX_PHRASE:
        raise ValueError(f"at most {MAX_SYNONYMS} synonyms of {MAX_PHRASE} characters each")
    return others


# [searches].


def _weights(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, dict):
        raise ValueError("must be weights: { heat = 1 }")  # noqa: TRY004 - a mistake in a file
    return tuple(_entries((), value, _WEIGHTS).items())


_SEARCH: Mapping[str, Check] = {
    "query": _text,
    **dict.fromkeys(("topic", "provider", "category", "type", "path", "where"), _texts),
    **dict.fromkeys(("after", "before"), _day),
    **dict.fromkeys(("published", "related", "any"), _flag),
    "boost": _weights,
    "limit": _limit,
}
_CHOOSING = _SEARCH.keys() - {"any", "boost", "limit"}
"""Of these a search needs one."""


def _search(key: Key, value: Any, checks: Mapping[str, Check]) -> SavedSearch:
    _name(key)
    if isinstance(value, str):
        return SavedSearch(_checked(key, value, _text))
    if not isinstance(value, dict):
        raise MistakeError(key, f'{_dotted(key)} must be a query in quotes or {{ query = "..." }}')
    entries = _entries(key, value, checks)
    if not entries.keys() & _CHOOSING:
        raise MistakeError(key, f"{_dotted(key)} needs a query or a filter such as topic")
    return SavedSearch(**entries)


# [fields.NAME].

_FIELD: Mapping[str, Check] = {
    "kind": lambda value: FieldKind(_one_of(list(FieldKind))(value)),
    "facet": _flag,
}


def _field(key: Key, value: Any) -> DeclaredField:
    if flaw := name_flaw(key[-1]):
        raise MistakeError(key, flaw)
    declared = DeclaredField(key[-1], **_entries(key, value, _FIELD))
    if flaw := field_flaw(declared):
        raise MistakeError((*key, "facet"), flaw)
    return declared


# [keys].


def _keys(key: Key, value: Any) -> tuple[str, ...]:
    if key[-1] not in KEYS:
        raise MistakeError(key, _unknown(key[-1], list(KEYS)))
    names = _checked(key, value, _texts)
    try:
        as_keys({key[-1]: names})
    except ValueError as error:
        raise MistakeError(key, f"keys.{error}") from None
    return tuple(names)
