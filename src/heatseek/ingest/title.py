"""The title of an article whose header has none: its heading, or its file's name.

A name may begin with a date, as in `2023-03-14-harbour-clock.md`.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from heatseek.definitions import cached_property
from heatseek.ingest.html import head_of, is_html, without_comments
from heatseek.ingest.markup import markdown_to_text, plain_line
from heatseek.ingest.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LEAD = 100_000
"""Characters of a body in which headings are looked for."""
MAX_HEADING = 2_000
"""Characters of a heading that are read."""
MAX_EMPTY = 20
"""Headings that are looked at for one with a text."""

_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
_ATX = re.compile(r" {0,3}(?P<level>#{1,6})(?:[ \t]+(?P<text>.*)|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_NO_PARAGRAPH = re.compile(r" {0,3}(?:[-*+>|<#=]|\d+[.)][ \t]|\{[%{]|import\s|export\s)| {4}|\t")
"""How a line begins that is no text above an underline."""
_TAG = re.compile(
    r"<h(?P<level>[1-6])(?=[\s>])[^<>]*>(?P<text>(?:[^<]|<(?!/?h[1-6]))*+)</h[1-6]\s*>",
    re.IGNORECASE,
)

_EXPRESSION = re.compile(r"\{\{[^{}]*+\}\}|\{%(?:[^%]|%(?!\}))*+%\}")
"""Of a template, which has no value in its file."""
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[-_ ]+|$)", re.ASCII)
_FOLDERS_OF_DAY = re.compile(r"(?:^|/)(\d{4})/(\d{2})/(\d{2})(?=[/.])", re.ASCII)
_GAP = re.compile(r"[-_\s]+")
_FOLDERS = frozenset(("index", "_index", "readme", "default"))
"""Names of files that are about their folder."""


class Name(NamedTuple):
    """The words of a file's name, and the date that it begins with."""

    title: str
    date: str
    """As in `2023-03-14`; empty if there is none."""


class _Lines(NamedTuple):
    """A heading where it stands."""

    text: str
    """Markdown."""
    level: int
    start: int
    """Where its lines begin."""
    end: int
    """Where the next one does."""


class Heading(NamedTuple):
    """The heading that is a body's title."""

    title: str
    rest: str
    """The body without it, if it begins the body; else all of the body."""


class Source:
    """Values that an article takes from its file where its header has none.

    Attributes:
        body: without the heading that became the title.
        title_of: what the title was taken from: "heading", "name", or "" for the header.
    """

    def __init__(self, article_id: str, body: str) -> None:
        self.body = body
        self.title_of = ""
        self._id = article_id

    @cached_property
    def name(self) -> Name:
        """The file's name."""
        return read_name(self._id)

    def title(self) -> str:
        """The title of an article whose header has none; never empty."""
        heading = title_heading(self.body, html=is_html(self._id))
        self.title_of = "heading" if heading else "name"
        if heading is None:
            return self.name.title
        self.body = heading.rest
        return heading.title


def read_name(article_id: str) -> Name:
    """Take a file's name apart; its folder's, if it says no more than `index`."""
    folder, _, file = article_id.rpartition("/")
    stem = file.rpartition(".")[0] or file
    if folder and stem.lower() in _FOLDERS:
        stem = folder.rpartition("/")[2]
    found = _DATE.match(stem)
    day = _day(*map(int, found.groups())) if found else ""
    words = stem[found.end() :] if found and day else stem
    title = one_line(words if " " in words else _GAP.sub(" ", words)) or one_line(stem) or file
    return Name(title[:1].upper() + title[1:], day or day_of_folders(article_id))


def day_of_folders(path: str) -> str:
    """The day in a path such as `blog/2023/03/14/boats.md`, as ISO writes it; empty without one."""
    found = _FOLDERS_OF_DAY.search(path)
    return _day(*map(int, found.groups())) if found else ""


def _day(year: int, month: int, day: int) -> str:
    """A day as ISO writes it; empty if there is none such."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def title_heading(body: str, *, html: bool) -> Heading | None:
    """The first heading, unless it is one of the sections of a text that has no title.

    That is one of a lower level behind other text, or with others of its level and none above. Of
    an HTML page its `<title>` goes first.
    """
    lead = body[:MAX_LEAD]
    if html:
        titles = (head_of(lead).get("title", ""), *(tag["text"] for tag in _TAG.finditer(lead)))
        lines = (plain_line(_EXPRESSION.sub(" ", text)) for text in titles)
        return next((Heading(line, body) for line in lines if line), None)
    lead = without_comments(lead)
    headings = _headings(lead)
    for first in islice(headings, MAX_EMPTY):
        title = one_line(markdown_to_text(_words(first.text[:MAX_HEADING])))
        if title:
            break
    else:
        return None
    begins = not lead[: first.start].strip()
    if first.level > 1:
        levels = {heading.level for heading in headings}
        if not begins or (first.level in levels and first.level == min(levels)):
            return None
    return Heading(title, body[: first.start] + body[first.end :] if begins else body)


def _words(text: str) -> str:
    """A heading's Markdown without what stands behind it: signs that close it, a name for links."""
    text = text.strip()
    if text.endswith("}") and text[text.rfind("{") + 1] in "#.:":
        text = text[: text.rfind("{")].rstrip()
    open_ = text.rstrip("#")
    return text if open_ and not open_[-1].isspace() else open_.rstrip()


def _headings(text: str) -> Iterator[_Lines]:
    fence, above, paragraph = "", "", 0
    end = 0
    for line in text.split("\n"):
        start, end = end, end + len(line) + 1
        marks = _FENCE.match(line)
        if marks and (not fence or marks["mark"].startswith(fence)):
            fence = "" if fence else marks["mark"]
        if marks or fence or not line.strip():
            above, paragraph = "", 0
            continue
        heading = _ATX.match(line)
        tag = _TAG.search(text, start, end + MAX_HEADING) if "<h" in line.lower() else None
        if heading:
            yield _Lines(heading["text"] or "", len(heading["level"]), start, end)
        elif tag:
            yield _Lines(tag["text"], int(tag["level"]), tag.start(), tag.end())
        elif paragraph == 1 and above and _UNDERLINE.fullmatch(line):
            yield _Lines(above, 1 if "=" in line else 2, start - len(above) - 1, end)
        paragraph += 1
        above = "" if _NO_PARAGRAPH.match(line) else line
