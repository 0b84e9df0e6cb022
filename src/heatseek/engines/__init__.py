"""Where articles are stored and found. Engines are named by locations, and loaded on demand."""

from __future__ import annotations

import os
import sys

from heatseek.engines.model import NO_SETTINGS, scheme_of
from heatseek.errors import ConfigError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

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
    module, attribute = _implementation(place)
    engine: Engine = getattr(_imported(module), attribute)(place, settings)
    return engine


def is_address(text: str) -> bool:
    """True if a text is meant as an address, be it a right one or not, and as no path."""
    head, mark, _ = text.strip().partition(":")
    return bool(mark) and (head.lower() in (_ENGINES.keys() - {_FOLDER}) or scheme_of(text) != "")


def check(address: str) -> None:
    """See that an address is one, as far as can be told without asking there.

    Raises:
        ConfigError: there is no engine of its scheme, or it makes no sense to that.
    """
    if not scheme_of(address):
        raise ConfigError("no address of an index such as opensearch://host:9200/name")
    if _implementation(address) == _CLUSTER:
        _imported(f"{_CLUSTER[0]}.location").location_of(address)


def _imported(module: str) -> ModuleType:
    # Without importlib, whose import takes a hundredth of a search.
    __import__(module)
    return sys.modules[module]


def _implementation(place: str) -> tuple[str, str]:
    scheme = scheme_of(place)
    if scheme not in _ENGINES:
        known = [f"{name}://" for name in sorted(_ENGINES) if name]
        raise ConfigError(
            f"no engine for {scheme}://; an index is {' or '.join(('a folder', *known))}"
        )
    return _ENGINES[scheme]
