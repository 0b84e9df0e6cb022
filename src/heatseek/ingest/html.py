"""HTML to plain text, and a head to metadata: scans of tags, whose time is linear in length.

A browser's parser builds a tree, and by the rules of HTML5 that takes quadratic time where elements
or attributes are many and never closed; html.parser did so on comments. Pages come from strangers.
"""

from __future__ import annotations

import html
import re
from io import StringIO
from typing import TYPE_CHECKING

from heatseek.definitions import pattern
from heatseek.ingest.text import clean, harmless, one_line
from heatseek.text.nfc import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator


# Every alternative ends at the next "<".
_TAG_PATTERN = (
    r"<[!?][^<>]*+>"
    r"|<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*+(?:[:._-]++[a-zA-Z0-9]++)*+)(?=[\s/>])"
    r"(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+|[^<>]*+)>"
)
_TAG = pattern(_TAG_PATTERN)
_TAG_OR_COMMENT = pattern(rf"<!--(?:-?>|.*?-->)|{_TAG_PATTERN}", re.DOTALL)
_CLOSED = pattern(r"</([a-zA-Z][\w:.-]*)")
_ENTITY = pattern(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_SHOWN = "alt caption description heading label summary text title".split()
_ATTRIBUTE = r"(?<![\w:.-])(?:{})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>{{}}]+))"
_ALT = pattern(_ATTRIBUTE.format("alt"), re.IGNORECASE)
_WORDS = pattern(_ATTRIBUTE.format("|".join(_SHOWN)))
_HEAD = pattern(r"<head(?=[\s>])", re.IGNORECASE)
_HEAD_END = pattern(r"</head\s*>", re.IGNORECASE)
_BLANK = pattern(r"\s+")
ENDINGS = (".html", ".htm")
_PIECE = 100_000
"""Characters that are split into words at once."""

_INLINE_NAMES = """
a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt
ruby s samp small span strike strong sub sup time tt u var wbr
"""
_BLOCK_NAMES = """
address applet area article aside audio base basefont blockquote body br button canvas caption
center col colgroup datalist dd details dialog dir div dl dt embed fieldset figcaption figure
footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html input legend li link main
map marquee math menu meta meter nav noframes object ol optgroup option output p param picture
pre progress search section select slot source summary svg table tbody td textarea tfoot th thead
title tr track ul video
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_BLOCK = frozenset(_BLOCK_NAMES.split())
_HIDDEN = frozenset("script style template iframe noscript".split())
_VOID = frozenset("br hr img wbr".split())


def is_html(name: str) -> bool:
    """True if a file of this name is a page of HTML."""
    return name.lower().endswith(ENDINGS)


class TextWriter:
    """Takes markup and words in turn, and keeps what a reader sees.

    Args:
        source: the whole text, harmless, in which closing tags tell elements from words like
            `<name>`.
        components: every tag is one, as in MDX; none is a word.
    """

    def __init__(self, source: str, *, components: bool = False) -> None:
        self.words = StringIO()
        self._source = source
        self._components = components
        self._closed: frozenset[str] | None = None
        self._hidden = ("", 0)
        """The element that nobody sees, and where the text ended before it."""
        self._preformatted = False

    def markup(self, markup: str) -> None:
        """Text between tags, decoded, and what each tag leaves."""
        write, end = self.words.write, 0
        for tag in tags(markup):
            if tag.start() > end:
                write(self._data(markup[end : tag.start()]))
            end = tag.end()
            write(self._element(tag) if tag["name"] else " ")
        write(self._data(markup[end:]))

    def text(self) -> str:
        """The words that were written, one block a line."""
        words = self.words.getvalue()
        # Only entities can become what the source has not.
        return squeezed(clean(words) if "&" in self._source else nfc(words))

    def _data(self, text: str) -> str:
        decoded = decoded_entities(text)
        return decoded if self._preformatted else decoded.replace("\n", " ")

    def _element(self, tag: re.Match[str]) -> str:
        """Of a tag nothing, a blank, a line break, words of its attributes, or all of it."""
        name, closing = tag["name"].lower(), bool(tag["close"])
        if name in _INLINE:
            return ""
        if name in _BLOCK and not (self._components and tag["name"][0].isupper()):
            if name == "pre":
                self._preformatted = not closing
            return "\n"
        if name in _HIDDEN:
            return self._conceal(name, closing=closing)
        if name == "img":
            return f" {_words(_ALT, tag['rest'])} "
        return self._unknown(tag, name)

    def _unknown(self, tag: re.Match[str], name: str) -> str:
        """An element of other programs; or `<MSFT.O>`, `<your name>`, `List<T>`: words."""
        if tag["close"]:
            return " "
        if self._is_element(tag, name):
            return f" {_words(_WORDS, tag['rest'])} "
        return tag[0]

    def _is_element(self, tag: re.Match[str], name: str) -> bool:
        if self._components or "=" in tag["rest"] or tag["rest"].endswith("/"):
            return True
        if self._closed is None:
            self._closed = frozenset(each.lower() for each in _CLOSED.findall(self._source))
        return name in self._closed

    def _conceal(self, name: str, *, closing: bool) -> str:
        """Take back what was written since an element began that nobody sees."""
        hidden, start = self._hidden
        if not closing:
            if not hidden:
                self._hidden = (name, self.words.tell())
        elif hidden == name:
            self.words.seek(start)
            self.words.truncate()
            self._hidden = ("", 0)
        return "\n"


def tags(text: str) -> Iterator[re.Match[str]]:
    """Tags, declarations and comments, in order; a comment that is never closed is none."""
    comments_end = text.rfind("-->") + 3
    if comments_end >= 3:
        yield from _TAG_OR_COMMENT.finditer(text, 0, comments_end)
    else:
        comments_end = 0
    yield from _TAG.finditer(text, comments_end)


def html_to_text(page: str, *, components: bool = False) -> str:
    """The words of an HTML text, one block a line; no scripts, styles, head or comments."""
    page = _without_head(harmless(page))
    writer = TextWriter(page, components=components)
    writer.markup(page)
    return writer.text()


def plain_line(text: str) -> str:
    """One line of plain text from a title, excerpt or label that may contain markup.

    Only what cannot be anything else is markup: elements that are opened and closed, or have
    attributes; comments. `<form>` and `Vec<u8>` are words.
    """
    if "&" not in text and "<" not in text:
        return one_line(text)
    text = "".join(_line_pieces(harmless(text)))
    # Feeds escape twice ("&amp;quot;"): what is left is decoded once more.
    return one_line(decoded_entities(text))


def _line_pieces(text: str) -> Iterator[str]:
    found = list(tags(text))
    opened = {tag["name"].lower() for tag in found if tag["name"] and not tag["close"]}
    closed = {tag["name"].lower() for tag in found if tag["close"]}
    paired = opened & closed
    hidden, end = "", 0
    for tag in found:
        name = (tag["name"] or "").lower()
        if not hidden:
            yield decoded_entities(text[end : tag.start()])
            yield _line_piece(tag, name, paired, text)
        if name in _HIDDEN & paired:
            hidden = "" if tag["close"] else hidden or name
        end = tag.end()
    if not hidden:
        yield decoded_entities(text[end:])


def _line_piece(tag: re.Match[str], name: str, paired: set[str], text: str) -> str:
    if not name:
        return " " if tag[0].startswith("<!--") else tag[0]
    rest = tag["rest"]
    after_word = tag.start() > 0 and not text[tag.start() - 1].isspace()
    if name in paired or "=" in rest or (name in _VOID and (after_word or rest.endswith("/"))):
        return _words(_ALT, rest) if name == "img" else "" if name in _INLINE else " "
    return tag[0]


def decoded_entities(text: str) -> str:
    """Entities as characters; only those closed by `;`: `?a=1&copy=2` stays as it is."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def _words(attributes: re.Pattern[str], rest: str) -> str:
    """The values of attributes that a reader sees."""
    if "=" not in rest:
        return ""
    return decoded_entities(" ".join(a or b or c for a, b, c in attributes.findall(rest)))


def _without_head(page: str) -> str:
    start = _HEAD.search(page)
    end = start and _HEAD_END.search(page, start.end())
    return f"{page[: start.start()]}\n{page[end.end() :]}" if start and end else page


def squeezed(text: str) -> str:
    """Every run of whitespace as one line break, if there is one in it, or one space."""
    out, start, gap = StringIO(), 0, ""
    while start < len(text):
        end = _cut(text, start)
        lines = filter(None, map(str.strip, text[start:end].split("\n")))
        piece = "\n".join(
            [line if _is_squeezed(line) else " ".join(line.split()) for line in lines]
        )
        if piece:
            out.write(gap)
            out.write(piece)
        blank = _BLANK.match(text, end)
        start = blank.end() if blank else end
        if piece or not out.tell():
            gap = "" if not out.tell() else " "
        if blank and "\n" in blank[0] and out.tell():
            gap = "\n"
    return out.getvalue()


def _is_squeezed(line: str) -> bool:
    """True if every run of whitespace is one space: of it nothing else can be printed."""
    return "  " not in line and line.isprintable()


def _cut(text: str, start: int) -> int:
    """Where a piece of `text` can end: at the end of a line or, in a long one, of a word."""
    end = start + _PIECE
    if end >= len(text):
        return len(text)
    line_end = text.rfind("\n", start + 1, end)
    if line_end > 0:
        return line_end
    blank = _BLANK.search(text, end)
    return blank.start() if blank else len(text)


MAX_HEAD = 100_000
"""Characters in which a head is looked for."""

_TITLE = pattern(r"<title(?=[\s>])[^<>]*>(?P<text>[^<]*)</title\s*>", re.IGNORECASE)
_END_OF_HEAD = pattern(r"</head\s*>|<body(?=[\s>])", re.IGNORECASE)
_NO_BREAK = pattern(r"[^\n]")
_HEAD_TAG = pattern(
    r"<(?:meta|link)(?=\s)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>", re.IGNORECASE
)
_PAIR = pattern(r"([\w:-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")

_NAMES = {
    "author": "author",
    "article:author": "author",
    "date": "date",
    "dc.date": "date",
    "dcterms.date": "date",
    "dcterms.created": "date",
    "article:published_time": "date",
    "datepublished": "date",
    "article:modified_time": "modified",
    "datemodified": "modified",
    "dcterms.modified": "modified",
    "description": "description",
    "og:description": "description",
    "keywords": "keywords",
    "tags": "keywords",
    "article:tag": "keywords",
    "article:section": "category",
    "category": "category",
    "og:image": "image",
    "canonical": "canonical_url",
    "og:url": "url",
    "summary": "summary",
}
"""Names of `<meta>` and `<link>`, and those of front matter."""
_LINKS = ("image", "canonical_url", "url")


def head_of(page: str) -> dict[str, str]:
    """The metadata of a page's head; of equal names the first one."""
    lead = page[:MAX_HEAD]
    end = _END_OF_HEAD.search(lead)
    head = without_comments(lead[: end.start()] if end else lead)
    metadata: dict[str, str] = {}
    title = _TITLE.search(head)
    if title and title["text"].strip():
        metadata["title"] = title["text"]
    for tag in _HEAD_TAG.finditer(head):
        found = {name.lower(): a or b or c for name, a, b, c in _PAIR.findall(tag["rest"])}
        name = found.get("name") or found.get("property") or found.get("itemprop")
        key = _NAMES.get((name or found.get("rel") or "").lower())
        value = found.get("content") or found.get("href")
        if key and value:
            metadata.setdefault(key, html.unescape(value) if key in _LINKS else value)
    return metadata


def without_comments(text: str) -> str:
    """Blanks in place of what stands between `<!--` and `-->`."""
    pieces: list[str] = []
    end = 0
    while (start := text.find("<!--", end)) >= 0 and (close := text.find("-->", start)) >= 0:
        pieces += (text[end:start], _NO_BREAK.sub(" ", text[start : close + 3]))
        end = close + 3
    return "".join((*pieces, text[end:])) if pieces else text
