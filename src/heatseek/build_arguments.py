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


def values_of(given: BuildArguments) -> dict[str, Any]:
    """All arguments of a build, of the types that the indexer takes.

    Raises:
        ArgumentError: one of them is of another type.
        TypeError: there is no such argument.
    """
    known = {name for name, _, _ in _READERS}
    for name in given.keys() - known:
        raise TypeError(f"unexpected argument {name!r}; there are {', '.join(sorted(known))}")
    values: dict[str, Any] = {
        name: read(name, given.get(name, usual)) for name, usual, read in _READERS
    }
    values["conventions"] = Conventions(values.pop("keys"), values.pop("time_zone"))
    return values


def _ignore(*_: object) -> None:
    """In place of a callback that was not given."""


def _function_of(argument: str, value: Any) -> Any:
    if callable(value):
        return value
    raise ArgumentError(argument, value, "must be a function")


def _optional_function_of(argument: str, value: Any) -> Any:
    return None if value is None else _function_of(argument, value)


def _processes_of(argument: str, value: Any) -> int | None:
    if value is None or (type(value) is int and 0 < value <= _MOST_PROCESSES):
        return value
    reason = f"must be a whole number from 1 to {_MOST_PROCESSES}"
    raise ArgumentError(argument, value, reason)


def _language_of(argument: str, value: Any) -> Language | None:
    if isinstance(value, Language | None):
        return value
    raise ArgumentError(argument, value, "must be a Language")


def _semantic_of(argument: str, value: Any) -> Semantic | None:
    if isinstance(value, Semantic | None):
        return value
    raise ArgumentError(argument, value, "must be a Semantic")


def _fields_of(argument: str, value: Any) -> tuple[DeclaredField, ...] | None:
    if value is None:
        return None
    try:
        fields = tuple(value)
    except TypeError:
        fields = (None,)
    for field in fields:
        if not (
            isinstance(field, DeclaredField)
            and isinstance(field.name, str)
            and isinstance(field.kind, FieldKind)
        ):
            raise ArgumentError(argument, field, "must be a DeclaredField")
    return tuple(sorted(fields))


def _zone_of(argument: str, value: Any) -> str | None:
    if value is None or (isinstance(value, str) and is_zone(value)):
        return value
    raise ArgumentError(argument, value, "must be the name of a zone: Europe/Berlin")


def _keys_of(argument: str, value: Any) -> Any:
    if value is None:
        return None
    try:
        return as_keys(value)
    except (AttributeError, TypeError, ValueError) as error:
        reason = str(error) if isinstance(error, ValueError) else "must be names of keys by field"
        raise ArgumentError(argument, value, reason) from None


_READERS: tuple[tuple[str, Any, Callable[[str, Any], Any]], ...] = (
    ("report", _ignore, _function_of),
    ("tell", _ignore, _function_of),
    ("progress", None, _optional_function_of),
    ("processes", None, _processes_of),
    ("language", None, _language_of),
    ("semantic", None, _semantic_of),
    ("fields", None, _fields_of),
    ("time_zone", None, _zone_of),
    ("keys", None, _keys_of),
    ("timeout", 0.0, seconds_of),
    ("follow_links", False, flag_of),
    ("exclude", (), texts_of),
)
"""The arguments, each with its value where none was given, and how another one is read."""
