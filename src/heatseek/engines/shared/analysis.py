"""Articles as numbers of words and labels, and as values of columns: what an engine indexes.

Many articles at once, field by field, with no call for each posting: a text becomes the numbers of
its words by those of its pieces.
"""

from __future__ import annotations

from array import array
from itertools import chain
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np

from heatseek.article import Article, Kind, canonical
from heatseek.engines.shared.fields import (
    ARTICLE,
    HELD_BACK,
    OWN_COLUMNS,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RELATED,
    SPELLING,
    TERMS,
    UNKNOWN,
    own,
    own_presence,
    typecode,
)
from heatseek.engines.shared.pieces import Numbered, extend
from heatseek.schema import LABEL_FIELDS, PRESENCE, TEXT_FIELDS, DeclaredField, FieldKind
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from heatseek.engines.shared.lexicon import Lexicon
    from heatseek.engines.shared.pieces import Pieces

    Values = Callable[[Article], tuple[str, ...]]
    """The texts or labels of a field."""

BATCH = 100_000
"""Characters of articles that are taken in together."""
_LEAST = 200
"""Characters that an article counts for at least."""
_NO_TEXT = ("",)
_SHOWN = {True: PUBLISHED, False: HELD_BACK, None: PUBLISHED_UNKNOWN}


class Texts:
    """The texts of some fields of documents, as numbers of words, end to end.

    Args:
        values: of each field.
    """

    def __init__(self, values: Sequence[Values]) -> None:
        self._values = values
        self.fields = len(values)
        self.words = array("I")
        self.text_words = array("I")
        """How many words each text has."""
        self.texts = array("I")
        """How many texts each field of each document has: one at least, be it an empty one."""

    def add(self, articles: Iterable[Article], pieces: Pieces) -> None:
        """Those of the next documents."""
        texts = [of(article) or _NO_TEXT for article in articles for of in self._values]
        words, text_words = pieces.words_of(list(chain.from_iterable(texts)))
        extend(self.words, words)
        extend(self.text_words, text_words)
        self.texts.fromlist(list(map(len, texts)))


class Labels:
    """The labels of a field, as numbers of strings, and which document has each.

    Args:
        values: of the field.
        counted: those that are counted.
        strings: numbered.
    """

    def __init__(self, values: Values, counted: Values, strings: Numbered) -> None:
        self._values = values
        self._counted = counted
        self._terms = _LabelTerms(strings)
        self.strings = array("I")
        self.documents = array("I")

    def add(self, articles: Sequence[Article], first: int) -> None:
        """Those of the next documents."""
        values = list(map(self._values, articles))
        counted = values if self._counted is self._values else map(self._counted, articles)
        numbers = list(map(self._terms.__getitem__, zip(values, counted, strict=True)))
        self.strings.extend(chain.from_iterable(numbers))
        documents = np.arange(first, first + len(numbers))
        extend(self.documents, np.repeat(documents, list(map(len, numbers))))


class _LabelTerms(dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]]):
    """By the labels of an article, and those of them that are counted: the terms, as numbers."""

    def __init__(self, strings: Numbered) -> None:
        super().__init__()
        self._strings = strings

    def __missing__(self, key: tuple[tuple[str, ...], tuple[str, ...]]) -> list[int]:
        values, counted = key
        labels = {label(value): "" for value in values}
        for value in reversed(counted):
            labels[label(value)] = value
        # What it is compared by, and how it is written where it is counted.
        terms = [f"{compared}{SPELLING}{shown}" for compared, shown in labels.items() if compared]
        numbers = self[key] = list(map(self._strings.__getitem__, terms))
        return numbers


