"""heatseek as a library: open an index, search it, and what else is asked of an open one.

What makes and checks an index is in `maintenance`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from heatseek import config, engines
from heatseek.article import Article, Kind
from heatseek.errors import (
    ArgumentError,
    ConfigError,
    HeatseekError,
    OtherArchiveError,
    StoreError,
    is_gone,
)
from heatseek.results import Results
from heatseek.schema import FACETS, YEAR, FieldKind
from heatseek.search.arguments import (
    flag_of,
    not_one_of,
    path_of,
    place_of,
    seconds_of,
    synonyms_of,
    text_of,
)
from heatseek.search.generations import Generations
from heatseek.search.request import BUILT_IN, Defaults, Requests, SearchRequest
from heatseek.text.tokens import fold

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self, Unpack

    from heatseek.config import Config
    from heatseek.engines.base import Engine, Reader
    from heatseek.engines.model import Generation, LabelSummary
    from heatseek.indexer.scanning import Differences
    from heatseek.search.find import Found
    from heatseek.search.highlight import Highlights
    from heatseek.search.request import RequestArguments

_MOST_LOOKED_AT = 100
"""Hits whose files are looked for."""
_MOST_GLANCED_AT = 50_000
"""Articles; a glance at more takes too long for those who have not asked for one."""
_MOST_NAMED = 3
"""Files in a line."""


class Index:
    """An open index; `open_index` and `open_project` give one.

    It answers from one generation until `refresh`, or, where an interval was given, until a
    search finds a newer one; or until it is gone, as writers on a cluster remove old ones. Threads
    may share it. Whatever is asked of it after `close` raises IndexClosedError; results that it
    gave stay.

    Attributes:
        location: the folder of the index, or its address.
    """

    def __init__(  # noqa: PLR0913 - what `open_index` and `open_project` differ in
        self,
        location: str | os.PathLike[str],
        *,
        long_lived: bool = True,
        refresh: float | None = None,
        defaults: Defaults = BUILT_IN,
        synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
        archive: str = "",
    ) -> None:
        self._is_remote = isinstance(location, config.IndexUrl)
        self.location = os.fspath(location)
        self._requests = Requests(defaults)
        self._generations = Generations(
            engine_of(location),
            long_lived=long_lived,
            interval=refresh,
            synonyms=synonyms,
            archive=archive,
        )

    @property
    def generation(self) -> Generation:
        """The state of the index that answers: how many articles, of which archive, since when."""
        return self._reader.generation

    def request(
        self, query: str | SearchRequest = "", **arguments: Unpack[RequestArguments]
    ) -> SearchRequest:
        """A search as a value, to be kept, counted or put again; see `search`."""
        if not isinstance(query, SearchRequest):
            return self._requests.request(query, arguments)
        if arguments:
            raise ArgumentError(next(iter(arguments)), None, "a whole request takes no arguments")
        return query

    def search(
        self, query: str | SearchRequest = "", **arguments: Unpack[RequestArguments]
    ) -> Results:
        """Find the articles that answer a query best, or those most like another one.

        Args:
            query: words, "phrases", prefix*, AND OR NOT, field:word; empty: every article that the
                filters let through, the newest first. Of a project `@name` stands for a saved
                search. Or a whole request, which takes no arguments beside it.
            arguments: see `heatseek.search.request.SearchRequest`: `topics`, `providers`,
                `categories`, `types`, `after`, `before`, `published`, `related`, `where`, `sort`,
                `rank`, `boosts`, `half_life`, `matching`, `limit`, `offset`, `explain`, `facets`,
                `facet_limit`, `group`, `similar_to`, `snippet_length`, `now`.

        Raises:
            UsageError: an argument makes no sense; `ArgumentError` names it.
            StoreError: the index is not as it was written.
        """
        request = self.request(query, **arguments)
        return self._generations.answer(lambda opened: opened.searcher.search(request))

    def similar(self, article_id: str, **arguments: Unpack[RequestArguments]) -> Results:
        """The articles most like one of the archive, which is not among them; see `search`."""
        if not text_of("article_id", article_id):
            raise ArgumentError("article_id", None, "needs a value")
        arguments["similar_to"] = article_id
        return self.search("", **arguments)

    def count(
        self, requests: str | SearchRequest | Iterable[str | SearchRequest]
    ) -> tuple[int, ...]:
        """How many articles match each of some queries or requests."""
        if isinstance(requests, str | SearchRequest):
            requests = (requests,)
        if not isinstance(requests, Iterable):
            raise ArgumentError("requests", requests, "must be queries or requests")
        several = [self.request(each) for each in requests]
        return self._generations.answer(lambda opened: opened.searcher.count(several))

    def highlights(self, query: str | SearchRequest, article: Article) -> Highlights:
        """The whole texts of an article, what a query asks for marked; nothing is corrected."""
        request = self.request(query)
        if not isinstance(article, Article):
            raise ArgumentError("article", article, "must be an article; `get` gives one")
        return self._generations.answer(lambda opened: opened.searcher.highlights(request, article))

    def get(self, article_id: str) -> Article | None:
        """The article with an id, if there is one."""
        text = text_of("article_id", article_id)
        return self._generations.answer(lambda opened: opened.reader.get(text))

    def find(self, text: str) -> Found:
        """The article with a path, an id or a link, as its file has it now.

        Args:
            text: a path on disk, a path that starts at the archive, an id, or a link.

        Raises:
            NoArticleError: there is none.
            ArchiveError: its file is not in the index, and cannot be read.
        """
        # Few searches look for one article: the start-up of the others does without.
        from heatseek.search.find import find  # noqa: PLC0415

        target = text_of("text", text)
        return self._generations.answer(lambda opened: find(target, opened.reader))

    def article(self, article_id: str) -> Found:
        """The article with an id or a link, as its file has it now; for ids that strangers name.

        Only the file of an indexed article is read, whatever the id.

        Raises:
            NoArticleError: there is none.
        """
        from heatseek.search.find import filed  # noqa: PLC0415 - as above

        text = text_of("article_id", article_id)
        return self._generations.answer(lambda opened: filed(text, opened.reader))

    def markup(self, article_id: str) -> str:
        """The body of an article as HTML, as its file has it now; empty if that cannot be read.

        It is what the file makes of it: sanitise it before a browser sees it.

        Raises:
            NoArticleError: there is no article with this id.
        """
        from heatseek.search.find import markup  # noqa: PLC0415 - as above

        text = text_of("article_id", article_id)
        return self._generations.answer(lambda opened: markup(text, opened.reader))

    def mentioned_by(self, article_id: str) -> tuple[str, ...]:
        """The ids of the articles that mention one, sorted; none if there is no such article."""
        text = text_of("article_id", article_id)
        return self._generations.answer(lambda opened: _mentioned_by(text, opened.reader))

    def completions(self, word: str) -> tuple[str, ...]:
        """Words of articles that begin so, the likeliest first; none for less than four letters."""
        begun = fold(text_of("word", word))
        words = self._generations.answer(lambda opened: opened.reader.suggest(begun))
        return tuple(each for each in words if each.startswith(begun))

    def articles(self) -> Iterator[Article]:
        """All articles of one generation, in no particular order."""
        opened = self._generations.current()
        for article in opened.reader.articles():
            yield article
            self._generations.check_open()

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """All values of a facet over the whole index, the most frequent first.

        Args:
            facet: topic, provider, category, type, or a declared facet of keywords.

        Raises:
            ArgumentError: there is no such facet.
            IndexDamagedError: the index is not as it was written.
        """
        fields = self._generations.current().reader.generation.fields
        own = [each.name for each in fields if each.facet and each.kind is FieldKind.KEYWORD]
        known = [*(name for name in FACETS if name != YEAR), *own]
        if text_of("facet", facet) not in known:
            raise not_one_of("facet", facet, known)
        return self._generations.answer(lambda opened: opened.reader.labels(facet))

    def differences(self, *, thorough: bool = True) -> Differences | None:
        """How the archive differs from the index now; None if the index does not say enough.

        Args:
            thorough: read files whose sizes and times leave it open; without it a glance at an
                archive of 7,000 files takes a fifth of a second.

        Raises:
            ArchiveError: the archive cannot be read.
        """
        from pathlib import Path  # noqa: PLC0415 - a plain search does without

        from heatseek.indexer import scanning  # noqa: PLC0415 - reads the archive

        compare = scanning.differences if flag_of("thorough", thorough) else scanning.glance
        return self._generations.answer(
            lambda opened: compare(Path(opened.reader.generation.archive), opened.reader)
        )

    def changes_since(self, results: Results) -> tuple[str, ...]:
        """Lines on what results do not show of the archive as it is now.

        Hits whose file is gone are named; if nothing was found, it is counted how many files have
        changed. Of many hits only the first are looked at.
        """
        if not isinstance(results, Results):
            raise ArgumentError("results", results, "must be what a search gave")
        generation = self._generations.current().reader.generation
        archive = generation.archive
        if self._is_remote and not os.path.isdir(archive):  # noqa: PTH112 - text
            # Its files are those of the machine that writes it.
            return ()
        if results.hits:
            articles = (hit.article for hit in results.hits[:_MOST_LOOKED_AT])
            ids = [each.id for each in articles if each.kind is Kind.ARTICLE]
            gone = [id_ for id_ in ids if is_gone(f"{archive}/{id_}")]
            return _told_gone(gone, archive) if gone else ()
        if results.total or generation.documents > _MOST_GLANCED_AT:
            return ()
        try:
            changes = self.differences(thorough=False)
        except StoreError as error:
            return (f"what has changed since cannot be told: {error}",)
        except HeatseekError:
            return (f"{archive} cannot be read: this is what was indexed",)
        return (f"{changes}; the index needs an update",) if changes and changes.total else ()

    def refresh(self, after: float = 0.0) -> bool:
        """Go on with the newest generation; searches that are under way end in theirs.

        Args:
            after: look only if the last look was so many seconds ago.

        Returns:
            Whether another generation answers from now on.

        Raises:
            StoreError: the newest one cannot be opened, or is of another archive; the one from
                before goes on answering.
        """
        return self._generations.refresh(seconds_of("after", after))

    def close(self) -> None:
        """Release the files."""
        self._generations.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def _reader(self) -> Reader:
        return self._generations.opened.reader


def _mentioned_by(article_id: str, reader: Reader) -> tuple[str, ...]:
    article = reader.get(article_id)
    if article is None or article.kind is not Kind.ARTICLE:
        return () if article is None else article.related_to
    return reader.mentioned_by((article_id,)).get(article_id, ())


def _told_gone(ids: list[str], archive: str) -> tuple[str, ...]:
    if not os.path.isdir(archive):  # noqa: PTH112 - text
        return (f"{archive} is not there: this is what was indexed",)
    more = f" and {len(ids) - _MOST_NAMED:,} more" if len(ids) > _MOST_NAMED else ""
    verb = "is" if len(ids) == 1 else "are"
    return (f"{', '.join(ids[:_MOST_NAMED])}{more} {verb} gone: the index needs an update",)


def open_index(
    path: str | os.PathLike[str] = "index",
    *,
    long_lived: bool = True,
    refresh: float | None = None,
    synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> Index:
    """Open the index in a folder, or at an address.

    Args:
        path: the folder; or `opensearch://host:9200/name`, also as an IndexUrl, which has settings.
        long_lived: many searches are to come, so that preparing for them pays; False for one.
        refresh: seconds after which a search looks for a newer generation; None: never.
        synonyms: words and phrases, each with what else it is known as; they hold both ways.

    Raises:
        StoreError: there is none, or it cannot be used.
    """
    return Index(
        place_of("path", path),
        long_lived=flag_of("long_lived", long_lived),
        refresh=None if refresh is None else seconds_of("refresh", refresh),
        synonyms=synonyms_of("synonyms", synonyms),
    )


def open_project(
    project: str | os.PathLike[str] | Config = ".",
    *,
    long_lived: bool = True,
    refresh: float | None = None,
) -> Index:
    """Open the index that the command line searches in a folder, with its heatseek.toml.

    Weights, the limit, presets, synonyms and saved searches are those of that file.

    Args:
        project: the folder, or settings. The file may be in a folder above; HEATSEEK_ARCHIVE,
            HEATSEEK_INDEX and HEATSEEK_CONFIG count.
        long_lived: as in `open_index`.
        refresh: as in `open_index`.

    Raises:
        ConfigError: a setting makes no sense, or there is no such folder.
        OtherArchiveError: the index was built from another archive than the one that is set.
        StoreError: there is no index, or it cannot be used.
    """
    settings = project if isinstance(project, config.Config) else _settings(project)
    index = Index(
        settings.index_place,
        long_lived=flag_of("long_lived", long_lived),
        refresh=None if refresh is None else seconds_of("refresh", refresh),
        defaults=Defaults.of(settings),
        synonyms=settings.synonyms,
        archive=local_archive(settings),
    )
    built_from = index.generation.archive
    if settings.archive_is_explicit and not same_place(settings.archive_path, built_from):
        index.close()
        raise OtherArchiveError(built_from, settings.archive_path)
    return index


def local_archive(settings: Config) -> str:
    """The folder of the articles here, of an index that another machine may have built.

    Empty if none is known to be it; so is that of an index in a folder, which was built here.
    """
    if not isinstance(settings.index_place, config.IndexUrl) or settings.archive_is_assumed:
        return ""
    return settings.archive_path if os.path.isdir(settings.archive_path) else ""  # noqa: PTH112 - never raises


def same_place(path: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """True if two paths lead to one place, links followed."""
    return os.path.realpath(path) == os.path.realpath(other)


def _settings(folder: str | os.PathLike[str]) -> Config:
    path = path_of("project", folder)
    try:
        place = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        why = (getattr(error, "strerror", None) or "no such folder").lower()
        raise ConfigError(f"{path}: {why}") from None
    if not place.is_dir():
        raise ConfigError(f"{path}: not a folder")
    return config.load(environ=os.environ, cwd=place)


def engine_of(location: str | os.PathLike[str]) -> Engine:
    """The engine of an index."""
    if isinstance(location, config.IndexUrl):
        return engines.load(location, location.settings)
    return engines.load(location)
