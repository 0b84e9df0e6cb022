"""The normal form of a query tree, kept by the five functions that build its inner nodes.

- A group has two children or more: a single child stands for itself.
- No group holds one of its own kind: `(a b) c` is `a b c`.
- `All` lists what asks for words first, then what only chooses (ranges), then its `Not`s. With
  `Not`s alone it begins with `Everything`, which stands nowhere else, except for a whole query
  without text.
- `Not` stands in `All` only: `a OR -b` is `a OR (everything AND NOT b)`. Nothing is negated twice.
- `Words` holds what any word may stand in for: nothing required, nothing that asks for no word;
  it is never in a `Not`.
- `Boosted` is around single leaves, and its weight is not 1.
"""

from __future__ import annotations

from collections.abc import Iterable

from heatseek.query.tree import All, Any, Boosted, Everything, Leaf, Not, Query, Range, Words

_DECIMALS = 6
"""Of a weight; so it can be printed as it was typed, without an exponent."""


def all_of(children: Iterable[Query]) -> Query:
    """Every child, of which some may be `Not`s."""
    wanted: list[Query] = []
    chosen: list[Query] = []
    excluded: list[Query] = []
    for child in children:
        for part in child.children if isinstance(child, All) else (child,):
            if isinstance(part, Not):
                excluded.append(part)
            elif not isinstance(part, Everything):
                (wanted if asks_for_words(part) else chosen).append(part)
    wanted += chosen
    if len(wanted) == 1 and not excluded:
        return wanted[0]
    if not wanted and not excluded:
        return Everything()
    return All((*(wanted or (Everything(),)), *excluded))


def words_of(children: Iterable[Query]) -> Query:
    """Every child if possible, any of them otherwise; ranges and exclusions hold either way."""
    optional: list[Query] = []
    held: list[Query] = []
    for child in children:
        for part in child.children if isinstance(child, Words) else (child,):
            (optional if asks_for_words(part) else held).append(part)
    words = Words(tuple(optional)) if len(optional) > 1 else all_of(optional)
    return all_of((words, *held))


def any_of(children: Iterable[Query]) -> Query:
    """At least one child."""
    wanted: list[Query] = []
    for child in children:
        wanted.extend(child.children if isinstance(child, Any) else (all_of((child,)),))
    return wanted[0] if len(wanted) == 1 else Any(tuple(wanted))


def none_of(child: Query) -> Query:
    """Not the child; of two negations nothing is left."""
    if isinstance(child, Not):
        return child.child
    if isinstance(child, All) and excludes_only(child):
        return any_of(part.child for part in child.children if isinstance(part, Not))
    return Not(child)


def boosted(child: Leaf, weight: float) -> Query:
    """A leaf that counts `weight` times as much."""
    weight = round(weight, _DECIMALS)
    return child if weight == 1 else Boosted(child, weight)


def asks_for_words(query: Query) -> bool:
    """Whether there is a word to match and score; ranges and exclusions only choose articles."""
    match query:
        case Words(children) | All(children) | Any(children):
            return any(map(asks_for_words, children))
        case Boosted(child):
            return asks_for_words(child)
    return not isinstance(query, Not | Range | Everything)


def excludes_only(query: Query) -> bool:
    """Whether the query names only what must not match."""
    if isinstance(query, All):
        return isinstance(query.children[0], Everything)
    return isinstance(query, Not)
