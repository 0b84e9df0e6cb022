"""An index of heatseek as an index of Whoosh: its own searcher and query parser read it.

In place of Whoosh's table of contents, which is a pickle, stands the manifest; nothing of
Whoosh's own storage is used. The index is read only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NoReturn

from whoosh.fields import Schema
from whoosh.index import Index
from whoosh.reading import EmptyReader, MultiReader, SegmentReader

from heatseek.engines.whoosh import store
from heatseek.engines.whoosh.arrays.plain import plain_arrays
from heatseek.engines.whoosh.interop.codec import OpenSegment, ReadingCodec
from heatseek.engines.whoosh.interop.fields import Field, schema_fields
from heatseek.engines.whoosh.labels import Labels
from heatseek.engines.whoosh.segments import Segments
from heatseek.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heatseek.engines.whoosh.manifest import Manifest


class ArticleIndex(Index):
    """The newest generation of an index folder, as far as Whoosh asks for it.

    Each reader, and so each searcher, is of the generation that is the newest when it is made.

    Args:
        root: the folder of the index.

    Raises:
        StoreError: there is no index, or it cannot be read.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self._root = os.fspath(root)
        self._manifest()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._root!r})"

    @property
    def schema(self) -> Any:
        """All fields."""
        manifest = self._manifest()
        return _schema(schema_fields(manifest.fields, manifest.language))

    def latest_generation(self) -> int:
        """The number of the newest generation."""
        return self._manifest().number

    def last_modified(self) -> float:
        """When it was written, in seconds since 1970."""
        return self._manifest().created_at

    def is_empty(self) -> bool:
        """True without any article."""
        return not self._manifest().documents

    def reader(self, reuse: Any = None) -> Any:
        """A reader of the newest generation; another that is to be reused is closed."""
        opened = store.read_current(self._root, _reader)
        if reuse is not None:
            reuse.close()
        return opened

    def writer(self, **_: Any) -> NoReturn:
        """Refuse.

        Raises:
            UsageError: always.
        """
        raise UsageError(
            f"cannot write to {self._root} through Whoosh:"
            " change the articles, and update the index"
        )

    def optimize(self, **_: Any) -> NoReturn:
        """Refuse, as `writer` does."""
        self.writer()

    def _manifest(self) -> Manifest:
        return store.read_current(self._root, lambda _, manifest: manifest)


def _reader(folder: str, manifest: Manifest) -> Any:
    store.check_sizes(folder, manifest)
    fields = schema_fields(manifest.fields, manifest.language)
    schema = _schema(fields)
    segments = Segments(folder, manifest.segments)
    codec = ReadingCodec(fields, _labels(segments, manifest))
    opened = [
        OpenSegment(entry.name, segment)
        for entry, (_, segment) in zip(manifest.segments, segments, strict=True)
    ]
    readers = [SegmentReader(None, schema, each, manifest.number, codec) for each in opened]
    if not readers:
        return EmptyReader(schema)
    return readers[0] if len(readers) == 1 else MultiReader(readers, manifest.number)


def _labels(segments: Segments, manifest: Manifest) -> Callable[[str], list[str]]:
    """The labels that a facet counts, each as most articles write it; looked for when asked for."""

    def written(facet: str) -> list[str]:
        arrays = plain_arrays(segments.size, segments.deleted())
        labels = Labels(segments, arrays, _no_column, manifest.fields, long_lived=True)
        counted = labels.counts(facet, arrays.everything())
        return [each.value for each in counted.values]

    return written


def _no_column(name: str) -> NoReturn:
    raise NotImplementedError(name)  # labels are counted without any


def _schema(fields: Mapping[str, Field]) -> Any:
    return Schema(**{name: field.type for name, field in fields.items()})
