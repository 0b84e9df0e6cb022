"""Runs of postings kept in a file, until all of their segment can be merged."""

from __future__ import annotations

import os
from itertools import accumulate
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from heatseek.engines.whoosh.inversion import Run

if TYPE_CHECKING:
    from typing import BinaryIO

    from numpy.typing import NDArray

    Numbers = NDArray[np.integer]

_TERM = np.dtype(np.int32)
"""Of the terms of a run, and of their counts."""


class Spill:
    """A file without a name that runs are kept in.

    Args:
        folder: on whose disk it stands.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._file: BinaryIO | None = None

    def keep(self, run: Run) -> KeptRun:
        """The run, of which nothing stays in memory."""
        if self._file is None:
            self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - open until `close`
        start = self._file.seek(0, os.SEEK_END)
        columns = [column[:] for column in run.columns]
        for numbers in (run.terms, run.counts, *columns):
            self._file.write(numbers.data)
        kinds = tuple(column.dtype for column in columns)
        return KeptRun(self._file, start, len(run.terms), len(columns[0]), kinds)

    def close(self) -> None:
        """Give the room back."""
        if self._file:
            self._file.close()


class KeptRun(NamedTuple):
    """A run in a file: its terms, their counts and its columns, one behind the other."""

    file: BinaryIO
    start: int
    terms: int
    postings: int
    kinds: tuple[np.dtype[np.integer], ...]
    """Of the columns."""

    def run(self) -> Run:
        """The run; its columns stay in the file."""
        both = _Kept(self.file, self.start, _TERM)[0 : 2 * self.terms]
        sizes = (self.postings * kind.itemsize for kind in self.kinds)
        starts = accumulate(sizes, initial=self.start + both.nbytes)
        columns = tuple(_Kept(self.file, *each) for each in zip(starts, self.kinds, strict=False))
        return Run(both[: self.terms], both[self.terms :], columns)


class _Kept:
    """A column of a run in a file."""

    def __init__(self, file: BinaryIO, start: int, kind: np.dtype[np.integer]) -> None:
        self._file = file
        self._start = start
        self._kind = kind

    def __getitem__(self, here: slice) -> Numbers:
        size = self._kind.itemsize
        self._file.seek(self._start + here.start * size)
        return np.frombuffer(self._file.read((here.stop - here.start) * size), self._kind)
