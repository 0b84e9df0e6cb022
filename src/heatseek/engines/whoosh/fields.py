"""An article as the fields that Whoosh's writer takes: analysed once, ready to be stored."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

from heatseek.analysis import MAX_REMEMBERED, Analyzer, forms, is_stopword, label, written_words
from heatseek.article import Article, Kind
from heatseek.engines.whoosh.layout import (
    ARTICLE,
    HELD_BACK,
    ID_FIELD,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RECORD_FIELD,
    RELATED,
    SPELLING,
    TERMS,
    UNKNOWN,
    WORDS,
    length_column,
)
from heatseek.engines.whoosh.postings import Places
from heatseek.engines.whoosh.records import encode
from heatseek.links import canonical
from heatseek.schema import LABEL_FIELDS, PRESENCE, TEXT_FIELDS, LabelField

VALUE_GAP = 2_000
"""Positions between two values of a field, so that nothing near reaches across."""

_NO_PLACES: Places = {}


class Analysed(NamedTuple):
    """A written word, ready to be indexed."""

    variants: tuple[tuple[str, str], ...]
    """Term and folded word of each."""
    parts: tuple[tuple[str, str], ...]
    length: int
    """Parts that are no function words."""


_analyzer = Analyzer()


@lru_cache(maxsize=MAX_REMEMBERED)
def _analysed(written: str) -> Analysed:
    found = forms(written)
    return Analysed(
        tuple((_analyzer.stem(word), word) for word in found.variants),
        tuple((_analyzer.stem(word), word) for word in found.parts),
        sum(not is_stopword(word) for word in found.parts),
    )


def whoosh_fields(article: Article) -> dict[str, Any]:
    """The arguments for `add_document`."""
    fields: dict[str, Any] = {ID_FIELD: article.id.encode(), RECORD_FIELD: encode(article)}
    places: dict[str, Places] = {}
    written: dict[str, Places] = {}
    for number, spec in enumerate(TEXT_FIELDS):
        texts = spec.values(article)
        fields[length_column(spec.name)] = _analyse(texts, number, places, written)
    fields[TERMS] = places
    fields[WORDS] = written
    for labels in LABEL_FIELDS:
        fields[labels.name] = dict.fromkeys(_label_terms(labels, article), _NO_PLACES)
    return fields | _columns(article)


def _analyse(
    texts: tuple[str, ...], field: int, places: dict[str, Places], written: dict[str, Places]
) -> int:
    """Add the words of a field; give its length."""
    at = length = words = 0
    for text in texts:
        for word in written_words(text):
            analysed = _analysed(word)
            for term, folded in analysed.variants:
                _add(places, written, term, folded, field, at)
            for term, folded in analysed.parts:
                _add(places, written, term, folded, field, at)
                at += 1
            length += analysed.length
            words += len(analysed.parts)
        at += VALUE_GAP
    # Of function words alone, too: a word in a field of length 0 would count four times.
    return max(length, min(words, 1))


def _add(  # noqa: PLR0913 - called for every word of the archive: no object to carry them
    places: dict[str, Places],
    written: dict[str, Places],
    term: str,
    folded: str,
    field: int,
    at: int,
) -> None:
    if term != folded:
        written.setdefault(folded, {})[field] = []
    stands = places.setdefault(term, {}).setdefault(field, [])
    if not stands or stands[-1] != at:
        stands.append(at)


def _label_terms(spec: LabelField, article: Article) -> Iterator[str]:
    """A term for each label: what it is compared by, and how it is written where it is counted."""
    labels = {label(value): "" for value in spec.values(article)}
    counted = (spec.counted or spec.values)(article) if spec.facet else ()
    for value in reversed(counted):
        labels[label(value)] = value
    return (f"{compared}{SPELLING}{shown}" for compared, shown in labels.items() if compared)


def _columns(article: Article) -> dict[str, int]:
    date = article.published_at
    shown = {True: PUBLISHED, False: HELD_BACK, None: PUBLISHED_UNKNOWN}
    return {
        "published_at": UNKNOWN if date is None else int(date.timestamp()),
        "quality": UNKNOWN if article.quality is None else article.quality,
        "heat": UNKNOWN if article.heat is None else article.heat,
        "published": shown[article.published],
        # Only ever a hint that two links could be the same.
        "link": crc32(canonical(article.url).encode()) if article.url else 0,
        "kind": RELATED if article.kind is Kind.RELATED else ARTICLE,
        **{f"has_{name}": int(has(article)) for name, has in PRESENCE.items()},
    }
