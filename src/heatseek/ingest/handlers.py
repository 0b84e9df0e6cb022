"""The formats of front matter, as python-frontmatter handlers.

`detect` and `split` are python-frontmatter's own; where its delimiters or parsers do not fit,
they are replaced: YAML keeps texts as typed and is parsed piece by piece, TOML is the
standard library's.
"""

from __future__ import annotations

import json
import re
from typing import Any

from frontmatter.default_handlers import BaseHandler, YAMLHandler

from heatseek.ingest.problem import FormatError, ProblemKind, without_quotations
from heatseek.ingest.salvage import json_form, toml_form, yaml_form
from heatseek.ingest.yaml_pieces import PieceLoader
from heatseek.ingest.yaml_tree import load_yaml
from heatseek.toml_text import TomlError, loads

MAX_FRONT_MATTER = 1_000_000
"""Characters, seven times the largest seen."""
TOO_LONG = f"front matter above {MAX_FRONT_MATTER:,} characters"

_JSON_START = re.compile(r"\{(?=\s*[\"}])")
# Numbers and constants stay the text that was typed, as in YAML; raw line breaks are fine.
_JSON = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)


def _toml(text: str) -> Any:
    try:
        return loads(text, parse_float=str)
    except TomlError as error:
        kind = ProblemKind.TOO_DEEP if error.too_deep else ProblemKind.SYNTAX
        reason = f"TOML: {without_quotations(str(error))}"
        raise FormatError(reason, error.index, kind) from None


def _members(text: str) -> Any:
    """Members of an object, of which the braces may be missing."""
    inner = text.rstrip().removesuffix(",")
    if inner.strip() in ("", "{", "}"):
        return None
    lead = "" if inner.lstrip().startswith("{") else "{"
    try:
        data, end = _json(f"{lead}{inner}}}", len(inner) - len(inner.lstrip()) if not lead else 0)
    except FormatError as error:
        raise FormatError(error.reason, max(0, error.index - len(lead)), error.kind) from None
    if inner[end:].strip(" \n\t}"):
        raise FormatError("more text after the closing brace", end)
    return data


def _json(text: str, start: int) -> tuple[Any, int]:
    try:
        return _JSON.raw_decode(text, start)
    except json.JSONDecodeError as error:
        # The message is a constant of the parser up to a colon, then maybe text of the file.
        raise FormatError(f"JSON: {error.msg.partition(':')[0]}", error.pos) from None
    except RecursionError:
        raise FormatError("nested too deeply", start, ProblemKind.TOO_DEEP) from None


class YamlFrontMatter(YAMLHandler):
    """YAML between `---` lines; `...` closes it too, as in Jekyll and Pandoc.

    Attributes:
        form: how to read one that is not well formed; other handlers have theirs.
    """

    form = yaml_form(load_yaml)
    FM_BOUNDARY = re.compile(r"^(?:-{3,}|(?<=\n)\.{3})[ \t]*$", re.MULTILINE)
    _CLOSING = re.compile(r"\n(?=[-.])(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE)
    """The same boundary, in a form that is searched seven times as fast."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces = PieceLoader()

    def split(self, text: str) -> tuple[str, str]:
        """The text between the boundaries, and the one after; raises ValueError if unclosed."""
        opening = self.FM_BOUNDARY.search(text)
        closing = opening and self._CLOSING.search(text, opening.end())
        if not opening or not closing:
            raise ValueError("front matter is never closed")
        return text[opening.end() : closing.start() + 1], text[closing.end() :]

    def load(self, fm: str, **_: object) -> Any:
        """Parse; raises FormatError. Equal pieces of files are the same objects."""
        return self._pieces.load(fm)


class TomlFrontMatter(BaseHandler):
    """TOML between `+++` lines."""

    FM_BOUNDARY = re.compile(r"^\+{3,}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"
    form = toml_form(_toml)

    def load(self, fm: str) -> Any:
        """Parse; raises FormatError."""
        return _toml(fm)


class JsonFrontMatter(BaseHandler):
    """JSON between `;;;` lines, with or without its outer braces."""

    FM_BOUNDARY = re.compile(r"^;{3,}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = ";;;"
    form = json_form(_members)

    def load(self, fm: str) -> Any:
        """Parse; raises FormatError."""
        if fm.lstrip().startswith("{"):
            data, end = _json(fm, len(fm) - len(fm.lstrip()))
            if fm[end:].strip():
                raise FormatError("more text after the closing brace", end)
            return data
        try:
            return _json("{" + fm + "}", 0)[0]
        except FormatError as error:
            raise FormatError(error.reason, max(0, error.index - 1), error.kind) from None


class BraceFrontMatter(BaseHandler):
    """A JSON object at the very start of the file."""

    FM_BOUNDARY = _JSON_START
    START_DELIMITER = END_DELIMITER = "}"
    form = JsonFrontMatter.form
    _END = re.compile(r"^\}[ \t]*\n?|\n(?=[ \t]*\n)", re.MULTILINE)
    """Of one that is not well formed: a brace in the first column, or a blank line."""

    def split(self, text: str) -> tuple[str, str]:
        """The object and what follows it."""
        # Only so much is parsed as may be front matter; what is cut off cannot be well formed.
        read = text[: MAX_FRONT_MATTER + 1]
        try:
            _, end = _json(read, 0)
        except FormatError:
            found = self._END.search(text)
            end = found.end() if found else len(text)
        return text[:end], text[end:]

    def load(self, fm: str) -> Any:
        """Parse; raises FormatError."""
        return _json(fm, 0)[0]


HANDLERS: tuple[BaseHandler, ...] = (
    YamlFrontMatter(),
    TomlFrontMatter(),
    JsonFrontMatter(),
    BraceFrontMatter(),
)
