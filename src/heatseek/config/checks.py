"""Checks of single values of heatseek.toml."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from heatseek.config.model import BOOST_KEYS, MAX_LIMIT, boost, days
from heatseek.conventions import MAX_WILDCARDS
from heatseek.engines import is_address
from heatseek.query.dates import EXAMPLES, interval
from heatseek.query.dates.iso import DateError
from heatseek.results import DIRECTIONS, Sort
from heatseek.text.edit_distance import closest
from heatseek.text.languages import stemmers
from heatseek.zones import is_zone

Key = tuple[str, ...]
Check = Callable[[Any], Any]
"""Gives the value as it is to be used, or raises ValueError with the reason."""

MOST_NAMES = 40
"""Names of one kind, such as stemmers, that are listed where another one stands."""
MAX_SYNONYMS = 20
"""Of one word."""
MAX_RULES = 200
"""Under `exclude`."""
MAX_PATH = 4_096
"""Characters; no file system takes more."""
MAX_PHRASE = 200
"""Characters of a synonym."""


class MistakeError(ValueError):
    """A key or value that makes no sense; `key` leads to it."""

    def __init__(self, key: Key, message: str) -> None:
        super().__init__(message)
        self.key = key


def one_of(names: list[str]) -> Check:
    """One of these words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            nearest = closest(value, names) if isinstance(value, str) else None
            hint = f'; did you mean "{nearest}"?' if nearest else ""
            known = ", ".join(names[:MOST_NAMES]) + (", ..." if len(names) > MOST_NAMES else "")
            raise ValueError(f"must be one of {known}{hint}")
        return value

    return check


def order(names: list[str]) -> Check:
    """One of these, also with a direction after it."""
    known = one_of(names)

    def check(value: Any) -> Any:
        name, colon, direction = str(value).partition(":")
        if colon and direction in DIRECTIONS and name != Sort.RELEVANCE:
            known(name)
            return value
        return known(value)

    return check


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004 - a mistake in a file
    return value


def text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")  # noqa: TRY004 - a mistake in a file
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def texts(value: Any) -> tuple[str, ...]:
    """One text or a list of them."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ValueError("must not be empty")
    return tuple(dict.fromkeys(map(text, values)))


def _stars(rule: str) -> int:
    """The wildcards of a rule; `**` for folders is one, elsewhere two: the work is theirs."""
    return len(re.findall(r"(?<![^/])\*\*(?![^/])|\*", rule.strip("! ")))


def rules(value: Any) -> tuple[str, ...]:
    """Lines of a `.gitignore`; each is tried on every name of the archive."""
    rules = texts(value) if value != [] else ()
    if len(rules) > MAX_RULES:
        raise ValueError(f"at most {MAX_RULES} rules")
    for rule in rules:
        if len(rule) > MAX_PHRASE or _stars(rule) > MAX_WILDCARDS:
            raise ValueError(
                f"a rule has at most {MAX_PHRASE} characters and {MAX_WILDCARDS} wildcards"
            )
    return rules


def limit(value: Any) -> int:
    """A count of hits."""
    if type(value) is not int or not 0 <= value <= MAX_LIMIT:
        raise ValueError(f"must be a whole number from 0 to {MAX_LIMIT:,}")
    return value


def share(value: Any) -> float:
    """A weight from 0 to 1."""
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise ValueError("must be a number from 0 to 1")
    return float(value)


def zone(value: Any) -> str:
    """The name of a time zone."""
    name = text(value)
    if not is_zone(name):
        raise ValueError("must be the name of a time zone, such as Europe/Berlin")
    return name


def path(folder: Path) -> Check:
    """A path; a relative one starts from the folder."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or "\0" in value:
            raise ValueError("must be a path in quotes")
        if not value:
            raise ValueError("must not be empty")
        if len(value) > MAX_PATH:
            raise ValueError(f"must be a path of at most {MAX_PATH:,} characters")
        try:
            return str(folder / Path(value).expanduser())
        except RuntimeError:
            raise ValueError("nobody has this home folder") from None

    return check


def index(folder: Path) -> Check:
    """The path of an index; an address is another key's."""
    as_path = path(folder)

    def check(value: Any) -> str:
        if isinstance(value, str) and is_address(value):
            raise MistakeError((), "index: an address stands under [engine], as its location")
        place: str = as_path(value)
        return place

    return check


def day(value: Any) -> str:
    """A date in quotes as `--after` takes it, or one of TOML's own."""
    written = value.isoformat() if isinstance(value, date) else text(value)
    try:
        interval(written, datetime.now(UTC), ages=True)
    except DateError as problem:
        raise ValueError(f"{problem}; write {problem.advice or EXAMPLES}") from None
    return written


def weight(name: str) -> Check:
    """A weight of the ranking, in its range."""

    def check(value: Any) -> float:
        if name == "half_life" and isinstance(value, str):
            value = days(value)
        if type(value) not in (int, float):
            raise ValueError("must be a number")
        return boost(name, float(value))

    return check


WEIGHTS = {name: weight(name) for name in (key.removeprefix("boost.") for key in BOOST_KEYS)}


# [language] and [synonyms].


def stemmer(value: Any) -> str:
    """The name of a stemmer."""
    return str(one_of(stemmers())(value))


def others(value: Any) -> tuple[str, ...]:
    """The synonyms of a word."""
    others = texts(value)
    if len(others) > MAX_SYNONYMS or max(map(len, others)) > MAX_PHRASE:
        raise ValueError(f"at most {MAX_SYNONYMS} synonyms of {MAX_PHRASE} characters each")
    return others
