"""Parts of a generation: articles as lines of a bulk request, made in this process or another."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from heatseek.engines.opensearch.client import compressed
from heatseek.engines.opensearch.documents import DocumentMaker

if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language

BYTES = 4_000_000
"""Of a part, about, before it is compressed: OpenSearch takes a hundred million in a request."""


class Part(NamedTuple):
    """See `engines.base.Part`."""

    ids: list[str]
    body: bytes
    """Of a bulk request, compressed by gzip."""


class PartMaker:
    """See `engines.base.PartMaker`. Words are analysed once for all its parts.

    Args:
        fields: of the archive.
        language: of the articles.
        part: the number of the slice that they are of; 0 where there are no slices.
    """

    def __init__(
        self, fields: tuple[DeclaredField, ...], language: Language, part: int = 0
    ) -> None:
        self._made_of = fields, language, part
        self._documents = DocumentMaker(fields, language)
        self._part = b'{"slice":%d,' % part if part else b""
        self._begin()

    def __reduce__(self) -> tuple[type[PartMaker], tuple[object, ...]]:
        return PartMaker, self._made_of

    def _begin(self) -> None:
        self._ids: list[str] = []
        self._lines: list[bytes] = []
        self._size = 0

    def add(self, article: Article) -> Part | None:
        """See `engines.base.PartMaker.add`."""
        source = self._documents.source(article)
        if self._part:
            source = self._part + source[1:]
        id_ = json.dumps(self._documents.id(article.id)).encode()
        line = b'{"index":{"_id":%b}}\n%b\n' % (id_, source)
        self._ids.append(article.id)
        self._lines.append(line)
        self._size += len(line)
        return self.finish() if self._size >= BYTES else None

    def finish(self) -> Part | None:
        """See `engines.base.PartMaker.finish`."""
        if not self._ids:
            return None
        part = Part(self._ids, compressed(b"".join(self._lines)))
        self._begin()
        return part
