"""A file's text to its metadata and its body, with exact places for what is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from heatseek.ingest.handlers import HANDLERS, MAX_FRONT_MATTER, TOO_LONG
from heatseek.ingest.problem import FormatError, ProblemKind, RejectedError
from heatseek.ingest.text import blank_controls

if TYPE_CHECKING:
    from frontmatter.default_handlers import BaseHandler

MAX_MARKUP = 4_000_000
"""Characters of a body that are read."""
MAX_TEXT = MAX_FRONT_MATTER + MAX_MARKUP + 10_000
"""Characters of a file that can matter, with delimiters and blank lines."""

_BLANK_LINES = re.compile(r"\ufeff?(?:[ \t]*+\n)*+")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A file, taken apart.

    Attributes:
        metadata: what the front matter says; scalars as text wherever the format allows.
            Files may share parts of it: it is never changed.
        body: everything after it.
        body_line: the 1-based line of the file in which the body begins.
        header: the front matter as it was typed.
        header_line: the line in which that begins.
    """

    metadata: dict[Any, Any]
    body: str
    body_line: int
    header: str
    header_line: int

    def line_of(self, key: str) -> int:
        """The line of a top-level key: the last one, which is the one that counts.

        The first line of the front matter if the key cannot be told (in one-line JSON).
        """
        name = re.escape(key)
        flush = re.compile(rf"^(?:([\"']?){name}\1[ \t]*[:=]|\[\[?{name}\b)", re.MULTILINE)
        found = list(flush.finditer(self.header))[-1:]
        if not found:  # JSON is indented
            found = list(re.finditer(rf"^[ \t]*\"{name}\"[ \t]*:", self.header, re.MULTILINE))[:1]
        skipped = self.header.count("\n", 0, found[0].end()) if found else 0
        return self.header_line + skipped


def parse_front_matter(text: str) -> FrontMatter:
    """Take a file's text apart.

    A byte order mark, any kind of line break and blank lines at the start are fine; control
    characters count as spaces.

    Raises:
        RejectedError: there is no front matter, or it is not closed, not well formed, not a
            mapping, or built to exhaust memory. Nothing of the text is in the message.
    """
    text = text[:MAX_TEXT]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = blank_controls(text)
    start = _lead(text)
    header, body, handler = _split(text, start)
    header_start = text.index(header[:100], start)  # only a delimiter stands before it
    try:
        metadata = handler.load(header)
    except FormatError as error:
        raise _rejection(text, header_start, error) from None
    if not isinstance(metadata, dict | None):
        reason = "front matter is not a mapping: it needs `key: value` lines"
        raise RejectedError(reason, _line(text, header_start))
    body_line = _line(text, len(text) - len(body))
    return FrontMatter(metadata or {}, body, body_line, header, _line(text, header_start))


def _lead(text: str) -> int:
    """The length of the byte order mark and the blank lines at the start."""
    lead = _BLANK_LINES.match(text)
    return lead.end() if lead else 0


def _split(text: str, start: int) -> tuple[str, str, BaseHandler]:
    rest, line = text[start:], _line(text, start)
    handler = next((handler for handler in HANDLERS if handler.detect(rest)), None)
    if handler is None:
        reason = "no front matter: the file must begin with `---`, its fields and `---`"
        raise RejectedError(reason, line, kind=ProblemKind.NO_FRONT_MATTER)
    try:
        header, body = handler.split(rest)
    except FormatError as error:
        raise _rejection(text, start, error) from None
    except ValueError:  # from unpacking: there was nothing to split at
        reason = f"front matter is never closed: a second `{handler.START_DELIMITER}` is missing"
        raise RejectedError(reason, line, kind=ProblemKind.UNCLOSED) from None
    if len(header) > MAX_FRONT_MATTER:
        raise RejectedError(TOO_LONG, line, kind=ProblemKind.TOO_LARGE)
    return header, body.removeprefix("\n"), handler


def _rejection(text: str, start: int, error: FormatError) -> RejectedError:
    index = min(start + error.index, len(text))
    column = index - text.rfind("\n", 0, index)
    return RejectedError(error.reason, _line(text, index), column, kind=error.kind)


def _line(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1
