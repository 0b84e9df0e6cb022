"""Why an article matches, shown in its text: marked words, and the passage with most of them."""

from __future__ import annotations

from collections import Counter

from heatseek.definitions import NamedTuple, replace
from heatseek.query import tree
from heatseek.query.terms import word_test
from heatseek.results import Fragment
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import Token, runs, tokenize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.article import Article
    from heatseek.results import Hit

LOOK_AT = 20_000
"""Characters of a text in which a passage is looked for."""
_LEAD = 40
"""Characters shown before the first marked word of a passage."""
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


def _window(text: str, marks: list[Mark], length: int) -> tuple[int, int]:
    """The stretch with the most different marks, then the most marks, then the first."""
    best, start, end = (0, 0), 0, 0
    inside: Counter[int] = Counter()
    for at, first in enumerate(marks):
        while end < len(marks) and marks[end].end <= first.start + length:
            inside[marks[end].wanted] += 1
            end += 1
        worth = (len(inside), end - at)
        if worth > best:
            best, start = worth, first.start
        if end > at:
            inside[first.wanted] -= 1
            if not inside[first.wanted]:
                del inside[first.wanted]
        end = max(end, at + 1)
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
