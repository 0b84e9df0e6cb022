"""Vectors of the articles that an index gains, made as they pass on their way to it.

Vectors are notes of the generation, so articles and vectors are always of one state. An update
makes those of new and changed articles; all are made anew where the index has none of this kind,
and where, by latent semantic analysis, so many articles have changed that other directions would
be found. An index never fails because of its vectors: why there are none is said in a line, and
those of articles that have not changed stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.article import Article
from heatseek.engines.model import Removal
from heatseek.errors import SURPRISES, SemanticError
from heatseek.vectors import LSA, TABLE, Semantic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, TypeVar

    from heatseek.engines.base import Part
    from heatseek.indexer.intake import MakeParts
    from heatseek.text.languages import Language
    from heatseek.vectors import VectorSpace
    from heatseek.vectors.lsa import Counts
    from heatseek.vectors.table import Rows, Table

    T = TypeVar("T", bound=Article | Part | Removal)

REFIT = 0.2
"""The part of the articles that have come, gone or changed since the analysis was fitted, from
which on it is fitted anew."""
_TOGETHER = 256
"""Articles whose vectors are made in one call."""


class Before(NamedTuple):
    """The generation that is changed."""

    note: Callable[[str], bytes]
    articles: Callable[[], Iterable[Article]]
    documents: int


class Vectors:
    """Makes the notes of vectors of a generation.

    Args:
        semantic: the kind; None: that of the generation before, if it has any.
        language: of the index.
        tell: called with a line if they cannot be made.
        before: the generation that is changed; None: all articles are new.
    """

    def __init__(
        self,
        semantic: Semantic | None,
        language: Language,
        tell: Callable[[str], None],
        before: Before | None = None,
    ) -> None:
        self._language = language
        self._tell = tell
        self._before = before
        self._gone: set[str] = set()
        self._failure: SemanticError | None = None
        self._maker: _Folding | _Encoding | None = None
        last = _table(before.note) if before else None
        self._semantic = semantic if semantic or last is None else last.semantic
        if self._semantic is None:
            return
        try:
            made = _Folding if not self._semantic.model else _Encoding
            self._maker = made(self._semantic, language)
        except SemanticError as error:
            self._fail(error)
        else:
            is_alike = last is not None and self._maker.is_of(last.values)
            self._table = last if is_alike else None

    _table: Table | None = None
    """Of the generation before, if it is of the same kind."""

    @property
    def are_due(self) -> bool:
        """True if there is something to be made although no article has changed."""
        if self._before is None or self._maker is None:
            return False
        return self._table is None or len(self._table) != self._before.documents

    def part_maker(self, make: MakeParts) -> MakeParts:
        """What makes the parts of an index, or what makes none, so that each article is seen."""
        return make if self._maker is None else _no_parts

    def follow(self, changes: Iterable[T]) -> Iterator[T]:
        """The changes of an index, passed on."""
        for change in changes:
            if isinstance(change, Article):
                self._add(change)
            self._gone.update([change.id] if isinstance(change, Article | Removal) else change.ids)
            yield change

    def notes(self) -> Mapping[str, bytes | None]:
        """The notes, once all changes have passed; by name."""
        try:
            if self._maker is not None and self._failure is None:
                return self._made(self._maker)
        except SemanticError as error:
            self._fail(error)
        return self._kept()

    def _made(self, maker: _Folding | _Encoding) -> Mapping[str, bytes | None]:
        table, before = self._table, self._before
        if before and table is not None and maker.is_outdated(table, len(self._gone)):
            table = None
        if before and (table is None or len(table) != before.documents):
            for article in before.articles():
                is_known = table is not None and table.place(article.id) is not None
                if article.id not in self._gone and not is_known:
                    maker.add(article)
        return maker.notes(table, self._gone, before.note if before else None)

    def _kept(self) -> Mapping[str, bytes | None]:
        """The notes of the generation before, without what has changed."""
        last = _table(self._before.note) if self._before else None
        if last is None or self._before is None:
            return {}
        from heatseek.vectors.table import Table  # noqa: PLC0415 - where there is one

        notes: dict[str, bytes | None] = {
            TABLE: Table.of(*last.without(self._gone), last.values).dump()
        }
        return notes if last.semantic.model else {**notes, LSA: None}

    def _add(self, article: Article) -> None:
        if self._maker is None or self._failure is not None:
            return
        try:
            self._maker.add(article)
        except SemanticError as error:
            self._fail(error)

    def _fail(self, error: SemanticError) -> None:
        self._failure = error
        self._tell(f"vectors are not made: {error}; searches by words do without")


class _Folding:
    """Latent semantic analysis, and its fitting."""

    def __init__(self, semantic: Semantic, language: Language) -> None:
        from heatseek.vectors.lsa import Counts, scipy_sparse  # noqa: PLC0415 - an extra

        scipy_sparse()
        self._semantic = semantic
        self._language = language
        self._counts: Counts = Counts(language)

    def is_of(self, values: Mapping[str, Any]) -> bool:
        return not values["model"]

    def is_outdated(self, table: Table, changed: int) -> bool:
        return bool(table.values["changed"] + changed > REFIT * table.values["fitted"])

    def add(self, article: Article) -> None:
        self._counts.add(article)

    def notes(
        self, table: Table | None, gone: set[str], note: Callable[[str], bytes] | None
    ) -> Mapping[str, bytes | None]:
        from heatseek.vectors.lsa import Analysis  # noqa: PLC0415 - as above

        counts = self._counts
        if table is None or note is None:
            analysis, changed, fitted = counts.fit(), 0, len(counts.ids)
        else:
            analysis = Analysis.load(memoryview(note(LSA)), self._language)
            changed, fitted = table.values["changed"] + len(gone), table.values["fitted"]
        values = {"model": "", "fitted": fitted, "changed": changed}
        made = _with_others(table, gone, counts.ids, counts.rows(analysis), values)
        return {TABLE: made.dump(), LSA: None if changed else analysis.dump()}


class _Encoding:
    """A sentence encoder, and the vectors that it has made."""

    def __init__(self, semantic: Semantic, language: Language) -> None:  # noqa: ARG002 - that of the model
        from heatseek.vectors.encoder import (  # noqa: PLC0415 - an extra
            SentenceEncoder,
            fingerprint,
        )

        self._space: VectorSpace = SentenceEncoder(semantic.model)
        self._values = {"model": semantic.model, "fingerprint": fingerprint(semantic.model)}
        self._waiting: list[Article] = []
        self._ids: list[str] = []
        self._parts: list[Rows] = []

    def is_of(self, values: Mapping[str, Any]) -> bool:
        return values.get("fingerprint") == self._values["fingerprint"]

    def is_outdated(self, table: Table, changed: int) -> bool:  # noqa: ARG002 - the archive tells nothing
        return False

    def add(self, article: Article) -> None:
        self._waiting.append(article)
        if len(self._waiting) == _TOGETHER:
            self._encode()

    def _encode(self) -> None:
        from heatseek.vectors.table import Rows  # noqa: PLC0415 - as above

        self._parts.append(Rows.of(self._space.of_articles(self._waiting)))
        self._ids += (article.id for article in self._waiting)
        self._waiting = []

    def notes(
        self,
        table: Table | None,
        gone: set[str],
        note: Callable[[str], bytes] | None,  # noqa: ARG002 - there is no other
    ) -> Mapping[str, bytes | None]:
        from heatseek.vectors.table import joined  # noqa: PLC0415 - as above

        if self._waiting:
            self._encode()
        rows = joined(self._parts, self._space.dimensions)
        return {TABLE: _with_others(table, gone, self._ids, rows, self._values).dump()}


def _no_parts() -> None:
    """In place of a maker of parts."""


def _with_others(
    table: Table | None, gone: set[str], ids: list[str], rows: Rows, values: Mapping[str, Any]
) -> Table:
    """A table of new articles and of those of the last one that stay."""
    from heatseek.vectors.table import Table, joined  # noqa: PLC0415 - where there are vectors

    if table is None:
        return Table.of(ids, rows, values)
    others, kept = table.without(gone)
    return Table.of([*others, *ids], joined([kept, rows], table.dimensions), values)


def kind_of(note: Callable[[str], bytes]) -> Semantic | None:
    """The kind of a generation's vectors; None if it has none.

    Args:
        note: gives its notes.
    """
    table = _table(note)
    return None if table is None else table.semantic


def _table(note: Callable[[str], bytes]) -> Table | None:
    """The table of a generation; None if it has none, or none that this version knows."""
    data = note(TABLE)
    if not data:
        return None
    from heatseek.vectors.table import Table  # noqa: PLC0415 - where there are vectors

    try:
        return Table.load(memoryview(data))
    except SURPRISES:
        return None
