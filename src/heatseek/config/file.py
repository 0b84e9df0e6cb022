"""heatseek.toml as a layer of settings; errors name their line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from heatseek.config.checks import MistakeError
from heatseek.config.model import Layer
from heatseek.config.tables import values_of
from heatseek.errors import ConfigError, reason
from heatseek.toml_text import TomlError, loads

MAX_FILE_BYTES = 250_000
"""Some 5,000 synonyms, or twenty times this in comments than anybody writes; every command reads
it, and the worst that fits in takes half a second."""


def read(path: str, name: str) -> Layer:
    """Read and check a file.

    Args:
        path: where it is; relative paths in it start from its folder.
        name: how messages and sources call it.

    Raises:
        ConfigError: it cannot be read, is no TOML, or a value in it makes no sense.
    """
    place = Path(path)
    text = _text(place, name)
    document = _parsed(text, name)
    lines = _Lines(text)
    try:
        values = values_of(document, place.parent)
    except MistakeError as error:
        raise ConfigError(f"{name}:{lines.of(error.key)}: {error}") from None
    sources = {".".join(key): f"{name}:{lines.of(key)}" for key in values}
    return Layer({".".join(key): value for key, value in values.items()}, sources)


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {reason(error)}") from None
    if len(raw) > MAX_FILE_BYTES:
        raise ConfigError(f"{name}: larger than {MAX_FILE_BYTES:,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}:{line}: not UTF-8") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return loads(text)
    except TomlError as error:
        before = text[: error.index]
        line, column = before.count("\n") + 1, error.index - before.rfind("\n")
        raise ConfigError(f"{name}:{line}:{column}: {error}") from None


class _Lines:
    """On which line each key stands. tomllib doesn't tell; its text has parsed before."""

    def __init__(self, text: str) -> None:
        self._first: dict[str, int] = {}
        table = ""
        # Not `splitlines`: to TOML only newlines end a line.
        for number, line in enumerate(text.split("\n"), start=1):
            header = re.match(r"\s*+\[++([^\]]++)\]", line)
            name = _plain(header[1] if header else line.partition("=")[0])
            full = name if header else table + name
            if header:
                table = f"{name}."
            self._first.setdefault(full, number)

    def of(self, key: tuple[str, ...]) -> int:
        """The line of a key; of one inside an inline table, that of the table."""
        parts = list(key)
        while parts:
            line = self._first.get(_plain(".".join(parts)))
            if line is not None:
                return line
            parts.pop()
        return 1


def _plain(name: str) -> str:
    """A key however it was typed: without quotes and spaces."""
    return re.sub(r"[\s\"']", "", name)
