"""Conditions as they are typed beside a query: `levels=Intermediate`, `price>=4.5`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heatseek.errors import QueryError
from heatseek.nfc import nfc
from heatseek.query.language import MAX_LENGTH, check_patterns
from heatseek.query.leaves import holds_text, leaf_in, phrase_leaf, word_leaf
from heatseek.query.mistakes import closest, shown
from heatseek.query.normal import any_of
from heatseek.query.ranges import parse_range

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from heatseek.query.tree import Query
    from heatseek.schema import Names

MAX_CONDITIONS = 32
_LIKENESS = 0.7
"""A name that is less like what was typed is not what was meant."""
_CONDITION = re.compile(r"([^\W\d_][\w-]*)\s*(>=|<=|=|>|<)\s*(.*)", re.DOTALL)
_QUOTED = re.compile(r'"([^"]*)"')


def parse_conditions(
    typed: Iterable[str], names: Names, now: datetime, *, option: str = "where"
) -> tuple[Query, ...]:
    """What all must hold; of several values of one name any.

    Args:
        typed: a name of the query language, `=`, `>`, `>=`, `<` or `<=`, and a value as it would
            stand after a colon; spaces in it need no quotes.
        names: those of the index.
        now: the instant that dates such as `yesterday` count from.
        option: where they were given, for messages.

    Raises:
        QueryError: there is no such name, the value makes no sense, or all together are too many
            or too long.
    """
    conditions: list[Query] = []
    values: dict[str, list[Query]] = {}
    left = MAX_LENGTH
    for number, text in enumerate(typed):
        if number == MAX_CONDITIONS:
            raise QueryError(f"{option}: more than {MAX_CONDITIONS} conditions; leave some out")
        left -= len(text)
        if left < 0:
            raise QueryError(f"{option}: more than {MAX_LENGTH:,} characters; leave some out")
        try:
            name, sign, condition = _parsed(text, names, now)
        except QueryError as error:
            raise QueryError(f"{option} {shown(text)}: {error}") from None
        if sign == "=":
            values.setdefault(name, []).append(condition)
        else:
            conditions.append(condition)
    whole = (*(any_of(dict.fromkeys(found)) for found in values.values()), *conditions)
    check_patterns(whole, f"{option}: the conditions have")
    return whole


def _parsed(text: str, names: Names, now: datetime) -> tuple[str, str, Query]:
    found = _CONDITION.fullmatch(nfc(text).strip())
    if found is None:
        raise QueryError("write it as NAME=VALUE; there are >, >=, < and <=, too")
    name, sign, value = found.groups()
    at = found.start(3)
    if known := names.choosing(name):
        # Dates in words have quotes in a query.
        bare = _QUOTED.sub(r"\1", value)
        if sign != "=":
            bare, at = sign + bare, found.start(2)
        return known, sign, parse_range(known, bare, at, now, names, sign="=")
    field = names.searchable(name)
    if field is None:
        raise _unknown(name, names)
    if sign != "=":
        raise QueryError(f"{name} has no order; write {name}=VALUE")
    if not holds_text(value):
        raise QueryError("it has no value: type a word or a number")
    leaf = phrase_leaf(value, "") if " " in value else word_leaf(value, at)
    return field, sign, leaf_in(field, leaf, at)


def _unknown(name: str, names: Names) -> QueryError:
    known = names.all()
    meant = closest(name.lower(), known, likeness=_LIKENESS)
    hint = f"did you mean {meant}?" if meant else f"there are {', '.join(known)}"
    return QueryError(f"no field {name}; {hint}")
