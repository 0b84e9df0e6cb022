"""Filters beside the query text: they choose articles and never change a text score.

Conditions are filters in the user's words: `levels=Intermediate`, `price>=4.5`.
"""

from __future__ import annotations

import re
from datetime import datetime

from heatseek.definitions import NamedTuple
from heatseek.errors import ArgumentError, QueryError, UsageError
from heatseek.query.parser import MAX_LENGTH, check_paths, check_patterns
from heatseek.query.rewriting import any_of
from heatseek.query.terms import holds_text, leaf_in, path, phrase_leaf, word_leaf
from heatseek.query.tree import Query
from heatseek.schema import PATH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.schema import Names

MAX_CONDITIONS = 32
_LIKENESS = 0.7
"""A name that is less like a known one is another word, not a misspelt one."""
# Compiled where they are needed, which few searches do.
_CONDITION = r"(?s)([^\W\d_][\w-]*)\s*(>=|<=|=|>|<)\s*(.*)"
_QUOTED = r'"([^"]*)"'

MAX_LABELS = 1_024
"""Labels of all filters together; each is looked up."""
MAX_CHARACTERS = 10_000
"""Of these labels."""


class Filters(NamedTuple):
    """Several values of one filter: any of them. Several filters: all of them.

    Labels are compared without regard to case, accents or spacing.
    """

    topics: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    """Names or domains."""
    categories: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    after: datetime | None = None
    """Published at this instant or later."""
    before: datetime | None = None
    """Published before this instant."""
    published: bool | None = None
    """True: not held back. False: held back only."""
    related: bool | None = None
    """True: only related articles. False: only articles with a file."""
    where: tuple[Query, ...] = ()
    """Further conditions, all of which must hold; see `parse_conditions`."""
    excluded: tuple[str, ...] = ()
    """Ids of articles that are not to be found, nor others with the same link."""

    def check(self) -> None:
        """Refuse more labels than can be looked up, before anything else is done with them.

        Raises:
            UsageError: there are too many, or they are too long.
        """
        labels = (*self.topics, *self.providers, *self.categories, *self.types)
        if len(labels) > MAX_LABELS:
            raise UsageError(
                f"the filters have {len(labels):,} labels, more than {MAX_LABELS:,}: leave some out"
            )
        characters = sum(map(len, labels))
        if characters > MAX_CHARACTERS:
            raise UsageError(
                f"the labels of the filters have {characters:,} characters, more than"
                f" {MAX_CHARACTERS:,}: leave some out"
            )


NO_FILTERS = Filters()


def parse_paths(texts: Iterable[str]) -> tuple[Query, ...]:
    """The query for articles with one of some paths, or none if there are none.

    Raises:
        ArgumentError: one has no name in it, or there are too many.
    """
    try:
        paths = dict.fromkeys(path(text) for text in texts)
        check_paths("the filters have", len(paths))
    except QueryError as error:
        raise ArgumentError("paths", None, error.problem) from None
    return (any_of(paths),) if paths else ()


def parse_conditions(conditions: Iterable[str], names: Names, now: datetime) -> tuple[Query, ...]:
    """The queries that all must match; several values of one name are one query, for any of them.

    Args:
        conditions: each a name of the query language, `=`, `>`, `>=`, `<` or `<=`, and a value as
            it would stand after a colon; spaces in it need no quotes.
        names: those of the index.
        now: the instant that dates such as `yesterday` count from.

    Raises:
        ArgumentError: there is no such name, the value makes no sense, or all together are too
            many or too long.
    """
    others: list[Query] = []
    values: dict[str, list[Query]] = {}
    left = MAX_LENGTH
    for number, text in enumerate(conditions):
        if number == MAX_CONDITIONS:
            flaw = f"more than {MAX_CONDITIONS} conditions; leave some out"
            raise ArgumentError("where", None, flaw)
        left -= len(text)
        if left < 0:
            raise ArgumentError(
                "where", None, f"more than {MAX_LENGTH:,} characters; leave some out"
            )
        try:
            name, sign, query = _parse(text, names, now)
        except QueryError as error:
            raise ArgumentError("where", text, str(error)) from None
        if sign == "=":
            values.setdefault(name, []).append(query)
        else:
            others.append(query)
    whole = (*(any_of(dict.fromkeys(queries)) for queries in values.values()), *others)
    try:
        check_patterns(whole, "the conditions have")
    except QueryError as error:
        raise ArgumentError("where", None, str(error)) from None
    return whole


def _parse(text: str, names: Names, now: datetime) -> tuple[str, str, Query]:
    """The name of a condition, its sign and its query."""
    from heatseek.text.nfc import nfc  # noqa: PLC0415 - few searches have conditions

    match = re.fullmatch(_CONDITION, nfc(text).strip())
    if match is None:
        raise QueryError("write it as NAME=VALUE; there are >, >=, < and <=, too")
    name, sign, value = match.groups()
    at = match.start(3)
    if known := names.choosing(name):
        if known == PATH:
            if sign != "=":
                raise QueryError(f"{name} has no order; write {name}=VALUE")
            return known, sign, path(value, at)
        from heatseek.query.ranges import parse_range  # noqa: PLC0415 - few have conditions

        # Dates in words have quotes in a query.
        bare = re.sub(_QUOTED, r"\1", value)
        if sign != "=":
            bare, at = sign + bare, match.start(2)
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
    from heatseek.text.edit_distance import hint  # noqa: PLC0415 - as above

    others = hint(name.lower(), names.all(), likeness=_LIKENESS)
    return QueryError(f"no field {name}; {others}")
