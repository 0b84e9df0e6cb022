"""Candidates that hang on the index: labels, and for `--where` and `--facet` names of fields."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

from heatseek.library import open_index
from heatseek.query.ranges import HAS, IS
from heatseek.schema import FACET_OF, FACETS, FieldKind, Names, field_names
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.config import Config

    Candidates = Iterable[tuple[str, str]]
    """Values with their descriptions."""

_FIXED = {"is": IS, "has": HAS}


def conditions(prefix: str, settings: Config) -> Candidates:
    """Names of fields, each with `=`; behind that the values there are of the field."""
    name, equals, value = prefix.partition("=")
    if equals:
        return [(f"{name}={each}", text) for each, text in _values(name, value, settings)]
    names = [(field.name, str(field.kind)) for field in settings.declared]
    names += [(name, "") for name in field_names()]
    return [(f"{name}=", text) for name, text in beginning(names, prefix)]


def _values(name: str, prefix: str, settings: Config) -> Candidates:
    names = Names(settings.declared)
    field = names.declared(name)
    if field and field.kind is FieldKind.BOOLEAN:
        return beginning([("true", ""), ("false", "")], prefix)
    if field and field.kind is FieldKind.KEYWORD:
        return indexed_values(field.name, prefix, settings)
    if facet := FACET_OF.get(names.searchable(name) or ""):
        return indexed_values(facet, prefix, settings)
    return beginning([(state, "") for state in _FIXED.get(name.lower(), ())], prefix)


def facets(prefix: str, settings: Config) -> Candidates:
    """Names of facets, built in and declared; behind `NAME:` how many of its values."""
    name, colon, _ = prefix.partition(":")
    if colon:
        return beginning([(f"{name}:all", "")], prefix)
    declared = (field.name for field in settings.declared if field.facet)
    return beginning([(name, "") for name in (*FACETS, *declared)], prefix)


def beginning(candidates: Candidates, prefix: str) -> Candidates:
    """Those that begin so, without regard to case."""
    start = prefix.casefold()
    return [pair for pair in candidates if pair[0].casefold().startswith(start)]


def indexed_values(facet: str, prefix: str, settings: Config) -> Candidates:
    """The values of a label, the most frequent first.

    An index that is missing or cannot be used is not built.

    Args:
        facet: topic, provider, category, type or a declared field of keywords.
        prefix: what the values begin with, without regard to case and accents; if none does, what
            a later word of them begins with.
        settings: where the index is.

    Raises:
        StoreError: there is no index that can be used.
    """
    with open_index(settings.index, long_lived=False) as index:
        known = [(each.value, f"{each.articles:,}") for each in index.labels(facet)]
    start = label(prefix)
    compared = [(pair, label(pair[0])) for pair in known]
    first = [pair for pair, text in compared if text.startswith(start)]
    return first or _distinguishable([pair for pair, text in compared if f" {start}" in text])


def _distinguishable(pairs: list[tuple[str, str]]) -> Candidates:
    """Those that bash can propose: it replaces the word by what all of several begin with."""
    several = len(pairs) > 1
    return () if several and commonprefix([value.casefold() for value, _ in pairs]) else pairs
