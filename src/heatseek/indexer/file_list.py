"""The files of an archive in the order of their ids, which stand as text.

An object for each, and one for its id, would take two hundred bytes, and stay while all are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from heatseek.ingest.discover import ArticleFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TOGETHER = 128
"""Ids of one text."""


class FileList(Sequence[ArticleFile]):
    """Files that follow each other; a part of a list is one over the same text.

    Args:
        archive: the folder.
        ids: of the files.
    """

    def __init__(self, archive: Path, ids: Sequence[str]) -> None:
        self._archive = archive
        starts = range(0, len(ids), _TOGETHER)
        self._texts = ["\n".join(ids[start : start + _TOGETHER]) for start in starts]
        self._start, self._end = 0, len(ids)

    def __reduce__(self) -> tuple[type[FileList], tuple[Path, list[str]]]:
        return FileList, (self._archive, list(self._ids()))

    def __len__(self) -> int:
        return self._end - self._start

    def __iter__(self) -> Iterator[ArticleFile]:
        return (ArticleFile(id_, self._archive) for id_ in self._ids())

    @overload
    def __getitem__(self, place: int) -> ArticleFile: ...
    @overload
    def __getitem__(self, place: slice) -> FileList: ...
    def __getitem__(self, place: int | slice) -> ArticleFile | FileList:
        here = range(self._start, self._end)[place]
        if isinstance(here, int):
            text, line = divmod(here, _TOGETHER)
            return ArticleFile(self._texts[text].split("\n")[line], self._archive)
        if here.step != 1:
            raise ValueError("files that do not follow each other")
        part = FileList(self._archive, ())
        part._texts, part._start = self._texts, here.start
        part._end = max(here.stop, here.start)
        return part

    def _ids(self) -> Iterator[str]:
        for start in range(self._start // _TOGETHER * _TOGETHER, self._end, _TOGETHER):
            ids = self._texts[start // _TOGETHER].split("\n")
            yield from ids[max(self._start - start, 0) : self._end - start]
