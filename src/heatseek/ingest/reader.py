"""A file to an article, or to what is wrong with it; one bad file never stops the others."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.article import Article
from heatseek.ingest.file_stat import FileStat, digest, read_bytes
from heatseek.ingest.front_matter import MAX_TEXT, FrontMatter, parse_front_matter
from heatseek.ingest.keys import PLAIN, Format
from heatseek.ingest.normalise import normalise
from heatseek.ingest.problem import Problem, ProblemKind, RejectedError

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.ingest.discover import ArticleFile

_PIECE = 1_000_000
"""Bytes of a large file that are decoded at once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file.

    Attributes:
        file: the file.
        article: None if there was a fatal problem. Equal entries under `related` are mostly
            one object, also over files.
        problems: the fatal one, or what was wrong with values.
        stat: from before the content was read; None if it could not be read.
        digest: of the content as read; empty if it could not be.
        order: what its dates tell of the order of day and month (`dates.evidence`).
    """

    file: ArticleFile
    article: Article | None
    problems: tuple[Problem, ...]
    stat: FileStat | None
    digest: bytes
    order: int = 0


def attempt(file: ArticleFile, form: Format = PLAIN) -> Reading:
    """Read a file; what it raises becomes a fatal problem.

    A function of its arguments alone, so that processes can share work.
    """
    return examine(file, form)[0]


def examine(file: ArticleFile, form: Format = PLAIN) -> tuple[Reading, FrontMatter | None]:
    """The same, and what the file says word for word, if it is an article."""
    try:
        stat, data = read_bytes(file.path)
    except RejectedError as error:
        return Reading(file, None, (_fatal(file.id, error),), None, b""), None
    digested = digest(data)
    try:
        front = _front_matter(data)
        del data  # as large as what is made of it
        article, problems, order = _article(front, file.id, form)
    except RejectedError as error:
        return Reading(file, None, (_fatal(file.id, error),), stat, digested), None
    return Reading(file, article, problems, stat, digested, order), front


def read_file(
    path: Path, article_id: str, form: Format = PLAIN
) -> tuple[Article, tuple[Problem, ...]]:
    """Read one file: its article, and the values that had to be ignored.

    Raises:
        ArticleError: the file is missing, unreadable, too large, not UTF-8, or no article.
    """
    return _article(read_front_matter(path), article_id, form)[:2]


def read_front_matter(path: Path) -> FrontMatter:
    """What a file says word for word.

    Raises:
        ArticleError: see `read_file`.
    """
    return _front_matter(read_bytes(path)[1])


def _front_matter(data: bytes) -> FrontMatter:
    if not data or data.isspace():
        raise RejectedError("the file is empty", kind=ProblemKind.EMPTY)
    return parse_front_matter(_decode(data))


def _article(
    front: FrontMatter, article_id: str, form: Format
) -> tuple[Article, tuple[Problem, ...], int]:
    try:
        article, flaws, order = normalise(front.metadata, front.body, article_id, form)
    except RejectedError as error:
        raise RejectedError(error.reason, front.header_line, kind=error.kind) from None
    lines = {key: _line_of(front, key) for key in {flaw.key for flaw in flaws}}
    ignored = (_ignored(article_id, lines[flaw.key], flaw.reason) for flaw in flaws)
    return article, tuple(sorted(ignored, key=lambda problem: problem.line or 0)), order


def _decode(data: bytes) -> str:
    try:
        return data.decode() if len(data) <= MAX_TEXT else _beginning(data)
    except UnicodeDecodeError:
        raise _not_utf8(data) from None


def _beginning(data: bytes) -> str:
    """As much of a large file as can matter; the rest is only looked at."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    pieces, size = [], 0
    for start in range(0, len(data), _PIECE):
        end = start + _PIECE
        piece = decoder.decode(data[start:end], end >= len(data))
        if size < MAX_TEXT:
            pieces.append(piece)
            size += len(piece)
    return "".join(pieces)


def _not_utf8(data: bytes) -> RejectedError:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return RejectedError("the text is UTF-16: save it as UTF-8", kind=ProblemKind.ENCODING)
    start = _flaw(data)
    before = data[:start].decode()
    return RejectedError(
        f"not valid UTF-8: byte 0x{data[start]:02x} at offset {start:,}; save it as UTF-8",
        before.count("\n") + 1,
        len(before) - before.rfind("\n"),
        kind=ProblemKind.ENCODING,
    )


def _flaw(data: bytes) -> int:
    """Where the first byte stands that cannot be decoded."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.start
    return len(data) - 1


def _fatal(article_id: str, error: RejectedError) -> Problem:
    return Problem(article_id, error.line, error.column, error.reason, error.kind, fatal=True)


def _ignored(article_id: str, line: int, reason: str) -> Problem:
    return Problem(article_id, line, None, reason, ProblemKind.VALUE, fatal=False)


def _line_of(front: FrontMatter, key: str) -> int:
    return front.body_line if key == "body" else front.line_of(key)
