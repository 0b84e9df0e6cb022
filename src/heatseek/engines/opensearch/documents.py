"""Articles as documents of the server, analysed here: what `mapping` has fields for.

What there is to be indexed of a word is worked out when it is met first, and joined after that.
"""

from __future__ import annotations

from itertools import chain, compress, islice
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.article import Article, Kind, to_json
from heatseek.engines.opensearch.mapping import (
    ACCENTED,
    HELD_BACK,
    PATH,
    PRESENT,
    RELATED,
    STATES,
    WRITTEN,
    counted_field,
    length_field,
    server_field,
    words_field,
)
from heatseek.engines.opensearch.pieces import Pieces
from heatseek.engines.opensearch.stored import document_id, link_digest
from heatseek.engines.shared.fields import SPELLING, own, own_presence
from heatseek.schema import LABEL_FIELDS, PRESENCE, TEXT_FIELDS, DeclaredField, FieldKind
from heatseek.text.languages import Language
from heatseek.text.tokens import fold, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


_NO_LABEL = ("",)
MOST_LABELS = 100_000
"""Sets of labels that are remembered."""


class DocumentMaker:
    """Makes documents of articles.

    Args:
        fields: declared ones.
        language: by which words are analysed.
    """

    def __init__(self, fields: tuple[DeclaredField, ...], language: Language) -> None:
        self._fields = fields
        self._language = language
        self._pieces = Pieces(language)
        self._labels: dict[tuple[str, tuple[str, ...], tuple[str, ...] | None], str] = {}
        self._states: dict[tuple[bool, ...], str] = {}

    def __reduce__(self) -> tuple[type[DocumentMaker], tuple[object, ...]]:
        """In another process it begins anew."""
        return type(self), (self._fields, self._language)

    def id(self, article_id: str) -> str:
        """See `document_id`."""
        return document_id(article_id)

    def source(self, article: Article) -> bytes:
        """The document, in one line of JSON."""
        self._pieces.trim()
        parts = [f'"id":{encode_basestring(article.id)}']
        self._add_texts(article, parts)
        for name, values, counted in _label_values(article):
            self._add_labels(name, values, counted, parts)
        parts += _columns(article)
        parts.append(self._states_of(article))
        if self._fields:
            self._add_own(dict(article.extra), parts)
        # A text, as the server may give what is in an object in another order.
        parts.append(f'"article":{encode_basestring(to_json(article).decode())}')
        return f"{{{','.join(parts)}}}".encode()

    def _add_texts(self, article: Article, parts: list[str]) -> None:
        known = self._pieces
        values = [field.values(article) for field in _TEXTS]
        split, every = known.split([text for texts in values for text in texts])
        texts = iter(split)
        accented: list[str] = []
        for field, several in zip(_TEXTS, values, strict=True):
            if not several:
                continue
            if len(several) == 1:
                text = next(texts)
                positions, length = f'"{known.positions(text)}"', known.length(text)
            else:
                some = list(islice(texts, len(several)))
                text = list(chain.from_iterable(some))
                positions = _strings_of_words(map(known.positions, some))
                lengths = map(known.length, some)
                length = max(lengths) if field.has_alternatives else sum(lengths)
            # Function words alone are one word.
            if length or not _NO_WORD.issuperset(positions):
                parts.append(f"{field.positions}:{positions},{field.length}:{length or 1}")
                if changed := known.changed(text):
                    parts.append(f'{field.words}:"{changed}"')
                accented += [f"{field.number}{word}" for word in known.accented(text)]
        if written := known.written(every).strip():
            parts.append(f'"{WRITTEN}":"{written}"')
        if accented:
            parts.append(f'"{ACCENTED}":"{" ".join(accented)}"')

    def _add_labels(
        self,
        name: str,
        values: tuple[str, ...],
        counted: tuple[str, ...] | None,
        parts: list[str],
    ) -> None:
        key = name, values, counted
        piece = self._labels.get(key)
        if piece is None:
            if len(self._labels) >= MOST_LABELS:
                self._labels.clear()
            piece = self._labels[key] = ",".join(_labels(*key))
        if piece:
            parts.append(piece)

    def _states_of(self, article: Article) -> str:
        key = (
            article.published is False,
            article.kind is Kind.RELATED,
            *[bool(has(article)) for has in PRESENCE.values()],
        )
        piece = self._states.get(key)
        if piece is None:
            names = (HELD_BACK, RELATED, *(f"has_{name}" for name in PRESENCE))
            piece = f'"{STATES}":{_strings(compress(names, key))}'
            self._states[key] = piece
        return piece

    def _add_own(self, values: Mapping[str, Any], parts: list[str]) -> None:
        present = []
        for field in self._fields:
            value = values.get(field.name)
            if value is None:
                continue
            name = own(field)
            if not field.kind.is_ordered and value:
                present.append(own_presence(field))
            match field.kind:
                case FieldKind.KEYWORD:
                    self._add_labels(name, value, value if field.facet else None, parts)
                case FieldKind.TEXT:
                    self._add_own_text(name, value, parts)
                case FieldKind.DATE:
                    parts.append(f'"{server_field(name)}":{int(value.timestamp())}')
                case FieldKind.BOOLEAN:
                    parts.append(f'"{server_field(name)}":{int(value)}')
                case FieldKind.NUMBER:
                    parts.append(f'"{server_field(name)}":{float(value) + 0.0!r}')
        if present:
            parts.append(f'"{PRESENT}":{_strings(present)}')

    def _add_own_text(self, name: str, value: str, parts: list[str]) -> None:
        (text,), _ = self._pieces.split([value])
        parts.append(f'"{server_field(name)}":"{self._pieces.positions(text)}"')
        if changed := self._pieces.changed(text):
            parts.append(f'"{words_field(name)}":"{changed}"')


