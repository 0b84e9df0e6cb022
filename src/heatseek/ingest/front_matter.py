"""A file's text to its metadata and its body, with exact places for what is wrong.

Every text has a body. Metadata is what stands between fences at its start, or else in `Key: value`
lines down to a blank line or a `---`; as much of it as can be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.ingest.handlers import HANDLERS, MAX_FRONT_MATTER, TOO_LONG
from heatseek.ingest.problem import FormatError, ProblemKind
from heatseek.ingest.salvage import salvage
from heatseek.ingest.text import blank_controls

if TYPE_CHECKING:
    from frontmatter.default_handlers import BaseHandler

MAX_MARKUP = 4_000_000
"""Characters of a body that are read."""
MAX_TEXT = MAX_FRONT_MATTER + MAX_MARKUP + 10_000
"""Characters of a file that can matter, with delimiters and blank lines."""
MAX_PAIRS = 200
"""Lines of a header without fences."""

_BLANK_LINES = re.compile(r"\ufeff?(?:[ \t]*+\n)*+")
_PAIR = re.compile(r"(?P<key>[A-Za-z][\w -]{0,30}+):(?:[ \t]++(?P<value>\S.*)|[ \t]*+)")
_MORE = re.compile(r"[ \t]+\S.*|-[ \t]+\S.*")
_ENTRY = re.compile(r"[ \t]*-[ \t]")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|\Z")
_TO_BLANK_LINE = (
    r"secured[\"']?[ \t]*+[:=]\s*+(?:\"[^\"]*+\"|'[^']*+')?+(?:[^\n]|\n(?![ \t]*+\n))*+"
)
_SECURED = re.compile(rf"\b{_TO_BLANK_LINE}", re.IGNORECASE)
_SECURED_LINE = re.compile(rf"^[ \t\"'{{]*+{_TO_BLANK_LINE}", re.IGNORECASE | re.MULTILINE)
_SECURED_VALUE = re.compile(
    r"^secured[ \t]*+:\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\w\s])", re.IGNORECASE | re.MULTILINE
)
"""One that may go on in other lines, without indentation."""
_CLOSING = re.compile(r"(?:-{3,}|\.{3})?[ \t]*(?:\n|\Z)")

_TELLING = frozenset(("title", "date", "author", "authors", "tags", "keywords", "created"))
"""Each of these alone, in a first line `Key: value`, tells that it is a header."""
_USUAL = _TELLING | frozenset(
    """
    abstract affiliation alias aliases base header level categories category comments copyright css
    description draft email excerpt id image lang language latex layout link modified permalink
    postid published quotes language slug source status subtitle summary template toc topics type
    updated url version
    """.split()
)
"""Of these there must be two."""


class Flaw(NamedTuple):
    """A fault of a header, or that it has none where one is begun; nothing of the text is in it."""

    line: int
    column: int | None
    reason: str
    kind: ProblemKind


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
        flaws: what is wrong with it, in order.
    """

    metadata: dict[Any, Any]
    body: str
    body_line: int
    header: str
    header_line: int
    flaws: tuple[Flaw, ...] = ()

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
    """
    text = text[:MAX_TEXT]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = blank_controls(text)
    lead = _BLANK_LINES.match(text)
    return _Parts(text, lead.end() if lead else 0).front_matter()


class _Parts:
    """A text, and where its first line stands that is not blank."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start

    def front_matter(self) -> FrontMatter:
        rest = self._text[self._start :]
        handler = next((handler for handler in HANDLERS if handler.detect(rest)), None)
        if handler is None:
            return self._without_fences(rest)
        try:
            header, body = handler.split(rest)
        except ValueError:  # from unpacking: there was nothing to split at
            return self._unclosed(rest, handler)
        body = body.removeprefix("\n")
        if len(header) > MAX_FRONT_MATTER:
            flaw = Flaw(self._line(self._start), None, TOO_LONG, ProblemKind.TOO_LARGE)
            return self._made({}, body, "", (flaw,))
        metadata, flaws = self._loaded(header, handler)
        if isinstance(metadata, dict | None):
            return self._made(metadata or {}, body, header, flaws)
        # Words between two rules, say.
        reason = "front matter is not a mapping: it needs `key: value` lines; taken as text"
        flaw = Flaw(self._line(self._start), None, reason, ProblemKind.SYNTAX)
        return self._made({}, _SECURED.sub("", rest), "", (flaw,))

    def _loaded(self, header: str, handler: BaseHandler) -> tuple[Any, tuple[Flaw, ...]]:
        """The data of a header, as far as it can be read."""
        try:
            return handler.load(header), ()
        except FormatError as error:
            metadata, faults = salvage(header, handler.form, error)
            start = self._header_start(header)
            return metadata, tuple(self._flaw(start, fault) for fault in faults)

    def _unclosed(self, rest: str, handler: BaseHandler) -> FrontMatter:
        """One that may be a header down to its first blank line, or a rule and no header."""
        opened = rest.find("\n") + 1
        end = _PARAGRAPH_END.search(rest, opened)
        secured = _SECURED.search(rest, opened)
        if end and secured and secured.start() < end.start():
            end = _PARAGRAPH_END.search(rest, secured.end())
        header = f"{rest[opened : end.start() if end else None]}\n" if opened else ""
        if not handler.form.cut.match(header) or len(header) > MAX_FRONT_MATTER:
            return self._made({}, _SECURED.sub("", rest), "", ())
        metadata, flaws = self._loaded(header, handler)
        if not isinstance(metadata, dict) or not metadata:
            return self._made({}, _SECURED.sub("", rest), "", ())
        reason = (
            f"front matter is never closed: a second `{handler.START_DELIMITER}` is missing;"
            " read down to the first blank line"
        )
        flaw = Flaw(self._line(self._start), None, reason, ProblemKind.UNCLOSED)
        body = rest[end.end() :] if end else ""
        return self._made(metadata, _SECURED.sub("", body), header, (flaw, *flaws))

    def _without_fences(self, rest: str) -> FrontMatter:
        """`Key: value` lines at the start, as of Pelican and MultiMarkdown, or none."""
        found = _pairs(rest)
        if found is None:
            end = _PARAGRAPH_END.search(rest)
            first = rest[: end.start()] if end else rest
            return self._made({}, _SECURED_LINE.sub("", first) + rest[len(first) :], "", ())
        header, body, pairs = found
        if pairs is not None:
            return self._made(pairs, body, header, ())
        metadata, flaws = self._loaded(header, HANDLERS[0])
        return self._made(metadata if isinstance(metadata, dict) else {}, body, header, flaws)

    def _made(
        self, metadata: dict[Any, Any], body: str, header: str, flaws: tuple[Flaw, ...]
    ) -> FrontMatter:
        body_line = self._line(len(self._text) - len(body))
        header_line = self._line(self._header_start(header))
        return FrontMatter(metadata, body, body_line, header, header_line, flaws)

    def _header_start(self, header: str) -> int:
        """Only a delimiter stands before it."""
        return self._text.find(header[:100], self._start)

    def _flaw(self, start: int, fault: FormatError) -> Flaw:
        index = min(start + fault.index, len(self._text))
        column = index - self._text.rfind("\n", 0, index)
        return Flaw(self._line(index), column, fault.reason, fault.kind)

    def _line(self, index: int) -> int:
        return self._text.count("\n", 0, index) + 1


