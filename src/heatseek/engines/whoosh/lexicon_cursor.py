"""Walks over the terms of a field, for fuzzy queries and suggestions."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from whoosh.codec.base import Automata, FieldCursor
from whoosh.system import emptybytes

from heatseek.engines.whoosh.patterns import within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class LexiconCursor(FieldCursor):
    """A place among the terms of a field."""

    def __init__(
        self,
        fieldname: str,
        fieldobj: Any,
        terms_of: Callable[[str, bytes], Iterator[tuple[str, bytes]]],
        term_info: Callable[[str, bytes], Any],
    ) -> None:
        self._fieldname = fieldname
        self._field = fieldobj
        self._terms_of = terms_of
        self._term_info = term_info
        self.first()

    def first(self) -> str | None:
        """Go to the first term."""
        return self.find(emptybytes)

    def find(self, string: str | bytes) -> str | None:
        """Go to the first term that is not before this one."""
        start = self._field.to_bytes(string)
        self._left = self._terms_of(self._fieldname, start)
        return self.next()

    def next(self) -> str | None:
        """Go to the next term."""
        self._term = next(self._left, (None, None))[1]
        return self.text()

    def texts(self, prefix: str) -> Iterator[str]:
        """The terms that begin so, as text."""
        text = self.find(prefix)
        while text is not None and text.startswith(prefix):
            yield text
            text = self.next()

    def text(self) -> str | None:
        """The term here, as text; None behind the last."""
        return None if self._term is None else self._field.from_bytes(self._term)

    term = text

    def term_info(self) -> Any:
        """What is known of the term here; None behind the last."""
        return None if self._term is None else self._term_info(self._fieldname, self._term)

    def is_valid(self) -> bool:
        """Whether there is a term here."""
        return self._term is not None


class NearTerms(Automata):
    """Terms within an edit distance, of words as they were written too."""

    def terms_within(
        self, fieldcur: LexiconCursor, uterm: str, maxdist: int, prefix: int = 0
    ) -> Iterator[str]:
        """The terms that share this many first letters, at most this many edits away."""
        words = Words(fieldcur.texts(uterm[:prefix]))
        return (words[place] for place in within(words, uterm, maxdist))


class Words(list[str]):
    """Sorted words; see `patterns.Terms`."""

    def words(self) -> list[str]:
        """All of them."""
        return self

    def lower_bound(self, term: bytes) -> int:
        """The place of the first that is not before `term`."""
        return bisect_left(self, term.decode())
