"""Where articles are stored and found. Engines are loaded by name, on demand."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from heatseek.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.engines.base import Engine

_ENGINES = {"whoosh": ("heatseek.engines.whoosh.engine", "WhooshEngine")}


def load(name: str, index: Path) -> Engine:
    """The engine called `name` over the folder `index`.

    Raises:
        ConfigError: there is no such engine.
    """
    try:
        module, attribute = _ENGINES[name]
    except KeyError as error:
        known = ", ".join(sorted(_ENGINES))
        raise ConfigError(f"no engine {name!r}; there is {known}") from error
    return cast("Engine", getattr(import_module(module), attribute)(index))
