"""Why an article matches, shown in its text: marked words, and the passage with most of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from heatseek.query import tree
from heatseek.query.terms import word_test
from heatseek.results import Fragment
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import Token, fold, runs, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.article import Article
    from heatseek.results import Hit

LOOK_AT = 20_000
"""Characters of a text in which a passage is looked for at once."""
_SECOND_LOOKS = 2
"""Further stretches of so many characters in which a better passage is looked for."""
_LEAD = 40
"""Characters shown before the first marked word of a passage; of a short one a quarter."""
_ROOT = 3
"""Characters that a word and its stem have in common, or all but the last."""
ELLIPSIS = "…"


class Highlights(NamedTuple):
    """The texts of an article in fragments, matched words apart."""

    title: tuple[Fragment, ...]
    excerpt: tuple[Fragment, ...]
    body: tuple[Fragment, ...]


class Wanted(NamedTuple):
    """A mark: terms in a row or, with `slop`, close together; or words that pass a test."""

    field: str | None
    """None is any."""
    terms: tuple[str, ...] = ()
    slop: int | None = None
    test: Callable[[str], bool] | None = None
    names: tuple[str, ...] = ()
    """Of what is one thing by several names, all of them."""


class Place(NamedTuple):
    """A position of a text, and what is found there; a word may take several."""

    token: Token
    terms: frozenset[str]
    forms: frozenset[str]


class Mark(NamedTuple):
    """A marked stretch of a text, and the number of what it was marked for."""

    start: int
    end: int
    wanted: int


class Window(NamedTuple):
    """A passage of a text: where it stands, and what is marked in and around it."""

    start: int
    end: int
    marks: list[Mark]
    things: int = 0
    """How much of what is wanted is in it."""


class InField(NamedTuple):
    """The numbers of what is marked in a field."""

    words: dict[str, list[int]]
    """Single terms."""
    phrases: list[int]
    others: list[int]
    """Words near each other, and tests."""


class Highlighter:
    """Marks the words of one query."""

    def __init__(self, query: tree.Query, language: Language = ENGLISH) -> None:
        self._analyzer = Analyzer(language)
        self._wanted = list(dict.fromkeys(self._collect(query)))
        first = {wanted.names: at for at, wanted in reversed(list(enumerate(self._wanted)))}
        self._things = [
            first[wanted.names] if wanted.names else at for at, wanted in enumerate(self._wanted)
        ]
        """For each of what is wanted the first that is the same thing."""
        self._fields: dict[str, InField] = {}

    def marked(self, hit: Hit, length: int) -> Hit:
        """A hit with its title and a passage of `length` characters marked."""
        article = hit.article
        title = self.whole("title", article.title)
        return replace(hit, title_marks=title, snippet_marks=self.snippet(article, length))

    def snippet(self, article: Article, length: int) -> tuple[Fragment, ...]:
        """From the excerpt; from the body where only that has what was asked for."""
        excerpt = self.passage("excerpt", article.excerpt, length)
        if article.body and not any(fragment.matched for fragment in excerpt):
            body = self.passage("body", article.body, length)
            if not article.excerpt or any(fragment.matched for fragment in body):
                return body
        return excerpt

    def highlights(self, article: Article) -> Highlights:
        """The texts of an article, marked; of long ones the beginning."""
        return Highlights(
            self.whole("title", article.title),
            self.passage("excerpt", article.excerpt, LOOK_AT),
            self.passage("body", article.body, LOOK_AT),
        )

    def whole(self, field: str, text: str) -> tuple[Fragment, ...]:
        """All of `text`."""
        return _fragments(text, Window(0, len(text), self.marks(field, text)))

    def passage(self, field: str, text: str, length: int) -> tuple[Fragment, ...]:
        """About `length` characters of `text`, chosen to show as much as can be of the query."""
        if len(text) <= length:
            return self.whole(field, text)
        best = self._best(field, text, 0, length)
        everything = len({self._things[at] for at in self._numbers(field)})
        if len(text) > LOOK_AT and best.things < everything:
            found = best.things
            for start in self._further(field, text, every=found > 0):
                other = self._best(field, text, start, length)
                best = max(best, other, key=lambda window: window.things)
                if best.things == everything or (best.things and not found):
                    break
        return _fragments(text, best)

    def _best(self, field: str, text: str, start: int, length: int) -> Window:
        """The best passage that begins within `LOOK_AT` characters."""
        end = start + LOOK_AT + min(length, LOOK_AT)
        marks = self.marks(field, text[start:end])
        if start:
            marks = [Mark(start + at, start + end, wanted) for at, end, wanted in marks]
        return _window(text, marks, length)

    def _further(self, field: str, text: str, *, every: bool) -> list[int]:
        """Where to look beyond the beginning, most promising first.

        Args:
            field: whose text it is.
            text: all of it.
            every: only where all that is wanted may be; else everywhere.
        """
        roots = [[_root(term) for term in self._wanted[at].terms] for at in self._numbers(field)]
        roots = list(filter(None, roots))
        promise: dict[int, int] = {}
        for start in range(LOOK_AT, len(text), LOOK_AT):
            folded = fold(text[start : start + LOOK_AT])
            promise[start] = sum(all(root in folded for root in each) for each in roots)
        if every:
            full = [start for start, worth in promise.items() if roots and worth == len(roots)]
            return full[:_SECOND_LOOKS]
        return sorted(promise, key=lambda start: -promise[start])

    def _numbers(self, field: str) -> list[int]:
        """The numbers of all that is marked in a field."""
        words, phrases, others = self._in_field(field)
        return [*(number for numbers in words.values() for number in numbers), *phrases, *others]

    def marks(self, field: str, text: str) -> list[Mark]:
        """The stretches of `text` that the query asks for, in order, none within another."""
        places = self._places(text)
        words, phrases, others = self._in_field(field)
        found = [*_of_words(words, places), *self._in_a_row(phrases, places)]
        for number in others:
            wanted = self._wanted[number]
            if wanted.test:
                found += _passing(wanted.test, number, places)
            else:
                found += _close_together(wanted, number, places)
        marks = (mark._replace(wanted=self._things[mark.wanted]) for mark in found)
        return _apart(sorted(marks, key=lambda mark: (mark.start, -mark.end)))

    def _in_field(self, field: str) -> InField:
        """The things to mark in a field; worked out once, and not for each text."""
        kept = self._fields.get(field)
        if kept is None:
            kept = self._fields[field] = InField({}, [], [])
            for number, wanted in enumerate(self._wanted):
                if wanted.field not in (None, field):
                    continue
                if wanted.test or wanted.slop is not None:
                    kept.others.append(number)
                elif len(wanted.terms) > 1:
                    kept.phrases.append(number)
                else:
                    kept.words.setdefault(wanted.terms[0], []).append(number)
        return kept

    def _in_a_row(self, numbers: list[int], places: list[Place]) -> Iterator[Mark]:
        """Marks of terms in a row."""
        rows = _rows({term for number in numbers for term in self._wanted[number].terms}, places)
        for number in numbers:
            terms = self._wanted[number].terms
            starts = rows[terms[0]]
            for offset, term in enumerate(terms):
                starts &= rows[term] >> offset
                if not starts:
                    break
            for at in _set_bits(starts):
                last = at + len(terms) - 1
                yield Mark(places[at].token.start, places[last].token.end, number)

    def _collect(self, query: tree.Query) -> Iterator[Wanted]:
        match query:
            case tree.Words(children) | tree.All(children) | tree.Any(children):
                for child in children:
                    yield from self._collect(child)
            case tree.Boosted(child):
                yield from self._collect(child)
            case tree.Not() | tree.Range() | tree.Everything():
                return
            case _:
                yield from self._of_leaf(query)

    def _of_leaf(self, leaf: tree.Leaf) -> Iterator[Wanted]:
        tokens = tokenize(leaf.text)
        match leaf:
            case tree.Term():
                yield from self._of_words(tokens, leaf.field)
            case tree.Synonyms(texts):
                for text in texts:
                    for wanted in self._of_name(tokenize(text), leaf.field):
                        yield wanted._replace(names=texts)
            case tree.Phrase() | tree.Near():
                slop = leaf.slop if isinstance(leaf, tree.Near) else None
                terms = self._stems(tokens)
                if terms:
                    yield Wanted(leaf.field, terms, slop)
            case _:
                if isinstance(leaf, tree.Prefix):
                    yield from self._of_words(tokens[:-1], leaf.field)
                if test := word_test(leaf):
                    yield Wanted(leaf.field, test=test)

    def _of_name(self, tokens: list[Token], field: str | None) -> Iterator[Wanted]:
        """A word in all its spellings, or a phrase."""
        if len(tokens) == 1:
            yield from self._of_words(tokens, field)
        elif tokens:
            yield Wanted(field, self._stems(tokens))

    def _of_words(self, tokens: list[Token], field: str | None) -> Iterator[Wanted]:
        """Each word, and each run of CJK characters, in all its spellings."""
        for run in runs(tokens):
            variants = run[0].forms.variants[:1] if len(run[0].forms.parts) > 1 else ()
            terms = [self._stems(run), *((self._analyzer.stem(variant),) for variant in variants)]
            yield from (Wanted(field, each) for each in terms if each)

    def _stems(self, tokens: list[Token]) -> tuple[str, ...]:
        return tuple(self._analyzer.stem(part) for token in tokens for part in token.forms.parts)

    def _places(self, text: str) -> list[Place]:
        places: list[Place] = []
        for token in tokenize(text):
            variants = token.forms.variants
            for part in token.forms.parts:
                forms = frozenset((part, *variants))
                places.append(Place(token, frozenset(map(self._analyzer.stem, forms)), forms))
                variants = ()
        return places


def _of_words(numbers: dict[str, list[int]], places: list[Place]) -> Iterator[Mark]:
    """Marks of single terms."""
    for token, terms, _ in places:
        for term in terms & numbers.keys():
            for number in numbers[term]:
                yield Mark(token.start, token.end, number)


def _rows(terms: set[str], places: list[Place]) -> dict[str, int]:
    """For each term the places that have it, as bits: all starts of a phrase move at once."""
    rows = dict.fromkeys(terms, 0)
    for at, place in enumerate(places) if terms else ():
        for term in place.terms & terms:
            rows[term] |= 1 << at
    return rows


def _set_bits(bits: int) -> Iterator[int]:
    """The places of the ones, ascending."""
    return (at for at, bit in enumerate(f"{bits:b}"[::-1]) if bit == "1")


def _passing(test: Callable[[str], bool], number: int, places: list[Place]) -> Iterator[Mark]:
    """Marks of words whose forms or stems pass the test."""
    for token, terms, forms in places:
        if any(map(test, forms)) or any(map(test, terms)):
            yield Mark(token.start, token.end, number)


def _close_together(wanted: Wanted, number: int, places: list[Place]) -> Iterator[Mark]:
    """Marks of the terms in every stretch of the allowed length that has them all."""
    need = Counter(wanted.terms)
    length = len(wanted.terms) + (wanted.slop or 0)
    hits = [(at, place.terms & need.keys()) for at, place in enumerate(places)]
    hits = [(at, terms) for at, terms in hits if terms]
    have: Counter[str] = Counter()
    missing, end, marked = len(need), 0, 0
    for first, (start, terms) in enumerate(hits):
        while end < len(hits) and hits[end][0] < start + length:
            have.update(hits[end][1])
            missing -= sum(have[term] == need[term] for term in hits[end][1])
            end += 1
        if not missing:
            for at, _ in hits[max(first, marked) : end]:
                yield Mark(places[at].token.start, places[at].token.end, number)
            marked = end
        missing += sum(have[term] == need[term] for term in terms)
        have.subtract(terms)


def _apart(marks: list[Mark]) -> list[Mark]:
    """Those that begin after the end of the one before; of two that begin together the longer."""
    kept: list[Mark] = []
    for mark in marks:
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _window(text: str, marks: list[Mark], length: int) -> Window:
    """The stretch with the most different marks, then the most marks, then the first."""
    best, chosen, end = (0, 0), Mark(0, 0, 0), 0
    inside: Counter[int] = Counter()
    for at, first in enumerate(marks):
        while end < len(marks) and marks[end].end <= first.start + length:
            inside[marks[end].wanted] += 1
            end += 1
        # A word that is longer than a passage is worth its beginning.
        worth = (len(inside), end - at) if end > at else (1, 1)
        if worth > best:
            best, chosen = worth, first
        if end > at:
            inside[first.wanted] -= 1
            if not inside[first.wanted]:
                del inside[first.wanted]
        end = max(end, at + 1)
    lead = min(_LEAD, length // 4)
    start = max(0, min(chosen.start - lead, len(text) - length))
    start = _word_start(text, start, max(start, chosen.start))
    end = min(len(text), start + length)
    return Window(start, _word_end(text, min(chosen.end, end), end), marks, best[0])


def _word_start(text: str, position: int, last: int) -> int:
    """The first beginning of a word from `position` to `last`, or `position`."""
    if not position or text[position - 1].isspace():
        return position
    return next((at + 1 for at in range(position, last) if text[at].isspace()), position)


def _word_end(text: str, first: int, position: int) -> int:
    """The last end of a word from `first` to `position`, if one is near, or `position`."""
    if position == len(text) or text[position].isspace():
        return position
    near = range(position - 1, max(first, position - _LEAD) - 1, -1)
    return next((at for at in near if text[at].isspace()), position)


def _root(term: str) -> str:
    """What a text has in which there are words of a stem, but for the rarest (dying, of die)."""
    return term[: max(_ROOT, len(term) - 1)] if len(term) > _ROOT else term[: _ROOT - 1]


def _fragments(text: str, window: Window) -> tuple[Fragment, ...]:
    at, end = window.start, window.end
    fragments = [Fragment(ELLIPSIS)] if at else []
    for mark in window.marks:
        if mark.start < at or mark.start >= end:
            continue
        marked = text[mark.start : min(mark.end, end)]
        fragments += [Fragment(text[at : mark.start]), Fragment(marked, True)]
        at = mark.start + len(marked)
    fragments.append(Fragment(text[at:end]))
    if end < len(text):
        fragments.append(Fragment(ELLIPSIS))
    return tuple(fragment for fragment in fragments if fragment.text)
