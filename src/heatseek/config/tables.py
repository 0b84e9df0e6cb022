"""What heatseek.toml may hold: its keys and tables, each entry checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from heatseek import engines
from heatseek.config import checks
from heatseek.config.checks import MAX_PHRASE, Check, Key, MistakeError
from heatseek.config.model import BOOST_KEYS, UPDATES, SavedSearch
from heatseek.config.places import shown_address
from heatseek.conventions import KEYS, as_keys
from heatseek.engines.model import scheme_of
from heatseek.errors import ConfigError
from heatseek.ranking import Boosts, Preset
from heatseek.results import Sort
from heatseek.schema import DeclaredField, FieldKind, field_flaw, name_flaw
from heatseek.text.edit_distance import closest
from heatseek.text.languages import Language
from heatseek.toml_text import cut, written

MAX_NAME = 40
"""Characters of the name of a saved search or of weights."""
MAX_NAMES = 20
"""More keys than these are not listed where one is unknown."""
_OF_EMPTY: Mapping[str, Mapping[str, Any]] = {"semantic": {"kind": "lsa"}}
"""Tables that say something without an entry, and what."""


def values_of(document: Mapping[str, Any], folder: Path) -> dict[Key, Any]:
    """The values of a whole file, by table and key.

    Args:
        document: as TOML gives it.
        folder: of the file; relative paths start from there.

    Raises:
        MistakeError: a key is unknown, or a value is not what it must be.
    """
    presets = document.get("presets")
    rank = checks.one_of([*Preset, *(presets if isinstance(presets, dict) else ())])
    values = {
        "archive": checks.path(folder),
        "index": checks.index(folder),
        "follow_links": checks.flag,
        "exclude": checks.rules,
        "limit": checks.limit,
        "rank": rank,
        "time_zone": checks.zone,
        "update": checks.one_of(list(UPDATES)),
        "images": checks.flag,
    }
    tables = _tables(rank, checks.order(_orders(document.get("fields"))), folder)
    _distinct(document.get("fields"))
    _one_kind(document.get("semantic"))
    resolved: dict[Key, Any] = {}
    for name, value in document.items():
        if name in values:
            resolved[name,] = _checked((name,), value, values[name])
        elif name in tables:
            for inner, item in (_table((name,), value) or _OF_EMPTY.get(name, {})).items():
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
            flaw = f'"{cut(name)}" is there already, as "{cut(other)}"'
            raise MistakeError(("fields", name), flaw)


def _one_kind(semantic: Any) -> None:
    """Vectors are of a model, or of the archive itself."""
    if isinstance(semantic, dict) and {"kind", "model"} <= semantic.keys():
        raise MistakeError(
            ("semantic", "kind"), "semantic.kind: a model is named, too: leave out one"
        )


def _tables(rank: Check, sort: Check, folder: Path) -> dict[str, Callable[[Key, Any], Any]]:
    """The checks of the entries of each table."""
    return {
        "boost": lambda key, value: _entry(key, value, checks.WEIGHTS),
        "engine": lambda key, value: _engine(key, value, folder),
        "semantic": lambda key, value: _entry(key, value, _semantic(folder)),
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


def _entry(key: Key, value: Any, known: Mapping[str, Check]) -> Any:
    """One key of a table whose keys are known."""
    if key[-1] not in known:
        raise MistakeError(key, _unknown(key[-1], list(known)))
    return _checked(key, value, known[key[-1]])


def _entries(key: Key, value: Any, known: Mapping[str, Check]) -> dict[str, Any]:
    """A whole table whose keys are known."""
    return {name: _entry((*key, name), inner, known) for name, inner in _table(key, value).items()}


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


def _name(key: Key) -> str:
    """The name that an entry of an open table goes by; it is typed as an option's value."""
    name = key[-1]
    if not re.fullmatch(r"[^\W_][\w-]*", name) or name != name.lower() or len(name) > MAX_NAME:
        raise MistakeError(
            key, f'"{name[:MAX_NAME]}" is no name: use lower-case letters, digits, - and _'
        )
    return name


