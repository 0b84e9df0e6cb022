"""Ranges of numbers and dates: `quality:>50`, `heat:20..80`, `after:yesterday`, `is:related`.

A date names an interval. `>` means after all of it, `<` before all of it, and a range reaches
from the start of its first date to the end of its last. `after:` begins with it, `before:` ends
where it begins.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.errors import QueryError, quoted
from heatseek.query.dates import interval
from heatseek.query.dates.iso import FORMS, DateError
from heatseek.query.tree import Range
from heatseek.schema import BUILT_IN, DATE_BOUNDS, RANGE_FIELDS, STATES, FieldKind, Names

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DIGITS = 18
"""Of a number: what fits into 64 bits."""

COMPARISONS = (">", ">=", "<", "<=")
_COMPARISON = re.compile(r"(>=|<=|>|<)(.*)", re.DOTALL)
_NUMBER = re.compile("-?[0-9]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_DAY = 86_400


class _Kind(NamedTuple):
    """How the values of a field are read and written."""

    read: Callable[[str, datetime], tuple[float, float]]
    """The first and the last value that a text names now. Raises ValueError: it names none."""
    low_text: Callable[[Any], str]
    high_text: Callable[[Any], str]
    """The shortest text of which a value is the first (`low_text`) or the last."""
    limits: tuple[str, str]
    """The lowest and highest text."""
    examples: tuple[str, ...]
    """Values and ranges of them, as they follow a colon."""
    above: Callable[[Any], float] = (1).__add__
    """The next value;"""
    below: Callable[[Any], float] = (-1).__add__
    """and the one before."""
    dense: bool = False
    """Whether the next value is so near that `>` and `<` are shorter than to write it."""


def parse_range(  # noqa: PLR0913 - what a range is read with
    name: str,
    typed: str,
    at: int,
    now: datetime,
    names: Names = BUILT_IN,
    *,
    sign: str = ":",
) -> Range:
    """The range that `name:typed` asks for.

    Args:
        name: what `names.choosing` gives.
        typed: what stands after the colon.
        at: where it stands in the query.
        now: the instant that dates such as `yesterday` count from.
        names: those of the index.
        sign: between a name and a value in what is advised: `=` in conditions.

    Raises:
        QueryError: it is no value or range, or one that nothing can lie in.
    """
    if name in STATES:
        # Few queries have one: the start-up of the others does without.
        from heatseek.query.states import parse_state  # noqa: PLC0415

        return parse_state(name, typed, at, names, sign=sign)
    bound = name in DATE_BOUNDS
    kind = _DATES if bound else _kind(name, names)
    try:
        low, high = _bound(name, typed, now) if bound else _ends(kind, typed.strip(), now)
    except ValueError as problem:
        advice = _advice(name, problem, kind, sign)
        raise QueryError(f"{quoted(typed)}: {problem}", at, f"write {advice}") from None
    if low is not None and high is not None and low > high:
        raise QueryError(
            f"impossible range {quoted(typed)}: it ends before it begins", at, "swap its ends"
        )
    return Range("date" if bound else name, low, high)


def _bound(name: str, typed: str, now: datetime) -> tuple[float | None, float | None]:
    first, _ = _instants(typed, now, ages=True)
    return (first, None) if name == "after" else (None, first - 1)


def _advice(name: str, problem: ValueError, kind: _Kind, sign: str) -> str:
    meant = problem.advice if isinstance(problem, DateError) else None
    if meant:
        return re.sub(rf"\b({'|'.join(DATE_BOUNDS)}):", rf"\1{sign}", meant)
    if name in DATE_BOUNDS:
        return f'{name}{sign}2023-03, {name}{sign}2w or {name}{sign}"last monday" ({FORMS})'
    if sign == ":":
        *others, last = kind.examples
        before = f"{name}:"
    else:
        *others, last = (
            f"{name}{'' if value.startswith(COMPARISONS) else sign}{value}"
            for value in kind.examples
        )
        before = ""
    written = f"{before}{', '.join(others)} or {last}"
    return f"{written} ({FORMS})" if kind is _DATES else written


def range_text(asked: Range, names: Names = BUILT_IN) -> str:
    """The range as it is typed."""
    if asked.field not in names.ranges:
        from heatseek.query.states import state_text  # noqa: PLC0415 - as above

        return state_text(asked)
    kind = _kind(asked.field, names)
    lowest, highest = kind.limits
    if asked.low is not None and asked.low > kind.read(highest, _EPOCH)[1]:
        return f"{asked.field}:>{highest}"
    if asked.high is not None and asked.high < kind.read(lowest, _EPOCH)[0]:
        return f"{asked.field}:<{lowest}"
    low = "" if asked.low is None else kind.low_text(asked.low)
    high = "" if asked.high is None else kind.high_text(asked.high)
    if low == high:
        return f"{asked.field}:{low or '*'}"
    beside = _beside(kind, asked) if kind.dense else ""
    return f"{asked.field}:{beside or f'{low}..{high}'}"


def _beside(kind: _Kind, asked: Range) -> str:
    """What is open at one end, told by the value beside the other end if that is shorter."""
    least, greatest = (kind.read(text, _EPOCH)[0] for text in kind.limits)
    if asked.high is None and asked.low is not None and asked.low > least:
        below = kind.low_text(kind.below(asked.low))
        return f">{below}" if len(below) < len(kind.low_text(asked.low)) else ""
    if asked.low is None and asked.high is not None and asked.high < greatest:
        above = kind.high_text(kind.above(asked.high))
        return f"<{above}" if len(above) < len(kind.high_text(asked.high)) else ""
    return ""


def _ends(kind: _Kind, value: str, now: datetime) -> tuple[float | None, float | None]:
    if compared := _COMPARISON.fullmatch(value):
        first, last = kind.read(compared[2].strip(), now)
        return {
            ">": (kind.above(last), None),
            ">=": (first, None),
            "<": (None, kind.below(first)),
            "<=": (None, last),
        }[compared[1]]
    low, high = _between(value)
    return (kind.read(low, now)[0] if low else None), (kind.read(high, now)[1] if high else None)


def _between(value: str) -> tuple[str, str]:
    """The texts of both ends, empty where open; of a single value the same twice."""
    if value == "*":
        return "", ""
    if value.startswith("[") and value.endswith("]"):
        words = value[1:-1].split()
        if [word.upper() for word in words].count("TO") == 1:
            to = next(at for at, word in enumerate(words) if word.upper() == "TO")
            low, high = " ".join(words[:to]), " ".join(words[to + 1 :])
            return ("" if low == "*" else low), ("" if high == "*" else high)
    elif value.startswith("["):
        raise ValueError("the bracket is not closed")
    low, dots, high = value.partition("..")
    if not (low or high):
        raise ValueError("no value")
    return (low.strip(), high.strip()) if dots else (value, value)


def _kind(field: str, names: Names) -> _Kind:
    if field in RANGE_FIELDS:
        return _DATES if field == "date" else _NUMBERS
    own = names.declared(field)
    if own and own.kind is FieldKind.DATE:
        return _DATES
    # Few indexes have such fields: the start-up of the others does without.
    from heatseek.query import values  # noqa: PLC0415

    if own and own.kind is FieldKind.BOOLEAN:
        return _Kind(values.read_flag, values.flag_text, values.flag_text, *values.FLAGS)
    texts = (values.text, values.text)
    steps = (values.above, values.below)
    return _Kind(values.read, *texts, *values.NUMBERS, *steps, dense=True)


def _number(text: str, now: datetime) -> tuple[int, int]:  # noqa: ARG001 - read like dates
    if not _NUMBER.fullmatch(text):
        raise ValueError("not a whole number")
    if len(text.lstrip("-")) > MAX_DIGITS:
        raise ValueError(f"more than {MAX_DIGITS} digits")
    return int(text), int(text)


def _instants(text: str, now: datetime, *, ages: bool = False) -> tuple[int, int]:
    """The first and the last second of a date."""
    start, end = ((moment - _EPOCH) for moment in interval(text, now, ages=ages))
    first, after = start // _SECOND, -(-end // _SECOND)
    return first, max(first, after - 1)


def _from_second(second: int) -> str:
    return _moment(second)[: 19 if second % _DAY else 10]


def _to_second(second: int) -> str:
    return _moment(second)[: 19 if (second + 1) % _DAY else 10]


def _moment(second: int) -> str:
    return (_EPOCH + second * _SECOND).isoformat()


_NUMBERS = _Kind(
    _number, str, str, ("-" + "9" * MAX_DIGITS, "9" * MAX_DIGITS), ("50", ">50", "20..80")
)
_DATES = _Kind(
    _instants,
    _from_second,
    _to_second,
    ("0001", "9999"),
    ("2023-03", ">2023-03", "2023-01..2023-06", '"last week"'),
)
