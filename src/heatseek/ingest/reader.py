"""A file to an article, or to what is wrong with it; one bad file never stops the others."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from heatseek.ingest.file_stat import digest, read_bytes
from heatseek.ingest.keys import PLAIN, Format
from heatseek.ingest.problem import Problem, RejectedError

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.article import Article
    from heatseek.ingest.discover import ArticleFile
    from heatseek.ingest.file_stat import FileStat
    from heatseek.ingest.front_matter import FrontMatter


@dataclass(frozen=True, slots=True)
class Reading:
    """One file, read.

    Attributes:
        file: the file.
        article: None if there was a fatal problem. Equal entries under `related` are mostly
            one object, also over files.
        problems: the fatal one, or what is wrong with the header and its values, and notes.
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
    return examine(file, form, in_short=True)[0]


def examine(
    file: ArticleFile, form: Format = PLAIN, *, in_short: bool = False
) -> tuple[Reading, FrontMatter | None]:
    """The same, and what the file says word for word, if it is an article.

    Args:
        file: the file.
        form: how it is read.
        in_short: whether nobody asks for the words of a file of which nothing is to be said.
    """
    from heatseek.ingest import parsing  # noqa: PLC0415 - an update that reads nothing does without

    try:
        stat, data = read_bytes(os.path.join(file.archive, file.id))  # noqa: PTH118 - often
    except RejectedError as error:
        return Reading(file, None, (_fatal(file.id, error),), None, b""), None
    digested = digest(data)
    if in_short and (known := parsing.article_in_short(data, file.id, form)):
        article, order = known
        return Reading(file, article, (), stat, digested, order), None
    try:
        front = parsing.front_matter_of(data, file.id)
    except RejectedError as error:
        return Reading(file, None, (_fatal(file.id, error),), stat, digested), None
    del data  # as large as what is made of it
    article, problems, order = parsing.article_of(front, file.id, form)
    return Reading(file, article, problems, stat, digested, order), front


def read_file(
    path: Path, article_id: str, form: Format = PLAIN
) -> tuple[Article, tuple[Problem, ...]]:
    """Read one file: its article, and what is wrong with it.

    Raises:
        ArticleError: the file is missing, unreadable, too large, or no text.
    """
    from heatseek.ingest import parsing  # noqa: PLC0415 - as above

    return parsing.article_of(read_front_matter(path), article_id, form)[:2]


def read_front_matter(path: Path) -> FrontMatter:
    """The front matter and body of a file, word for word.

    Raises:
        ArticleError: see `read_file`.
    """
    from heatseek.ingest import parsing  # noqa: PLC0415 - as above

    return parsing.front_matter_of(read_bytes(path)[1], path.name)


def _fatal(article_id: str, error: RejectedError) -> Problem:
    return Problem(article_id, error.line, error.column, error.reason, error.kind, fatal=True)
