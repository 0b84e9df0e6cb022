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
from heatseek.ingest.yaml_pieces import PieceLoader
from heatseek.toml_text import TomlError, loads

MAX_FRONT_MATTER = 1_000_000
"""Characters, seven times the largest seen."""
TOO_LONG = f"front matter above {MAX_FRONT_MATTER:,} characters"

_LONGEST_WORD = 10
"""Characters of what JSON tells as one: `-Infinity`, an escape."""
_JSON_START = re.compile(r"\{(?=\s*[\"}])")
# Numbers and constants stay the text that was typed, as in YAML; raw line breaks are fine.
_JSON = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)


class YamlFrontMatter(YAMLHandler):
    """YAML between `---` lines; `...` closes it too, as in Jekyll and Pandoc."""

    FM_BOUNDARY = re.compile(r"^(?:-{3,}|(?<=\n)\.{3})[ \t]*$", re.MULTILINE)
    _CLOSING = re.compile(r"\n(?=[-.])(?:-{3,}|\.{3})[ \t]*$", re.MULTILINE)
    """The same boundary, in a form that is searched seven times as fast."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces = PieceLoader()

    def split(self, text: str) -> tuple[str, str]:
        """What stands between the boundaries, and what after; raises ValueError if unclosed."""
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

    def load(self, fm: str) -> Any:
        """Parse; raises FormatError."""
        try:
            return loads(fm, parse_float=str)
        except TomlError as error:
            kind = ProblemKind.TOO_DEEP if error.too_deep else ProblemKind.SYNTAX
            reason = f"TOML: {without_quotations(str(error))}"
            raise FormatError(reason, error.index, kind) from None


class JsonFrontMatter(BaseHandler):
    """JSON between `;;;` lines, with or without its outer braces."""

    FM_BOUNDARY = re.compile(r"^;{3,}[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = ";;;"

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

    def split(self, text: str) -> tuple[str, str]:
        """The object and what follows it; raises FormatError."""
        # Only so much is parsed as may be front matter; what is cut off cannot be well formed.
        read = text[: MAX_FRONT_MATTER + 1]
        try:
            _, end = _json(read, 0)
        except FormatError as error:
            if len(text) > len(read) and _is_cut(error, len(read)):
                raise FormatError(TOO_LONG, 0, ProblemKind.TOO_LARGE) from None
            raise
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


def _is_cut(error: FormatError, size: int) -> bool:
    """Whether it is the end of the text that was unexpected: a word ends there, or a string."""
    return error.index >= size - _LONGEST_WORD or "Unterminated" in error.reason


def _json(text: str, start: int) -> tuple[Any, int]:
    try:
        return _JSON.raw_decode(text, start)
    except json.JSONDecodeError as error:
        # The message is a constant of the parser up to a colon, then maybe text of the file.
        raise FormatError(f"JSON: {error.msg.partition(':')[0]}", error.pos) from None
    except RecursionError:
        raise FormatError("nested too deeply", start, ProblemKind.TOO_DEEP) from None
