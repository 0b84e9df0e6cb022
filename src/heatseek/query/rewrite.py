"""What becomes of words typed one after another: all of them first, then any of them.

An engine never needs to know `Words`: a search runs `require(query)` and, if nothing is found
and `has_words(query)`, `relax(query)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from heatseek.query.rewriting import all_of, any_of, asks_for_words, none_of
from heatseek.query.tree import All, Any, Boosted, Not, Query, Words


def require(query: Query) -> Query:
    """The query with every word of `Words` required."""
    return _replace_words(query, all_of)


def relax(query: Query) -> Query:
    """The query with any word of `Words` enough.

    What is joined by `AND`, marked by `+`, excluded or a range holds as before.
    """
    return _replace_words(query, _any_word)


def has_words(query: Query) -> bool:
    """Whether relaxing changes anything: somewhere there are two words, and one could do."""
    if isinstance(query, Words):
        optional = sum(map(asks_for_words, query.children))
        return optional > 1 or any(map(has_words, query.children))
    if isinstance(query, Boosted):
        return has_words(query.child)
    return isinstance(query, All | Any) and any(map(has_words, query.children))


def _any_word(children: Iterable[Query]) -> Query:
    words = tuple(children)
    optional = [word for word in words if asks_for_words(word)]
    held = [word for word in words if not asks_for_words(word)]
    return all_of((*([any_of(optional)] if optional else ()), *held))


def _replace_words(query: Query, words_become: Callable[[Iterable[Query]], Query]) -> Query:
    if isinstance(query, Not):
        # Always all of them: any word would exclude more than was asked for.
        return none_of(_replace_words(query.child, all_of))
    if isinstance(query, Boosted):
        return Boosted(_replace_words(query.child, words_become), query.weight)
    if not isinstance(query, Words | All | Any):
        return query
    children = [_replace_words(child, words_become) for child in query.children]
    if isinstance(query, Words):
        return words_become(children)
    return all_of(children) if isinstance(query, All) else any_of(children)
