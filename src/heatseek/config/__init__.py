"""Settings: options, environment, heatseek.toml and defaults become one frozen `Config`.

Each value comes from the first of these that has it:

    archive, index     option → HEATSEEK_ARCHIVE, HEATSEEK_INDEX → heatseek.toml → `places`
                       (an index: → the note in the folder that these give, if there is one)
    everything else    heatseek.toml → default
                       (`--limit`, `--rank` and `--boost` are per query)

heatseek.toml is the one named by `--config` or HEATSEEK_CONFIG, or else the nearest one from
the working directory upwards. Relative paths in it start from its own folder. Nothing below
this module reads the environment.

`places.py` finds archive and index where nobody names them, `model.py` has the types, `file.py`
reads heatseek.toml, `tables.py` says what that may hold, and `checks.py` what each value may be;
where there is no such file, the last three are not loaded.
"""

from __future__ import annotations

import os
import stat
from types import MappingProxyType

from heatseek.config.model import (
    AUTO,
    BOOST_KEYS,
    MANUAL,
    MAX_LIMIT,
    NOTHING,
    Config,
    Layer,
    SavedSearch,
    boost,
    days,
    weights,
)
from heatseek.config.places import (
    NOTE,
    Places,
    in_cache,
    is_anybodys,
    is_wide,
    joined,
    location_of,
    note_in,
    noted_before,
    place_of,
    plain,
    project_places,
    shown_below,
    upwards,
    working_places,
)
from heatseek.definitions import replace
from heatseek.engines.model import IndexUrl
from heatseek.errors import ConfigError
from heatseek.ranking import Boosts, Preset
from heatseek.text.languages import Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from heatseek.vectors import Semantic

__all__ = [
    "AUTO",
    "MAX_LIMIT",
    "Config",
    "IndexUrl",
    "Language",
    "SavedSearch",
    "boost",
    "days",
    "load",
    "location_of",
    "weights",
]

FILE_NAME = "heatseek.toml"
MAX_NAME_BYTES = 255
"""Of one folder in a path: no usual file system takes more."""


def load(  # noqa: PLR0913 - all that settings come from
    *,
    archive: str | os.PathLike[str] | None = None,
    index: str | os.PathLike[str] | None = None,
    file: str | os.PathLike[str] | None = None,
    environ: Mapping[str, str],
    cwd: str | os.PathLike[str],
    follow_note: bool = True,
) -> Config:
    """Resolve the settings.

    Args:
        archive: the value of `--archive`, if it was given.
        index: the value of `--index`, if it was given.
        file: the value of `--config`, if it was given.
        environ: the environment; empty variables count as unset.
        cwd: the working directory, absolute.
        follow_note: False: the index is in its folder, whatever a note there says.

    Raises:
        ConfigError: a file or a value in it makes no sense.
    """
    here = plain(cwd)
    path, source = _find(file, environ, here)
    named = (_options(archive, index), _environment(environ))
    layer = _file_layer(path, here)
    places = _places(named, layer, path, here, environ)
    config = _merge((*named, layer, _defaults(source, places)), here, path, places)
    return _noted(config, places, here, environ) if follow_note else config


def _noted(config: Config, places: Places, cwd: str, environ: Mapping[str, str]) -> Config:
    """The settings with the index where a note says, if there is one."""
    if config.folder_path is None:
        return config
    folder = config.folder_path
    if config.file and config.sources["index"] == "default":
        folder = noted_before(places, environ) or folder
    url = note_in(folder)
    if url is None:
        return config
    note = joined(folder, NOTE)
    sources = {**config.sources, "index": shown_below(note, cwd)}
    place = IndexUrl(url, config.engine)
    return replace(config, index_place=place, note_path=note, sources=sources)


def _places(
    named: tuple[Layer, ...],
    layer: Layer,
    path: str | None,
    cwd: str,
    environ: Mapping[str, str],
) -> Places:
    """The places that count where neither the options and variables nor the file name others."""
    own, given = layer.values.get("archive"), _first(named, "archive")
    index: str | None = _first((*named, layer), "index")
    project = project_places(cwd, environ, path, own)
    if given is not None:
        archive = joined(cwd, given)
        if index is not None:
            return Places(archive, index)
        if project and os.path.realpath(project.archive) == os.path.realpath(archive):
            return project
        return Places(archive, in_cache(archive, environ), "cache")
    if project:
        return project
    if index is not None:
        return Places(cwd, index, is_assumed=True, is_wide=is_wide(cwd, environ))
    return working_places(cwd, environ)


def _first(layers: tuple[Layer, ...], name: str) -> Any:
    """The value of the first layer that has one."""
    return next((layer.values[name] for layer in layers if name in layer.values), None)


def _layer(values: Mapping[str, Any], sources: Mapping[str, str]) -> Layer:
    return Layer({key: value for key, value in values.items() if value is not None}, sources)


def _options(archive: str | os.PathLike[str] | None, index: str | os.PathLike[str] | None) -> Layer:
    names = {"archive": "--archive", "index": "--index"}
    place = None if index is None else place_of(index, names["index"])
    return _layer({"archive": None if archive is None else plain(archive), "index": place}, names)


def _environment(environ: Mapping[str, str]) -> Layer:
    names = {"archive": "HEATSEEK_ARCHIVE", "index": "HEATSEEK_INDEX"}
    archive, index = (environ.get(name) for name in names.values())
    place = place_of(index, names["index"]) if index else None
    return _layer({"archive": plain(archive) if archive else None, "index": place}, names)


