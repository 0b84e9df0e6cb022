"""`is:published` and `has:image`: what an article is or has, asked for without a value."""

from __future__ import annotations

from heatseek.errors import QueryError, quoted
from heatseek.query.tree import Range
from heatseek.schema import BUILT_IN, PRESENCE, RANGE_FIELDS, Names
from heatseek.text.edit_distance import nearest

IS = {
    "published": Range("published", 1, 1),
    "unpublished": Range("published", 0, 0),
    "related": Range("related", 1, 1),
    "article": Range("related", 0, 0),
}
HAS = {name: Range(name) for name in (*PRESENCE, *RANGE_FIELDS)}


def parse_state(
    name: str, typed: str, at: int, names: Names = BUILT_IN, *, sign: str = ":"
) -> Range:
    """What `is:typed` or `has:typed` asks for.

    Args:
        name: `is` or `has`.
        typed: what stands after the colon.
        at: where it stands in the query.
        names: those of the index.
        sign: as for `parse_range`.

    Raises:
        QueryError: there is no such state.
    """
    states = IS if name == "is" else HAS
    value = typed.strip().lower()
    known = list(states)
    if name == "has":
        if own := names.declared(value):
            return Range(own.name)
        value = names.searchable(value) or names.choosing(value) or value
        known += names.own()
    if value in states:
        return states[value]
    meant = nearest(value, known)
    *others, last = known
    there_are = f"there are {', '.join(others)} and {last}"
    hint = f"did you mean {name}{sign}{meant}?" if meant else there_are
    raise QueryError(f"{name}: knows no {quoted(typed)}", at, hint)


def state_text(asked: Range) -> str:
    """The state as it is typed."""
    named = {state: text for text, state in IS.items()}
    return f"is:{named[asked]}" if asked in named else f"has:{asked.field}"
