"""What `--where` and `--facets` take, as candidates: names of fields, then values."""

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
        return [(f"{name}={found}", text) for found, text in _values(name, value, settings)]
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


def facet_lists(prefix: str, settings: Config) -> Candidates:
    """What has been typed of a list, its last part completed by each facet that is not in it."""
    before, comma, last = prefix.rpartition(",")
    named = {part.partition(":")[0].lower() for part in before.split(",")}
    known = (*FACETS, *(field.name for field in settings.declared if field.facet))
    names = [(name, "") for name in known if name.lower() not in named]
    return [(f"{before}{comma}{name}", text) for name, text in beginning(names, last)]


def beginning(found: Candidates, prefix: str) -> Candidates:
    """Those that begin so, without regard to case."""
    start = prefix.casefold()
    return [pair for pair in found if pair[0].casefold().startswith(start)]
