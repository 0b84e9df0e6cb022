"""Settings: options, environment, heatseek.toml and defaults become one frozen `Config`.

Each value comes from the first of these that has it:

    archive, index     option → HEATSEEK_ARCHIVE, HEATSEEK_INDEX → heatseek.toml → default
    everything else    heatseek.toml → default
                       (`--limit`, `--rank` and `--boost` are per query)

heatseek.toml is the one named by `--config` or HEATSEEK_CONFIG, or else the nearest one from
the working directory upwards. Relative paths in it start from its own folder. Nothing below
this module reads the environment.

`model.py` has the types, `file.py` reads heatseek.toml, and `checks.py` says what that may hold;
where there is no such file, the last two are not loaded.
"""

from __future__ import annotations

import os
import stat
from types import MappingProxyType

from heatseek.config.model import (
    BOOST_KEYS,
    MAX_LIMIT,
    NOTHING,
    Config,
    Layer,
    SavedSearch,
    boost,
    days,
    weights,
)
from heatseek.definitions import replace
from heatseek.errors import ConfigError
from heatseek.ranking import Boosts, Preset
from heatseek.text.languages import Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike
    from typing import Any

__all__ = [
    "MAX_LIMIT",
    "Config",
    "Language",
    "SavedSearch",
    "boost",
    "days",
    "load",
    "weights",
]

FILE_NAME = "heatseek.toml"
MAX_NAME_BYTES = 255
"""Of one folder in a path: no usual file system takes more."""


def load(
    *,
    archive: str | PathLike[str] | None = None,
    index: str | PathLike[str] | None = None,
    file: str | PathLike[str] | None = None,
    environ: Mapping[str, str],
    cwd: str | PathLike[str],
) -> Config:
    """Resolve the settings.

    Args:
        archive: the value of `--archive`, if it was given.
        index: the value of `--index`, if it was given.
        file: the value of `--config`, if it was given.
        environ: the environment; empty variables count as unset.
        cwd: the working directory, absolute.

    Raises:
        ConfigError: a file or a value in it makes no sense.
    """
    here = os.fspath(cwd)
    path, source = _find(file, environ, here)
    layers = (
        _layer({"archive": archive, "index": index}, {"archive": "--archive", "index": "--index"}),
        _environment(environ),
        _file_layer(path, here),
        _defaults(source),
    )
    return _merge(layers, here, path)


def _layer(values: Mapping[str, Any], sources: Mapping[str, str]) -> Layer:
    return Layer({key: value for key, value in values.items() if value is not None}, sources)


def _environment(environ: Mapping[str, str]) -> Layer:
    names = {"archive": "HEATSEEK_ARCHIVE", "index": "HEATSEEK_INDEX"}
    return _layer({key: environ[name] for key, name in names.items() if environ.get(name)}, names)


def _defaults(file_source: str) -> Layer:
    values = {
        "archive": "seeds",
        "index": "index",
        "limit": 10,
        "rank": Preset.BALANCED,
    }
    return Layer(values, {"file": file_source, **dict.fromkeys(values, "default")})


def _find(
    file: str | PathLike[str] | None, environ: Mapping[str, str], cwd: str
) -> tuple[str | None, str]:
    """The configuration file, if there is one, and who named it; one that is must be there."""
    named, source = file, "--config"
    if named is None and environ.get("HEATSEEK_CONFIG"):
        named, source = environ["HEATSEEK_CONFIG"], "HEATSEEK_CONFIG"
    if named is not None:
        if flaw := _flaw(place := absolute(cwd, named)):
            raise ConfigError(f"{source} {named}: {flaw}")
        return place, source
    path = next(filter(os.path.isfile, _candidates(cwd)), None)
    if path and _is_anybodys(path):
        raise ConfigError(
            f"{path}: is another user's, in a folder that everybody may write to: name it by"
            " --config if you trust it, or work in another folder"
        )
    return path, "default"


