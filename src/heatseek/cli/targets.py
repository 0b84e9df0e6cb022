"""Which article `show` and `open` mean: by rank in the last search, path, id or link."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from heatseek import engines
from heatseek.article import Kind
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.last_search import recall, stamp
from heatseek.cli.opening import open_reader
from heatseek.cli.terminal import shown
from heatseek.errors import (
    ArchiveError,
    ArticleError,
    HeatseekError,
    IndexMissingError,
    UsageError,
)
from heatseek.ingest.problem import place
from heatseek.ingest.reader import read_file
from heatseek.ingest.urls import link
from heatseek.links import canonical
from heatseek.nfc import nfc

if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.cli.last_search import LastSearch
    from heatseek.config import Config
    from heatseek.engines.base import Reader
    from heatseek.ingest.reader import Declared


_TOLD = (
    *("title", "excerpt", "body", "topics", "provider", "published_at", "url", "published"),
    "extra",
)
"""Of a file that changed after it was indexed, what a reader should hear about."""


class NoArticleError(HeatseekError):
    """Nothing goes by this name."""

    exit_code = ExitCode.NOTHING


class Found(NamedTuple):
    """An article, and what should be known beside it."""

    article: Article
    """As its file has it now, `related` included; without a readable file as it was indexed."""
    archive: Path
    notices: tuple[str, ...] = ()


def find(typed: str, settings: Config) -> Found:
    """The article that somebody means.

    Args:
        typed: the rank in the last search, a path, an id, or a link.
        settings: where index and archive are; ranks count in the index that was searched.

    Raises:
        UsageError: no search is remembered, or it showed no such rank.
        NoArticleError: there is no such article, or not any more.
        StoreError, ArchiveError: index or archive cannot be used.
    """
    if typed.isascii() and typed.isdecimal():
        return _by_rank(int(typed[:9]), settings)
    with open_reader(settings) as reader:
        archive = Path(reader.generation.archive)
        if "://" in typed:
            return _by_link(typed, reader, archive)
        return _by_path(typed, reader, archive)


def _by_rank(rank: int, settings: Config) -> Found:
    last = recall(os.environ)
    if last is None:
        raise UsageError(f"{rank}: no search is remembered; search first, or name a path")
    _same_places(last, settings)
    article_id = last.id_at(rank)
    if article_id is None:
        span = f"{last.first} to {last.first + len(last.ids) - 1}"
        raise UsageError(f"{rank}: the last search showed {span}")
    # Not `open_reader`: an index that is gone must not be built anew from whatever is here.
    try:
        reader = engines.load("whoosh", last.folder).open()
    except IndexMissingError:
        raise IndexMissingError(
            f"{rank}: the index of the last search, {shown(last.folder)}, is gone: search again"
        ) from None
    with reader:
        changed = stamp(reader.generation) != last.generation
        article = reader.get(article_id)
        archive, fields = Path(reader.generation.archive), reader.generation.fields
    if article is None:
        raise NoArticleError(
            f"{rank}: {article_id} is gone; the index has changed since that search: search again"
        )
    found = _as_filed(article, archive, fields)
    if not changed:
        return found
    told = f"the index has changed since that search; {rank} was {article_id}"
    return found._replace(notices=(told, *found.notices))


def _same_places(last: LastSearch, settings: Config) -> None:
    """Refuse a rank in another index than the one that was named."""
    named = settings.sources["index"] == "--index"
    if named and settings.index.resolve() != last.folder.resolve():
        raise UsageError(
            f"the last search was in {shown(last.folder)}, not {shown(settings.index)}:"
            " search there, or name a path"
        )


def _by_link(typed: str, reader: Reader, archive: Path) -> Found:
    usable = link(typed)
    wanted = canonical(usable) if usable else None
    article = None if wanted is None else reader.get(wanted) or _with_link(wanted, reader)
    if article is None:
        raise NoArticleError(f"{typed}: no article and no related story has this link")
    return _as_filed(article, archive, reader.generation.fields)


def _with_link(wanted: str, reader: Reader) -> Article | None:
    """The article of the archive that a related story is; a look at all of them."""
    linked = ((article, article.url) for article in reader.articles())
    return next((article for article, url in linked if url and canonical(url) == wanted), None)


def _by_path(typed: str, reader: Reader, archive: Path) -> Found:
    """By a path on disk inside the archive, or else by one that starts at the archive."""
    ids = dict.fromkeys((*_inside(typed, archive), typed.removeprefix("./")))
    for article_id in ids:
        article = reader.get(article_id)
        if article is not None:
            return _as_filed(article, archive, reader.generation.fields)
        if (archive / article_id).is_file() and not article_id.startswith(("/", "../")):
            return _not_indexed(article_id, archive, reader.generation.fields)
    article = None if typed.isascii() else _spelt_alike(set(map(nfc, ids)), reader)
    if article is not None:
        return _as_filed(article, archive, reader.generation.fields)
    where = shown(archive)
    if Path(typed).is_file():
        raise NoArticleError(f"{typed}: is not in the archive, {where}")
    raise NoArticleError(f"{typed}: no such article, here or in {where}")


def _spelt_alike(composed: set[str], reader: Reader) -> Article | None:
    """The article whose file's name is the same in composed form; a look at all of them."""
    return next((a for a in reader.articles() if nfc(a.id) in composed), None)


def _inside(typed: str, archive: Path) -> list[str]:
    """The ids that a path on disk can have: as it was typed, and with its links followed."""
    path = Path(os.path.abspath(typed))  # noqa: PTH100 - `resolve` follows links
    pairs = ((path, archive), (path.resolve(), archive.resolve()))
    return [one.relative_to(top).as_posix() for one, top in pairs if one.is_relative_to(top)]


def _not_indexed(article_id: str, archive: Path, fields: Declared) -> Found:
    try:
        article, _ = read_file(archive / article_id, article_id, fields)
    except ArticleError as error:
        where = place(article_id, error.line, error.column)
        raise ArchiveError(f"{where}: {error.reason}") from None
    return Found(article, archive, (f"{article_id} is not in the index: heatseek rebuild",))


def _as_filed(indexed: Article, archive: Path, fields: Declared) -> Found:
    """The article with what only its file knows: related stories, and changes."""
    if indexed.kind is not Kind.ARTICLE:
        return Found(indexed, archive)
    try:
        filed, _ = read_file(archive / indexed.id, indexed.id, fields)
    except ArticleError as error:
        told = f"{indexed.id}: {error.reason}; this is what was indexed"
        return Found(indexed, archive, (told,))
    same = all(getattr(filed, name) == getattr(indexed, name) for name in _TOLD)
    told = f"{indexed.id} has changed since it was indexed: heatseek rebuild"
    return Found(filed, archive, () if same else (told,))