def _defaults(file_source: str, places: Places) -> Layer:
    values = {
        "archive": places.archive,
        "index": places.index,
        "limit": 10,
        "rank": Preset.BALANCED,
        "update": MANUAL,
    }
    sources = {**dict.fromkeys(values, "default"), "index": places.index_source}
    return Layer(values, {"file": file_source, **sources})


def _find(
    file: str | os.PathLike[str] | None, environ: Mapping[str, str], cwd: str
) -> tuple[str | None, str]:
    """The configuration file, if there is one, and who named it; one that is must be there."""
    named, source = file, "--config"
    if named is None and environ.get("HEATSEEK_CONFIG"):
        named, source = environ["HEATSEEK_CONFIG"], "HEATSEEK_CONFIG"
    if named is not None:
        path = joined(cwd, plain(named))
        if flaw := _flaw(path):
            raise ConfigError(f"{source} {plain(named)}: {flaw}")
        return path, source
    candidates = (joined(folder, FILE_NAME) for folder in upwards(cwd))
    nearest = next((path for path in candidates if os.path.isfile(path)), None)  # noqa: PTH113 - never raises
    if nearest and is_anybodys(nearest):
        raise ConfigError(
            f"{nearest}: is another user's, in a folder that everybody may write to: name it by"
            " --config if you trust it, or work in another folder"
        )
    return nearest, "default"


def _flaw(path: str) -> str | None:
    """Why there is no file to read at a path."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
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
    from heatseek.config.file import read  # noqa: PLC0415 - most searches run without a file

    layer = read(path, shown_below(path, cwd))
    if (url := layer.values.get("engine.location")) is None:
        return layer
    # It counts more than a folder: that is where the index was before.
    sources = {**layer.sources, "index": layer.sources["engine.location"]}
    return Layer({**layer.values, "index": IndexUrl(url)}, sources)


def _first_of_each(layers: tuple[Layer, ...]) -> tuple[dict[str, Any], dict[str, str]]:
    """Each value of the first layer that has it, and where it comes from."""
    values: dict[str, Any] = {}
    sources: dict[str, str] = dict(layers[-1].sources)
    for layer in reversed(layers):
        values.update(layer.values)
        sources.update({key: layer.sources[key] for key in layer.values})
    for key in ("archive", "index"):
        parts = () if isinstance(values[key], IndexUrl) else values[key].split("/")
        if any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in parts):
            raise ConfigError(f"{sources[key]}: {key}: a folder's name is too long")
    return values, sources


def _merge(layers: tuple[Layer, ...], cwd: str, path: str | None, places: Places) -> Config:
    values, sources = _first_of_each(layers)
    tables = _tables(values)
    is_explicit, source = _is_explicit(sources), sources["index"]
    engine = _engine(tables)
    index = values["index"]
    folder = None if isinstance(index, IndexUrl) else joined(cwd, index)
    presets = tables.get("presets", NOTHING)
    changed = {key.removeprefix("boost."): values[key] for key in BOOST_KEYS if key in values}
    # A weight that nobody set is the preset's, and comes from where that was chosen.
    sources = {**dict.fromkeys(BOOST_KEYS, sources["rank"]), **sources}
    semantic = tables.get("semantic", NOTHING)
    if semantic:
        sources.setdefault("semantic.kind", "default")
        sources.setdefault("semantic.meaning", "default")
    language = Language(**tables.get("language", {}))
    for name in Language._fields:
        sources.setdefault(f"language.{name}", "default")
    return Config(
        archive_path=joined(cwd, values["archive"]),
        index_place=folder or IndexUrl(index, engine),
        archive_is_explicit=is_explicit,
        folder_path=folder,
        is_cached=source == "cache",
        index_is_named=source == "--index",
        engine=engine,
        archive_is_assumed=places.is_assumed,
        archive_is_wide=places.is_wide,
        boosts=replace(weights(values["rank"], presets) or Boosts(), **changed),
        limit=values["limit"],
        follow_links=values.get("follow_links", False),
        exclude=values.get("exclude", ()),
        images=values.get("images", True),
        update=values["update"],
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
        semantic=_semantic(semantic) if semantic else None,
        meaning=semantic.get("meaning", 0.0),
    )


def _engine(tables: Mapping[str, Mapping[str, Any]]) -> Mapping[str, object]:
    """The settings of an index that is in no folder, but for where it is."""
    given = tables.get("engine", NOTHING).items()
    return MappingProxyType({name: value for name, value in given if name != "location"})


def _semantic(table: Mapping[str, Any]) -> Semantic:
    """The kind of vectors: those of the archive itself, if no model is named."""
    from heatseek.vectors import Semantic  # noqa: PLC0415 - few projects have any

    model = table.get("model")
    return Semantic("" if model is None else os.path.abspath(model))  # noqa: PTH100 - text


def _is_explicit(sources: Mapping[str, str]) -> bool:
    """True unless an index that was named tells better of which archive it is."""
    if sources["archive"] in {"--archive", "HEATSEEK_ARCHIVE"}:
        return True
    return sources["archive"] != "default" and sources["index"] not in {"--index", "HEATSEEK_INDEX"}


def _tables(values: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The values of the open tables, such as `searches.NAME`, by table and name."""
    tables: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        table, dot, name = key.partition(".")
        if dot and table != "boost":
            tables.setdefault(table, {})[name] = value
    return {table: MappingProxyType(values) for table, values in tables.items()}
