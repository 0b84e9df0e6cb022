"""Why an article matches, shown in its text: marked words, and the passage with most of them."""

from __future__ import annotations

from collections import Counter

from heatseek.definitions import NamedTuple, replace
from heatseek.query import tree
from heatseek.query.terms import word_test
from heatseek.search.passage import (
    LEAD,
    LOOK_AT,
    SECOND_LOOKS,
    STRETCH,
    Mark,
    Window,
    fragments,
    literal_of,
    promises,
    root_of,
    window,
    word_end,
    word_start,
)
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import Forms, Token, forms, runs, spellings, tokenize, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.article import Article
    from heatseek.results import Fragment, Hit


class Highlights(NamedTuple):
    """The texts of an article in fragments, matched words apart."""

    title: tuple[Fragment, ...]
    excerpt: tuple[Fragment, ...]
    body: tuple[Fragment, ...]


class Needle(NamedTuple):
    """A mark: terms in a row or, with `slop`, close together; or words that pass a test."""

    field: str | None
    """None is any."""
    terms: tuple[str, ...] = ()
    slop: int | None = None
    test: Callable[[str], bool] | None = None
    names: tuple[str, ...] = ()
    """Of what is one thing by several names, all of them."""
    literal: str = ""
    """Of a test, what each word has that passes it, if that is known."""

    @property
    def roots(self) -> list[str]:
        """The words, folded and without connectors, that a text has in which this stands."""
        return [root_of(term) for term in self.terms] or [self.literal]


class Position(NamedTuple):
    """What is found at one position of a written word."""

    terms: frozenset[str]
    forms: frozenset[str]


class Place(NamedTuple):
    """A position of a text: of which word, and what is found there; a word may take several."""

    start: int
    end: int
    terms: frozenset[str]
    forms: frozenset[str]


Positions = dict[str, tuple[Position, ...]]
"""The positions of written words, kept from search to search. Threads may share it."""
MOST_POSITIONS = 20_000
"""Words of which they are kept: about 10 MB."""
_NOWHERE = -1
"""In place of a number: the word is not marked."""


class InField(NamedTuple):
    """The numbers of what is marked in a field."""

    words: dict[str, list[int]]
    """Single terms."""
    phrases: list[int]
    others: list[int]
    """Words near each other, and tests."""


