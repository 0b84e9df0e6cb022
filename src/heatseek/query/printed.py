"""A query tree as query text: the one spelling among those that mean the same."""

from __future__ import annotations

from heatseek.query.normal import asks_for_words
from heatseek.query.ranges import range_text
from heatseek.query.tree import (
    All,
    Any,
    Boosted,
    Everything,
    Fuzzy,
    Group,
    Leaf,
    Near,
    Not,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
    Wildcard,
    Words,
)


def to_text(query: Query) -> str:
    """Print a tree; `parse(to_text(tree)) == tree` for every tree that `parse` made.

    (Unless the text gets longer than a query may be: `title:(a b)` is `title:a title:b`.)
    """
    if isinstance(query, Group):
        return _group(query)
    match query:
        case Everything():
            return ""
        case Range():
            return range_text(query)
        case Not(child):
            return f"-{_operand(child, Words, All, Any)}"
        case Boosted(child, weight):
            return f"{_weighed(child)}^{weight:.6f}".rstrip("0").rstrip(".")
    return _leaf(query)


def _group(group: Group) -> str:
    match group:
        case Words(children):
            return " ".join(_operand(child, All, Any) for child in children)
        case Any(children):
            return " OR ".join(to_text(child) for child in children)
        case All(children):
            return _conjunction(children)


def _conjunction(children: tuple[Query, ...]) -> str:
    """`a AND (b c) quality:>5 -d`; what only chooses needs no operator."""
    wanted = [child for child in children if asks_for_words(child)]
    # Beside AND, parentheses around words are for the reader; alone, words go without.
    grouped = (Any, Words) if len(wanted) > 1 else (Any,)
    joined = " AND ".join(_operand(child, *grouped) for child in wanted)
    choosing = (child for child in children if not asks_for_words(child) and child != Everything())
    return " ".join([*([joined] if joined else ()), *(_operand(child, Any) for child in choosing)])


def _operand(query: Query, *grouped: type[Query]) -> str:
    """The query's text, in parentheses if it is of one of these kinds."""
    text = to_text(query)
    return f"({text})" if isinstance(query, grouped) else text


def _weighed(query: Query) -> str:
    """What stands before a weight; right after a caret or a colon it would be text."""
    text = to_text(query)
    alone = isinstance(query, Leaf) and not set("^:") & set(query.text)
    return text if alone else f"({text})"


def _leaf(leaf: Leaf) -> str:
    text = _bare(leaf)
    return f"{leaf.field}:{text}" if leaf.field else text


def _bare(leaf: Leaf) -> str:
    match leaf:
        case Term(text) | Wildcard(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Near(text, slop):
            return f'"{text}"~{slop}'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(text, distance):
            return f"{text}~{distance}"
