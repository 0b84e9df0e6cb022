"""The arguments of whatever reads an archive into an index, checked before any of it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heatseek.conventions import Conventions, as_keys
from heatseek.definitions import pattern
from heatseek.engines.model import Slice
from heatseek.errors import ArgumentError
from heatseek.schema import DeclaredField, FieldKind
from heatseek.search.arguments import flag_of, seconds_of, texts_of
from heatseek.text.languages import Language
from heatseek.vectors import Semantic
from heatseek.zones import is_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypedDict

    from heatseek.ingest.problem import Problem

    class BuildArguments(TypedDict, total=False):
        """Arguments of whatever reads an archive into an index; see `rebuild`."""

        report: Callable[[Problem], None]
        progress: Callable[[int, int], None] | None
        tell: Callable[[str], None]
        processes: int | None
        timeout: float
        language: Language | None
        fields: Iterable[DeclaredField] | None
        keys: Mapping[str, Iterable[str]] | None
        time_zone: str | None
        follow_links: bool
        exclude: Sequence[str]
        semantic: Semantic | None


_MOST_PROCESSES = 256
_MOST_SLICES = 1_000
_SLICE = pattern(r"(\d{1,4})/(\d{1,4})")


def slice_of(argument: str, value: object) -> Slice:
    """A slice, as a value or as text such as `3/8`."""
    if isinstance(value, Slice):
        return value
    match = _SLICE.fullmatch(value) if isinstance(value, str) else None
    part = Slice(*map(int, match.groups())) if match else Slice(0, 0)
    if 1 <= part.number <= part.of <= _MOST_SLICES:
        return part
    reason = f"must be which of how many slices, such as 3/8, of at most {_MOST_SLICES:,}"
    raise ArgumentError(argument, value, reason)


def _ignore(*_: object) -> None:
    """In place of a callback that was not given."""


def values_of(given: BuildArguments) -> dict[str, Any]:
    """All arguments of a build, of the types that the indexer takes.

    Raises:
        ArgumentError: one of them is of another type.
        TypeError: there is no such argument.
    """
    values: dict[str, Any] = {
        **dict.fromkeys(("report", "tell"), _ignore),
        **dict.fromkeys(("progress", "processes", "language", "fields", "keys", "time_zone")),
        "semantic": None,
        "timeout": 0.0,
        "follow_links": False,
        "exclude": (),
    }
    for name in given.keys() - values.keys():
        raise TypeError(f"unexpected argument {name!r}; there are {', '.join(sorted(values))}")
    values |= given
    for name in ("report", "tell", "progress"):
        if not callable(values[name]) and (name, values[name]) != ("progress", None):
            raise ArgumentError(name, values[name], "must be a function")
    processes = values["processes"]
    if processes is not None and not (type(processes) is int and 0 < processes <= _MOST_PROCESSES):
        reason = f"must be a whole number from 1 to {_MOST_PROCESSES}"
        raise ArgumentError("processes", processes, reason)
    if not isinstance(values["language"], Language | None):
        raise ArgumentError("language", values["language"], "must be a Language")
    if not isinstance(values["semantic"], Semantic | None):
        raise ArgumentError("semantic", values["semantic"], "must be a Semantic")
    values["fields"] = _fields(values["fields"])
    values["conventions"] = _conventions(values.pop("keys"), values.pop("time_zone"))
    values["timeout"] = seconds_of("timeout", values["timeout"])
    values["follow_links"] = flag_of("follow_links", values["follow_links"])
    values["exclude"] = texts_of("exclude", values["exclude"])
    return values


def _fields(given: Any) -> tuple[DeclaredField, ...] | None:
    if given is None:
        return None
    try:
        fields = tuple(given)
    except TypeError:
        fields = (None,)
    for field in fields:
        if not (
            isinstance(field, DeclaredField)
            and isinstance(field.name, str)
            and isinstance(field.kind, FieldKind)
        ):
            raise ArgumentError("fields", field, "must be a DeclaredField")
    return tuple(sorted(fields))


def _conventions(keys: Any, time_zone: Any) -> Conventions:
    if time_zone is not None and not (isinstance(time_zone, str) and is_zone(time_zone)):
        raise ArgumentError("time_zone", time_zone, "must be the name of a zone: Europe/Berlin")
    if keys is None:
        return Conventions(None, time_zone)
    try:
        return Conventions(as_keys(keys), time_zone)
    except (AttributeError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, ValueError) else "must be names of keys by field"
        raise ArgumentError("keys", keys, reason) from None
