"""Settings: options, environment, heatseek.toml and defaults become one frozen `Config`.

Each value comes from the first of these that has it:

    archive, index     option → HEATSEEK_ARCHIVE, HEATSEEK_INDEX → heatseek.toml → default
    limit, rank,       heatseek.toml → default
    boost.*            (`--limit`, `--rank` and `--boost` are per query)

heatseek.toml is the one named by `--config` or HEATSEEK_CONFIG, or else the nearest one from
the working directory upwards. Relative paths in it start from its own folder. Nothing below
this module reads the environment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.errors import ConfigError, UsageError
from heatseek.ranking import Boosts, Preset

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE_NAME = "heatseek.toml"
MAX_LIMIT = 1_000_000
"""More hits than this are not asked for in one page."""
MAX_FILE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, resolved; paths are absolute."""

    archive: Path
    index: Path
    archive_is_explicit: bool
    """Somebody named the archive; it is not just the default folder."""
    boosts: Boosts
    limit: int
    sources: Mapping[str, str]
    """Where each value came from: `--index`, `HEATSEEK_INDEX`, `heatseek.toml:3`, `default`."""


class Layer(NamedTuple):
    """The settings of one source, by flat name (`boost.quality`), with where each stands."""

    values: Mapping[str, Any]
    sources: Mapping[str, str]


