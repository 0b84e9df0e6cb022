"""Arguments as people and programs give them, read one by one: of requests, and of an index.

Whatever makes no sense is an `ArgumentError` that names the argument; a front end only translates
that name into its own (`after` into `--after`).
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum

from heatseek import config
from heatseek.config.model import MAX_LIMIT, boost, days, weights
from heatseek.definitions import replace
from heatseek.errors import ArgumentError
from heatseek.ranking import Boosts, Preset
from heatseek.results import Facet
from heatseek.zones import in_zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, TypeVar

    from heatseek.config.places import Location

    Choice = TypeVar("Choice", bound=StrEnum)

WEIGHTS = ("quality", "heat", "recency", "title")
"""The weights that people set."""

_MOST_SECONDS = 1e9
"""Clocks and locks take no more."""

Texts = str | Iterable[str]
"""One text, or several."""
Moment = date | datetime | str
"""A day, an instant (without a zone it is UTC), or a date as people write it (`last monday`)."""
Weights = Boosts | Mapping[str, float | str] | Texts
"""All weights, or those that differ from the defaults: by name, or as text (`heat=2,quality=0`)."""


def text_of(argument: str, value: object) -> str:
    """A text; bytes that are no UTF-8 could match nothing and be written nowhere."""
    if not isinstance(value, str):
        raise ArgumentError(argument, value, "must be text")
    return value.encode("utf-8", "replace").decode("utf-8")


def texts_of(argument: str, value: object) -> tuple[str, ...]:
    """One text, or several; none of them empty."""
    if value == ():  # as nearly always
        return ()
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Iterable):
        raise ArgumentError(argument, value, "must be text, or several texts")
    texts = tuple(text_of(argument, each) for each in value)
    if not all(each.strip() for each in texts):
        raise ArgumentError(argument, None, "needs a value")
    return texts


def synonyms_of(argument: str, value: object) -> Mapping[str, tuple[str, ...]]:
    """Words and phrases, each with what else it is known as."""
    if not isinstance(value, Mapping):
        raise ArgumentError(argument, value, "must be a mapping of words to their other names")
    return {text_of(argument, name): texts_of(argument, also) for name, also in value.items()}


def count_of(argument: str, value: object) -> int:
    """A count of hits."""
    number = _whole(value.strip()) if isinstance(value, str) else value
    if isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= MAX_LIMIT:
        return number
    shown = value if number is None else number
    raise ArgumentError(argument, shown, f"must be a whole number from 0 to {MAX_LIMIT:,}")


def _whole(digits: str) -> int | None:
    """A text of digits as a number; None of any other."""
    # Not `int` alone: it takes 1_000 and the digits of all scripts.
    is_number = digits.isascii() and digits.isdecimal() and len(digits) < 10
    return int(digits) if is_number else None


def share_of(argument: str, value: object) -> float:
    """A weight from 0 to 1."""
    try:
        number = math.nan if isinstance(value, bool) else _number(value)
    except ValueError:
        number = math.nan
    if 0.0 <= number <= 1.0:
        return number
    raise ArgumentError(argument, value, "must be a number from 0 to 1")


def seconds_of(argument: str, value: object) -> float:
    """A span of time."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf:
        return min(value, _MOST_SECONDS)
    raise ArgumentError(argument, value, "must be a number of seconds from 0")


def flag_of(argument: str, value: object) -> bool:
    """True or False, and nothing that only counts as one of them."""
    if isinstance(value, bool):
        return value
    raise ArgumentError(argument, value, "must be True or False")


def optional_flag_of(argument: str, value: object) -> bool | None:
    """As `flag_of`, or None where both will do."""
    return None if value is None else flag_of(argument, value)


def choice_of(argument: str, value: str, choices: type[Choice]) -> Choice:
    """One of a few words, in any case."""
    try:
        return choices(text_of(argument, value).strip().lower())
    except ValueError:
        raise not_one_of(argument, value, choices) from None


def not_one_of(argument: str, value: str, choices: Iterable[str]) -> ArgumentError:
    """The error to raise: which words there are, and which of them was probably meant."""
    known = list(choices)
    from heatseek.text.edit_distance import closest  # noqa: PLC0415 - of what is wrong only

    nearest = closest(value.strip().lower(), known)
    hint = f"; did you mean {nearest}?" if nearest else ""
    return ArgumentError(argument, value, f"not one of {', '.join(known)}{hint}")


def weights_of(given: Mapping[str, Any] | Texts) -> dict[str, float]:
    """Weights by name, each a number or its text.

    Raises:
        ArgumentError: there is no such weight, or a number is out of range.
    """
    if isinstance(given, Mapping):
        return {name: _weight(text_of("boosts", name), value) for name, value in given.items()}
    if not isinstance(given, Iterable):
        raise ArgumentError("boosts", given, "must be weights by name")
    texts = (given,) if isinstance(given, str) else given
    parts = (part.strip() for text in texts for part in text_of("boosts", text).split(","))
    pairs = [part.partition("=") for part in parts if part]
    if not pairs and given:
        raise ArgumentError("boosts", None, "needs a weight, as in quality=1")
    return {name.strip(): _weight(name.strip(), value.strip(), sign) for name, sign, value in pairs}


