"""Candidates for `--where` and `--facet`: names of fields, then values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.cli.shells.indexed import indexed_values
from heatseek.query.ranges import HAS, IS
from heatseek.schema import FACET_OF, FACETS, FieldKind, Names, field_names

if TYPE_CHECKING:
    from heatseek.cli.shells.indexed import Candidates
    from heatseek.config import Config

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