def _candidates(folder: str) -> Iterator[str]:
    """The file in a folder and in those above it."""
    while True:
        yield os.path.join(folder, FILE_NAME)  # noqa: PTH118 - see `absolute`
        above = os.path.dirname(folder)  # noqa: PTH120 - as above
        if above == folder:
            return
        folder = above


def absolute(folder: str, path: str | PathLike[str]) -> str:
    """A path from a folder on, written as `Path` writes it, which takes long to import."""
    text = os.path.join(folder, path)  # noqa: PTH118 - as said
    if os.sep == "/" and {"", "."}.isdisjoint(text.split("/")[1:]):
        return text
    from pathlib import Path  # noqa: PLC0415 - few paths are written otherwise

    return str(Path(text))


def _is_anybodys(path: str) -> bool:
    """True where a stranger may have put a file, or a link, for others to come across: in /tmp.

    It could have an index of private articles written to where the stranger reads it.
    """
    folder = os.path.dirname(path)  # noqa: PTH120 - as above
    if not hasattr(os, "getuid") or not os.stat(folder).st_mode & stat.S_IWOTH:  # noqa: PTH116 - as above
        return False
    return os.lstat(path).st_uid not in {0, os.getuid()}


def _flaw(path: str) -> str | None:
    """Why there is no file to read at a path."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - as above
    except FileNotFoundError:
        return "no such file"
    except (OSError, ValueError) as error:
        return (getattr(error, "strerror", None) or "not a path").lower()
    if stat.S_ISDIR(mode):
        return "is a folder: name the file in it"
    return None if stat.S_ISREG(mode) else "is not a regular file"


def _file_layer(path: str | None, cwd: str) -> Layer:
    if path is None:
        return Layer({}, {})
    from pathlib import Path  # noqa: PLC0415 - most searches run without a file

    from heatseek.config.file import read  # noqa: PLC0415 - as above

    file = Path(path)
    return read(file, str(file.relative_to(cwd) if file.is_relative_to(cwd) else file))


def _merge(layers: tuple[Layer, ...], cwd: str, path: str | None) -> Config:
    values: dict[str, Any] = {}
    sources: dict[str, str] = dict(layers[-1].sources)
    for layer in reversed(layers):
        values.update(layer.values)
        sources.update({key: layer.sources[key] for key in layer.values})
    places = {key: absolute(cwd, values[key]) for key in ("archive", "index")}
    for key, place in places.items():
        if any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in place.split(os.sep)):  # noqa: PTH206 - see `absolute`
            raise ConfigError(f"{sources[key]}: {key}: a folder's name is too long")
    tables = _tables(values)
    presets = tables.get("presets", NOTHING)
    changed = {key.removeprefix("boost."): values[key] for key in BOOST_KEYS if key in values}
    # A weight that nobody set is the preset's, and comes from where that was chosen.
    sources = {**dict.fromkeys(BOOST_KEYS, sources["rank"]), **sources}
    language = Language(**tables.get("language", {}))
    for name in Language._fields:
        sources.setdefault(f"language.{name}", "default")
    return Config(
        archive_path=places["archive"],
        index_path=places["index"],
        archive_is_explicit=sources["archive"] != "default",
        boosts=replace(weights(values["rank"], presets) or Boosts(), **changed),
        limit=values["limit"],
        follow_links=values.get("follow_links", False),
        exclude=values.get("exclude", ()),
        sources=sources,
        rank=str(values["rank"]),
        file_path=path,
        language=language,
        synonyms=tables.get("synonyms", NOTHING),
        searches=tables.get("searches", NOTHING),
        presets=presets,
        fields=tables.get("fields", NOTHING),
        keys=tables.get("keys", NOTHING),
        time_zone=values.get("time_zone"),
    )


def _tables(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The values of the open tables, such as `searches.NAME`, by table and name."""
    tables: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        table, dot, name = key.partition(".")
        if dot and table != "boost":
            tables.setdefault(table, {})[name] = value
    return {table: MappingProxyType(values) for table, values in tables.items()}