class Highlighter:
    """Marks the words of one query."""

    def __init__(
        self,
        query: tree.Query,
        language: Language = ENGLISH,
        positions: Positions | None = None,
    ) -> None:
        self._analyzer = Analyzer(language)
        self._positions: Positions = {} if positions is None else positions
        self._needles = list(dict.fromkeys(self._collect(query)))
        first = {needle.names: at for at, needle in reversed(list(enumerate(self._needles)))}
        self._things = [
            first[needle.names] if needle.names else at for at, needle in enumerate(self._needles)
        ]
        """For each of what is wanted the first that is the same thing."""
        self._fields: dict[str, InField] = {}
        self._has_fields = any(needle.field for needle in self._needles)
        self._marked: dict[str | None, dict[str, int]] = {}
        """Of a field that only single words are marked in: the number of each written word."""

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
        """The texts of an article, marked; of a long one the passage with most marks."""
        return Highlights(
            self.whole("title", article.title),
            self.passage("excerpt", article.excerpt, LOOK_AT),
            self.passage("body", article.body, LOOK_AT),
        )

    def whole(self, field: str, text: str) -> tuple[Fragment, ...]:
        """All of `text`."""
        return fragments(text, Window(0, len(text), self.marks(field, text)))

    def passage(self, field: str, text: str, length: int) -> tuple[Fragment, ...]:
        """About `length` characters of `text`, chosen to show as much as can be of the query."""
        if len(text) <= length:
            return self.whole(field, text)
        stretch = max(STRETCH, length)
        if len(text) <= stretch:
            return fragments(text, window(text, self.marks(field, text), length))
        best = Window(0, word_end(text, 1, length), [])
        second_looks = 0
        roots = [self._needles[number].roots for number in self._numbers(field)]
        for promise, start in promises(text, roots, stretch):
            enough = best.things >= promise or second_looks > SECOND_LOOKS
            if enough and (best.things or start >= LOOK_AT):
                break
            other = self._window_in(field, text, start, start + stretch + length, length)
            best = max(best, other, key=lambda each: each.things)
            second_looks += best.things > 0
        return fragments(text, best)

    def _window_in(self, field: str, text: str, start: int, end: int, length: int) -> Window:
        """The best passage of a stretch; words at its ends are whole."""
        start = word_start(text, start, start + LEAD)
        end = word_end(text, end - LEAD, min(end, len(text)))
        marks = self.marks(field, text[start:end])
        moved = [Mark(start + mark.start, start + mark.end, mark.needle) for mark in marks]
        return window(text, moved, length)

    def _numbers(self, field: str) -> list[int]:
        """The numbers of all that is marked in a field."""
        words, phrases, others = self._in_field(field)
        return [*(number for numbers in words.values() for number in numbers), *phrases, *others]

    def marks(self, field: str, text: str) -> list[Mark]:
        """The stretches of `text` that the query asks for, in order, none within another."""
        words, phrases, others = self._in_field(field)
        if not phrases and not others:
            return self._words_marked(field, text)
        places = self._places(text)
        found = [*_of_words(words, places), *self._in_a_row(phrases, places)]
        for number in others:
            needle = self._needles[number]
            if needle.test:
                found += _passing(needle.test, number, places)
            else:
                found += _close_together(needle, number, places)
        marks = (mark._replace(needle=self._things[mark.needle]) for mark in found)
        return _apart(sorted(marks, key=lambda mark: (mark.start, -mark.end)))

    def _words_marked(self, field: str, text: str) -> list[Mark]:
        """As `marks`, where each word is marked, or not, whatever stands beside it."""
        numbers = self._marked.setdefault(field if self._has_fields else None, {})
        wanted = self._in_field(field).words
        marks: list[Mark] = []
        for start, word in written(text):
            number = numbers.get(word)
            if number is None:
                number = numbers[word] = self._number_of(wanted, word)
            if number >= 0:
                marks.append(Mark(start, start + len(word), number))
        return marks

    def _number_of(self, wanted: dict[str, list[int]], word: str) -> int:
        """The number that a written word is marked for."""
        for terms, _ in self._positions.get(word) or self._positions_of(word):
            if not terms.isdisjoint(wanted):
                return self._things[min(wanted[term][0] for term in terms & wanted.keys())]
        return _NOWHERE

    def _in_field(self, field: str) -> InField:
        """The things to mark in a field; worked out once, and not for each text."""
        kept = self._fields.get(field)
        if kept is None:
            kept = self._fields[field] = InField({}, [], [])
            for number, needle in enumerate(self._needles):
                if needle.field not in (None, field):
                    continue
                if needle.test or needle.slop is not None:
                    kept.others.append(number)
                elif len(needle.terms) > 1:
                    kept.phrases.append(number)
                else:
                    kept.words.setdefault(needle.terms[0], []).append(number)
        return kept

    def _in_a_row(self, numbers: list[int], places: list[Place]) -> Iterator[Mark]:
        """Marks of terms in a row."""
        rows = _rows({term for number in numbers for term in self._needles[number].terms}, places)
        for number in numbers:
            terms = self._needles[number].terms
            starts = rows[terms[0]]
            for offset, term in enumerate(terms):
                starts &= rows[term] >> offset
                if not starts:
                    break
            for at in _set_bits(starts):
                last = at + len(terms) - 1
                yield Mark(places[at].start, places[last].end, number)

    def _collect(self, query: tree.Query) -> Iterator[Needle]:
        match query:
            case tree.Words(children) | tree.All(children) | tree.Any(children):
                for child in children:
                    yield from self._collect(child)
            case tree.Boosted(child):
                yield from self._collect(child)
            case tree.Not() | tree.Range() | tree.Path() | tree.Everything():
                return
            case _:
                yield from self._of_leaf(query)

    def _of_leaf(self, leaf: tree.Leaf) -> Iterator[Needle]:
        tokens = tokenize(leaf.text)
        match leaf:
            case tree.Term():
                yield from self._of_words(tokens, leaf.field)
            case tree.Synonyms(texts):
                for text in texts:
                    for needle in self._of_name(tokenize(text), leaf.field):
                        yield needle._replace(names=texts)
            case tree.Phrase() | tree.Near():
                slop = leaf.slop if isinstance(leaf, tree.Near) else None
                terms = self._stems(tokens)
                if terms:
                    yield Needle(leaf.field, terms, slop)
            case _:
                if isinstance(leaf, tree.Prefix):
                    yield from self._of_words(tokens[:-1], leaf.field)
                if test := word_test(leaf):
                    literal = "" if isinstance(leaf, tree.Fuzzy) else literal_of(leaf.text)
                    yield Needle(leaf.field, test=test, literal=literal)

    def _of_name(self, tokens: list[Token], field: str | None) -> Iterator[Needle]:
        """A word in all its spellings, or a phrase."""
        if len(tokens) == 1:
            yield from self._of_words(tokens, field)
        elif tokens:
            yield Needle(field, self._stems(tokens))

    def _of_words(self, tokens: list[Token], field: str | None) -> Iterator[Needle]:
        """Each run of a script without spaces, and each other word in all its spellings."""
        for run in runs(tokens):
            if len(run) > 1:
                yield Needle(field, self._stems(run))
                continue
            for words in spellings(run[0].forms):
                yield Needle(field, tuple(map(self._analyzer.stem, words)))

    def _stems(self, tokens: list[Token]) -> tuple[str, ...]:
        return tuple(self._analyzer.stem(part) for token in tokens for part in token.forms.parts)

    def _places(self, text: str) -> list[Place]:
        return [
            Place(start, start + len(word), *position)
            for start, word in written(text)
            for position in self._positions_of(word)
        ]

    def _positions_of(self, word: str) -> tuple[Position, ...]:
        """The positions of a written word; none if folding leaves nothing of it."""
        positions = self._positions.get(word)
        if positions is None:
            if len(self._positions) >= MOST_POSITIONS:
                self._positions.clear()
            positions = self._positions[word] = tuple(self._positions_in(forms(word)))
        return positions

    def _positions_in(self, word: Forms) -> Iterator[Position]:
        variants = word.variants
        for part in word.parts:
            found = frozenset((part, *variants))
            yield Position(frozenset(map(self._analyzer.stem, found)), found)
            variants = ()


def _of_words(numbers: dict[str, list[int]], places: list[Place]) -> Iterator[Mark]:
    """Marks of single terms."""
    for start, end, terms, _ in places:
        for term in terms & numbers.keys():
            for number in numbers[term]:
                yield Mark(start, end, number)


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
    for start, end, terms, found in places:
        if any(map(test, found)) or any(map(test, terms)):
            yield Mark(start, end, number)


def _close_together(needle: Needle, number: int, places: list[Place]) -> Iterator[Mark]:
    """Marks of the terms in every stretch of the allowed length that has them all."""
    need = Counter(needle.terms)
    length = len(needle.terms) + (needle.slop or 0)
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
                yield Mark(places[at].start, places[at].end, number)
            marked = end
        missing += sum(have[term] == need[term] for term in terms)
        have.subtract(terms)


def _apart(marks: list[Mark]) -> list[Mark]:
    """Marks of which none reaches into another: two that overlap are one."""
    kept: list[Mark] = []
    for mark in marks:
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
        elif mark.end > kept[-1].end:
            kept[-1] = kept[-1]._replace(end=mark.end)
    return kept
