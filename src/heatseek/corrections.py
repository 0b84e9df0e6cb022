"""A query without its misspelt words: what is tried when nothing matches as it was typed."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from heatseek.analysis import label
from heatseek.engines.base import Request
from heatseek.query.filters import Filters
from heatseek.query.tree import All, Any, Boosted, Everything, Not, Phrase, Query, Term, Words
from heatseek.schema import TEXT_FIELDS, FieldKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from heatseek.engines.base import Reader

_ALIKE = 0.7
"""Of `difflib`'s ratio: what is hardly the same word stays unsaid."""
_TEXT = {None, *(spec.name for spec in TEXT_FIELDS)}


def corrections(
    query: Query, missing: Iterable[str], similar: Callable[[str], tuple[str, ...]]
) -> dict[str, str]:
    """For words that no article has the likeliest ones that were meant.

    Never for numbers, phrases, patterns, or labels: these are meant as they are.

    Args:
        query: what was asked.
        missing: words of it that no article has.
        similar: gives words of the archive that are written alike, the likeliest first.
    """
    words = {term.text for term in _terms(query)}
    found = {word: similar(word) for word in missing if word in words and word.isalpha()}
    return {word: others[0] for word, others in found.items() if others}


def corrected(query: Query, meant: Mapping[str, str]) -> Query:
    """The query with words replaced."""
    match query:
        case Term(text, field) if field in _TEXT:
            return Term(meant.get(text, text), field)
        case Boosted(child, weight):
            return Boosted(corrected(child, meant), weight)
        case Words(children) | All(children) | Any(children):
            return type(query)(tuple(corrected(child, meant) for child in children))
    return query


def retyped(text: str, meant: Mapping[str, str]) -> str:
    """What was typed, with words replaced."""
    words = "|".join(map(re.escape, meant))
    return re.sub(rf"(?<!\w)(?:{words})(?!\w)", lambda found: meant[found[0]], text)


def unknown_labels(filters: Filters, reader: Reader, now: datetime) -> Iterator[str]:
    """What to say of each label that is filtered by and that no article has."""
    asked = (
        *(("topic", value, Filters(topics=(value,))) for value in filters.topics),
        *(("provider", value, Filters(providers=(value,))) for value in filters.providers),
        *(("category", value, Filters(categories=(value,))) for value in filters.categories),
        *(("type", value, Filters(types=(value,))) for value in filters.types),
        *_conditions(filters, reader),
    )
    for facet, value, only in asked:
        if not reader.search(Request(Everything(), now, only, limit=0)).total:
            yield _unknown(facet, value, reader)


def _conditions(filters: Filters, reader: Reader) -> Iterator[tuple[str, str, Filters]]:
    """Labels that conditions ask for."""
    own = (f.name for f in reader.generation.fields if f.kind is FieldKind.KEYWORD)
    known = {"category", "type", *own}
    for condition in filters.where:
        for leaf in condition.children if isinstance(condition, Any) else (condition,):
            if isinstance(leaf, Term | Phrase) and leaf.field in known:
                yield leaf.field, leaf.text, Filters(where=(leaf,))


def _unknown(facet: str, value: str, reader: Reader) -> str:
    known = {label(each.value): each.value for each in reader.labels(facet)}
    near = [known[found] for found in get_close_matches(label(value), known, cutoff=_ALIKE)]
    if not near:
        return f'no article has the {facet} "{value}"'
    quoted = " or ".join(f'"{found}"' for found in near)
    return f'no article has the {facet} "{value}"; did you mean {quoted}?'


def _terms(query: Query) -> Iterable[Term]:
    match query:
        case Term(_, field) if field in _TEXT:
            yield query
        case Boosted(child):
            yield from _terms(child)
        case Words(children) | All(children) | Any(children):
            for child in children:
                yield from _terms(child)
        case Not():
            return