class _Field(NamedTuple):
    """A field of text, and its names on the server as JSON."""

    number: int
    values: Callable[[Article], tuple[str, ...]]
    has_alternatives: bool
    positions: str
    length: str
    words: str


_TEXTS = [
    _Field(
        *(number, spec.values, spec.alternatives),
        *(f'"{name}"' for name in (spec.name, length_field(spec.name), words_field(spec.name))),
    )
    for number, spec in enumerate(TEXT_FIELDS)
]
_NO_WORD = frozenset('[" ,]')
"""Signs of positions at which nothing stands."""


def _strings_of_words(texts: Iterable[str]) -> str:
    """Texts that need no escape, as JSON."""
    between = '","'
    return f'["{between.join(texts)}"]'


def _label_values(
    article: Article,
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...] | None]]:
    """The fields of labels: all, and those that are counted."""
    for spec in LABEL_FIELDS:
        values = spec.values(article)
        if values and values != _NO_LABEL:
            counted = spec.counted(article) if spec.counted else values
            yield spec.name, values, counted if spec.facet else None


def _labels(name: str, values: tuple[str, ...], counted: tuple[str, ...] | None) -> Iterator[str]:
    """The fields of labels, as JSON."""
    labels = dict.fromkeys(filter(None, map(label, values)))
    if labels:
        yield f'"{server_field(name)}":{_strings(labels)}'
    if counted:
        shown = {label(value): value for value in reversed(counted)}
        terms = [f"{compared}{SPELLING}{value}" for compared, value in shown.items() if compared]
        if terms:
            yield f'"{counted_field(name)}":{_strings(terms)}'


def _strings(values: Iterable[str]) -> str:
    return f"[{','.join(map(encode_basestring, values))}]"


def _columns(article: Article) -> Iterator[str]:
    for name, instant in (
        ("published_at", article.published_at),
        ("updated_at", article.updated_at),
    ):
        if instant is not None:
            yield f'"{name}":{int(instant.timestamp())}'
    if article.quality is not None:
        yield f'"quality":{article.quality}'
    if article.heat is not None:
        yield f'"heat":{article.heat}'
    if article.url:
        yield f'"link":{link_digest(article.url)}'
    if article.kind is Kind.ARTICLE:
        yield f'"{PATH}":{encode_basestring(fold(article.id))}'
