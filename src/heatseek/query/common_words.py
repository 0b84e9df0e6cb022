"""Leave words such as "the" out of a query that has others."""

from __future__ import annotations

from heatseek.analysis import is_stopword, tokenize
from heatseek.query.normal import all_of, any_of, words_of
from heatseek.query.tree import All, Any, Query, Term, Words


def without_common_words(query: Query) -> Query:
    """Words typed one after another keep only those that tell something.

    What was asked for explicitly stays: phrases, AND, OR, NOT, `field:word`; and so do common
    words when there is nothing else, as in "the who".
    """
    if isinstance(query, All):
        return all_of(map(without_common_words, query.children))
    if isinstance(query, Any):
        return any_of(map(without_common_words, query.children))
    if not isinstance(query, Words):
        return query
    telling = tuple(child for child in query.children if not _is_common(child))
    return words_of(map(without_common_words, telling)) if telling else query


def _is_common(query: Query) -> bool:
    if not isinstance(query, Term) or query.field:
        return False
    parts = [part for token in tokenize(query.text) for part in token.forms.parts]
    return bool(parts) and all(map(is_stopword, parts))
