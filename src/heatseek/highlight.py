"""Why an article matches, shown in its text: marked words, and the passage with most of them."""

from __future__ import annotations

from typing import NamedTuple

from heatseek.analysis import Analyzer, Token, runs, tokenize
from heatseek.query import tree
from heatseek.results import Fragment

LOOK_AT = 20_000
"""Characters of a text in which a passage is looked for."""
_LEAD = 40
"""Characters shown before the first marked word of a passage."""
ELLIPSIS = "…"


class Wanted(NamedTuple):
    """What is marked: these terms in a row, and words that begin so; `field` None is any."""

    field: str | None
    terms: tuple[str, ...] = ()
    prefix: str = ""


class Mark(NamedTuple):
    """A marked stretch of a text and what it was marked for."""

    start: int
    end: int
    wanted: Wanted


class Highlighter:
    """Marks the words of one query."""

    def __init__(self, query: tree.Query) -> None:
        self._analyzer = Analyzer()
        self._wanted = list(dict.fromkeys(self._collect(query)))

    def whole(self, field: str, text: str) -> tuple[Fragment, ...]:
        """All of `text`."""
        return _fragments(text, 0, len(text), self.marks(field, text))

    def passage(self, field: str, text: str, length: int) -> tuple[Fragment, ...]:
        """About `length` characters of `text`, chosen to show as much as can be of the query."""
        if len(text) <= length:
            return self.whole(field, text)
        marks = self.marks(field, text[:LOOK_AT])
        start, end = _window(text, marks, length)
        return _fragments(text, start, end, marks)

    def marks(self, field: str, text: str) -> list[Mark]:
        """The stretches of `text` that the query asks for, in order, none within another."""
        wanted = [w for w in self._wanted if w.field in (None, field)]
        tokens = tokenize(text)
        found = sorted(mark for w in wanted for mark in self._find(w, tokens))
        marks: list[Mark] = []
        for mark in found:
            if not marks or mark.start >= marks[-1].end:
                marks.append(mark)
        return marks

    def _collect(self, query: tree.Query) -> list[Wanted]:
        match query:
            case tree.Term(text, field):
                return [w for run in runs(tokenize(text)) for w in self._spellings(run, field)]
            case tree.Phrase(text, field):
                return [Wanted(field, self._stems(tokenize(text)))]
            case tree.Prefix(text, field):
                return [
                    Wanted(field, prefix=(token.forms.variants or token.forms.parts)[0])
                    for token in tokenize(text)[-1:]
                ]
            case tree.Words(children) | tree.All(children) | tree.Any(children):
                return [wanted for child in children for wanted in self._collect(child)]
        return []

    def _spellings(self, run: list[Token], field: str | None) -> list[Wanted]:
        variants = run[0].forms.variants[:1] if len(run[0].forms.parts) > 1 else ()
        terms = [self._stems(run), *((self._analyzer.stem(variant),) for variant in variants)]
        return [Wanted(field, each) for each in terms if each]

    def _stems(self, tokens: list[Token]) -> tuple[str, ...]:
        return tuple(self._analyzer.stem(part) for token in tokens for part in token.forms.parts)

    def _find(self, wanted: Wanted, tokens: list[Token]) -> list[Mark]:
        if wanted.prefix:
            beginning = [t for t in tokens if _begins(t, wanted.prefix)]
            return [Mark(token.start, token.end, wanted) for token in beginning]
        if len(wanted.terms) == 1:
            term = wanted.terms[0]
            having = [t for t in tokens if term in map(self._analyzer.stem, _all_forms(t))]
            return [Mark(token.start, token.end, wanted) for token in having]
        parts = [(self._analyzer.stem(part), t) for t in tokens for part in t.forms.parts]
        count = len(wanted.terms)
        return [
            Mark(parts[at][1].start, parts[at + count - 1][1].end, wanted)
            for at in range(len(parts) - count + 1)
            if all(parts[at + i][0] == term for i, term in enumerate(wanted.terms))
        ]


def _all_forms(token: Token) -> tuple[str, ...]:
    return token.forms.parts + token.forms.variants


def _begins(token: Token, prefix: str) -> bool:
    return any(form.startswith(prefix) for form in _all_forms(token))


def _window(text: str, marks: list[Mark], length: int) -> tuple[int, int]:
    """The stretch with the most different marks, then the most marks, then the first."""
    best, start = (0, 0), 0
    for first in marks:
        inside = [m for m in marks if first.start <= m.start and m.end <= first.start + length]
        worth = (len({m.wanted for m in inside}), len(inside))
        if worth > best:
            best, start = worth, first.start
    start = _word_start(text, max(0, min(start - _LEAD, len(text) - length)))
    return start, _word_end(text, min(len(text), start + length))


def _word_start(text: str, position: int) -> int:
    """The first beginning of a word at or after `position`, if one is near."""
    if not position or text[position - 1].isspace():
        return position
    space = text.find(" ", position, position + _LEAD)
    return position if space < 0 else space + 1


def _word_end(text: str, position: int) -> int:
    if position == len(text):
        return position
    space = text.rfind(" ", position - _LEAD, position + 1)
    return position if space < 0 else space


def _fragments(text: str, start: int, end: int, marks: list[Mark]) -> tuple[Fragment, ...]:
    fragments = [Fragment(ELLIPSIS)] if start else []
    at = start
    for mark in marks:
        if mark.start < at or mark.end > end:
            continue
        fragments += [Fragment(text[at : mark.start]), Fragment(text[mark.start : mark.end], True)]
        at = mark.end
    fragments.append(Fragment(text[at:end]))
    if end < len(text):
        fragments.append(Fragment(ELLIPSIS))
    return tuple(fragment for fragment in fragments if fragment.text)