# [boost] and [presets.NAME].


def _preset(key: Key, value: Any) -> Boosts:
    if _name(key) in list(Preset):
        raise MistakeError(key, f'"{key[-1]}" is built in: choose another name')
    return Boosts(**_entries(key, value, checks.WEIGHTS))


def _semantic(folder: Path) -> Mapping[str, Check]:
    return {
        "kind": checks.one_of(["lsa"]),
        "model": checks.path(folder),
        "meaning": checks.share,
    }


_LANGUAGE: Mapping[str, Check] = dict(
    zip(Language._fields, (checks.stemmer, checks.flag), strict=True),
)


def _synonym(key: Key, value: Any) -> tuple[str, ...]:
    others = _checked(key, value, checks.others)
    if not key[-1].strip() or len(key[-1]) > MAX_PHRASE:
        raise MistakeError(key, f"a synonym stands for a text of 1 to {MAX_PHRASE} characters")
    return tuple(others)


# [engine].


def _engine(key: Key, value: Any, folder: Path) -> Any:
    """A setting of an index that is in no folder; its engine knows what they mean."""
    from heatseek.engines.opensearch import settings  # noqa: PLC0415 - few projects have any
    from heatseek.engines.opensearch.location import PLAIN, TLS  # noqa: PLC0415 - as above

    def setting(value: Any) -> Any:
        try:
            settings.settings_of({key[-1]: value})
        except settings.SettingError as error:
            raise ValueError(error.reason) from None
        return value

    def location(value: Any) -> str:
        if not engines.is_address(text := checks.text(value)):
            raise ValueError("must be an address such as opensearch://host:9200/name")
        flaw = ""
        try:
            engines.check(text)
        except ConfigError as error:
            flaw = str(error)
        if (scheme := scheme_of(text)) not in ("", PLAIN, TLS):
            flaw = f"no engine for {scheme}://; there are {PLAIN}:// and {TLS}://"
        if flaw:
            # Not repeated as it is: a password may stand in it.
            raise MistakeError((), f"{_dotted(key)} = {shown_address(text)}: {flaw}")
        return text

    known = {"location": location, **dict.fromkeys(settings.KEYS, setting)}
    paths = dict.fromkeys(settings.PATHS, checks.path(folder))
    return _entry(key, value, {**known, **paths})


# [searches].


def _weights(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, dict):
        raise ValueError("must be weights: { heat = 1 }")  # noqa: TRY004 - a mistake in a file
    return tuple(_entries((), value, checks.WEIGHTS).items())


_SEARCH: Mapping[str, Check] = {
    "query": checks.text,
    **dict.fromkeys(("topic", "provider", "category", "type", "path", "where"), checks.texts),
    **dict.fromkeys(("after", "before"), checks.day),
    **dict.fromkeys(("published", "related", "any"), checks.flag),
    "boost": _weights,
    "limit": checks.limit,
    "meaning": checks.share,
}
_CHOOSING = _SEARCH.keys() - {"any", "boost", "limit", "meaning"}
"""Of these a search needs one."""


def _search(key: Key, value: Any, known: Mapping[str, Check]) -> SavedSearch:
    _name(key)
    if isinstance(value, str):
        return SavedSearch(_checked(key, value, checks.text))
    if not isinstance(value, dict):
        raise MistakeError(key, f'{_dotted(key)} must be a query in quotes or {{ query = "..." }}')
    entries = _entries(key, value, known)
    if not entries.keys() & _CHOOSING:
        raise MistakeError(key, f"{_dotted(key)} needs a query or a filter such as topic")
    return SavedSearch(**entries)


# [fields.NAME].

_FIELD: Mapping[str, Check] = {
    "kind": lambda value: FieldKind(checks.one_of(list(FieldKind))(value)),
    "facet": checks.flag,
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
    names = _checked(key, value, checks.texts)
    try:
        as_keys({key[-1]: names})
    except ValueError as error:
        raise MistakeError(key, f"keys.{error}") from None
    return tuple(names)
