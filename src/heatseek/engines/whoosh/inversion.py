"""Blocks of articles inverted, by operations on whole arrays: who has a term, where.

A block becomes a *run* for each inverted field: its postings in the order of their terms. Runs of
one segment are merged when its file is written (`records`).
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from heatseek.engines.shared.fields import (
    ACCENTED,
    LENGTH,
    TERMS,
    VALUE_GAP,
    WORDS,
    length_column,
    own_words,
)
from heatseek.engines.shared.ragged import ends, starts, sums, within
from heatseek.schema import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from heatseek.engines.shared.analysis import Block, Texts
    from heatseek.engines.shared.lexicon import Forms, Lexicon

    Numbers = NDArray[np.integer]


class Column(Protocol):
    """Numbers, one a posting: an array, or what reads one from a file."""

    def __getitem__(self, here: slice, /) -> Numbers:
        """Those between two places."""


class Run(NamedTuple):
    """Postings, term by term in the terms' order, of each term document by document."""

    terms: Numbers
    """By their numbers."""
    counts: Numbers
    """How many postings each has."""
    columns: tuple[Column, ...]
    """The documents; but for labels, bits of fields and `WRITTEN`; of words with a place, that.
    Without places one posting for each document of a term."""


WITHOUT_POSITIONS = 2
"""Columns of such words."""


def runs(block: Block) -> tuple[list[bytes], list[tuple[str, Run]]]:
    """The terms of a block in order, and by inverted field its runs, which have these by number.

    All words of the block are learned.
    """
    names = [*block.lexicon.names, *block.label_terms]
    postings = list(_postings(block))
    used = np.zeros(len(names), bool)
    for _, (strings, *_) in postings:
        used[strings] = True
    order = sorted(np.flatnonzero(used).tolist(), key=names.__getitem__)
    ranks = np.zeros(len(names), np.uint32)
    ranks[order] = np.arange(len(order))
    inverted = [(field, _run(ranks.take(strings), *more)) for field, (strings, *more) in postings]
    return [names[string].encode() for string in order], inverted


def _postings(block: Block) -> Iterator[tuple[str, tuple[Numbers, ...]]]:
    """By inverted field: the string of each posting, and its columns."""
    lexicon = block.lexicon
    for field, texts in block.texts.items():
        words = _Placed(texts)
        yield field, words.terms(lexicon)
        yield WORDS if field == TERMS else own_words(field), words.forms(lexicon.folded)
        if field == TERMS:
            yield ACCENTED, words.forms(lexicon.accented)
    # Strings of labels come behind those of terms.
    for field, labels in block.labels.items():
        yield field, (_of(labels.strings) + len(lexicon.names), _of(labels.documents))


def lengths(block: Block) -> dict[str, array[int]]:
    """By column: the words that each document has in a text field, without function words."""
    texts = block.texts[TERMS]
    words = _of(texts.words)
    of_text = sums(_of(block.lexicon.lengths).take(words), _of(texts.text_words))
    parts = sums(_of(block.lexicon.parts).take(words), _of(texts.text_words))
    first = starts(_of(texts.texts))
    together, longest = np.add.reduceat(of_text, first), np.maximum.reduceat(of_text, first)
    # Of function words alone, too: a word in a field of length 0 would count four times.
    least = np.minimum(np.add.reduceat(parts, first), 1)
    columns = {}
    for place, spec in enumerate(TEXT_FIELDS):
        here = slice(place, None, texts.fields)
        length = np.maximum((longest if spec.alternatives else together)[here], least[here])
        columns[length_column(spec.name)] = array(LENGTH, length.astype(LENGTH).tobytes())
    return columns


class _Placed:
    """The written words of texts, each with document, field and the text that it stands in."""

    def __init__(self, texts: Texts) -> None:
        self._words = _of(texts.words).astype(np.intp)  # once, as each look-up would
        self._text_words = _of(texts.text_words)
        counts = _of(texts.texts)
        places = np.repeat(np.arange(len(counts)), counts)
        self._documents = (places // texts.fields).astype(np.uint32)
        self._bits = (1 << places % texts.fields).astype(np.uint8)
        # Which of the texts of its field each is; and the first text of the field.
        self._starts = np.repeat(starts(counts), counts)
        self._rank = np.arange(len(places)) - self._starts

    def terms(self, lexicon: Lexicon) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Strings, documents, bits and positions of all terms, in the order of the texts."""
        parts = ends(_of(lexicon.parts).take(self._words))
        text_parts = parts[starts(self._text_words)]
        moved = VALUE_GAP * self._rank - text_parts[self._starts]
        at = (parts[:-1] + np.repeat(moved, self._text_words)).astype(np.uint32)
        counts = _of(lexicon.terms.counts).take(self._words)
        entries = within(_of(lexicon.terms.starts).take(self._words), counts)
        strings = _of(lexicon.terms.strings).take(entries)
        documents, bits = self._spread(counts)
        positions = np.repeat(at, counts) + _of(lexicon.offsets).take(entries)
        return strings, documents, bits | _of(lexicon.bits).take(entries), positions

    def forms(self, forms: Forms) -> tuple[Numbers, Numbers, Numbers]:
        """Strings, documents and bits of the fields."""
        counts = _of(forms.counts).take(self._words)
        having = np.flatnonzero(counts)
        entries = within(_of(forms.starts).take(self._words.take(having)), counts.take(having))
        return _of(forms.strings).take(entries), *self._spread(counts)

    def _spread(self, counts: Numbers) -> tuple[Numbers, Numbers]:
        """Document and field of each of so many things that the words have."""
        of_text = sums(counts, self._text_words)
        return np.repeat(self._documents, of_text), np.repeat(self._bits, of_text)


def _run(ranks: Numbers, *columns: Numbers) -> Run:
    """The run of postings that are in the order of their documents, by the ranks of their terms."""
    places = by_rank(ranks)
    columns = tuple(column.take(places) for column in columns)
    if len(columns) == WITHOUT_POSITIONS:
        documents, bits = columns
        ranks = ranks.take(places)
        firsts = changes(ranks, documents)
        ranks, columns = ranks.take(firsts), (documents.take(firsts), united(bits, firsts))
    counts = np.bincount(ranks)
    terms = np.flatnonzero(counts)
    return Run(terms.astype(np.int32), counts.take(terms).astype(np.int32), columns)


def united(bits: Numbers, firsts: Numbers) -> Numbers:
    """The bits of those from each of these places to the next, together."""
    return np.bitwise_or.reduceat(bits, firsts) if len(firsts) else bits


def by_rank(ranks: Numbers) -> Numbers:
    """The places of numbers below 2**32 in ascending order, of equal ones in their own."""
    # By digits of 16 bits, which numpy sorts in linear time: five to nine times as fast as keys of
    # 64 bits, of rank and place.
    places = np.argsort(ranks.astype(np.uint16), kind="stable")
    upper = (ranks >> 16).astype(np.uint16)
    if upper.any():
        places = places.take(np.argsort(upper.take(places), kind="stable"))
    return places


def changes(*columns: Numbers) -> Numbers:
    """The places where one of the columns has another value than before it."""
    new = np.ones(len(columns[0]), bool)
    new[1:] = False
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(new)


def _of(numbers: Sequence[int]) -> Numbers:
    return np.asarray(numbers)
