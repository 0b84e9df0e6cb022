"""The settings of an index on a cluster: `[engine]` of heatseek.toml but for its location."""

from __future__ import annotations

from heatseek.definitions import NamedTuple
from heatseek.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Settings(NamedTuple):
    """Settings that hold; where none are given, these."""

    shards: int = 1
    """Of a generation that is built anew; a change keeps those that there are."""
    replicas: int | None = None
    """Copies of each shard. None: one if the cluster has several nodes, else none."""
    timeout: float = 30.0
    """Seconds that a server may take to answer a search; writing may take longer."""
    ca_certificate: str = ""
    """The file of the authorities whose certificates are trusted; empty: those of this machine."""
    credentials: str = ""
    """The file of `user:password`; empty: the environment."""
    connections: int = 2
    """That fill an index at the same time."""
    grace: float = 600.0
    """Seconds for which the generation before the current one is kept for those who read it."""


class SettingError(ConfigError):
    """A setting is unknown or has no such value.

    Attributes:
        name: of the setting.
        reason: why, in a few words.
    """

    def __init__(self, name: str, reason: str, value: object = None) -> None:
        given = "" if value is None else f" = {value!r}"
        super().__init__(f"setting {name}{given}: {reason}")
        self.name = name
        self.reason = reason


def settings_of(given: Mapping[str, object]) -> Settings:
    """Settings by their names in heatseek.toml.

    Raises:
        SettingError: there is no such setting, or it cannot be so.
    """
    values: dict[str, object] = {}
    for name, value in given.items():
        if name not in _CHECKS:
            raise SettingError(name, f"there is none; there are {', '.join(_CHECKS)}")
        if flaw := _CHECKS[name](value):
            raise SettingError(name, f"must be {flaw}", value)
        values[name.replace("-", "_")] = value
    return Settings(**values)  # type: ignore[arg-type] # looked at above


def _whole(least: int, most: int) -> Callable[[object], str]:
    def flaw(value: object) -> str:
        fits = type(value) is int and least <= value <= most
        return "" if fits else f"a whole number from {least:,} to {most:,}"

    return flaw


def _seconds(least: float, most: float) -> Callable[[object], str]:
    def flaw(value: object) -> str:
        fits = type(value) in (int, float) and least <= value <= most  # type: ignore[operator]
        return "" if fits else f"a number of seconds from {least:g} to {most:,.0f}"

    return flaw


def _path(value: object) -> str:
    return "" if isinstance(value, str) and value and "\0" not in value else "the path of a file"


_CHECKS: dict[str, Callable[[object], str]] = {
    "shards": _whole(1, 1024),
    "replicas": _whole(0, 100),
    "timeout": _seconds(0.1, 3600),
    "ca-certificate": _path,
    "credentials": _path,
    "connections": _whole(1, 64),
    "grace": _seconds(0, 1_000_000),
}
"""For each the words for what it must be, where a value is not that; empty where it is."""
KEYS = tuple(_CHECKS)
PATHS = ("ca-certificate", "credentials")
"""Those that name files."""