def preset_of(argument: str, name: str, presets: Mapping[str, Boosts]) -> Boosts:
    """The weights of a preset, built in or configured."""
    found = weights(text_of(argument, name).strip().lower(), presets)
    if found is None:
        raise not_one_of(argument, name, (*Preset, *presets))
    return found


def with_half_life(given: Boosts | dict[str, float], value: float | str) -> Any:
    """Weights with another half-life."""
    try:
        checked = boost("half_life", days(value) if isinstance(value, str) else value)
    except ValueError as error:
        raise ArgumentError("half_life", value, str(error)) from None
    if isinstance(given, Boosts):
        return replace(given, half_life=checked)
    return {**given, "half_life": checked}


def _weight(name: str, value: Any, sign: str = "=") -> float:
    is_short = isinstance(value, str | float) or (isinstance(value, int) and abs(value) < 1e15)
    shown = f"{name}{sign}{value}" if is_short else name
    if name not in Boosts.__dataclass_fields__:
        from heatseek.text.edit_distance import hint  # noqa: PLC0415 - as above

        flaw = f"no weight {name or 'without a name'}; {hint(name, WEIGHTS)}"
        raise ArgumentError("boosts", shown, flaw)
    if not sign:
        raise ArgumentError("boosts", shown, f"needs a number, as in {name}=1")
    try:
        return boost(name, _number(value))
    except ValueError as error:
        raise ArgumentError("boosts", shown, str(error)) from None


def _number(value: Any) -> float:
    try:
        return float(value)
    except (ValueError, TypeError, OverflowError):
        raise ValueError("not a number") from None


def span_of(
    after: Moment | None, before: Moment | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """The instants between which something is published."""
    first, end = moment_of("after", after, now), moment_of("before", before, now)
    if first is not None and end is not None and end <= first:
        raise ArgumentError("before", before, f"nothing is published before that and after {after}")
    return first, end


def moment_of(argument: str, given: Moment | None, now: datetime) -> datetime | None:
    """The first instant of what a date names."""
    if given is None:
        return None
    zone = now.tzinfo or UTC
    if isinstance(given, datetime):
        return in_zone(given, zone) if given.tzinfo else given.replace(tzinfo=zone)
    if isinstance(given, date):
        return datetime(given.year, given.month, given.day, tzinfo=zone)
    text = text_of(argument, given)
    # Few searches have dates.
    from heatseek.query.dates import EXAMPLES, interval  # noqa: PLC0415
    from heatseek.query.dates.iso import DateError  # noqa: PLC0415

    try:
        return interval(text, now, ages=True)[0]
    except DateError as problem:
        flaw = f"{problem}; write {problem.advice or EXAMPLES}"
        raise ArgumentError(argument, text, flaw) from None


def facets_of(given: Iterable[str | Facet] | str, limit: int | None) -> tuple[Facet, ...]:
    """The facets, each once; the last one that names it says how many values."""
    if given == () and limit is None:  # as nearly always
        return ()
    several = (given,) if isinstance(given, str | Facet) else given
    try:
        several = dict.fromkeys(several)
    except TypeError:
        raise ArgumentError("facets", given, "must be names of facets") from None
    most = None if limit is None else count_of("facet_limit", limit)
    parts = (_facet(each, most) for each in several)
    return tuple({facet.name.lower(): facet for facet in parts}.values())


def _facet(given: str | Facet, limit: int | None) -> Facet:
    if isinstance(given, Facet):
        own = None if given.limit is None else count_of("facets", given.limit)
        return Facet(text_of("facets", given.name), own)
    name, colon, most = (part.strip() for part in text_of("facets", given).partition(":"))
    if not colon:
        return Facet(name, limit)
    if most.lower() == "all":
        return Facet(name)
    number = _whole(most)
    if number and number <= MAX_LIMIT:
        return Facet(name, number)
    raise ArgumentError("facets", given, "how many must be a whole number from 1, or all")


def place_of(argument: str, value: object) -> Location:
    """Where an index may be: a path that the system could have, or an address."""
    if isinstance(value, config.IndexUrl):
        return value
    if isinstance(value, str) and isinstance(url := config.location_of(value, argument), str):
        return url
    return path_of(argument, value)


def path_of(argument: str, value: object) -> Path:
    """A path that the system could have."""
    if not isinstance(value, str | os.PathLike):
        raise ArgumentError(argument, value, "must be a path")
    from pathlib import Path  # noqa: PLC0415 - a search does without

    try:
        path = Path(value)
        encoded = os.fsencode(path)
    except (TypeError, UnicodeError):
        raise ArgumentError(argument, value, "must be a path") from None
    if b"\0" in encoded or not str(value):
        raise ArgumentError(argument, value, "must be a path")
    return path
