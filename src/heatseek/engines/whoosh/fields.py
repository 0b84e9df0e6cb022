"""An article as the fields that Whoosh's writer takes: analysed once, ready to be stored."""

from __future__ import annotations

from typing import Any

from heatseek.analysis import Analyzer, forms, label, written_words
from heatseek.article import Article, Kind
from heatseek.engines.whoosh.layout import (
    ARTICLE,
    HELD_BACK,
    ID_FIELD,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RECORD_FIELD,
    RELATED,
    UNKNOWN,
    length_column,
    words_field,
)
from heatseek.engines.whoosh.records import encode
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS

VALUE_GAP = 100
"""Positions between two values of a field, so that no phrase reaches across."""

_analyzer = Analyzer()


def whoosh_fields(article: Article) -> dict[str, Any]:
    """The arguments for `add_document`."""
    fields: dict[str, Any] = {ID_FIELD: article.id.encode(), RECORD_FIELD: encode(article)}
    for spec in TEXT_FIELDS:
        positions, words, length = _analysed(spec.values(article))
        fields[spec.name] = positions
        fields[words_field(spec.name)] = words
        fields[length_column(spec.name)] = length
    for labels in LABEL_FIELDS:
        fields[labels.name] = {label(value) for value in labels.values(article)} - {""}
    return fields | _columns(article)


def _analysed(texts: tuple[str, ...]) -> tuple[dict[str, list[int]], set[str], int]:
    """Positions by term, words that stemming changed, and the number of words."""
    positions: dict[str, list[int]] = {}
    words: set[str] = set()
    length = gap = 0
    for text in texts:
        for written in written_words(text):
            found = forms(written)
            at = length + gap
            for variant in found.variants:
                _add(positions, words, variant, at)
            for offset, part in enumerate(found.parts):
                _add(positions, words, part, at + offset)
            length += len(found.parts)
        gap += VALUE_GAP
    return positions, words, length


def _add(positions: dict[str, list[int]], words: set[str], word: str, at: int) -> None:
    stem = _analyzer.stem(word)
    if stem != word:
        words.add(word)
    stands = positions.setdefault(stem, [])
    if not stands or stands[-1] != at:
        stands.append(at)


def _columns(article: Article) -> dict[str, int]:
    date = article.published_at
    shown = {True: PUBLISHED, False: HELD_BACK, None: PUBLISHED_UNKNOWN}
    return {
        "published_at": UNKNOWN if date is None else int(date.timestamp()),
        "quality": UNKNOWN if article.quality is None else article.quality,
        "heat": UNKNOWN if article.heat is None else article.heat,
        "published": shown[article.published],
        "kind": RELATED if article.kind is Kind.RELATED else ARTICLE,
    }
