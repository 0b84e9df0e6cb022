"""An article as terms with their places, and as values of columns: what an engine indexes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

from heatseek.article import Article, Kind, canonical
from heatseek.engines.shared.fields import (
    ACCENTED,
    ARTICLE,
    HELD_BACK,
    OWN_COLUMNS,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RELATED,
    SPELLING,
    TERMS,
    UNKNOWN,
    WORDS,
    WRITTEN,
    Places,
    length_column,
    own,
    own_presence,
    own_words,
)
from heatseek.schema import LABEL_FIELDS, PRESENCE, TEXT_FIELDS, DeclaredField, FieldKind
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import forms, label, written_words

VALUE_GAP = 2_000
"""Positions between two values of a field, so that nothing near reaches across."""

_MOST_BYTES = 100_000_000
"""That words which are remembered take: some 200,000 of them, if they are of a language."""
_ENTRY, _FORM = 200, 300
"""Bytes that a word takes there, about, and each of its forms."""

_NO_PLACES: Places = {}
_NOWHERE: list[int] = []


class Analysed(NamedTuple):
    """A written word, ready to be indexed."""

    variants: tuple[tuple[str, str], ...]
    """Term and folded word of each."""
    parts: tuple[tuple[str, str], ...]
    length: int
    """Parts that are no function words."""
    accented: tuple[str, ...]


class _Inverted(NamedTuple):
    """The terms of an article, to which words of fields are added."""

    terms: dict[str, Places]
    words: dict[str, Places]
    accented: dict[str, Places]


Analyse = Callable[[str], Analysed]


@lru_cache(maxsize=1)
def _analysis(language: Language) -> Analyse:
    """How written words are analysed; remembers most of them from article to article."""
    return _Words(Analyzer(language)).__getitem__


class _Words(dict[str, Analysed]):
    """Written words, analysed when they are met; all are forgotten once they take too much."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._analyzer = analyzer
        self._left = _MOST_BYTES

    def __missing__(self, written: str) -> Analysed:
        analyzer, found = self._analyzer, forms(written)
        analysed = Analysed(
            tuple((analyzer.stem(word), word) for word in found.variants),
            tuple((analyzer.stem(word), word) for word in found.parts),
            sum(not analyzer.is_stopword(word) for word in found.parts),
            found.accented,
        )
        # Of a sign as many bytes as it can take.
        size = (
            _ENTRY
            + 4 * len(written)
            + _FORM * sum(map(len, (found.variants, found.parts, found.accented)))
        )
        if size > self._left:
            self.clear()
            self._left = _MOST_BYTES
        if size <= self._left:
            self._left -= size
            self[written] = analysed
        return analysed


def article_fields(
    article: Article, declared: tuple[DeclaredField, ...] = (), language: Language = ENGLISH
) -> dict[str, Any]:
    """Terms and their places by inverted field, and a value for each column."""
    analyse = _analysis(language)
    fields: dict[str, Any] = {}
    inverted = _Inverted({}, {}, {})
    for number, spec in enumerate(TEXT_FIELDS):
        texts = spec.values(article)
        sums, longest = _add_words(texts, number, inverted, analyse)
        fields[length_column(spec.name)] = longest if spec.alternatives else sums
    fields[TERMS], fields[WORDS], fields[ACCENTED] = inverted
    for labels in LABEL_FIELDS:
        counted = (labels.counted or labels.values)(article) if labels.facet else ()
        fields[labels.name] = _label_terms(labels.values(article), counted)
    if declared:
        fields |= _own_fields(article, declared, analyse)
    return fields | columns(article)


def _own_fields(
    article: Article, declared: tuple[DeclaredField, ...], analyse: Analyse
) -> dict[str, Any]:
    values: dict[str, Any] = dict(article.extra)
    fields: dict[str, Any] = {}
    for field in declared:
        name, value = own(field), values.get(field.name)
        match field.kind:
            case FieldKind.KEYWORD:
                fields[name] = _label_terms(value or (), (value or ()) if field.facet else ())
            case FieldKind.TEXT:
                inverted = _Inverted({}, {}, {})
                _add_words((value or "",), 0, inverted, analyse)
                fields[name], fields[own_words(name)], _ = inverted
            case _:
                fields[name] = own_number(field, value)
        if not field.kind.is_ordered:
            fields[own_presence(field)] = int(bool(value))
    return fields


def own_number(field: DeclaredField, value: Any) -> float:
    """The value of a declared number, date or boolean in its column; None is unknown."""
    if value is None:
        return OWN_COLUMNS[field.kind].unknown
    return int(value.timestamp()) if field.kind is FieldKind.DATE else value


def _add_words(
    texts: tuple[str, ...], field: int, inverted: _Inverted, analyse: Analyse
) -> tuple[int, int]:
    """Add the words of a field; give the length of all its texts, and of the longest."""
    places, written, accented = inverted
    at = length = words = longest = 0
    for text in texts:
        before = length
        for word in written_words(text):
            analysed = analyse(word)
            for term, folded in analysed.variants:
                _add(places, written, term, folded, field, at)
            for term, folded in analysed.parts:
                _add(places, written, term, folded, field, at)
                at += 1
            for spelling in analysed.accented:
                accented.setdefault(spelling, {})[field] = _NOWHERE
            length += analysed.length
            words += len(analysed.parts)
        at += VALUE_GAP
        longest = max(longest, length - before)
    # Of function words alone, too: a word in a field of length 0 would count four times.
    least = min(words, 1)
    return max(length, least), max(longest, least)


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
    here = places.setdefault(term, {})
    if term == folded:
        here[WRITTEN] = _NOWHERE
    stands = here.setdefault(field, [])
    if not stands or stands[-1] != at:
        stands.append(at)


def _label_terms(values: tuple[str, ...], counted: tuple[str, ...]) -> dict[str, Places]:
    """A term for each label: what it is compared by, and how it is written where it is counted."""
    labels = {label(value): "" for value in values}
    for value in reversed(counted):
        labels[label(value)] = value
    terms = (f"{compared}{SPELLING}{shown}" for compared, shown in labels.items() if compared)
    return dict.fromkeys(terms, _NO_PLACES)


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
