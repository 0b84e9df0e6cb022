"""The normal form of a query tree, kept by the four functions that build its inner nodes.

- A group has two children or more: a single child stands for itself.
- No group holds one of its own kind: `(a b) c` is `a b c`.
- `All` lists what must match first, then its `Not`s. With `Not`s alone it begins with
  `Everything`, which stands nowhere else, except for a whole query without text.
- `Not` stands in `All` only: `a OR -b` is `a OR (everything AND NOT b)`. Nothing is negated twice.
- `Words` holds what any word may stand in for: no `Not`s, nothing required; it is never in a `Not`.
"""

from __future__ import annotations

from collections.abc import Iterable

from heatseek.query.tree import All, Any, Everything, Not, Query, Words


def all_of(children: Iterable[Query]) -> Query:
    """Every child, of which some may be `Not`s."""
    wanted: list[Query] = []
    excluded: list[Query] = []
    for child in children:
        for part in child.children if isinstance(child, All) else (child,):
            if isinstance(part, Not):
                excluded.append(part)
            elif not isinstance(part, Everything):
                wanted.append(part)
    if len(wanted) == 1 and not excluded:
        return wanted[0]
    if not wanted and not excluded:
        return Everything()
    return All((*(wanted or (Everything(),)), *excluded))


def words_of(children: Iterable[Query]) -> Query:
    """Every child if possible, any of them otherwise; exclusions hold either way."""
    optional: list[Query] = []
    excluded: list[Query] = []
    for child in children:
        for part in child.children if isinstance(child, Words) else (child,):
            (excluded if excludes_only(part) else optional).append(part)
    words = Words(tuple(optional)) if len(optional) > 1 else all_of(optional)
    return all_of((words, *excluded))


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


def excludes_only(query: Query) -> bool:
    """Whether the query names only what must not match."""
    if isinstance(query, All):
        return isinstance(query.children[0], Everything)
    return isinstance(query, Not)