class Block:
    """Articles as they are indexed; the first is document 0.

    Args:
        declared: fields of the archive.
        lexicon: words and labels met before.
    """

    def __init__(self, declared: tuple[DeclaredField, ...], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.size = 0
        self.length = 0
        """Words in all texts, but for those of articles that wait."""
        self.label_terms = Numbered()
        """Not the lexicon's: hardly one of an article's link comes again, and each would stay."""
        self._waiting: list[Article] = []
        self._characters = 0
        """Of those that wait."""
        self.texts = {TERMS: Texts([spec.values for spec in TEXT_FIELDS])}
        self.labels: dict[str, Labels] = {}
        for spec in LABEL_FIELDS:
            counted = spec.counted or spec.values
            self._add_labels(spec.name, spec.values, counted if spec.facet else _nothing)
        for field in declared:
            if field.kind is FieldKind.TEXT:
                self.texts[own(field)] = Texts([_own_values(field)])
            elif field.kind is FieldKind.KEYWORD:
                values = _own_values(field)
                self._add_labels(own(field), values, values if field.facet else _nothing)
        self._values = column_values(declared)
        self.columns: dict[str, array[Any]] = {name: array(typecode(name)) for name in self._values}

    def _add_labels(self, name: str, values: Values, counted: Values) -> None:
        self.labels[name] = Labels(values, counted, self.label_terms)

    def add(self, article: Article) -> None:
        """The next document, which perhaps waits for others."""
        self._waiting.append(article)
        self._characters += _LEAST + len(article.body) + len(article.excerpt)
        if article.extra:
            self._characters += sum(len(v) for _, v in article.extra if isinstance(v, str))
        if self._characters >= BATCH:
            self.complete()

    def complete(self) -> None:
        """Take in those that wait."""
        articles = self._waiting
        for texts in self.texts.values():
            texts.add(articles, self.lexicon.pieces)
        for labels in self.labels.values():
            labels.add(articles, self.size)
        for name, value in self._values.items():
            self.columns[name].extend(map(value, articles))
        self.length = sum(len(texts.words) for texts in self.texts.values())
        self.size += len(articles)
        self._waiting = []
        self._characters = 0


def _nothing(_: Article) -> tuple[str, ...]:
    return ()


def _own_values(field: DeclaredField) -> Values:
    """The labels of a declared field, or its text alone."""
    if field.kind is FieldKind.KEYWORD:
        return lambda article: _own(field, article) or ()
    return lambda article: (_own(field, article) or "",)


def _own(field: DeclaredField, article: Article) -> Any:
    """The value of a declared field; None is unknown."""
    return dict(article.extra).get(field.name)


def column_values(declared: Iterable[DeclaredField]) -> dict[str, Callable[[Article], float]]:
    """By column: the value of an article in it. Lengths of fields are columns beside these."""
    return {
        "published_at": lambda article: _seconds(article.published_at),
        "updated_at": lambda article: _seconds(article.updated_at),
        "quality": lambda article: UNKNOWN if article.quality is None else article.quality,
        "heat": lambda article: UNKNOWN if article.heat is None else article.heat,
        "published": lambda article: _SHOWN[article.published],
        "kind": lambda article: RELATED if article.kind is Kind.RELATED else ARTICLE,
        # Only ever a hint that two links could be the same.
        "link": lambda article: crc32(canonical(article.url).encode()) if article.url else 0,
        **{f"has_{name}": has for name, has in PRESENCE.items()},
        **dict(map(_own_column, declared)),
    }


def _own_column(field: DeclaredField) -> tuple[str, Callable[[Article], float]]:
    """The column of a declared field, and the value of an article in it."""
    if field.kind.is_ordered:
        return own(field), lambda article: _number(field, _own(field, article))
    return own_presence(field), lambda article: bool(_own(field, article))


def _number(field: DeclaredField, value: Any) -> float:
    """A number, date or boolean in its column."""
    if value is None:
        return OWN_COLUMNS[field.kind].unknown
    return int(value.timestamp()) if field.kind is FieldKind.DATE else value


def _seconds(instant: datetime | None) -> int:
    return UNKNOWN if instant is None else int(instant.timestamp())
