"""A file to an article, or to what is wrong with it; one bad file never stops the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from heatseek.article import Article
from heatseek.ingest.file_stat import FileStat, decode, digest, read_bytes
from heatseek.ingest.front_matter import MAX_TEXT, Flaw, FrontMatter, parse_front_matter
from heatseek.ingest.html import head_of, is_html
from heatseek.ingest.keys import PLAIN, Format
from heatseek.ingest.normalise import normalise
from heatseek.ingest.problem import Problem, ProblemKind, RejectedError
from heatseek.ingest.title import Source

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.ingest.discover import ArticleFile

_VALUE = ProblemKind.VALUE


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
    return examine(file, form)[0]


def examine(file: ArticleFile, form: Format = PLAIN) -> tuple[Reading, FrontMatter | None]:
    """The same, and what the file says word for word, if it is an article."""
    try:
        stat, data = read_bytes(file.path)
    except RejectedError as error:
        return Reading(file, None, (_fatal(file.id, error),), None, b""), None
    digested = digest(data)
    try:
        front = _front_matter(data, file.id)
    except RejectedError as error:
        return Reading(file, None, (_fatal(file.id, error),), stat, digested), None
    del data  # as large as what is made of it
    article, problems, order = _article(front, file.id, form)
    return Reading(file, article, problems, stat, digested, order), front


def read_file(
    path: Path, article_id: str, form: Format = PLAIN
) -> tuple[Article, tuple[Problem, ...]]:
    """Read one file: its article, and what is wrong with it.

    Raises:
        ArticleError: the file is missing, unreadable, too large, or no text.
    """
    return _article(read_front_matter(path), article_id, form)[:2]


def read_front_matter(path: Path) -> FrontMatter:
    """The front matter and body of a file, word for word.

    Raises:
        ArticleError: see `read_file`.
    """
    return _front_matter(read_bytes(path)[1], path.name)


def _front_matter(data: bytes, name: str) -> FrontMatter:
    text, flaw = decode(data, MAX_TEXT)
    front = parse_front_matter(text)
    if flaw:
        front = replace(front, flaws=(Flaw(*flaw), *front.flaws))
    if not front.metadata and is_html(name):
        front = replace(front, metadata=head_of(front.body))
    return front


def _article(
    front: FrontMatter, article_id: str, form: Format
) -> tuple[Article, tuple[Problem, ...], int]:
    source = Source(article_id, front.body)
    article, values, order = normalise(front.metadata, front.body, article_id, form, source)
    flaws = [*front.flaws]
    lines = {key: _line_of(front, key) for key in {value.key for value in values}}
    flaws += (Flaw(lines[value.key], None, value.reason, _VALUE) for value in values)
    if source.title_of:
        flaws.append(_untitled(source.title_of, front, article))
    problems = (Problem(article_id, *flaw, fatal=False) for flaw in flaws)
    return article, tuple(sorted(problems, key=lambda problem: problem.line or 0)), order


def _untitled(title_of: str, front: FrontMatter, article: Article) -> Flaw:
    if not (front.metadata or article.body) and title_of == "name":
        return Flaw(1, None, "nothing but its name is known", ProblemKind.EMPTY)
    what = "first heading" if title_of == "heading" else "name"
    return Flaw(front.header_line, None, f"no title: the {what} is taken", ProblemKind.NO_TITLE)


def _fatal(article_id: str, error: RejectedError) -> Problem:
    return Problem(article_id, error.line, error.column, error.reason, error.kind, fatal=True)


def _line_of(front: FrontMatter, key: str) -> int:
    return front.body_line if key == "body" else front.line_of(key)
