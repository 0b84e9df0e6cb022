"""Heatseek's analysis as the analyzers and field types of a Whoosh schema."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from whoosh.analysis import Analyzer as WhooshAnalyzer
from whoosh.analysis import Token
from whoosh.fields import BOOLEAN, DATETIME, ID, KEYWORD, NUMERIC, TEXT
from whoosh.formats import Existence, Positions

from heatseek.engines.shared.fields import SPELLING
from heatseek.engines.whoosh.interop.lexicons import NEXT, OR, WRITTEN
from heatseek.schema import link_words
from heatseek.text import languages, tokens
from heatseek.text.languages import Language
from heatseek.text.nfc import nfc


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


class ArticleAnalyzer(WhooshAnalyzer):
    """Words of a text as heatseek indexes them; for any thread."""

    is_morph = True

    def __init__(self, language: Language) -> None:
        self.language = language
        self._analyzers = threading.local()

    def __reduce__(self) -> tuple[type[ArticleAnalyzer], tuple[Language]]:
        """Be as good as new where a schema is copied."""
        return type(self), (self.language,)

    def __call__(
        self,
        value: str,
        positions: bool = False,
        chars: bool = False,
        removestops: bool = True,
        start_pos: int = 0,
        start_char: int = 0,
        mode: str = "",
        **others: Any,
    ) -> Iterator[Token]:
        """Yield one token again and again, as Whoosh's analyzers do.

        Texts (`mode="index"`) have the other spellings of compound words, too; queries do not,
        because a phrase is of parts.
        """
        token = Token(positions, chars, removestops=removestops, mode=mode, **others)
        token.pos = start_pos
        for written in tokens.tokenize(nfc(value)):
            token.startchar = start_char + written.start
            token.endchar = start_char + written.end
            if mode == "index":
                for token.text in self._wholes(written, chars):
                    yield token
            for part in written.forms.parts:
                token.text = self.stem(part)
                yield token
                token.pos += 1

    def stem(self, word: str) -> str:
        """The term of a folded word."""
        analyzer = getattr(self._analyzers, "analyzer", None)
        if analyzer is None:
            analyzer = self._analyzers.analyzer = languages.Analyzer(self.language)
        return analyzer.stem(word)

    def words(self, text: str) -> Iterator[str]:
        """The terms that the words of a query are found by, one for each.

        Of a compound word it is all its spellings, of a run without spaces its sequence.
        """
        for run in tokens.runs(tokens.tokenize(nfc(text))):
            if len(run) > 1:
                yield NEXT.join(self.stem(part) for token in run for part in token.forms.parts)
            else:
                yield self._spellings(run[0].forms)

    def _spellings(self, forms: tokens.Forms) -> str:
        return OR.join(NEXT.join(map(self.stem, words)) for words in tokens.spellings(forms))

    def _wholes(self, written: tokens.Token, chars: bool) -> Iterator[str]:
        """A compound word by its other spellings, and as queries ask for it, to be highlighted."""
        forms = written.forms
        if chars and len(forms.parts) > 1:
            yield self._spellings(forms)
        yield from map(self.stem, forms.variants)


class LabelAnalyzer(WhooshAnalyzer):
    """A label as a whole, without regard to case, accents and spacing."""

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, **others: Any
    ) -> Iterator[Token]:
        """Yield one token, or none of an empty label."""
        token = Token(positions, chars, **others)
        token.text, token.pos = tokens.label(nfc(value)), 0
        token.startchar, token.endchar = 0, len(value)
        if token.text:
            yield token


class LinkAnalyzer(LabelAnalyzer):
    """A link by its words, without scheme and `www`."""

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, **others: Any
    ) -> Iterator[Token]:
        """Yield one token; see `schema.link_words`."""
        link = value if _is_pattern(value) else link_words(value)
        return super().__call__(link, positions, chars, **others)


class ArrayPositions(Positions):
    """Positions as an array: Whoosh's own format is a pickle."""

    def encode(self, poslist: list[int]) -> bytes:
        """The positions as bytes."""
        return array("Q", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """The positions of `encode`."""
        return array("Q", valuestring).tolist()

    def decode_frequency(self, valuestring: bytes) -> int:
        """How many there are."""
        return len(self.decode_positions(valuestring))


class ArticleText(TEXT):
    """A text field: stems with positions, and beside them words as they were written."""

    def __init__(self, analyzer: ArticleAnalyzer, *, stored: bool, scorable: bool = True) -> None:
        super().__init__(analyzer=analyzer, stored=stored, multitoken_query="and")
        self.format = ArrayPositions()
        self.scorable = scorable

    def process_text(
        self, qstring: str, mode: str = "", tokenize: bool = True, **_: Any
    ) -> list[str]:
        """The terms that words of a query are found by; of a pattern its folded form."""
        if tokenize:
            return list(self.analyzer.words(qstring))
        text = nfc(qstring)
        if _is_pattern(text):
            return [tokens.connected(text)]
        words = [token.forms for token in tokens.tokenize(text)]
        return [(forms.variants or forms.parts)[0] for forms in words if forms.parts]

    def to_bytes(self, value: Any) -> bytes:
        """A term as bytes; a word as it was written stays one."""
        text: bytes = super().to_bytes(value)
        return text + WRITTEN.encode() if isinstance(value, WrittenWord) else text

    def from_bytes(self, bs: bytes) -> str:
        """A term as text."""
        text: str = super().from_bytes(bs)
        return WrittenWord(text[:-1]) if text.endswith(WRITTEN) else text


class WrittenWord(str):
    """A term that is no stem."""

    __slots__ = ()


class Label(KEYWORD):
    """Labels, compared as wholes; groups of hits are named as most articles write them."""

    def __init__(self, *, stored: bool = True) -> None:
        super().__init__(stored=stored, analyzer=LabelAnalyzer())
        self.format = Existence()

    def to_bytes(self, value: Any) -> bytes:
        """The form in which labels are compared."""
        if isinstance(value, str):
            value = tokens.label(nfc(value))
        text: bytes = super().to_bytes(value)
        return text

    def from_bytes(self, bs: bytes) -> str:
        """A label, as it is written where the term says so."""
        text: str = super().from_bytes(bs)
        compared, _, shown = text.partition(SPELLING)
        return shown or compared

    def sortable_terms(self, ixreader: Any, fieldname: str) -> Iterator[bytes]:
        """The labels with their spelling; those that are not counted only if none is."""
        codec = ixreader.leaf_readers()[0][0].codec()
        labels = codec.spellings(fieldname) if codec else ()
        if not labels:
            return iter(ixreader.lexicon(fieldname))
        return (term for term in labels if (fieldname, term) in ixreader)


class Link(ID):
    """A link, found whichever way its scheme is written."""

    def __init__(self) -> None:
        super().__init__(stored=True, analyzer=LinkAnalyzer())

    def to_bytes(self, value: Any) -> bytes:
        """The words of a link."""
        if isinstance(value, str) and not value.startswith("/"):
            value = tokens.label(link_words(nfc(value)))
        words: bytes = super().to_bytes(value)
        return words


class Flag(BOOLEAN):
    """True or false, or neither where it is unknown."""

    def from_bytes(self, bs: bytes) -> bool:
        """The flag."""
        return bool(self.bytestrings.index(bs))


class _KnownOrNone(NUMERIC):
    """Numbers of which a column says, too, that there is none."""

    def from_column_value(self, x: int) -> Any:
        """The number, or None."""
        if x == self.column_type.default_value():
            return None
        return super().from_column_value(x)


class Number(_KnownOrNone):
    """Numbers, with the terms of Whoosh's own encoding at one precision per byte."""

    def __init__(self, numtype: type) -> None:
        super().__init__(numtype, 64, stored=True, sortable=True, shift_step=8)


class Instant(_KnownOrNone, DATETIME):
    """Instants, in UTC."""

    def __init__(self) -> None:
        DATETIME.__init__(self, stored=True, sortable=True)

    def from_column_value(self, x: int) -> datetime | None:
        """The instant, or None."""
        instant: datetime | None = super().from_column_value(x)
        return instant.replace(tzinfo=UTC) if instant else None

    def from_bytes(self, bs: bytes) -> datetime:
        """The instant of a term."""
        instant: datetime = super().from_bytes(bs)
        return instant.replace(tzinfo=UTC)
