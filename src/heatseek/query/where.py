"""Conditions as they are typed beside a query: `levels=Intermediate`, `price>=4.5`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heatseek.errors import QueryError, quoted
from heatseek.query.ranges import parse_range
from heatseek.query.rewriting import any_of
from heatseek.query.terms import holds_text, leaf_in, phrase_leaf, word_leaf
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from heatseek.query.tree import Query
    from heatseek.schema import Names

MAX_CONDITIONS = 32
_LIKENESS = 0.7
"""A name that is less like what was typed is not what was meant."""
_CONDITION = re.compile(r"\s*([^\W\d_][\w-]*)\s*(>=|<=|=|>|<)\s*(.*?)\s*", re.DOTALL)
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
        QueryError: there is no such name, or the value makes no sense.
    """
    conditions: list[Query] = []
    values: dict[str, list[Query]] = {}
    for number, text in enumerate(typed):
        if number == MAX_CONDITIONS:
            raise QueryError(f"{option}: more than {MAX_CONDITIONS} conditions; leave some out")
        try:
            name, sign, condition = _parsed(text, names, now)
        except QueryError as error:
            raise QueryError(f"{option} {quoted(text)}: {error}") from None
        if sign == "=":
            values.setdefault(name, []).append(condition)
        else:
            conditions.append(condition)
    return (*(any_of(dict.fromkeys(found)) for found in values.values()), *conditions)


def _parsed(text: str, names: Names, now: datetime) -> tuple[str, str, Query]:
    found = _CONDITION.fullmatch(text)
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
