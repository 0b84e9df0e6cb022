"""The content of a file to an article, and to what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heatseek.conventions import RELATED
from heatseek.ingest.abridgement import STAND_IN, Abridger
from heatseek.ingest.file_stat import decode
from heatseek.ingest.front_matter import MAX_TEXT, Flaw, FrontMatter, parse_front_matter
from heatseek.ingest.html import head_of, is_html
from heatseek.ingest.normalise import normalise
from heatseek.ingest.problem import Problem, ProblemKind
from heatseek.ingest.title import Source

if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.ingest.keys import Format

_VALUE = ProblemKind.VALUE


_ABRIDGER = Abridger()


def front_matter_of(data: bytes, name: str) -> FrontMatter:
    """The front matter and body of a file of this name, word for word.

    Raises:
        RejectedError: it is no text.
    """
    text, flaw = decode(data, MAX_TEXT)
    front = parse_front_matter(text)
    if flaw:
        front = replace(front, flaws=(Flaw(*flaw), *front.flaws))
    if not front.metadata and is_html(name):
        front = replace(front, metadata=head_of(front.body))
    return front


def article_in_short(data: bytes, article_id: str, form: Format) -> tuple[Article, int] | None:
    """The article of a file with entries that others have, too, and the order of its dates.

    None of any other file, and of one of which something is to be said: the line of it, say.
    """
    short = _ABRIDGER.abridged(data)
    front = front_matter_of(short.data, article_id) if short else None
    if not short or not front or front.flaws or front.metadata.get(RELATED) != [STAND_IN]:
        return None
    front.metadata[RELATED] = short.entries
    article, problems, order = article_of(front, article_id, form)
    return None if problems else (article, order)


def article_of(
    front: FrontMatter, article_id: str, form: Format
) -> tuple[Article, tuple[Problem, ...], int]:
    """The article of a file, what is wrong with its header and values, and the order of dates.

    The last is as in `reader.Reading`.
    """
    source = Source(article_id, front.body)
    article, values, order = normalise(front.metadata, front.body, article_id, form, source)
    if not (values or front.flaws or source.title_of):
        return article, (), order
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


def _line_of(front: FrontMatter, key: str) -> int:
    return front.body_line if key == "body" else front.line_of(key)