def load(
    *,
    archive: Path | None = None,
    index: Path | None = None,
    file: Path | None = None,
    environ: Mapping[str, str],
    cwd: Path,
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
    layers = (
        _layer({"archive": archive, "index": index}, {"archive": "--archive", "index": "--index"}),
        _environment(environ),
        _file_layer(_find(file, environ, cwd), cwd),
        _defaults(),
    )
    return _merge(layers, cwd)


def days(text: str) -> float:
    """Read a half-life: `30d`, `2w`, `6m` (of 30 days), `1y` (of 365); a bare number is days.

    Raises:
        ValueError: it is none of these.
    """
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([dwmy]?)", text.strip().lower())
    if not found:
        raise ValueError("must be a number of days, or like 30d, 2w, 6m, 1y")
    return float(found[1]) * {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}[found[2]]


def boost(name: str, value: float) -> float:
    """Check one weight of the ranking formula.

    Raises:
        ValueError: it is out of range.
    """
    try:
        Boosts(**{name: value})
    except UsageError as error:
        raise ValueError(str(error).partition(": ")[2]) from None
    return value


def closest(name: str, names: list[str]) -> str | None:
    """The one of `names` that was probably meant."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistake needs it

    return next(iter(get_close_matches(name, names, n=1)), None)


# The layers.


def _layer(values: Mapping[str, Any], sources: Mapping[str, str]) -> Layer:
    return Layer({key: value for key, value in values.items() if value is not None}, sources)


def _environment(environ: Mapping[str, str]) -> Layer:
    names = {"archive": "HEATSEEK_ARCHIVE", "index": "HEATSEEK_INDEX"}
    return _layer(
        {key: Path(environ[name]) for key, name in names.items() if environ.get(name)}, names
    )


def _defaults() -> Layer:
    values = {
        "archive": Path("seeds"),
        "index": Path("index"),
        "limit": 10,
        "rank": Preset.BALANCED,
    }
    return Layer(values, dict.fromkeys((*values, *_BOOST_KEYS), "default"))


def _merge(layers: tuple[Layer, ...], cwd: Path) -> Config:
    found: dict[str, Any] = {}
    sources: dict[str, str] = dict(layers[-1].sources)
    for layer in reversed(layers):
        found.update(layer.values)
        sources.update({key: layer.sources[key] for key in layer.values})
    weights = {key.removeprefix("boost."): found[key] for key in found if key in _BOOST_KEYS}
    return Config(
        archive=cwd / found["archive"],
        index=cwd / found["index"],
        archive_is_explicit=sources["archive"] != "default",
        boosts=replace(found["rank"].boosts, **weights),
        limit=found["limit"],
        sources=sources,
    )


# heatseek.toml.


def _find(file: Path | None, environ: Mapping[str, str], cwd: Path) -> Path | None:
    """The configuration file, if there is one; one that was named must be there."""
    named, source = file, "--config"
    if named is None and environ.get("HEATSEEK_CONFIG"):
        named, source = Path(environ["HEATSEEK_CONFIG"]), "HEATSEEK_CONFIG"
    if named is not None:
        if not (cwd / named).is_file():
            raise ConfigError(f"{source} {named}: no such file")
        return cwd / named
    candidates = (folder / FILE_NAME for folder in (cwd, *cwd.parents))
    return next((path for path in candidates if path.is_file()), None)


def _file_layer(path: Path | None, cwd: Path) -> Layer:
    if path is None:
        return Layer({}, {})
    shown = str(path.relative_to(cwd) if path.is_relative_to(cwd) else path)
    text = _read(path, shown)
    values, sources = {}, {}
    for key, value in _flat(_parsed(text, shown)).items():
        where = f"{shown}:{_line_of(text, key)}"
        values[key] = _checked(key, value, where, path.parent)
        sources[key] = where
    return Layer(values, sources)


def _read(path: Path, shown: str) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror}") from None
    if len(raw) > MAX_FILE_BYTES:
        raise ConfigError(f"{shown}: larger than {MAX_FILE_BYTES:,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown}:{line}: not UTF-8") from None


def _parsed(text: str, shown: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - most searches run without a file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", place)
        number = line[1] if line else max(1, len(text.splitlines()))
        raise ConfigError(f"{shown}:{number}: {reason}") from None
    except RecursionError:
        raise ConfigError(f"{shown}: nested too deeply") from None


def _flat(tables: dict[str, Any]) -> dict[str, Any]:
    """Name the values of the known table as `table.key`; leave everything else as it is."""
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        if key == "boost" and isinstance(value, dict):
            flat |= {f"boost.{name}": inner for name, inner in value.items()}
        else:
            flat[key] = value
    return flat


def _checked(key: str, value: Any, where: str, folder: Path) -> Any:
    check = _CHECKS.get(key)
    if check is None:
        raise ConfigError(f"{where}: {_unknown(key)}")
    try:
        return check(value, folder)
    except (ValueError, OverflowError) as error:
        shown = str(value)[:40]
        raise ConfigError(f"{where}: {key} = {shown}: {error}") from None


def _unknown(key: str) -> str:
    if key == "boost":
        return "boost must be a table: [boost]"
    inside = key.startswith("boost.")
    name = key.removeprefix("boost.")
    weights = [known.removeprefix("boost.") for known in _BOOST_KEYS]
    others = [known for known in _CHECKS if known not in _BOOST_KEYS]
    meant = closest(name, weights if inside else [*others, "boost"])
    if meant is None and name in weights:
        meant = f"boost.{name}"
    return f'unknown key "{name}"' + (f'; did you mean "{meant}"?' if meant else "")


def _line_of(text: str, key: str) -> int:
    """The line on which a flat key is set; of a key in an inline table, that of the table."""
    table, last = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+([^\]]+)\]", line)
        name = re.sub(r"[\s\"']", "", header[1] if header else line.partition("=")[0])
        if header:
            table = f"{name}."
        full = name if header else table + name
        if full == key:
            return number
        if key.startswith(f"{full}.") and full:
            last = number
    return last


# What each key may hold. A check gets the value and the file's folder.


def _path(value: Any, folder: Path) -> Path:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("must be a path in quotes")
    return folder / Path(value).expanduser()


def _limit(value: Any, _folder: Path) -> int:
    if type(value) is not int or not 0 <= value <= MAX_LIMIT:
        raise ValueError(f"must be a whole number from 0 to {MAX_LIMIT}")
    return value


def _rank(value: Any, _folder: Path) -> Preset:
    if value not in list(Preset):
        raise ValueError(f"must be one of {', '.join(Preset)}")
    return Preset(value)


def _weight(name: str) -> Callable[[Any, Path], float]:
    def check(value: Any, _folder: Path) -> float:
        if name == "half_life" and isinstance(value, str):
            value = days(value)
        if type(value) not in (int, float):
            raise ValueError("must be a number")
        return boost(name, float(value))

    return check


_BOOST_KEYS = tuple(f"boost.{field.name}" for field in fields(Boosts))
_CHECKS: Mapping[str, Callable[[Any, Path], Any]] = {
    "archive": _path,
    "index": _path,
    "limit": _limit,
    "rank": _rank,
    **{key: _weight(key.removeprefix("boost.")) for key in _BOOST_KEYS},
}
