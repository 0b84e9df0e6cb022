"""Values of declared fields as they are typed in a query: numbers with decimals, true and false."""

from __future__ import annotations

import math
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MAX_LENGTH = 40
"""Characters of a number."""
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_WHOLE = 1e16
"""From here on whole numbers are shorter with an exponent."""
_FLAGS = {
    **dict.fromkeys(("true", "yes", "on", "1"), 1),
    **dict.fromkeys(("false", "no", "off", "0"), 0),
}
_GREATEST = repr(sys.float_info.max)

NUMBERS = ((f"-{_GREATEST}", _GREATEST), ("4.5", ">4.5", "1..4.5"))
"""The lowest and highest text, and examples of what to write."""
FLAGS = (("false", "true"), ("true", "false"))


def read(text: str, now: datetime) -> tuple[float, float]:  # noqa: ARG001 - read like dates
    """The number that a text names, as first and last value.

    Raises:
        ValueError: it names none.
    """
    if not _NUMBER.fullmatch(text) or len(text) > MAX_LENGTH:
        raise ValueError("not a number")
    number = float(text)
    if math.isinf(number):
        raise ValueError("too great a number")
    return number, number


def above(number: float) -> float:
    """The next greater one."""
    return math.nextafter(number, math.inf)


def below(number: float) -> float:
    """The next lower one."""
    return math.nextafter(number, -math.inf)


def text(number: float) -> str:
    """The shortest text that names it."""
    return str(int(number)) if number == int(number) and abs(number) < _WHOLE else repr(number)


def read_flag(text: str, now: datetime) -> tuple[int, int]:  # noqa: ARG001 - read like dates
    """1 for true, 0 for false, as first and last value.

    Raises:
        ValueError: it is neither.
    """
    value = _FLAGS.get(text.lower())
    if value is None:
        raise ValueError("neither true nor false")
    return value, value


def flag_text(value: float) -> str:
    """See `read_flag`."""
    return "true" if value else "false"
