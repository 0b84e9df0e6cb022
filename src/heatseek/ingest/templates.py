"""Markup that programs put into Markdown and HTML when they make sites of them.

Shortcodes of Hugo, Liquid, macros of MDN, imports, expressions and components of MDX, links of
wikis, private remarks, admonitions: one scan takes them out, or leaves of each what a reader sees.
Code stays as it is typed.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from heatseek.definitions import pattern
from heatseek.ingest.html import decoded_entities

if TYPE_CHECKING:
    from collections.abc import Callable

# What is no Markdown, by its first character; each alternative ends where it could begin again.
# A line break begins what stands at the beginning of a line.
_CODE = r"""
  \n(?P<fence>[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++){0,9}+
     (?P<ticks>`{3,}+|~{3,}+)[^\n`]*+(?=\n|\Z)
     (?:\n(?![ \t>]*+(?P=ticks)[`~]*+[ \t]*+(?:\n|\Z))[^\n]*+)*+(?:\n[ \t>]*+[`~]++[ \t]*+)?)
| `(?<!``)(?P<more>`{0,7}+)(?!`)
     (?:[^`\n]++|\n(?![ \t]*+\n)|(?!`(?P=more)(?!`))`++)*+`(?P=more)(?!`)
| \$\$(?:[^$]|\$(?!\$))*+\$\$
"""
_TEMPLATES = r"""
  \{(?P<double>\{(?:[^{}]|\{(?!\{)|\}(?!\}))*+\}\})
| \{(?P<liquid>%(?:[^%{]|%(?!\})|\{(?!%))*+%\})
"""
_NOTES = r"""
  \{(?P<remark>[ \t\n]*+/\*(?:[^*{]|\*(?!/)|\{(?![ \t\n]*/\*))*+\*/[ \t\n]*+\}
     |\#(?:[^#{]|\#(?!\})|\{(?!\#))*+\#\})
| \{(?P<attributes>:[^{}\n]*+\}
     |[ \t]*+[#.][\w:-]++(?:[ \t]++(?:[#.][\w:-]++|[\w-]++=(?:"[^"\n]*+"|[^\s{}"]++)))*+[ \t]*+\})
| %(?<![\w%]%)(?P<private>%(?!%)(?:[^%]|%(?!%))++%%(?![\w%]))
| !(?P<embed>\[\[[^\[\]\n]*+\]\])
| \[(?P<wiki>\[[^\[\]\n]++\]\](?!\())
| =(?<!==)(?P<bright>=(?=[^\s=])[^=\n]++(?<=\S)==(?!=))
| \^(?<=[ \n]\^)(?P<block>[\w-]++[ \t]*+(?=\n|\Z))
| \n(?=[ \t>]*+[:!?@\[]|import\b)(?:  # of most lines no more is looked at
    (?P<callout>[ \t>]*>[ \t]*+\[![^\]\n]++\][-+]?)
  | (?P<directive>[ \t>]*+:{3,}+[^\n]*+)
  | (?P<admonition>[ \t]*+(?:!!!|\?\?\?\+?)[ \t]++[\w-][^\n]*+)
  | (?P<include>[ \t]*+(?:@\[[\w-]++\]\([^()\s]*+\)|\[\[?_?(?:toc|TOC)_?\]\]?)[ \t]*+(?=\n|\Z))
  | (?P<import>import\b[^\n;'"{]*+(?:\{[^{};'"]*+\}[^\n;'"]*+)?["'][^"'\n]++["'];?[ \t]*+(?=\n|\Z)))
"""
_REST = r"(?:[^{}]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*+\})*+\})*+\})*+\}"
"""Of an expression behind its first brace."""
_COMPONENTS = r"""
  \n(?P<statement>(?:export|import)[ \t{*][^\n]*+)
| \n(?P<tag>[ \t]*+</?(?:[A-Z][^<>\n]*+)?>[ \t]*+(?=\n|\Z))
| <(?P<fragment>/?>)
| \{(?P<expression>REST)
""".replace("REST", _REST)
_IN_TAG = pattern(rf"(=?)\{{({_REST})")


def _any_of(*alternatives: str) -> re.Pattern[str]:
    return pattern("|".join(alternatives), re.VERBOSE)


class Dialect(Enum):
    """The language of a text; the value finds what is none of it."""

    HTML = _any_of(_TEMPLATES)
    MARKDOWN = _any_of(_CODE, _TEMPLATES, _NOTES)
    MDX = _any_of(_CODE, _TEMPLATES, _NOTES, _COMPONENTS)


_SHOWN = pattern(
    r"(?<![\w:.-])(?:alt|caption|description|heading|label|summary|text|title)"
    r"[ \t\n]*+=[ \t\n]*+(?:\"([^\"]*+)\"|'([^']*+)'|`([^`]*+)`)"
)
_TERM = pattern(r"(?<![\w:.-])term_id[ \t]*+=[ \t]*+\"([\w -]*+)\"")
_MACRO = pattern(r"\s*+(\w+)\s*+\((.*)\)\s*+", re.DOTALL)
_MACRO_SHOWN = pattern(
    r"(?:\w*xref|glossary|\w*element|http(?:header|status|method)|csp|rfc)", re.IGNORECASE
)
_ARGUMENT = pattern(r"\"([^\"]*+)\"|'([^']*+)'")
_QUOTED = pattern(r"\s*+(?:\"([^\"]*+)\"|'([^']*+)'|`([^`${}]*+)`)\s*+")
_DIRECTIVE = pattern(
    r"([ \t>]*+):{3,}[ \t]*+(?:\{[^{}]*\}|[\w.+-]++)?[ \t]*+(?:\[(.*)\]|([^\[{]*+))?(.*)"
)
_ADMONITION = pattern(r"([ \t]*+)[!?+]{3,4}[^\"]*+(?:\"(.*)\")?[^\"]*+")
_SIZE = pattern(r"[\dx ]*+")
_SPECIAL = pattern(r"[^\w\s]")


def _shown(arguments: str) -> str:
    """The words that a shortcode shows."""
    words = [a or b or c for a, b, c in _SHOWN.findall(arguments)] or _TERM.findall(arguments)
    return _literal(" ".join(words))


def _literal(text: str) -> str:
    """Text as a reader sees it, in Markdown and in HTML."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", decoded_entities(text))


def _double(braces: str) -> str:
    r"""Of `{{…}}` the words: of Hugo's shortcodes, and of MDN's macros."""
    inner = braces[1:-2]
    if inner[:1] in {"<", "%"}:
        if inner[1:3] == "/*":  # shown as they stand
            return _literal(inner[3:-3])
        return _shown(inner)
    macro = _MACRO.fullmatch(inner)
    if not macro or not _MACRO_SHOWN.fullmatch(macro[1]):
        return ""
    words = [a or b for a, b in _ARGUMENT.findall(macro[2])][:2]
    return _literal(next(filter(None, reversed(words)), ""))


def _expression(braces: str) -> str:
    quoted = _QUOTED.fullmatch(braces[:-1])
    return _literal(quoted[1] or quoted[2] or quoted[3] or " ") if quoted else ""


def _tag(line: str) -> str:
    """A component alone on a line: a block, in which Markdown goes on."""
    tag = _IN_TAG.sub(lambda match: _value(_expression(match[2])) if match[1] else "", line)
    return f"\n\n{tag.strip()}\n"


def _value(words: str) -> str:
    """Of an attribute, so that its tag remains one."""
    return f'="{words}"'


def _wiki(link: str) -> str:
    return link[1:-2].rpartition("|")[2]


def _embed(link: str) -> str:
    words = link[2:-2].partition("|")[2]
    return "" if _SIZE.fullmatch(words) else words


def _callout(line: str) -> str:
    return f"\n{line[: line.rindex('[!')]}"


def _directive(line: str) -> str:
    match = _DIRECTIVE.fullmatch(line)
    if not match:
        return f"\n{line}"
    lead, words = match[1], match[2] or match[3] or ""
    return f"\n{lead}\n{lead}{words} {_shown(line)}\n{lead}"


def _admonition(line: str) -> str:
    match = _ADMONITION.fullmatch(line)
    return f"\n{match[1]}{match[2] or ''}\n" if match else f"\n{line}"


def _nothing(_: str) -> str:
    return ""


def _line_of_nothing(_: str) -> str:
    return "\n"


_REPLACEMENTS: dict[str, Callable[[str], str]] = {
    "double": _double,
    "remark": _nothing,
    "attributes": _nothing,
    "private": _nothing,
    "embed": _embed,
    "wiki": _wiki,
    "bright": lambda words: words[1:-2],
    "block": _nothing,
    "callout": _callout,
    "directive": _directive,
    "admonition": _admonition,
    "include": _line_of_nothing,
    "import": _line_of_nothing,
    "tag": _tag,
    "fragment": _nothing,
    "expression": _expression,
    # By their statements, or down to their end: see `_Scan`.
    "liquid": _nothing,
    "statement": _line_of_nothing,
}
"""What is taken out, and what of it is left."""


class _Scan:
    """One pass over a text."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern = pattern
        self._text = text
        self._kept: list[str] = []
        self._raw = False
        self._comment: int | None = None
        """How many pieces there were before a comment began."""
        self._balanced = True

    def text(self) -> str:
        """The text without what was taken out."""
        start = end = 0
        while match := self._pattern.search(self._text, end):
            end = match.end()
            kind = match.lastgroup
            # What stays as it is, as code does, is no cut.
            if kind not in _REPLACEMENTS or (self._raw and kind != "liquid"):
                continue
            self._kept.append(self._text[start : match.start()])
            if kind == "statement":
                end = self._statement_end(match.start() + 1)
                self._kept.append("\n")
            else:
                self._kept.append(self._replacement(kind, match))
            start = end
        self._kept.append(self._text[start:])
        return "".join(self._kept)

    def _replacement(self, kind: str, match: re.Match[str]) -> str:
        if kind == "liquid":
            return self._liquid(match[kind][1:-2].strip("- \t\n"))
        words = _REPLACEMENTS[kind](match[kind])
        if kind in {"double", "expression"} and self._before(match) == "=":
            self._kept[-1] = self._kept[-1][:-1]
            return _value(words)
        if not words and match[0][0] != "\n" and self._text[match.end() : match.end() + 1] == "\n":
            # Two blanks before a line's end would break it.
            self._kept[-1] = self._kept[-1].rstrip(" ")
        is_line = kind == "double" and self._before(match) == "\n"
        return f"{words}\n" if is_line and self._text.startswith("\n", match.end()) else words

    def _before(self, match: re.Match[str]) -> str:
        return self._text[max(match.start() - 1, 0) : match.start()]

    def _liquid(self, statement: str) -> str:
        name = next(iter(statement.split(maxsplit=1)), "")
        if name == "endraw":
            self._raw = False
        elif self._raw:
            return f"{{% {statement} %}}"
        elif name == "raw":
            self._raw = True
        elif name == "comment":
            self._comment = len(self._kept)
        elif name == "endcomment" and self._comment is not None:
            del self._kept[self._comment :]
            self._comment = None
        return _shown(statement)

    def _statement_end(self, start: int) -> int:
        """Where an import or export ends: before a blank line, with all brackets closed."""
        depth, line_start, first = 0, start, 0
        while line_start < len(self._text):
            found = self._text.find("\n", line_start)
            end = len(self._text) if found < 0 else found
            line = self._text[line_start:end]
            if not line.strip() and not first:
                first = line_start - 1
            if not line.strip() and (depth <= 0 or not self._balanced):
                return line_start - 1
            depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
            line_start = end + 1
        if depth > 0:
            self._balanced = False  # looked for once, not for every statement
        return first if depth > 0 and first else len(self._text)


def without_templates(text: str, dialect: Dialect) -> str:
    """A text without the markup of programs that make sites."""
    if dialect is Dialect.HTML and "{{" not in text and "{%" not in text:
        return text
    return _Scan(dialect.value, f"\n{text}").text()
