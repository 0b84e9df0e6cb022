"""`is:published` and `has:image`: what an article is or has, asked for without a value."""

from __future__ import annotations

from heatseek.query.mistakes import mistake, nearest, shown
from heatseek.query.tree import Range
from heatseek.schema import PRESENCE, RANGE_FIELDS, range_field, searchable_field

IS = {
    "published": Range("published", 1, 1),
    "unpublished": Range("published", 0, 0),
    "related": Range("related", 1, 1),
    "article": Range("related", 0, 0),
}
HAS = {name: Range(name) for name in (*PRESENCE, *RANGE_FIELDS)}


def parse_state(name: str, typed: str, at: int) -> Range:
    """What `is:typed` or `has:typed` asks for.

    Args:
        name: `is` or `has`.
        typed: what stands after the colon.
        at: where it stands in the query.

    Raises:
        QueryError: there is no such state.
    """
    states = IS if name == "is" else HAS
    value = typed.strip().lower()
    if name == "has":
        value = searchable_field(value) or range_field(value) or value
    if value in states:
        return states[value]
    meant = nearest(value, states)
    *others, last = states
    hint = f"did you mean {name}:{meant}?" if meant else f"there are {', '.join(others)} and {last}"
    raise mistake(f"{name}: knows no {shown(typed)}", at, hint)


def state_text(asked: Range) -> str:
    """The state as it is typed."""
    named = {state: text for text, state in IS.items()}
    return f"is:{named[asked]}" if asked in named else f"has:{asked.field}"
