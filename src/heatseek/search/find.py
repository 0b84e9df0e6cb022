"""The article that somebody means: by its path or id, by its link, or by its rank in a search."""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from heatseek.article import Kind, canonical
from heatseek.errors import ArchiveError, ArticleError, NoArticleError, UsageError, below, is_gone
from heatseek.ingest.keys import Format
from heatseek.ingest.problem import place
from heatseek.ingest.reader import read_file, read_front_matter
from heatseek.ingest.text import link
from heatseek.search.history import stamp
from heatseek.text.nfc import nfc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.article import Article
    from heatseek.engines.model import Generation
    from heatseek.search.history import LastSearch


_COMPARED = (
    *("title", "excerpt", "body", "topics", "provider", "published_at", "url", "published"),
    *("extra", "updated_at", "aliases"),
)
"""The parts of a file of which a reader should hear that they changed after it was indexed."""


class Articles(Protocol):
    """An open index, or a reader of one."""

    @property
    def generation(self) -> Generation:
        """The generation that answers."""

    def get(self, article_id: str) -> Article | None:
        """The article with this id, if there is one."""

    def articles(self) -> Iterator[Article]:
        """All articles."""


class Found(NamedTuple):
    """An article, and what should be known beside it."""

    article: Article
    """As its file has it now, `related` included; without a readable file as it was indexed."""
    archive: Path
    notices: tuple[str, ...] = ()
    same_story: tuple[Article, ...] = ()
    """The others about its story, where it was a hit that stood for several."""


def link_of(article: Article) -> str | None:
    """The link of an article as it can be shown and opened; None if it has none."""
    return link(article.url or "")


def rank_in(text: str) -> int | None:
    """The rank that a text is; None if it is a path, an id or a link."""
    return int(text[:9]) if text.isascii() and text.isdecimal() else None


def find(text: str, reader: Articles) -> Found:
    """The article with a path, an id or a link.

    Args:
        text: a path on disk inside the archive, a path that starts at the archive, an id, or a
            link.
        reader: the index.

    Raises:
        NoArticleError: there is none.
        ArchiveError: its file is not in the index, and cannot be read.
    """
    archive = Path(reader.generation.archive)
    return _by_link(text, reader, archive) if "://" in text else _by_path(text, reader, archive)


def filed(article_id: str, reader: Articles) -> Found:
    """The article with just this id, or with this link, as its file has it now.

    No file is looked at but that of an indexed article.

    Raises:
        NoArticleError: the index has none.
    """
    archive = Path(reader.generation.archive)
    if "://" in article_id:
        return _by_link(article_id, reader, archive)
    return _as_filed(_indexed(article_id, reader), archive, reader.generation)


def markup(article_id: str, reader: Articles) -> str:
    """The body of the article with just this id as HTML, which is as harmful as its file.

    It is that of the file as it is now; empty if it cannot be read, or there is none.

    Raises:
        NoArticleError: the index has no such article.
    """
    # A page of hits does without a parser of Markdown.
    from heatseek.ingest.rendering import body_html  # noqa: PLC0415

    indexed = _indexed(article_id, reader)
    if indexed.kind is not Kind.ARTICLE:
        return ""
    try:
        front = read_front_matter(Path(reader.generation.archive) / indexed.id)
    except ArticleError:
        return ""
    return body_html(front.body, indexed.id)


def _indexed(article_id: str, reader: Articles) -> Article:
    article = reader.get(article_id)
    if article is None:
        raise NoArticleError(f"{article_id or repr(article_id)}: no such article")
    return article


def find_ranked(rank: int, last: LastSearch, reader: Articles) -> Found:
    """The article that had a rank in a search.

    Args:
        rank: from 1.
        last: the search.
        reader: the index that was searched.

    Raises:
        UsageError: the search showed no such rank.
        NoArticleError: the article is gone.
    """
    article_id = last.id_at(rank)
    if article_id is None:
        span = f"{last.first} to {last.first + len(last.ids) - 1}"
        raise UsageError(f"{rank}: the last search showed {span}")
    article = reader.get(article_id)
    if article is None:
        raise NoArticleError(
            f"{rank}: {article_id} is gone; the index has changed since that search: search again"
        )
    found = _as_filed(article, Path(reader.generation.archive), reader.generation)
    others = (reader.get(id_) for id_ in last.others_at(rank))
    found = found._replace(same_story=tuple(other for other in others if other))
    if stamp(reader.generation) == last.generation:
        return found
    notice = f"the index has changed since that search; {rank} was {article_id}"
    return found._replace(notices=(notice, *found.notices))


