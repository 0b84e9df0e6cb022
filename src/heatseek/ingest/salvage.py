"""Front matter that is not well formed: as much of it as can be read, and each fault in its place.

A header is cut before each line that can begin a top-level key, and halved until what stands at
fault stands alone. There the line that the parser stopped at is taken as its author meant it: its
value is the text that stands there. If that does not help, this one key is left out.

Nothing under `secured` is taken for text: where it may have no end, what follows is left out, too.
The work has a budget that grows with the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

from heatseek.definitions import pattern
from heatseek.ingest.problem import FormatError, ProblemKind

MAX_FAULTS = 20
"""Told of one header; the rest is counted."""
MAX_MENDS = 10
"""Lines of one key that are taken as text."""
WORK = 400_000
"""Characters parsed again beyond twice those of the header."""
_START = 200
"""Characters that take as long to parse as starting a parser does."""
_EXPANSION = 100_000
"""The same for what aliases may add."""

_READ = "read as the text that stands there"
_SECURED = "secured"
_NAMES_SECURED = pattern(
    r"(?<![\w-])secured[\"']?\s*+[:=]|\"[^\"\n]*\\[^\"\n]*\"\s*+[:=]", re.IGNORECASE
)
"""A key `secured`, or one in which it may be hidden."""
_OPEN = pattern(
    r"""(?<![^\s:=,\[{?-])(?:"{3}|'{3}|"(?!(?:[^"\\\n]|\\.)*+")|'(?!(?:[^'\n]|'')*+')"""
    r"""|[\[{](?![^\[\]{}"'\n]*+[\]}]))"""
)
"""The begin of a value that does not end in its line."""

_NAME = (
    r"(?:\"[^\"\n]*+\"|'[^'\n]*+'"
    r"|[^\s#\"'\[\]{}>|*&!%@`,?:-](?:[^:\n]|:(?![ \t\n]))*+)[ \t]*+:"
)
_YAML_CUT = pattern(rf"^(?={_NAME}(?:[ \t\n]|\Z))", re.MULTILINE)
_YAML_LINE = pattern(rf"(?P<lead> *+(?:- ++)*+)(?P<key>{_NAME}[ \t]++)?+(?P<value>.*)")
_TABS = pattern(r"(?:^|(?<=[:-]))(?= *+\t)[ \t]++", re.MULTILINE)
_TOML_CUT = pattern(r"^(?=[\w\"'.-]+[ \t]*=|\[)", re.MULTILINE)
_TOML_LINE = pattern(r"(?P<lead>)(?P<key>[\w\"'.-]+[ \t]*=[ \t]*+)(?P<value>.*)")
_JSON_CUT = pattern(r"^(?=[ \t]{0,2}\"[^\"\n]*+\"[ \t]*:)", re.MULTILINE)
_NO_LINE = pattern(r"(?!)(?P<lead>)(?P<key>)(?P<value>)")
_ITEM = pattern(r"\s*+(?:\"[^\"]*+\"|'[^']*+'|[^,]*+)[^,]*+")


class Form(NamedTuple):
    """How a format of front matter is cut and mended.

    Attributes:
        cut: matches nothing before each line that can begin a top-level key.
        table: how a line begins below which no key is one of the top level; empty if none does.
        line: takes a line apart into `lead`, `key` and `value`.
        parse: raises FormatError.
    """

    cut: re.Pattern[str]
    table: str
    line: re.Pattern[str]
    parse: Callable[[str], Any]


def yaml_form(parse: Callable[[str], Any]) -> Form:
    """That of YAML."""
    return Form(_YAML_CUT, "", _YAML_LINE, parse)


def toml_form(parse: Callable[[str], Any]) -> Form:
    """That of TOML."""
    return Form(_TOML_CUT, "[", _TOML_LINE, parse)


def json_form(parse: Callable[[str], Any]) -> Form:
    """That of JSON, one member a line; no value of it is ever meant as text."""
    return Form(_JSON_CUT, "", _NO_LINE, parse)


def salvage(
    header: str, form: Form, error: FormatError
) -> tuple[dict[Any, Any], list[FormatError]]:
    """The keys of a header that does not parse as a whole, and its faults.

    Args:
        header: the text.
        form: of its format.
        error: of the whole. If it asks for too much, nothing of it is taken as text.
    """
    work = _Salvage(header, form, mends=error.kind == ProblemKind.SYNTAX)
    work.run()
    if error.kind != ProblemKind.SYNTAX:
        return work.data, [error]
    if work.untold:
        work.faults.append(FormatError(f"and {work.untold:,} more faults", work.last))
    return work.data, work.faults or [error]


class _Salvage:
    """One header; its pieces are known by number."""

    def __init__(self, text: str, form: Form, *, mends: bool) -> None:
        self.data: dict[Any, Any] = {}
        self.faults: list[FormatError] = []
        self.untold = 0
        self.last = 0
        """Where the last fault is that was not told."""
        self._text = text
        self._form = form
        self._mends = mends
        starts = [found.start() for found in form.cut.finditer(text)]
        if form.table:
            tables = [start for start in starts if text.startswith(form.table, start)]
            top = tables[0] if tables else len(text)
            starts = [start for start in starts if start < top] + tables
        self._bounds = [*dict.fromkeys((0, *starts)), len(text)]
        self._left = 2 * len(text) + WORK

    def run(self) -> None:
        pending = [(0, len(self._bounds) - 1)]
        while pending:
            first, end = pending.pop()
            start = self._bounds[first]
            piece = self._text[start : self._bounds[end]]
            try:
                self._take(piece)
            except FormatError as error:
                if end - first > 1 and self._left > 0:
                    middle = (first + end) // 2
                    pending += ((middle, end), (first, middle))
                elif _hides(piece):
                    pending.clear()
                    self._tell(piece, start, error, "this key and all that follows is left out")
                else:
                    self._mend(piece, start, error)

    def _take(self, piece: str) -> None:
        """Keep the keys of a piece; raises as `_parsed`."""
        self.data |= self._parsed(piece)

    def _parsed(self, piece: str) -> dict[Any, Any]:
        """The keys of a piece.

        Raises:
            FormatError: it does not parse, or there is no time left to try.
        """
        if self._left < 0:
            raise FormatError("too much of the front matter is not well formed", 0)
        has_aliases = "&" in piece and "*" in piece
        self._left -= len(piece) + _START + (_EXPANSION if has_aliases else 0)
        data = self._form.parse(piece)
        if not isinstance(data, dict | None):
            raise FormatError("a line that is no `key: value`", 0)
        return data or {}

    def _mend(self, piece: str, start: int, error: FormatError) -> None:
        """Read the one key that a piece is, as far as it can be read."""
        lines = piece.split("\n")
        if self._mends and self._reads_mended(lines, error):
            outcome = _READ
        elif self._reads_entries(lines):
            outcome = "what cannot be read of this list is left out"
        elif any(lines[1:]) and self._reads(lines[0], self._mended(lines[0])):
            outcome = "what stands below this key is left out"
        else:
            outcome = "this key is left out"
        self._tell(piece, start, error, outcome)

    def _reads(self, *pieces: str | None) -> bool:
        """True if one of these parses; it is kept."""
        for piece in filter(None, pieces):
            try:
                self._take(piece)
            except FormatError:
                continue
            return True
        return False

    def _reads_entries(self, lines: list[str]) -> bool:
        """True if it is a list of which some entries parse alone; they are kept."""
        first = next((line for line in lines[1:] if line.strip()), "")
        mark = first[: len(first) - len(first.lstrip())] + "- "
        starts = [number for number, line in enumerate(lines) if number and line.startswith(mark)]
        kept: dict[Any, list[Any]] = {}
        for start, end in pairwise((*starts, len(lines))):
            entry = "\n".join((lines[0], *lines[start:end]))
            try:
                data = self._parsed(entry)
            except FormatError:
                continue
            for key, value in data.items():
                kept.setdefault(key, []).extend(value if isinstance(value, list) else ())
        self.data |= kept
        return bool(kept)

    def _reads_mended(self, lines: list[str], error: FormatError) -> bool:
        """True if it parses with the lines at fault taken as text."""
        text = "\n".join(lines)
        lines = _TABS.sub(_spaces, text).split("\n")
        blamed: set[int] = set()
        for _ in range(MAX_MENDS):
            mended = "\n".join(lines)
            try:
                if mended != text:
                    self._take(mended)
                    return True
            except FormatError as again:
                error = again
            if error.kind != ProblemKind.SYNTAX or not self._mend_line(lines, error, blamed):
                break
        return False

    def _mend_line(self, lines: list[str], error: FormatError, blamed: set[int]) -> bool:
        """Take the line that is probably at fault as text; each is tried once."""
        text = "\n".join(lines)
        stop = text.count("\n", 0, error.index)
        for number in (text.count("\n", 0, error.begin), stop, stop - 1):
            if number not in blamed and 0 <= number < len(lines):
                blamed.add(number)
                mended = self._mended(lines[number])
                if mended is not None:
                    lines[number] = mended
                    return True
        return False

    def _mended(self, line: str) -> str | None:
        """A line whose value is the text that stands there; None if it has none."""
        found = self._form.line.fullmatch(line)
        if found is None:
            return None
        lead, key, value = found["lead"], found["key"] or "", found["value"].strip()
        if _SECURED in line.casefold():
            is_its_own = key.strip("\"' \t:=").casefold() == _SECURED
            return f'{lead}{key}""' if is_its_own else None
        if not lead and not key:
            # A text that goes on in the first column.
            return f"  {line}" if line[:1].isalnum() else None
        return f"{lead}{key}{_meant(value)}" if value else None

    def _tell(self, piece: str, start: int, error: FormatError, outcome: str) -> None:
        is_tab = piece[error.index : error.index + 1] == "\t"
        index = start + (error.index if is_tab else _place(piece, error))
        if len(self.faults) == MAX_FAULTS:
            self.untold += 1
            self.last = index
            return
        reason = error.advice if outcome == _READ and error.advice else error.reason
        reason = "a tab where spaces belong" if is_tab else reason
        self.faults.append(FormatError(f"{reason}: {outcome}", index, error.kind))


def _hides(piece: str) -> bool:
    """Whether what follows a piece that does not parse may be a part of something secured."""
    return bool(_NAMES_SECURED.search(piece) and _OPEN.search(piece))


def _place(piece: str, error: FormatError) -> int:
    """Where it went wrong: what is never closed did where it begins, not where that was seen."""
    if "\n" in piece[error.begin : error.index]:
        return error.begin
    line_start = piece.rfind("\n", 0, error.index) + 1
    if error.index > line_start or not line_start:
        return error.index
    # The parser had reached the next line: the line above has no end.
    above = piece.rfind("\n", 0, line_start - 1) + 1
    value = piece.find(": ", above, line_start)
    return above if value < 0 else value + 2


def _spaces(tabs: re.Match[str]) -> str:
    """Four columns for each tab of an indentation, one space elsewhere."""
    is_indentation = not tabs.start() or tabs.string[tabs.start() - 1] == "\n"
    return tabs[0].replace("\t", "    ") if is_indentation else " "


def _meant(value: str) -> str:
    """A value as the text, or the list of texts, that stands there."""
    if value.startswith("[") and (value.endswith("]") or "]" not in value):
        items = (item[0].strip() for item in _ITEM.finditer(value[1:].removesuffix("]")))
        return f"[{', '.join(_quoted(item) for item in items if item)}]"
    return _quoted(value)


def _quoted(value: str) -> str:
    """In quotes that every format knows, and without those around it."""
    return json.dumps(_without_quotes(value), ensure_ascii=False)


def _without_quotes(value: str) -> str:
    mark = value[:1]
    if mark == '"' and value.count(mark) == 1:
        return value[1:].strip()  # it was never closed
    if mark not in ("'", '"') or len(value) < 2 or value[-1] != mark:
        return value
    # In `"Done" is not "done"` the first mark has its own end; in `"Not "done" yet"` it has not.
    second = value.index(mark, 1)
    closes = second + 1 < len(value) and not (
        value[second + 1].isalnum() or value[second - 1] == " "
    )
    return value if closes else value[1:-1].strip()
