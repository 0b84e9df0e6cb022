"""Heatseek's fields as Whoosh's: type, terms, lengths, column and stored value of each.

Whoosh sees one field where heatseek may have several parts (a vocabulary, a column, what is
stored), and all text fields together as one more, `text`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from whoosh.columns import ColumnReader
from whoosh.fields import ID, STORED
from whoosh.util.numeric import to_sortable

from heatseek.engines.shared.fields import (
    ARTICLE,
    HELD_BACK,
    OWN_COLUMNS,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RELATED,
    TERMS,
    UNKNOWN,
    WORDS,
    own,
    own_words,
)
from heatseek.engines.whoosh.columns import unknown_in
from heatseek.engines.whoosh.interop.analysis import (
    ArticleAnalyzer,
    ArticleText,
    Flag,
    Instant,
    Label,
    Link,
    Number,
)
from heatseek.engines.whoosh.interop.lexicons import (
    LabelLexicon,
    Lexicon,
    NumberLexicon,
    TextLexicon,
    ValueLexicon,
)
from heatseek.schema import LABEL_FIELDS, LINKS, TEXT_FIELDS, DeclaredField, FieldKind

if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.engines.whoosh.segment import Segment
    from heatseek.text.languages import Language

EVERYTHING = "text"
"""All text fields as one: what heatseek searches where no field is named."""
_RENAMED = {"related": "related_to"}
"""`related:` of a query finds more than this label: articles that have files of their own."""
_SINGLE = ("category", "type", LINKS)
"""Labels of which an article has one."""
_ALL = tuple(spec.name for spec in TEXT_FIELDS)
_EPOCH = (datetime(1970, 1, 1, tzinfo=UTC) - datetime.min.replace(tzinfo=UTC)) // timedelta(
    seconds=1
)
_MICROSECONDS = 10**6


class Numbers(NamedTuple):
    """A column of heatseek as Whoosh's numbers."""

    column: str
    unknown: float
    sortable: Callable[[Any], int]
    """An unsigned number of 64 bits, in the same order."""
    offset: int = 0
    """Taken off the number of a term to get that of Whoosh's column."""

    def known(self, segment: Segment) -> Iterator[tuple[int, int]]:
        """Sortable number and document, of all that have one."""
        values = segment.column(self.column)
        unknown = self.unknown_in(values)
        for document, value in enumerate(values):
            if value != unknown and document not in segment.deleted:
                yield self.sortable(value), document

    def unknown_in(self, values: memoryview) -> float:
        """The value of what is unknown in a segment, whose numbers may be narrow."""
        return unknown_in(values) if self.unknown == UNKNOWN else self.unknown

    def reader(self, segment: Segment, column: Any) -> NumberColumn:
        """The column as Whoosh reads it."""
        return NumberColumn(self, segment.column(self.column), column.default_value())


class NumberColumn(ColumnReader):
    """Numbers by document; unknown ones come last, whichever way hits are sorted."""

    def __init__(self, numbers: Numbers, values: memoryview, missing: int) -> None:
        super().__init__(None, 0, 0, len(values))
        self._numbers = numbers
        self._values = values
        self._unknown = numbers.unknown_in(values)
        self._missing = missing
        self._reverse = False

    def __getitem__(self, docnum: int) -> int:
        value = self._values[docnum]
        if value == self._unknown:
            return self._missing
        return self._numbers.sortable(value) - self._numbers.offset

    def sort_key(self, docnum: int) -> int:
        """The number, or less the higher it is where the order is reversed."""
        value = self[docnum]
        return value if value == self._missing or not self._reverse else -value

    def set_reverse(self) -> None:
        """Let the highest come first."""
        self._reverse = True


class Field(NamedTuple):
    """A field of Whoosh's schema, and where what it has comes from."""

    type: Any
    """Whoosh's."""
    stored: Callable[[Article], Any]
    lexicon: Callable[[Segment], Lexicon] | None = None
    """Terms; None if it is not searched by."""
    lengths: tuple[str, ...] = ()
    """The text fields whose lengths add up to its own; none if it is not scored by length."""
    numbers: Numbers | None = None
    """Its column, if it has one."""
    facet: str = ""
    """The name under which heatseek counts its labels, if it does."""


def schema_fields(declared: Iterable[DeclaredField], language: Language) -> dict[str, Field]:
    """All fields by the names that a Whoosh schema gives them.

    A declared field has its own name, or if that is taken here the engine's: `keyword.text`.
    """
    analyzer = ArticleAnalyzer(language)
    fields = dict([*_texts(analyzer), *_labels(), *_values()])
    for field in declared:
        name = own(field) if field.name in fields else field.name
        fields[name] = _declared(field, analyzer)
    return fields


