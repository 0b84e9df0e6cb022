"""Query trees as Whoosh's query language has them, and random trees of the forms that both have."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from heatseek.query import tree
from heatseek.schema import TEXT_FIELDS
from strategies import MISSPELT, WILDCARDS, WORDS, bounds, fields, labels, seconds

TEXTS = [spec.name for spec in TEXT_FIELDS]
EVERYWHERE = "text"
_STATES = {"published": ("published", "false", "true"), "related": ("kind", "article", "related")}

words = st.sampled_from([*WORDS, "foo/bar", "e-mail/AI", "AI机器", "missing", "The"])
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
single_labels = st.sampled_from(["category", "type"])
leaves = st.one_of(
    st.builds(tree.Term, words, fields),
    st.builds(tree.Phrase, phrases, fields),
    st.builds(tree.Prefix, st.sampled_from(["c", "cli", "comput", "gp", "e-ma", "机"]), fields),
    st.builds(
        tree.Wildcard,
        st.sampled_from([shape for shape in WILDCARDS if any(map(str.isalnum, shape))]),
        fields,
    ),
    st.builds(
        tree.Fuzzy,
        st.sampled_from([word for word in MISSPELT if word.isascii() and word.isalnum()]),
        st.integers(0, 2),
        fields,
    ),
    st.builds(tree.Term, labels, single_labels),
    st.builds(tree.Prefix, st.sampled_from(["m", "ÉN", "ne"]), single_labels),
    st.builds(tree.Wildcard, st.sampled_from(["m*g", "?i", "É*e"]), single_labels),
    st.builds(tree.Range, st.sampled_from(["quality", "heat"]), bounds, bounds),
    st.builds(tree.Range, st.just("date"), seconds, seconds),
    st.builds(
        lambda field, state: tree.Range(field, state, state),
        st.sampled_from(sorted(_STATES)),
        st.integers(0, 1),
    ),
    st.just(tree.Everything()),
)


def _groups(children: st.SearchStrategy[tree.Query]) -> st.SearchStrategy[tree.Query]:
    several = st.lists(children | children.map(tree.Not), min_size=1, max_size=4).map(tuple)
    return several.map(tree.All) | several.map(tree.Any) | children.map(tree.Not)


queries = st.recursive(leaves, _groups, max_leaves=6)


def whoosh_text(query: tree.Query) -> str:
    """The query as one types it for Whoosh's parser."""
    match query:
        case tree.All(children):
            return f"({' AND '.join(map(whoosh_text, children))})"
        case tree.Any(children):
            return f"({' OR '.join(map(whoosh_text, children))})"
        case tree.Not(child):
            return f"(*:* ANDNOT {whoosh_text(child)})"
        case tree.Everything():
            return "*:*"
        case tree.Range():
            return _range(query)
    return f"{query.field or EVERYWHERE}:{_leaf(query)}"


def _leaf(query: tree.Leaf) -> str:
    match query:
        case tree.Phrase():
            return f'"{query.text}"'
        case tree.Prefix():
            return f"{query.text}*"
        case tree.Fuzzy(distance=distance):
            return f"{query.text}~{distance}"
    return f"'{query.text}'" if " " in query.text else query.text


def _range(query: tree.Range) -> str:
    if query.field in _STATES:
        name, *values = _STATES[query.field]
        return f"{name}:{values[int(query.low or 0)]}"
    if query.field != "date":
        if query.low is query.high is None:
            return f"{query.field}:*"
        return _between(query.field, query.low, query.high)
    low, high = (
        None if bound is None else f"{datetime.fromtimestamp(bound, UTC):%Y%m%d%H%M%S}"
        for bound in (query.low, query.high)
    )
    return _between("published_at", low, high)


def _between(field: str, low: object, high: object) -> str:
    start = "" if low is None else f"{low} "
    return f"{field}:[{start}TO{'' if high is None else f' {high}'}]"
