"""A query tree as query text: the one spelling among those that mean the same."""

from __future__ import annotations

from heatseek.query.tree import All, Any, Everything, Not, Phrase, Prefix, Query, Term, Words


def to_text(query: Query) -> str:
    """Print a tree; `parse(to_text(tree)) == tree` for every tree that `parse` made.

    (Unless the text gets longer than a query may be: `title:(a b)` is `title:a title:b`.)
    """
    match query:
        case Everything():
            return ""
        case Term() | Phrase() | Prefix():
            return _leaf(query)
        case Words(children):
            return " ".join(_operand(child, All, Any) for child in children)
        case Any(children):
            return " OR ".join(to_text(child) for child in children)
        case All(children):
            return _conjunction(children)
        case Not(child):
            return f"-{_operand(child, Words, All, Any)}"


def _conjunction(children: tuple[Query, ...]) -> str:
    """`a AND (b c) -d`; the exclusions need no operator."""
    excluded = [to_text(child) for child in children if isinstance(child, Not)]
    wanted = [child for child in children if not isinstance(child, Not | Everything)]
    # Beside AND, parentheses around words are for the reader; alone, words go without.
    grouped = (Any, Words) if len(wanted) > 1 else (Any,)
    joined = " AND ".join(_operand(child, *grouped) for child in wanted)
    return " ".join([joined, *excluded] if joined else excluded)


def _operand(query: Query, *grouped: type[Query]) -> str:
    """The query's text, in parentheses if it is of one of these kinds."""
    text = to_text(query)
    return f"({text})" if isinstance(query, grouped) else text


def _leaf(leaf: Term | Phrase | Prefix) -> str:
    text = {Term: leaf.text, Phrase: f'"{leaf.text}"', Prefix: f"{leaf.text}*"}[type(leaf)]
    return f"{leaf.field}:{text}" if leaf.field else text