def _texts(analyzer: ArticleAnalyzer) -> Iterator[tuple[str, Field]]:
    for number, spec in enumerate(TEXT_FIELDS):
        lexicon = partial(TextLexicon, terms=TERMS, words=WORDS, fields=(number,))
        stored = partial(_joined, spec.values)
        kind = ArticleText(analyzer, stored=True)
        yield spec.name, Field(kind, stored, lexicon, lengths=(spec.name,))
    everywhere = partial(TextLexicon, terms=TERMS, words=WORDS, fields=range(len(TEXT_FIELDS)))
    kind = ArticleText(analyzer, stored=False)
    yield EVERYTHING, Field(kind, _nothing, everywhere, lengths=_ALL)


def _labels() -> Iterator[tuple[str, Field]]:
    for spec in LABEL_FIELDS:
        lexicon = partial(LabelLexicon, inverted=spec.name)
        kind = Link() if spec.name == LINKS else Label()
        stored = attrgetter(spec.name) if spec.name in _SINGLE else partial(_listed, spec.values)
        name = _RENAMED.get(spec.name, spec.name)
        yield name, Field(kind, stored, lexicon, facet=spec.facet)


def _values() -> Iterator[tuple[str, Field]]:
    for name in ("published_at", "updated_at"):
        dates = Numbers(name, UNKNOWN, _instant, offset=2**63)
        yield name, _numeric(Instant(), dates, attrgetter(name))
    for name in ("quality", "heat"):
        numbers = Numbers(name, UNKNOWN, _whole)
        yield name, _numeric(Number(int), numbers, attrgetter(name))
    shown = {PUBLISHED: b"t", PUBLISHED_UNKNOWN: b"t", HELD_BACK: b"f"}
    flags = partial(_terms, column="published", terms=shown)
    yield "published", Field(Flag(stored=True), attrgetter("published"), flags)
    kinds = partial(_terms, column="kind", terms={ARTICLE: b"article", RELATED: b"related"})
    yield "kind", Field(ID(stored=True), lambda article: str(article.kind), kinds)
    yield "image", Field(STORED(), attrgetter("image"))
    yield "id", Field(ID(stored=True, unique=True), attrgetter("id"), _ids)


def _declared(field: DeclaredField, analyzer: ArticleAnalyzer) -> Field:
    name = own(field)
    stored = partial(_extra, name=field.name)
    match field.kind:
        case FieldKind.KEYWORD:
            facet = field.name if field.facet else ""
            return Field(Label(), stored, partial(LabelLexicon, inverted=name), facet=facet)
        case FieldKind.TEXT:
            kind = ArticleText(analyzer, stored=True, scorable=False)
            words = own_words(name)
            return Field(kind, stored, partial(TextLexicon, terms=name, words=words, fields=(0,)))
        case FieldKind.BOOLEAN:
            flags = partial(_terms, column=name, terms={0: b"f", 1: b"t"})
            return Field(Flag(stored=True), stored, flags)
        case FieldKind.DATE:
            dates = Numbers(name, OWN_COLUMNS[field.kind].unknown, _instant, offset=2**63)
            return _numeric(Instant(), dates, stored)
        case FieldKind.NUMBER:
            numbers = Numbers(name, OWN_COLUMNS[field.kind].unknown, _real)
            return _numeric(Number(float), numbers, stored)


def _numeric(kind: Any, numbers: Numbers, stored: Callable[[Article], Any]) -> Field:
    def lexicon(segment: Segment) -> Lexicon:
        return NumberLexicon(partial(numbers.known, segment), kind.shift_step)

    return Field(kind, stored, lexicon, numbers=numbers)


def _whole(value: int) -> int:
    return int(to_sortable(int, 64, True, value))


def _real(value: float) -> int:
    return int(to_sortable(float, 64, True, value))


def _instant(seconds: int) -> int:
    return _whole((seconds + _EPOCH) * _MICROSECONDS)


def _terms(segment: Segment, column: str, terms: dict[int, bytes]) -> Lexicon:
    def values() -> Iterator[tuple[bytes, int]]:
        for document, value in enumerate(segment.column(column)):
            if value in terms and document not in segment.deleted:
                yield terms[value], document

    return ValueLexicon(values)


def _ids(segment: Segment) -> Lexicon:
    def values() -> Iterator[tuple[bytes, int]]:
        for document, id_ in enumerate(segment.ids()):
            if document not in segment.deleted:
                yield id_.encode(), document

    return ValueLexicon(values)


def _joined(values: Callable[[Article], tuple[str, ...]], article: Article) -> str:
    return ", ".join(values(article))


def _listed(values: Callable[[Article], tuple[str, ...]], article: Article) -> Any:
    return list(values(article))


def _extra(article: Article, name: str) -> Any:
    value = dict(article.extra).get(name)
    return list(value) if isinstance(value, tuple) else value


def _nothing(article: Article) -> None:  # noqa: ARG001 - as the others have it
    return None
