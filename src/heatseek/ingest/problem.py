"""Problems of the files of an archive, each said in one line."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import StrEnum

from heatseek.definitions import pattern
from heatseek.errors import ArticleError


class ProblemKind(StrEnum):
    """Stable words to count and filter problems by."""

    ALIAS_BOMB = "alias-bomb"
    BINARY = "binary"
    DANGLING_LINK = "dangling-link"
    EMPTY = "empty"
    """Its name is all that is known of an article."""
    ENCODING = "encoding"
    FILE_NAME = "file-name"
    LEADS_OUT = "leads-out"
    """A symbolic link to what is not in the archive."""
    NO_TITLE = "no-title"
    """A heading, or the file's name, is the title."""
    SYNTAX = "syntax"
    SYSTEM = "system"
    """A disk, a network, a limit of the system: what keeps one file back keeps back others."""
    TOO_DEEP = "too-deep"
    TOO_LARGE = "too-large"
    UNCLOSED = "unclosed"
    UNREADABLE = "unreadable"
    VALUE = "value"


NOTES = frozenset((ProblemKind.EMPTY, ProblemKind.NO_TITLE))
"""Kinds that may be on purpose."""

_SYSTEM = {
    getattr(errno, name, None)
    for name in "EIO ENXIO ENODEV ENOMEM ENFILE EMFILE ESTALE ETIMEDOUT ENOTCONN EHOSTDOWN".split()
}


def kind_of(error: OSError) -> ProblemKind:
    """Which kind of problem it is that a file or folder cannot be read."""
    return ProblemKind.SYSTEM if error.errno in _SYSTEM - {None} else ProblemKind.UNREADABLE


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one file.

    Attributes:
        path: relative to the archive, safe to print.
        line: 1-based; 1 for what concerns all of the text, None for what is not about the text:
            a file or folder that cannot be read, a link to nothing, a name.
        column: 1-based, where known.
        reason: what is wrong and what to do; never any text of the file.
        kind: the category, a `ProblemKind`.
        fatal: the file (or folder) was skipped; otherwise at most one of its values was.
    """

    path: str
    line: int | None
    column: int | None
    reason: str
    kind: str
    fatal: bool

    @property
    def is_note(self) -> bool:
        """True if nothing is lost, and it may be on purpose."""
        return not self.fatal and self.kind in NOTES

    def __str__(self) -> str:
        return f"{place(self.path, self.line, self.column)}: {self.reason}"


def place(path: str, line: int | None, column: int | None = None) -> str:
    """`path:line:column`, as far as that is known; editors and terminals follow it."""
    return ":".join([path, *(str(number) for number in (line, column) if number is not None)])


class RejectedError(ArticleError):
    """An `ArticleError` that knows its category."""

    def __init__(
        self,
        reason: str,
        line: int | None = 1,
        column: int | None = None,
        *,
        kind: ProblemKind = ProblemKind.SYNTAX,
    ) -> None:
        super().__init__(reason, line, column)
        self.kind = kind


_QUOTED = pattern(r"""\s*(["'`])[^"'`]*\w[^"'`]*\1""")


def without_quotations(message: str) -> str:
    """A parser's words without what it quotes, which may be text of the file."""
    return _QUOTED.sub("", message)


class FormatError(Exception):
    """Front matter that is not well formed.

    Attributes:
        reason: why, without any text of the file.
        index: where the parser stopped, in characters from the start of the parsed text.
        kind: the category of the problem.
        begin: where what it could not read begins, as far as that is known.
        advice: what to do, where that is known; it stands in the reason, too.
    """

    def __init__(
        self,
        reason: str,
        index: int,
        kind: ProblemKind = ProblemKind.SYNTAX,
        begin: int | None = None,
        advice: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index
        self.kind = kind
        self.advice = advice
        self.begin = index if begin is None else begin
