"""The queries of the server that plans are made of: what has a word, and how often."""

from __future__ import annotations

import math

from heatseek.engines.opensearch.mapping import (
    ACCENTED,
    HELD_BACK,
    PRESENT,
    RELATED,
    STATES,
    server_field,
    words_field,
)
from heatseek.engines.opensearch.stored import document_id
from heatseek.engines.shared import fields
from heatseek.engines.shared.fields import own_kind
from heatseek.engines.shared.plan import Approximation, Beginning, Leaf, Shape, TermSequence
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS, FieldKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from heatseek.engines.shared.plan import Pattern

    Query = dict[str, Any]
    """Of the server."""

EVERYTHING: Query = {"match_all": {}}
NOTHING: Query = {"match_none": {}}
NUMBERS = {spec.name: number for number, spec in enumerate(TEXT_FIELDS)}
"""Of the fields of text."""
_LABELS = frozenset(spec.name for spec in LABEL_FIELDS)
_GREATEST = 2**63 - 1
_MOST_TERMS = 60_000
"""In one query; the server takes 65,536."""
_EXPANSIONS = 1_024
"""A number that has to be given; all words are looked up."""


def any_of(queries: Sequence[Query]) -> Query:
    """What one of them matches; scores are added."""
    if len(queries) == 1:
        return queries[0]
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NOTHING


def constant(query: Query, score: float = 1.0, name: str | None = None) -> Query:
    """What a query matches, with a score of its own."""
    named = {} if name is None else {"_name": name}
    return {"constant_score": {"filter": query, "boost": score, **named}}


def all_of(required: Sequence[Query], excluded: Sequence[Query] = ()) -> Query:
    """What all of some queries match, and none of others; nothing is scored."""
    if len(required) == 1 and not excluded:
        return required[0]
    parts = {"filter": list(required), "must_not": list(excluded)}
    return {"bool": {name: queries for name, queries in parts.items() if queries}}


def terms_of(field: str, values: Sequence[int]) -> Query:
    """What has one of many numbers."""
    parts = range(0, len(values), _MOST_TERMS)
    return any_of([{"terms": {field: values[at : at + _MOST_TERMS]}} for at in parts])


def documents_of(article_ids: Iterable[str]) -> Query:
    """The documents of articles."""
    return {"ids": {"values": [document_id(each) for each in article_ids if each]}}


def anywhere(term: str) -> Query:
    """The documents that have a term in any field of text."""
    return any_of([{"term": {spec.name: term}} for spec in TEXT_FIELDS])


def is_label(leaf: Leaf) -> bool:
    """True if it only counts that a document has it: labels, and declared fields."""
    return leaf.fields[0] in _LABELS or own_kind(leaf.fields[0]) is not None


def frequency(form: TermSequence, field: str, name: str | None = None) -> Query:
    """Documents that have one spelling in a field of text; the score is how often.

    Of words near each other it is not less than that: the server counts them otherwise.
    """
    named = {} if name is None else {"_name": name}
    terms = [term for _, term in form.terms]
    if len(terms) == 1:
        return {"term": {field: {"value": terms[0], **named}}}
    if form.slop is None:
        # The server adds up the numbers of all of its words.
        text = {"query": " ".join(terms), "analyzer": "whitespace", "boost": 1.0 / len(terms)}
        return {"match_phrase": {field: {**text, **named}}}
    matches = [{"match": {"query": term, "analyzer": "whitespace"}} for term in terms]
    together = {"ordered": False, "max_gaps": form.slop, "intervals": matches}
    near = {"intervals": {field: {"all_of": together}}}
    words: list[Query] = [{"term": {field: term}} for term in dict.fromkeys(terms)]
    return {"bool": {"filter": [near], "should": words, **named}}


def pattern(field: str, shape: Pattern) -> Query:
    """Documents that have a term of a pattern in a field."""
    match shape:
        case Beginning(prefix):
            return {"prefix": {field: {"value": prefix, "rewrite": "constant_score"}}}
        case Shape(form):
            escaped = form.replace("\\", "\\\\")
            return {"wildcard": {field: {"value": escaped, "rewrite": "constant_score"}}}
        case Approximation(word, distance):
            edits = {"fuzziness": distance, "prefix_length": 0, "transpositions": False}
            limits = {"max_expansions": _EXPANSIONS, "rewrite": "constant_score"}
            return {"fuzzy": {field: {"value": word, **edits, **limits}}}


def in_text(leaf: Leaf, field: str) -> Query:
    """Documents that have a leaf in a field of text, as it is or declared."""
    name = server_field(field)
    if leaf.pattern:
        return any_of([pattern(each, leaf.pattern) for each in (name, words_field(field))])
    return any_of([frequency(form, name) for form in leaf.spellings])


def near_words(leaf: Leaf) -> Query | None:
    """Documents with all words of a leaf that are to be near each other; scores count them.

    None: it has none.
    """
    fields_ = [server_field(name) for name in leaf.fields]
    if leaf.pattern or not any(form.slop is not None for form in leaf.spellings):
        return None
    return any_of(
        [
            {"bool": {"must": [{"term": {name: term}} for term in dict.fromkeys(terms)]}}
            for name in fields_
            for form in leaf.spellings
            if form.slop is not None
            for terms in [[term for _, term in form.terms]]
        ]
    )


def accents(leaf: Leaf) -> list[Query]:
    """Each word of a leaf with the accents that were typed, in any of its fields."""
    numbers = [NUMBERS[name] for name in leaf.fields if name in NUMBERS]
    return [
        {"terms": {ACCENTED: [f"{number}{word}" for number in numbers]}}
        for word in dict.fromkeys(leaf.accented)
        if numbers
    ]


def within(column: str, low: float, high: float) -> Query:
    """Documents with a value of a column between, both ends included."""
    if column == "published":
        held_back: Query = {"term": {STATES: HELD_BACK}}
        return held_back if high == fields.HELD_BACK else all_of([EVERYTHING], [held_back])
    if column == "kind":
        story: Query = {"term": {STATES: RELATED}}
        return story if low == fields.RELATED else all_of([EVERYTHING], [story])
    if column.startswith("has_"):
        return {"term": {STATES: column}}
    if column.startswith("has."):
        return {"term": {PRESENT: column}}
    kind = own_kind(column)
    if kind is not FieldKind.NUMBER and (low > _GREATEST or high < -_GREATEST):
        return NOTHING
    lowest = fields.OWN_COLUMNS[kind].lowest if kind else -_GREATEST
    bounds: dict[str, float] = {}
    if low > lowest:
        bounds["gte"] = low
    if high < (math.inf if kind is FieldKind.NUMBER else _GREATEST):
        bounds["lte"] = high
    name = server_field(column)
    return {"range": {name: bounds}} if bounds else {"exists": {"field": name}}
