"""Articles as numbers of words and labels, and as values of columns: what an engine indexes.

No call for each posting: a text becomes the numbers of its written words, and what there is to be
indexed of a word is worked out when it is met first.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import compress, count, islice, repeat
from operator import eq
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from heatseek.article import Article, Kind, canonical
from heatseek.engines.shared.fields import (
    ARTICLE,
    COLUMNS,
    HELD_BACK,
    OWN_COLUMNS,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RELATED,
    SPELLING,
    TERMS,
    UNKNOWN,
    WRITTEN,
    own,
    own_presence,
    typecode,
)
from heatseek.schema import LABEL_FIELDS, PRESENCE, TEXT_FIELDS, DeclaredField, FieldKind
from heatseek.text.languages import Analyzer, Language
from heatseek.text.tokens import label
from heatseek.text.word_forms import WordForms, forms_of_words
from heatseek.text.words import words_of_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Counts = NDArray[Any]

MOST_BYTES = 100_000_000
"""That words which are remembered take: some 300,000 of them, if they are of a language."""
_ENTRY, _FORM = 250, 60
"""Bytes that a word takes there, about, and each of its forms."""


class Numbers(defaultdict[str, int]):
    """Strings, numbered in the order in which they are met first."""

    def __init__(self) -> None:
        super().__init__(count().__next__)

    def clear(self) -> None:
        """Forget them; numbers are given anew."""
        super().clear()
        self.default_factory = count().__next__


class Forms:
    """Strings of each written word, end to end."""

    def __init__(self) -> None:
        self.counts = array("I")
        """By the number of the word."""
        self.strings = array("I")

    def add(self, counts: Counts, strings: Iterable[int]) -> None:
        """Those of the next words: how many each has, and all of them."""
        _extend(self.counts, counts)
        self.strings.extend(strings)


class Lexicon:
    """Written words, numbered when they are met first, and what each is indexed by.

    Args:
        language: by which they are analysed.
    """

    def __init__(self, language: Language) -> None:
        self.strings = Numbers()
        """Of terms and labels."""
        self.words = Numbers()
        self.names: list[str] = []
        """The strings by their numbers, as far as `learn` has come."""
        self._analyzer = Analyzer(language)
        self._begin()

    def _begin(self) -> None:
        self._left = MOST_BYTES
        self.parts = array("I")
        """How many positions each word takes."""
        self.lengths = array("I")
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
        if self._left < 0:
            self.words.clear()
            self.strings.clear()
            self.names.clear()
            self._begin()

    def learn(self) -> None:
        """Analyse the words that were met since the last time."""
        written = list(islice(self.words, len(self.parts), None))
        if written:
            found = forms_of_words(written)
            # Of a sign as many bytes as it can take.
            self._left -= _ENTRY * len(written) + 4 * sum(map(len, written))
            self._left -= _FORM * (len(found.folded) + len(found.accented) - len(written))
            self._add(found)
        self.names += islice(self.strings, len(self.names), None)

    def _add(self, found: WordForms) -> None:
        number, analyzer = self.strings.__getitem__, self._analyzer
        stems = analyzer.stems(found.folded)
        variants, parts = np.array(found.variants), np.array(found.parts)
        entries = _Entries(variants, variants + parts)
        strings = np.fromiter(map(number, stems), np.uint32, len(stems))
        is_written = np.fromiter(map(eq, stems, found.folded), bool, len(stems))
        is_word = ~np.fromiter(map(analyzer.is_stopword, found.folded), bool, len(stems))
        _extend(self.parts, parts)
        _extend(self.lengths, entries.counted(is_word & ~entries.is_variant))
        changed = compress(found.folded, (~is_written).tolist())
        self.folded.add(entries.counted(~is_written), map(number, changed))
        self.accented.add(np.array(found.accents), map(number, found.accented))
        kept, bits = entries.united(strings, is_written.astype(np.uint8) << WRITTEN)
        self.terms.add(entries.counted(kept), strings[kept].tolist())
        _extend(self.offsets, entries.offsets[kept])
        _extend(self.bits, bits[kept])


class _Entries:
    """Forms of words, end to end.

    Args:
        variants: how many of the first ones of each word stand where its first part does.
        counts: how many each word has in all.
    """

    def __init__(self, variants: Counts, counts: Counts) -> None:
        self._words = np.repeat(np.arange(len(counts)), counts)
        self._size = len(counts)
        ranks = np.arange(len(self._words)) - np.repeat(np.cumsum(counts) - counts, counts)
        places = ranks - np.repeat(variants, counts)
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


def _extend(numbers: array[int], values: Counts) -> None:
    numbers.frombytes(values.astype(numbers.typecode).tobytes())


class Texts:
    """The texts of some fields of documents, as numbers of words, end to end."""

    def __init__(self, fields: int) -> None:
        self.fields = fields
        self.words = array("I")
        self.text_words = array("I")
        """How many words each text has."""
        self.texts = array("I")
        """How many texts each field of each document has: one at least, be it an empty one."""

    def add(self, texts: tuple[str, ...], words: Numbers) -> None:
        """Those of the next field."""
        for text in texts or ("",):
            found = words_of_text(text)
            self.words.extend(map(words.__getitem__, found))
            self.text_words.append(len(found))
        self.texts.append(len(texts) or 1)


class Labels:
    """The labels of a field, as numbers of strings, and which document has each."""

    def __init__(self) -> None:
        self.strings = array("I")
        self.documents = array("I")
        self._known: dict[tuple[tuple[str, ...], ...], list[int]] = {}

    def add(
        self, document: int, values: tuple[str, ...], counted: tuple[str, ...], strings: Numbers
    ) -> None:
        """Those of the next document that has any."""
        key = (values, counted)
        numbers = self._known.get(key)
        if numbers is None:
            terms = _label_terms(values, counted)
            numbers = self._known[key] = list(map(strings.__getitem__, terms))
        self.strings.extend(numbers)
        self.documents.extend(repeat(document, len(numbers)))


def _label_terms(values: tuple[str, ...], counted: tuple[str, ...]) -> Iterator[str]:
    """A term for each label: what it is compared by, and how it is written where it is counted."""
    labels = {label(value): "" for value in values}
    for value in reversed(counted):
        labels[label(value)] = value
    return (f"{compared}{SPELLING}{shown}" for compared, shown in labels.items() if compared)


class Block:
    """Articles as they are indexed; the first is document 0.

    Args:
        declared: fields of the archive.
        lexicon: words and labels met before.
    """

    def __init__(self, declared: tuple[DeclaredField, ...], lexicon: Lexicon) -> None:
        self._declared = declared
        self.lexicon = lexicon
        self.size = 0
        self.texts = {TERMS: Texts(len(TEXT_FIELDS))}
        self.labels = {spec.name: Labels() for spec in LABEL_FIELDS}
        self.columns: dict[str, array[Any]] = {name: array(code) for name, code in COLUMNS.items()}
        for field in declared:
            self._add_declared(field)

    def _add_declared(self, field: DeclaredField) -> None:
        name = own(field)
        if field.kind is FieldKind.TEXT:
            self.texts[name] = Texts(1)
        elif field.kind is FieldKind.KEYWORD:
            self.labels[name] = Labels()
        column = name if field.kind.is_ordered else own_presence(field)
        self.columns[column] = array(typecode(column))

    @property
    def length(self) -> int:
        """Words in all texts."""
        return sum(len(texts.words) for texts in self.texts.values())

    def add(self, article: Article) -> None:
        """The next document."""
        texts = self.texts[TERMS]
        for spec in TEXT_FIELDS:
            texts.add(spec.values(article), self.lexicon.words)
        for labels in LABEL_FIELDS:
            values = labels.values(article)
            if values:
                counted = labels.counted(article) if labels.counted else values
                self._add_labels(labels.name, values, counted if labels.facet else ())
        if self._declared:
            self._add_own(article)
        for name, value in columns(article).items():
            self.columns[name].append(value)
        self.size += 1

    def _add_own(self, article: Article) -> None:
        values: dict[str, Any] = dict(article.extra)
        for field in self._declared:
            name, value = own(field), values.get(field.name)
            match field.kind:
                case FieldKind.KEYWORD:
                    self._add_labels(name, value or (), (value or ()) if field.facet else ())
                case FieldKind.TEXT:
                    self.texts[name].add((value or "",), self.lexicon.words)
                case _:
                    self.columns[name].append(own_number(field, value))
            if not field.kind.is_ordered:
                self.columns[own_presence(field)].append(bool(value))

    def _add_labels(self, field: str, values: tuple[str, ...], counted: tuple[str, ...]) -> None:
        self.labels[field].add(self.size, values, counted, self.lexicon.strings)


def own_number(field: DeclaredField, value: Any) -> float:
    """The value of a declared number, date or boolean in its column; None is unknown."""
    if value is None:
        return OWN_COLUMNS[field.kind].unknown
    return int(value.timestamp()) if field.kind is FieldKind.DATE else value


def _seconds(instant: datetime | None) -> int:
    return UNKNOWN if instant is None else int(instant.timestamp())


def columns(article: Article) -> dict[str, int]:
    """Its values in the columns that every index has, but for the lengths of its fields."""
    shown = {True: PUBLISHED, False: HELD_BACK, None: PUBLISHED_UNKNOWN}
    return {
        "published_at": _seconds(article.published_at),
        "updated_at": _seconds(article.updated_at),
        "quality": UNKNOWN if article.quality is None else article.quality,
        "heat": UNKNOWN if article.heat is None else article.heat,
        "published": shown[article.published],
        # Only ever a hint that two links could be the same.
        "link": crc32(canonical(article.url).encode()) if article.url else 0,
        "kind": RELATED if article.kind is Kind.RELATED else ARTICLE,
        **{f"has_{name}": int(has(article)) for name, has in PRESENCE.items()},
    }
