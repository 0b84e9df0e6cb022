"""Ranges of values and states: `quality:>50`, `heat:20..80`, `after:yesterday`, `is:published`.

A date names an interval. `>` means after all of it, `<` before all of it, and a range reaches
from the start of its first date to the end of its last. `after:` begins with it, `before:` ends
where it begins. `is:` and `has:` ask for a state: a range of which nobody types the ends.
"""

from __future__ import annotations

import re
from datetime import UTC

from heatseek.errors import QueryError, quoted
from heatseek.query.dates.iso import FORMS, DateError
from heatseek.query.tree import Range
from heatseek.query.values import DATES, EPOCH, FLAGS, ValueKind, instants, kind_of
from heatseek.schema import BUILT_IN, DATE_BOUNDS, PRESENCE, RANGE_FIELDS, STATES, Names
from heatseek.text.edit_distance import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

IS = {
    "published": Range("published", 1, 1),
    "unpublished": Range("published", 0, 0),
    "related": Range("related", 1, 1),
    "article": Range("related", 0, 0),
}
HAS = {name: Range(name) for name in (*PRESENCE, *RANGE_FIELDS)}

_SIGNS = "<", ">"
# Compiled where it is needed, which few queries do.
_COMPARISON = r"(?s)(>=|<=|>|<)(.*)"


def parse_range(  # noqa: PLR0913 - what a range is read with
    name: str,
    text: str,
    at: int,
    now: datetime,
    names: Names = BUILT_IN,
    *,
    sign: str = ":",
) -> Range:
    """The range or state that `name:text` asks for.

    Args:
        name: one that `names.choosing` gives.
        text: the part after the colon.
        at: where it stands in the query.
        now: the instant that dates such as `yesterday` count from.
        names: those of the index.
        sign: between a name and a value in what is advised: `=` in conditions.

    Raises:
        QueryError: it is no value or range, or one that nothing can lie in.
    """
    if name == "draft":
        return _draft(text, at, now, sign)
    if name in STATES:
        return _state(name, text, at, names, sign)
    kind = DATES if name in DATE_BOUNDS else kind_of(name, names)
    try:
        if name in DATE_BOUNDS:
            low, high = _bound(name, text, now)
        else:
            low, high = _ends(kind, text.strip(), now)
    except ValueError as problem:
        advice = _advice(name, problem, kind, sign)
        raise QueryError(f"{quoted(text)}: {problem}", at, f"write {advice}") from None
    if low is not None and high is not None and low > high:
        raise QueryError(
            f"impossible range {quoted(text)}: it ends before it begins", at, "swap its ends"
        )
    zone = now.tzinfo if kind is DATES and now.tzinfo is not UTC else None
    return Range("date" if name in DATE_BOUNDS else name, low, high, zone)


def range_text(query: Range, names: Names = BUILT_IN) -> str:
    """The range or state in the query language."""
    if query.field not in names.ranges:
        state = next((text for text, state in IS.items() if state == query), None)
        return f"is:{state}" if state else f"has:{query.field}"
    kind = kind_of(query.field, names)
    lowest, highest = kind.limits
    if query.low is not None and query.low > kind.read(highest, EPOCH)[1]:
        return f"{query.field}:>{highest}"
    if query.high is not None and query.high < kind.read(lowest, EPOCH)[0]:
        return f"{query.field}:<{lowest}"
    low = "" if query.low is None else kind.low_text(query.low)
    high = "" if query.high is None else kind.high_text(query.high)
    if low == high:
        return f"{query.field}:{low or '*'}"
    comparison = _comparison(kind, query) if kind.dense else ""
    return f"{query.field}:{comparison or f'{low}..{high}'}"


def _state(name: str, text: str, at: int, names: Names, sign: str) -> Range:
    states = IS if name == "is" else HAS
    value = text.strip().lower()
    known = list(states)
    if name == "has":
        if own := names.declared(value):
            return Range(own.name)
        value = names.searchable(value) or names.choosing(value) or value
        known += names.own()
    if value in states:
        return states[value]
    near = nearest(value, known)
    *others, last = known
    there_are = f"there are {', '.join(others)} and {last}"
    hint = f"did you mean {name}{sign}{near}?" if near else there_are
    raise QueryError(f"{name}: knows no {quoted(text)}", at, hint)


def _draft(text: str, at: int, now: datetime, sign: str) -> Range:
    """Held back, or not."""
    try:
        held_back = FLAGS.read(text.strip(), now)[0]
    except ValueError as problem:
        advice = f"write draft{sign}true or draft{sign}false"
        raise QueryError(f"{quoted(text)}: {problem}", at, advice) from None
    return IS["unpublished" if held_back else "published"]


def _bound(name: str, text: str, now: datetime) -> tuple[float | None, float | None]:
    first, _ = instants(text, now, ages=True)
    return (first, None) if name == "after" else (None, first - 1)


def _advice(name: str, problem: ValueError, kind: ValueKind, sign: str) -> str:
    dates = problem.advice if isinstance(problem, DateError) else None
    if dates:
        return re.sub(rf"\b({'|'.join(DATE_BOUNDS)}):", rf"\1{sign}", dates)
    if name in DATE_BOUNDS:
        return f'{name}{sign}2023-03, {name}{sign}2w or {name}{sign}"last monday" ({FORMS})'
    if sign == ":":
        *others, last = kind.examples
        before = f"{name}:"
    else:
        *others, last = (
            f"{name}{'' if value.startswith(_SIGNS) else sign}{value}" for value in kind.examples
        )
        before = ""
    examples = f"{before}{', '.join(others)} or {last}"
    return f"{examples} ({FORMS})" if kind is DATES else examples


def _comparison(kind: ValueKind, query: Range) -> str:
    """A range open at one end, by the value beside its other end if that is shorter."""
    least, greatest = (kind.read(text, EPOCH)[0] for text in kind.limits)
    if query.high is None and query.low is not None and query.low > least:
        below = kind.low_text(kind.below(query.low))
        return f">{below}" if len(below) < len(kind.low_text(query.low)) else ""
    if query.low is None and query.high is not None and query.high < greatest:
        above = kind.high_text(kind.above(query.high))
        return f"<{above}" if len(above) < len(kind.high_text(query.high)) else ""
    return ""


def _ends(kind: ValueKind, text: str, now: datetime) -> tuple[float | None, float | None]:
    if comparison := re.fullmatch(_COMPARISON, text):
        first, last = kind.read(comparison[2].strip(), now)
        return {
            ">": (kind.above(last), None),
            ">=": (first, None),
            "<": (None, kind.below(first)),
            "<=": (None, last),
        }[comparison[1]]
    low, high = _between(text)
    return (kind.read(low, now)[0] if low else None), (kind.read(high, now)[1] if high else None)


def _between(text: str) -> tuple[str, str]:
    """The texts of both ends, empty where open; of a single value the same twice."""
    if text == "*":
        return "", ""
    if text.startswith("[") and text.endswith("]"):
        words = text[1:-1].split()
        if [word.upper() for word in words].count("TO") == 1:
            to = next(at for at, word in enumerate(words) if word.upper() == "TO")
            low, high = " ".join(words[:to]), " ".join(words[to + 1 :])
            return ("" if low == "*" else low), ("" if high == "*" else high)
    elif text.startswith("["):
        raise ValueError("the bracket is not closed")
    low, dots, high = text.partition("..")
    if not (low or high):
        raise ValueError("no value")
    return (low.strip(), high.strip()) if dots else (text, text)