def _by_link(text: str, reader: Articles, archive: Path) -> Found:
    usable = link(text)
    url = canonical(usable) if usable else None
    article = None if url is None else reader.get(url) or _with_link(url, reader)
    if article is None:
        raise NoArticleError(f"{text}: no article and no related story has this link")
    return _as_filed(article, archive, reader.generation)


def _with_link(url: str, reader: Articles) -> Article | None:
    """The article of the archive that a related story is; a look at all of them."""
    linked = ((article, article.url) for article in reader.articles())
    return next((article for article, other in linked if other and canonical(other) == url), None)


def _by_path(text: str, reader: Articles, archive: Path) -> Found:
    """By a path on disk inside the archive, or else by one that starts at the archive."""
    ids = dict.fromkeys((*_inside(text, archive), text.removeprefix("./")))
    for article_id in ids:
        article = reader.get(article_id)
        if article is not None:
            return _as_filed(article, archive, reader.generation)
        if _is_file(archive / article_id) and not article_id.startswith(("/", "../")):
            return _not_indexed(article_id, archive, reader.generation)
    article = None if text.isascii() else _spelt_alike(set(map(nfc, ids)), reader)
    if article is not None:
        return _as_filed(article, archive, reader.generation)
    where = below(archive, Path.cwd())
    if _is_file(Path(text)):
        raise NoArticleError(f"{text}: is not in the archive, {where}")
    raise NoArticleError(f"{text}: no such article, here or in {where}")


def _spelt_alike(composed: set[str], reader: Articles) -> Article | None:
    """The article whose file's name is the same in composed form; a look at all of them."""
    return next((a for a in reader.articles() if nfc(a.id) in composed), None)


def _is_file(path: Path) -> bool:
    """True if there is a file; of what no path can be there is none."""
    return os.path.isfile(path)  # noqa: PTH113 - `Path.is_file` raises where a name is too long


def _inside(text: str, archive: Path) -> list[str]:
    """The ids that a path on disk can have: as it was typed, and with its links followed."""
    path = Path(os.path.abspath(text))  # noqa: PTH100 - `resolve` follows links
    pairs = [(path, archive)]
    with suppress(OSError, RuntimeError, ValueError):
        # None of these: of what no path can be, and of links in a circle.
        pairs.append((path.resolve(), archive.resolve()))
    return [one.relative_to(top).as_posix() for one, top in pairs if one.is_relative_to(top)]


def _not_indexed(article_id: str, archive: Path, made: Generation) -> Found:
    form = Format(made.fields, made.conventions)
    try:
        article, _ = read_file(archive / article_id, article_id, form)
    except ArticleError as error:
        where = place(article_id, error.line, error.column)
        raise ArchiveError(f"{where}: {error.reason}") from None
    return Found(article, archive, (f"{article_id} is not in the index: it needs an update",))


def _as_filed(indexed: Article, archive: Path, made: Generation) -> Found:
    """The article with what only its file knows: related stories, and changes."""
    if indexed.kind is not Kind.ARTICLE:
        return Found(indexed, archive)
    path = archive / indexed.id
    if is_gone(path, follow=False):
        notice = f"{indexed.id} is gone: this is what was indexed; the index needs an update"
        return Found(indexed, archive, (notice,))
    try:
        readings = [*_readings(indexed, archive, made)]
    except ArticleError as error:
        notice = f"{indexed.id}: {error.reason}; this is what was indexed"
        return Found(indexed, archive, (notice,))
    if _is_alike(readings[-1], indexed):
        return Found(readings[-1], archive)
    notice = f"{indexed.id} has changed since it was indexed: the index needs an update"
    return Found(readings[0], archive, (notice,))


def _readings(indexed: Article, archive: Path, made: Generation) -> Iterator[Article]:
    """A file read in each way that its archive may have decided for, up to the one that it did."""
    for spaced, month_first in product((False, True), (None, True, False)):
        form = Format(made.fields, made.conventions, month_first, spaced)
        article, _ = read_file(archive / indexed.id, indexed.id, form)
        yield article
        if _is_alike(article, indexed):
            return


def _is_alike(filed: Article, indexed: Article) -> bool:
    return all(getattr(filed, name) == getattr(indexed, name) for name in _COMPARED)
