"""heatseek as a library: rebuild, update, open, search."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from heatseek import engines
from heatseek.schema import FACETS, YEAR, FieldKind
from heatseek.search.request import BUILT_IN, SearchRequest, not_one_of, request_of
from heatseek.search.searcher import Searcher
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping
    from typing import Unpack

    from heatseek.article import Article
    from heatseek.engines.base import Engine, Generation, LabelSummary
    from heatseek.indexer import Summary
    from heatseek.ingest.problem import Problem
    from heatseek.results import Results
    from heatseek.schema import DeclaredField
    from heatseek.search.request import Defaults, RequestArguments
    from heatseek.text.languages import Language


class Index:
    """An open index; `open_index` gives one. It sees one generation until `refresh`.

    Threads may share it: they read one after another. Whatever is asked of it after `close`
    raises IndexClosedError; results that it gave stay.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        defaults: Defaults = BUILT_IN,
        synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
    ) -> None:
        self._engine = engine
        self._defaults = defaults
        self._synonyms = synonyms
        self._reader = engine.open(long_lived=True)
        self._searcher = Searcher(self._reader, synonyms=synonyms)

    @property
    def generation(self) -> Generation:
        """What the index holds, from which archive, and since when."""
        return self._reader.generation

    def search(
        self, query: str | SearchRequest = "", **arguments: Unpack[RequestArguments]
    ) -> Results:
        """Find the articles that answer a query best, or those most like another one.

        Args:
            query: words, "phrases", prefix*, AND OR NOT, field:word; empty: every article that the
                filters let through. Or a whole request, which takes no arguments beside it.
            arguments: see `heatseek.search.request.SearchRequest`: `topics`, `providers`,
                `categories`, `types`, `after`, `before`, `published`, `related`, `where`, `sort`,
                `rank`, `boosts`, `half_life`, `matching`, `limit`, `offset`, `explain`, `facets`,
                `facet_limit`, `group`, `similar_to`, `snippet_length`, `now`.

        Raises:
            UsageError: an argument makes no sense; `ArgumentError` names it.
            StoreError: the index is not as it was written.
        """
        if isinstance(query, SearchRequest):
            return self._searcher.search(query)
        return self._searcher.search(request_of(query, defaults=self._defaults, **arguments))

    def similar(self, article_id: str, **arguments: Unpack[RequestArguments]) -> Results:
        """The articles most like one of the archive, which is not among them; see `search`."""
        arguments["similar_to"] = article_id
        return self.search("", **arguments)

    def count(self, requests: Iterable[str | SearchRequest]) -> tuple[int, ...]:
        """How many articles match each of some queries or requests."""
        whole = (
            each if isinstance(each, SearchRequest) else request_of(each, defaults=self._defaults)
            for each in requests
        )
        return self._searcher.count(whole)

    def get(self, article_id: str) -> Article | None:
        """The article with an id, if there is one."""
        return self._reader.get(article_id)

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """All values of a facet over the whole index, the most frequent first.

        Args:
            facet: topic, provider, category, type, or a declared facet of keywords.

        Raises:
            ArgumentError: there is no such facet.
            IndexDamagedError: the index is not as it was written.
        """
        own = [f.name for f in self.generation.fields if f.facet and f.kind is FieldKind.KEYWORD]
        known = [*(name for name in FACETS if name != YEAR), *own]
        if facet not in known:
            raise not_one_of("facet", facet, known)
        return self._reader.labels(facet)

    def close(self) -> None:
        """Release the files."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def open_index(
    index: str | os.PathLike[str] = "index",
    *,
    synonyms: Mapping[str, Iterable[str]] = MappingProxyType({}),
) -> Index:
    """Open the index in a folder.

    Args:
        index: the folder.
        synonyms: words and phrases, each with what else it is known as; they hold both ways.

    Raises:
        StoreError: there is none, or it cannot be used; the message says what to do.
    """
    return Index(engines.load(index), synonyms=synonyms)


def rebuild(  # noqa: PLR0913 - what a program decides
    archive: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    *,
    report: Callable[[Problem], None] = lambda problem: None,  # noqa: ARG005 - ignores them
    processes: int | None = None,
    timeout: float = 0.0,
    language: Language = ENGLISH,
    fields: Iterable[DeclaredField] = (),
    follow_links: bool = False,
) -> Summary:
    """Build the index of an archive, in place of what the folder `index` holds.

    Args:
        archive: the folder of articles.
        index: the folder of the index; made if it is missing.
        report: called for each thing wrong with a file; `str()` of it is `path:line: reason`.
        processes: that read at the same time; None: as many as pay.
        timeout: seconds to wait for another writer of the same index.
        language: of the articles; every search and update of the index follows it.
        fields: keys of the front matter that are fields of this archive.
        follow_links: whether symbolic links may lead out of the archive.

    Raises:
        UsageError: there is no such language.
        ArchiveError: the archive is missing, unreadable or empty.
        StoreError: the index cannot be written.
    """
    # Reading articles takes parsers that searching does without.
    from heatseek import indexer  # noqa: PLC0415

    engine = engines.load(index)
    return indexer.rebuild(
        Path(archive),
        engine,
        report=report,
        processes=processes,
        timeout=timeout,
        language=language,
        fields=tuple(sorted(fields)),
        follow_links=follow_links,
    )


def update(  # noqa: PLR0913 - those of `rebuild`
    archive: str | os.PathLike[str] = "seeds",
    index: str | os.PathLike[str] = "index",
    *,
    report: Callable[[Problem], None] = lambda problem: None,  # noqa: ARG005 - ignores them
    processes: int | None = None,
    timeout: float = 0.0,
    language: Language | None = None,
    fields: Iterable[DeclaredField] | None = None,
    follow_links: bool = False,
) -> Summary:
    """Bring the index to the state of its archive; reads only files that changed.

    Open indexes go on with what they opened. Without a language, or fields, the index keeps its
    own; others make it anew. Arguments and errors are those of `rebuild`, and:

    Raises:
        IndexOutdatedError: the index is of another archive.
        IndexDamagedError: the index is not as it was written.
    """
    from heatseek import indexer  # noqa: PLC0415 - as above

    engine = engines.load(index)
    return indexer.update(
        Path(archive),
        engine,
        report=report,
        processes=processes,
        timeout=timeout,
        language=language,
        fields=None if fields is None else tuple(sorted(fields)),
        follow_links=follow_links,
    )
