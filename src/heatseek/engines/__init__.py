"""Where articles are stored and found. Engines are named by locations, and loaded on demand."""

from __future__ import annotations

import os
from importlib import import_module

from heatseek.engines.model import NO_SETTINGS, scheme_of
from heatseek.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from heatseek.engines.base import Engine

_FOLDER = ""
_CLUSTER = ("heatseek.engines.opensearch", "OpenSearchEngine")
_ENGINES = {
    _FOLDER: ("heatseek.engines.whoosh", "WhooshEngine"),
    "opensearch": _CLUSTER,
    "opensearchs": _CLUSTER,
}
"""By the schemes of their locations."""


def load(location: str | os.PathLike[str], settings: Mapping[str, object] = NO_SETTINGS) -> Engine:
    """The engine over what is, or is to be, stored at a location.

    Args:
        location: the path of a folder, or `scheme://...` for the engine of that scheme.
        settings: by name; which there are is the engine's to say.

    Raises:
        ConfigError: there is no engine of this scheme, or it has no such setting.
    """
    place = os.fspath(location)
    scheme = scheme_of(place)
    if scheme not in _ENGINES:
        known = [f"{name}://" for name in sorted(_ENGINES) if name]
        raise ConfigError(
            f"no engine for {scheme}://; an index is {' or '.join(('a folder', *known))}"
        )
    module, attribute = _ENGINES[scheme]
    engine: Engine = getattr(import_module(module), attribute)(place, settings)
    return engine
