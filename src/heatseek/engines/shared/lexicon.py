"""Words that were met, numbered, and what each is indexed by: worked out once."""

from __future__ import annotations

from array import array
from itertools import compress
from operator import eq
from typing import TYPE_CHECKING, Any

import numpy as np

from heatseek.engines.shared.fields import WRITTEN
from heatseek.engines.shared.pieces import Numbered, Pieces, extend
from heatseek.engines.shared.ragged import ranks_of, starts
from heatseek.text.languages import Analyzer
from heatseek.text.word_forms import forms_of_words
from heatseek.text.words import BREAK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from heatseek.text.languages import Language
    from heatseek.text.word_forms import WordForms

    Counts = NDArray[Any]

MOST_BYTES = 100_000_000
"""That pieces and words take which are remembered."""
_WORD, _FORM = 250, 60
"""Bytes that a word takes there, about, and each of its forms."""


class Forms:
    """Strings of each written word, end to end."""

    def __init__(self) -> None:
        self.counts = array("I", (0,))
        """By the number of the word."""
        self.starts = array("I", (0,))
        """Likewise: where its strings are."""
        self.strings = array("I")

    def add(self, counts: Counts, strings: Counts) -> None:
        """Those of the next words: how many each has, and all of them."""
        extend(self.counts, counts)
        extend(self.starts, len(self.strings) + starts(counts))
        extend(self.strings, strings)


class Lexicon:
    """Pieces of texts, the words in them, and what each of these is indexed by.

    Args:
        language: by which they are analysed.
    """

    def __init__(self, language: Language) -> None:
        self.strings = Numbered()
        """Of terms."""
        self.names: list[str] = []
        """The strings by their numbers, as far as `learn` has come."""
        self._words = Numbered()
        """Word 0 is the break behind each piece."""
        self.pieces = Pieces(self._words)
        self._analyzer = Analyzer(language)
        self._begin()

    def _begin(self) -> None:
        self._left = MOST_BYTES
        self._words[BREAK]
        self.parts = array("I", (0,))
        """How many positions each word takes."""
        self.lengths = array("I", (0,))
        """Parts that are no function words."""
        self.terms = Forms()
        self.offsets = array("I")
        """Of each of `terms`: its place among the parts of the word."""
        self.bits = array("B")
        """Likewise: that of `WRITTEN`, if it is a word as it is written."""
        self.folded = Forms()
        """Words that stemming changes."""
        self.accented = Forms()

    def forget(self) -> None:
        """Forget everything, if it takes too much; then numbers are given anew."""
        if self._left < self.pieces.bytes:
            for numbers in (self._words, self.strings, self.names, self.pieces):
                numbers.clear()
            self._begin()

    def learn(self) -> None:
        """Analyse the words that were met since the last time."""
        written = self._words.newest(len(self._words) - len(self.parts))
        if written:
            found = forms_of_words(written)
            # Of a sign as many bytes as it can take.
            self._left -= _WORD * len(written) + 4 * sum(map(len, written))
            self._left -= _FORM * (len(found.folded) + len(found.accented) - len(written))
            self._add(found)
        self.names += self.strings.newest(len(self.strings) - len(self.names))

    def _add(self, found: WordForms) -> None:
        analyzer = self._analyzer
        stems = analyzer.stems(found.folded)
        variants, parts = np.array(found.variants), np.array(found.parts)
        entries = _Entries(variants, variants + parts)
        strings = self.strings.of(stems)
        is_written = np.fromiter(map(eq, stems, found.folded), bool, len(stems))
        is_word = ~np.fromiter(analyzer.are_stopwords(found.folded), bool, len(stems))
        extend(self.parts, parts)
        extend(self.lengths, entries.counted(is_word & ~entries.is_variant))
        changed = compress(found.folded, (~is_written).tolist())
        self.folded.add(entries.counted(~is_written), self.strings.of(changed))
        self.accented.add(np.array(found.accents), self.strings.of(found.accented))
        kept, bits = entries.united(strings, is_written.astype(np.uint8) << WRITTEN)
        self.terms.add(entries.counted(kept), strings[kept])
        extend(self.offsets, entries.offsets[kept])
        extend(self.bits, bits[kept])


class _Entries:
    """Forms of words, end to end.

    Args:
        variants: how many of the first ones of each word stand where its first part does.
        counts: how many each word has in all.
    """

    def __init__(self, variants: Counts, counts: Counts) -> None:
        self._words = np.repeat(np.arange(len(counts)), counts)
        self._size = len(counts)
        places = ranks_of(counts) - np.repeat(variants, counts)
        self.is_variant = places < 0
        self.offsets = np.maximum(places, 0)
        """The place of each among the parts of its word."""

    def counted(self, chosen: Counts) -> Counts:
        """How many of those that are chosen each word has."""
        return np.bincount(self._words[chosen], minlength=self._size)

    def united(self, strings: Counts, bits: Counts) -> tuple[Counts, Counts]:
        """Which to keep, so that each string is at a place of a word but once; and their bits."""
        kept = np.ones(len(strings), bool)
        for distance in (1, 2):  # no more than two variants
            same = strings[distance:] == strings[:-distance]
            same &= self._words[distance:] == self._words[:-distance]
            same &= self.offsets[distance:] == 0
            for place in np.flatnonzero(same).tolist():
                bits[place] |= bits[place + distance]
                kept[place + distance] = False
        return kept, bits
