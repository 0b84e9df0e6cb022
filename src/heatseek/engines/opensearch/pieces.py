"""Pieces of texts, and what there is to be indexed of each: worked out once."""

from __future__ import annotations

from itertools import chain, compress
from typing import TYPE_CHECKING, NamedTuple

from heatseek.engines.opensearch.mapping import SEPARATOR
from heatseek.text.languages import Analyzer, Language
from heatseek.text.tokens import MAX_TERM
from heatseek.text.word_forms import forms_of_words
from heatseek.text.words import BREAK, PieceReader, words_of_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    Text = list[str]
    """Pieces, in their order."""

_MOST = 200_000
"""Pieces that are remembered, in some 100 MB."""
_LONGEST = 40
"""Characters of one."""
_AROUND = '.,;:!?()[]{}"\u2026\u201c\u201d'
"""Signs that make no difference to a plain word."""
_NET = frozenset(("net", "Net", "nEt", "neT", "NEt", "NeT", "nET", "NET"))
"""Behind a point it is a word of its own."""


class Pieces:
    """Pieces of texts between white space, and what there is to be indexed of each.

    Words never reach over white space, so that a text is the sum of its pieces, most of which have
    been met before. None of it needs an escape in JSON: terms are of letters, digits, marks and a
    few signs.

    Args:
        language: by which words are analysed.
    """

    def __init__(self, language: Language) -> None:
        self._analyzer = Analyzer(language)
        self._reader = PieceReader()
        self._begin()

    def _begin(self) -> None:
        self._positions: dict[str, str] = {}
        """Terms; of several positions apart by spaces."""
        self._lengths: dict[str, int] = {}
        self._written: dict[str, str] = {}
        """Folded forms, apart by spaces."""
        self._changed: dict[str, str] = {}
        """Those of them that stemming changes, of pieces that have any."""
        self._accents: dict[str, tuple[str, ...]] = {}
        """Of pieces that have any."""
        self._with_changes: set[str] = set()
        self._with_accents: set[str] = set()

    def trim(self) -> None:
        """Forget all, if they are too many."""
        if len(self._positions) > _MOST:
            self._begin()

    def split(self, texts: list[str]) -> tuple[list[Text], set[str]]:
        """Those of each text, and all of them; they are known from then on."""
        split = [text.split() for text in texts]
        every = set().union(*split)
        if new := every.difference(self._positions):
            if max(map(len, new)) > _LONGEST:
                split = list(map(_cut, split))
                every = set().union(*split)
                new = every.difference(self._positions)
            self._learn(list(new))
        return split, every

    def _learn(self, pieces: list[str]) -> None:
        """Analyse pieces that are met first."""
        cores = [piece.strip(_AROUND) for piece in pieces]
        plain = [core.isascii() and core.isalnum() and core not in _NET for core in cores]
        self._learn_words(
            list(compress(pieces, plain)),
            [core[:MAX_TERM].lower() for core in compress(cores, plain)],
        )
        self._learn_others([p for p, is_plain in zip(pieces, plain, strict=True) if not is_plain])

    def _learn_words(self, pieces: list[str], forms: list[str]) -> None:
        """Those that are one word of ASCII, with signs around it."""
        is_stopword = self._analyzer.is_stopword
        stems = self._analyzer.stems(forms)
        self._positions.update(zip(pieces, stems, strict=True))
        self._written.update(zip(pieces, forms, strict=True))
        self._lengths.update((p, not is_stopword(f)) for p, f in zip(pieces, forms, strict=True))
        changed = {p: f for p, f, s in zip(pieces, forms, stems, strict=True) if f != s}
        self._changed.update(changed)
        self._with_changes.update(changed)

    def _learn_others(self, pieces: list[str]) -> None:
        order, words = self._reader.words_of(pieces)
        found = _Forms([word for word in words if word != BREAK], self._analyzer)
        next_word = iter(words).__next__
        for place in order:
            piece = pieces[place]
            positions, length, written, changed, accents = [], 0, [], [], []
            for _ in iter(next_word, BREAK):
                word = found.next()
                positions.append(word.positions)
                length += word.length
                written += word.forms
                changed += word.changed
                accents += word.accented
            self._positions[piece] = " ".join(filter(None, positions))
            self._lengths[piece] = length
            self._written[piece] = " ".join(written)
            if changed:
                self._changed[piece] = " ".join(changed)
                self._with_changes.add(piece)
            if accents:
                self._accents[piece] = tuple(accents)
                self._with_accents.add(piece)

    def positions(self, text: Text) -> str:
        """What stands at each."""
        return " ".join(map(self._positions.__getitem__, text))

    def length(self, text: Text) -> int:
        """How many words a text has, function words not counted."""
        return sum(map(self._lengths.__getitem__, text))

    def written(self, pieces: set[str]) -> str:
        """All forms of words, folded; some perhaps more than once."""
        return " ".join(map(self._written.__getitem__, pieces))

    def changed(self, text: Text) -> str:
        """Those of their forms that stemming changes."""
        pieces = self._with_changes.intersection(text)
        return " ".join(map(self._changed.__getitem__, pieces)) if pieces else ""

    def accented(self, text: Text) -> Iterable[str]:
        """With their accents, those that have some."""
        pieces = self._with_accents.intersection(text)
        return chain.from_iterable(map(self._accents.__getitem__, pieces)) if pieces else ()


def _cut(text: Text) -> Text:
    """A text with its words in place of long pieces.

    A long one is a link, or of a script without spaces, and hardly comes again. It stays whole if a
    word of it is one only beside the others, as the signs behind an ideograph are.
    """
    cut: Text = []
    for piece in text:
        words = words_of_text(piece) if len(piece) > _LONGEST else [piece]
        is_whole = len(words) > 1 and words_of_text(" ".join(words)) != words
        cut += [piece] if is_whole else words
    return cut


class _Word(NamedTuple):
    positions: str
    length: int
    forms: list[str]
    changed: list[str]
    accented: list[str]


class _Forms:
    """The forms of words, one word after another."""

    def __init__(self, words: list[str], analyzer: Analyzer) -> None:
        self._found = forms_of_words(words)
        self._stems = analyzer.stems(self._found.folded)
        self._is_stopword = analyzer.is_stopword
        self._word = self._start = self._accents = 0

    def next(self) -> _Word:
        """Those of the next word."""
        found, start, at = self._found, self._start, self._word
        variants, parts, accents = found.variants[at], found.parts[at], found.accents[at]
        end = start + variants + parts
        terms, forms = self._stems[start:end], found.folded[start:end]
        accented = found.accented[self._accents : self._accents + accents]
        self._word, self._start, self._accents = at + 1, end, self._accents + accents
        if not parts:
            return _Word("", 0, [], [], accented)
        # A term stands at a position once, be it a part or a variant.
        first = SEPARATOR.join(dict.fromkeys([terms[variants], *terms[:variants]]))
        length = sum(not self._is_stopword(form) for form in forms[variants:])
        changed = [form for form, term in zip(forms, terms, strict=True) if form != term]
        return _Word(" ".join([first, *terms[variants + 1 :]]), length, forms, changed, accented)
