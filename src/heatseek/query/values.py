"""Values as they are written in a query, by the kind of field: numbers, dates, true and false.

A value names all that lies between its first and its last number: a date the seconds of its
interval, a number itself.
"""

from __future__ import annotations

import math
import re
import sys
from datetime import UTC, datetime, timedelta

from heatseek.definitions import NamedTuple
from heatseek.query.dates import interval
from heatseek.schema import DATES as INSTANTS
from heatseek.schema import RANGE_FIELDS, FieldKind, Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MAX_DIGITS = 18
"""Of a whole number: what fits into 64 bits."""
MAX_LENGTH = 40
"""Characters of a number with decimals."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY = 86_400
# Compiled where they are needed, which few queries do.
_WHOLE = "-?[0-9]+"
_DECIMAL = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?"
_LONG = 1e16
"""From here on whole numbers are shorter with an exponent."""
_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1"), 1),
    **dict.fromkeys(("false", "no", "off", "0"), 0),
}
_GREATEST = repr(sys.float_info.max)


class ValueKind(NamedTuple):
    """How the values of a field are read and written."""

    read: Callable[[str, datetime], tuple[float, float]]
    """The first and the last number that a text names now. Raises ValueError: it names none."""
    low_text: Callable[[Any], str]
    high_text: Callable[[Any], str]
    """The shortest text of which a number is the first (`low_text`) or the last."""
    limits: tuple[str, str]
    """The lowest and highest text."""
    examples: tuple[str, ...]
    """Values and ranges of them, as they follow a colon."""
    above: Callable[[Any], float] = (1).__add__
    """The next number;"""
    below: Callable[[Any], float] = (-1).__add__
    """and the one before."""
    dense: bool = False
    """The next number is so near that `>` and `<` are shorter than to write it."""


def kind_of(field: str, names: Names) -> ValueKind:
    """The kind of a field that has an order."""
    if field in RANGE_FIELDS:
        return DATES if field in INSTANTS else WHOLE_NUMBERS
    own = names.declared(field)
    if own and own.kind is FieldKind.DATE:
        return DATES
    return FLAGS if own and own.kind is FieldKind.BOOLEAN else DECIMALS


def instants(text: str, now: datetime, *, ages: bool = False) -> tuple[int, int]:
    """The first and the last second of a date, since 1970 by the clock in the zone of `now`.

    Raises:
        DateError: it is no date.
    """
    clock = (moment.replace(tzinfo=UTC) for moment in interval(text, now, ages=ages))
    start, end = (moment - EPOCH for moment in clock)
    first, after = start // _SECOND, -(-end // _SECOND)
    return first, max(first, after - 1)


def decimal_text(number: float) -> str:
    """The shortest text that names a number."""
    return str(int(number)) if number == int(number) and abs(number) < _LONG else repr(number)


def _from_second(second: int) -> str:
    return _moment(second)[: 19 if second % _DAY else 10]


def _to_second(second: int) -> str:
    return _moment(second)[: 19 if (second + 1) % _DAY else 10]


def _moment(second: int) -> str:
    return (EPOCH + second * _SECOND).isoformat()


def _whole_number(text: str, now: datetime) -> tuple[int, int]:  # noqa: ARG001 - read like dates
    if not re.fullmatch(_WHOLE, text):
        raise ValueError("not a whole number")
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise ValueError(f"more than {MAX_DIGITS} digits")
    return int(text), int(text)


def _decimal(text: str, now: datetime) -> tuple[float, float]:  # noqa: ARG001 - read like dates
    if len(text) > MAX_LENGTH or not re.fullmatch(_DECIMAL, text):
        raise ValueError("not a number")
    number = float(text)
    if math.isinf(number):
        raise ValueError("too great a number")
    return number, number


def _above(number: float) -> float:
    return math.nextafter(number, math.inf)


def _below(number: float) -> float:
    return math.nextafter(number, -math.inf)


def _flag(text: str, now: datetime) -> tuple[int, int]:  # noqa: ARG001 - read like dates
    value = _FLAGS.get(text.lower())
    if value is None:
        raise ValueError("neither true nor false")
    return value, value


def _flag_text(value: float) -> str:
    return "true" if value else "false"


WHOLE_NUMBERS = ValueKind(
    _whole_number, str, str, ("-" + "9" * MAX_DIGITS, "9" * MAX_DIGITS), ("50", ">50", "20..80")
)
DATES = ValueKind(
    instants,
    _from_second,
    _to_second,
    ("0001", "9999"),
    ("2023-03", ">2023-03", "2023-01..2023-06", '"last week"'),
)
DECIMALS = ValueKind(
    _decimal,
    decimal_text,
    decimal_text,
    (f"-{_GREATEST}", _GREATEST),
    ("4.5", ">4.5", "1..4.5"),
    _above,
    _below,
    dense=True,
)
FLAGS = ValueKind(_flag, _flag_text, _flag_text, ("false", "true"), ("true", "false"))
