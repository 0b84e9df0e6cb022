"""An archive to articles, one file at a time; a bad file is reported and never stops the rest."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.ingest.discover import ArticleFile, Report, discover
from heatseek.ingest.front_matter import FrontMatter, parse_front_matter
from heatseek.ingest.normalise import normalise
from heatseek.ingest.problem import Problem, ProblemKind, RejectedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from heatseek.article import Article

MAX_FILE_BYTES = 16 * 1024 * 1024

# Opening must not wait for a pipe that took the place of a file.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: an article or a fatal problem, and what was wrong with values."""

    article: Article | None
    problems: tuple[Problem, ...]


def read_archive(
    root: Path, report: Report, *, files: Iterable[ArticleFile] | None = None
) -> Iterator[Article]:
    """The articles under `root`, sorted by id, in the memory of one.

    Args:
        root: the archive's folder.
        report: called for each problem, as it is met.
        files: read just these, instead of all.

    Raises:
        ArchiveError: at once, if `root` is no readable folder.
    """
    return _reported(discover(root, report) if files is None else files, report)


def _reported(files: Iterable[ArticleFile], report: Report) -> Iterator[Article]:
    for file in files:
        reading = attempt(file)
        for problem in reading.problems:
            report(problem)
        if reading.article is not None:
            yield reading.article


def attempt(file: ArticleFile) -> Reading:
    """Read a file; what it raises becomes a fatal problem.

    A function of its argument alone, and its result can be pickled: processes can share work.
    """
    try:
        article, problems = read_file(file.path, file.id)
    except RejectedError as error:
        return Reading(None, (_fatal(file.id, error),))
    return Reading(article, problems)


def read_file(path: Path, article_id: str) -> tuple[Article, tuple[Problem, ...]]:
    """Read one file: its article, and the values that had to be ignored.

    Raises:
        ArticleError: the file is missing, unreadable, too large, not UTF-8, or no article.
    """
    front = parse_front_matter(_decode(_read(path)))
    try:
        article, flaws = normalise(front.metadata, front.body, article_id)
    except RejectedError as error:
        raise RejectedError(error.reason, front.header_line, kind=error.kind) from None
    lines = {key: _line_of(front, key) for key in {flaw.key for flaw in flaws}}
    return article, tuple(_ignored(article_id, lines[flaw.key], flaw.reason) for flaw in flaws)


def _read(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise RejectedError("not a regular file", kind=ProblemKind.UNREADABLE)
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise RejectedError(f"cannot be read: {why}", kind=ProblemKind.UNREADABLE) from None
    if len(data) > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES // (1024 * 1024)
        raise RejectedError(f"larger than {limit} MiB", kind=ProblemKind.TOO_LARGE)
    if not data.strip():
        raise RejectedError("the file is empty", kind=ProblemKind.EMPTY)
    return data


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            reason = "the text is UTF-16: save it as UTF-8"
            raise RejectedError(reason, kind=ProblemKind.ENCODING) from None
        before = data[: error.start].decode()
        raise RejectedError(
            f"not valid UTF-8: byte 0x{data[error.start]:02x} at offset {error.start:,}; "
            "save it as UTF-8",
            before.count("\n") + 1,
            len(before) - before.rfind("\n"),
            kind=ProblemKind.ENCODING,
        ) from None


def _fatal(article_id: str, error: RejectedError) -> Problem:
    return Problem(article_id, error.line, error.column, error.reason, error.kind, fatal=True)


def _ignored(article_id: str, line: int, reason: str) -> Problem:
    return Problem(article_id, line, None, reason, ProblemKind.VALUE, fatal=False)


def _line_of(front: FrontMatter, key: str) -> int:
    return front.body_line if key == "body" else front.line_of(key)
