"""Articles as documents of the server, analysed here: what `mapping` has fields for.

What there is to be indexed of a written word is worked out when it is met first, and joined after
that: a text of 600 words takes 0.1 ms.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from heatseek.article import Article, Kind, to_json
from heatseek.engines.opensearch.mapping import (
    ACCENTED,
    HELD_BACK,
    PATH,
    RELATED,
    SEPARATOR,
    STATES,
    WRITTEN,
    counted_field,
    length_field,
    server_field,
    words_field,
)
from heatseek.engines.opensearch.stored import document_id, link_digest
from heatseek.engines.shared.fields import SPELLING, own, own_presence
from heatseek.schema import LABEL_FIELDS, PRESENCE, TEXT_FIELDS, DeclaredField, FieldKind
from heatseek.text.languages import Analyzer, Language
from heatseek.text.tokens import fold, label
from heatseek.text.word_forms import WordForms, forms_of_words
from heatseek.text.words import words_of_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Words = list[str]
    """Of one text, as they are written."""

MOST_WORDS = 300_000
"""That are remembered; of a language they take some 100 MB."""
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
        self._words = WrittenWords(language)
        self._labels: dict[tuple[str, tuple[str, ...], tuple[str, ...] | None], str] = {}
        self._texts = [f.name for f in fields if f.kind is FieldKind.TEXT]

    def __reduce__(self) -> tuple[type[DocumentMaker], tuple[object, ...]]:
        """In another process it begins anew."""
        return type(self), (self._fields, self._language)

    def id(self, article_id: str) -> str:
        """See `document_id`."""
        return document_id(article_id)

    def source(self, article: Article) -> bytes:
        """The document, in one line of JSON."""
        own_values: dict[str, Any] = dict(article.extra) if self._fields else {}
        texts = [_words_of(spec.values(article)) for spec in TEXT_FIELDS]
        own_texts = {name: _words_of((own_values.get(name) or "",)) for name in self._texts}
        self._words.learn(texts, own_texts.values())
        parts = [
            f'"id":{encode_basestring(article.id)}',
            *self._fields_of_texts(texts),
            *self._fields_of_labels(article),
            *_columns(article),
            *self._own_fields(own_values, own_texts),
        ]
        states = [*_states(article), *_own_states(self._fields, own_values)]
        if states:
            parts.append(f'"{STATES}":{_strings(states)}')
        return b'{"article":%b,%b}' % (to_json(article), ",".join(parts).encode())

    def _fields_of_texts(self, texts: Sequence[Sequence[Words]]) -> Iterator[str]:
        known = self._words
        written: set[str] = set()
        accented: list[str] = []
        for number, spec in enumerate(TEXT_FIELDS):
            values = texts[number]
            if not values:
                continue
            length = known.length(values, longest=spec.alternatives)
            if not length:
                continue
            different = set().union(*values)
            written |= different
            yield f'"{spec.name}":{known.positions(values)}'
            yield f'"{length_field(spec.name)}":{length}'
            if changed := known.changed_of(different):
                yield f'"{words_field(spec.name)}":"{changed}"'
            accented += (f"{number}{word}" for word in known.accented_of(different))
        if written:
            yield f'"{WRITTEN}":"{known.written_of(written)}"'
        if accented:
            yield f'"{ACCENTED}":"{" ".join(accented)}"'

    def _fields_of_labels(self, article: Article) -> Iterator[str]:
        for spec in LABEL_FIELDS:
            values = spec.values(article)
            if values:
                counted = spec.counted(article) if spec.counted else values
                yield from self._label_fields(spec.name, values, counted if spec.facet else None)

    def _label_fields(
        self, name: str, values: tuple[str, ...], counted: tuple[str, ...] | None
    ) -> Iterator[str]:
        key = name, values, counted
        piece = self._labels.get(key)
        if piece is None:
            if len(self._labels) >= MOST_LABELS:
                self._labels.clear()
            piece = self._labels[key] = ",".join(_labels(*key))
        if piece:
            yield piece

    def _own_fields(
        self, values: Mapping[str, Any], texts: Mapping[str, Sequence[Words]]
    ) -> Iterator[str]:
        for field in self._fields:
            value = values.get(field.name)
            if value is None:
                continue
            name = own(field)
            match field.kind:
                case FieldKind.KEYWORD:
                    yield from self._label_fields(name, value, value if field.facet else None)
                case FieldKind.TEXT:
                    yield from self._own_text(name, texts[field.name])
                case FieldKind.DATE:
                    yield f'"{server_field(name)}":{int(value.timestamp())}'
                case FieldKind.BOOLEAN:
                    yield f'"{server_field(name)}":{int(value)}'
                case FieldKind.NUMBER:
                    yield f'"{server_field(name)}":{float(value) + 0.0!r}'

    def _own_text(self, name: str, values: Sequence[Words]) -> Iterator[str]:
        yield f'"{server_field(name)}":{self._words.positions(values)}'
        if changed := self._words.changed_of(set().union(*values)):
            yield f'"{words_field(name)}":"{changed}"'


class WrittenWords:
    """Words as they are written, and what there is to be indexed of each.

    None of it needs an escape in JSON: terms are of letters, digits, marks and a few signs.

    Args:
        language: by which they are analysed.
    """

    def __init__(self, language: Language) -> None:
        self._analyzer = Analyzer(language)
        self._positions: dict[str, str] = {}
        """Terms; of several positions apart by spaces."""
        self._lengths: dict[str, int] = {}
        self._written: dict[str, str] = {}
        """Folded forms, apart by spaces."""
        self._changed: dict[str, str] = {}
        """Those of them that stemming changes, of words that have any."""
        self._accented: dict[str, tuple[str, ...]] = {}
        """Of words that have any."""

    def learn(self, *texts: Iterable[Sequence[Words]]) -> None:
        """Analyse the words that are met first in these."""
        known = self._positions
        if len(known) > MOST_WORDS:
            for memory in (known, self._lengths, self._written, self._changed, self._accented):
                memory.clear()
        met: set[str] = set()
        for some in texts:
            for values in some:
                met.update(*values)
        new = list(met.difference(known))
        if new:
            self._add(new, forms_of_words(new))

    def _add(self, words: list[str], found: WordForms) -> None:
        stems = self._analyzer.stems(found.folded)
        is_stopword = self._analyzer.is_stopword
        start = accents = 0
        for word, variants, parts, accented in zip(
            words, found.variants, found.parts, found.accents, strict=True
        ):
            middle, end = start + variants, start + variants + parts
            terms, forms = stems[start:end], found.folded[start:end]
            # A term stands at a position once, be it a part or a variant.
            first = dict.fromkeys([*terms[variants : variants + 1], *terms[:variants]])
            self._positions[word] = " ".join(
                [SEPARATOR.join(first), *terms[variants + 1 :]] if parts else []
            )
            self._lengths[word] = sum(not is_stopword(form) for form in found.folded[middle:end])
            self._written[word] = " ".join(forms)
            if terms != forms:
                changed = (form for form, term in zip(forms, terms, strict=True) if form != term)
                self._changed[word] = " ".join(changed)
            if accented:
                self._accented[word] = tuple(found.accented[accents : accents + accented])
            start, accents = end, accents + accented

    def length(self, values: Sequence[Words], *, longest: bool) -> int:
        """How many words values have, function words not counted; 1 at least if they have any.

        Args:
            values: of one field.
            longest: whether they are alternatives, of which the longest counts.
        """
        lengths = [sum(map(self._lengths.__getitem__, words)) for words in values]
        length = max(lengths) if longest else sum(lengths)
        return length or int(any(map(self._positions.get, (w for words in values for w in words))))

    def positions(self, values: Sequence[Words]) -> str:
        """What stands at each position, as JSON."""
        terms = self._positions.__getitem__
        texts = [f'"{" ".join(map(terms, words))}"' for words in values]
        return texts[0] if len(texts) == 1 else f"[{','.join(texts)}]"

    def written_of(self, words: Iterable[str]) -> str:
        """All forms of words, folded; some perhaps more than once."""
        return " ".join(map(self._written.__getitem__, words))

    def changed_of(self, words: set[str]) -> str:
        """Those of their forms that stemming changes."""
        return " ".join(map(self._changed.__getitem__, words & self._changed.keys()))

    def accented_of(self, words: set[str]) -> Iterator[str]:
        """With their accents, those that have some."""
        for word in words & self._accented.keys():
            yield from self._accented[word]


def _words_of(texts: Iterable[str]) -> list[Words]:
    return [words for text in texts if (words := words_of_text(text))]


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


def _states(article: Article) -> Iterator[str]:
    if article.published is False:
        yield HELD_BACK
    if article.kind is Kind.RELATED:
        yield RELATED
    for name, has in PRESENCE.items():
        if has(article):
            yield f"has_{name}"


def _own_states(fields: Iterable[DeclaredField], values: Mapping[str, Any]) -> Iterator[str]:
    for field in fields:
        if not field.kind.is_ordered and values.get(field.name):
            yield own_presence(field)