def _pairs(text: str) -> tuple[str, str, dict[str, str] | None] | None:
    """A header without fences, what follows, and its pairs; None for these if it is YAML.

    None if the text begins otherwise.
    """
    pairs: dict[str, str] = {}
    key, end, is_yaml = "", 0, False
    for _ in range(MAX_PAIRS):
        stop = text.find("\n", end)
        line = text[end : stop if stop >= 0 else None]
        found = _PAIR.fullmatch(line.rstrip())
        if found:
            key = found["key"]
            pairs[key] = found["value"] or ""
        elif key and _MORE.fullmatch(line):
            is_yaml = is_yaml or _ENTRY.match(line) is not None
            pairs[key] = f"{pairs[key]} {line.strip()}".strip()
        else:
            break
        end = stop + 1 if stop >= 0 else len(text)
        if stop < 0:
            break
    closing = _CLOSING.match(text, end)
    if closing is None or not _is_header(pairs):
        return None
    body_start = closing.end()
    secured = _SECURED_VALUE.search(text)
    if secured and secured.start() < end:
        is_yaml, body_start = True, max(body_start, secured.end())
    is_yaml = is_yaml or bool(closing[0].strip())
    return text[:end], text[body_start:], None if is_yaml else pairs


def _is_header(pairs: dict[str, str]) -> bool:
    """True if some of the keys are such as headers have."""
    names = {key.strip().lower() for key in pairs}
    alone = len(names) == 1 and names <= _TELLING
    return alone or bool(names & {"title", "secured"}) or len(names & _USUAL) > 1
