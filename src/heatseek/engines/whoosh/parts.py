"""Parts of a segment: articles read, analysed and inverted, by this process or by another one.

A part stands for itself: its strings have numbers of their own, its documents begin at 0. So
parts come from anywhere, and `indexing` lays them behind each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.engines.shared.analysis import Block
from heatseek.engines.shared.lexicon import Lexicon
from heatseek.engines.whoosh.inversion import lengths, runs
from heatseek.engines.whoosh.stored_writer import Stored, stored

if TYPE_CHECKING:
    from array import array
    from typing import Any

    from heatseek.article import Article
    from heatseek.engines.whoosh.inversion import Run
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language

BLOCK = 400_000
"""Words of texts that are inverted at once."""


class Part(NamedTuple):
    """See `engines.base.Part`."""

    ids: list[str]
    records: list[Stored]
    columns: dict[str, array[Any]]
    terms: list[bytes]
    """In order; runs have them by their places here."""
    runs: list[tuple[str, Run]]
    """Postings by inverted field."""


class PartMaker:
    """See `engines.base.PartMaker`. Words are analysed once for all its parts.

    Args:
        declared: fields of the archive.
        language: of the articles.

    Attributes:
        size: how many articles wait to become a part.
    """

    def __init__(self, declared: tuple[DeclaredField, ...], language: Language) -> None:
        self._declared = declared
        self._language = language
        self._lexicon = Lexicon(language)
        self._begin()

    def __reduce__(self) -> tuple[type[PartMaker], tuple[object, ...]]:
        return PartMaker, (self._declared, self._language)

    def _begin(self) -> None:
        self.size = 0
        self._ids: list[str] = []
        self._records: list[Stored] = []
        self._block = Block(self._declared, self._lexicon)

    def add(self, article: Article) -> Part | None:
        """See `engines.base.PartMaker.add`."""
        self.size += 1
        self._ids.append(article.id)
        self._records.append(stored(article))
        self._block.add(article)
        return self.finish() if self._block.length >= BLOCK else None

    def finish(self) -> Part | None:
        """See `engines.base.PartMaker.finish`."""
        if not self.size:
            return None
        block, lexicon = self._block, self._lexicon
        block.complete()
        lexicon.learn()
        columns = block.columns | lengths(block)
        part = Part(self._ids, self._records, columns, *runs(block))
        lexicon.forget()
        self._begin()
        return part
