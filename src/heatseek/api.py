"""heatseek as a library: rebuild, update, open, search."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from heatseek import engines
from heatseek.errors import UsageError
from heatseek.language import ENGLISH
from heatseek.query.filters import Filters
from heatseek.ranking import Boosts
from heatseek.results import Results, Sort
from heatseek.schema import FACETS, YEAR, FieldKind, Names
from heatseek.searcher import Matching, Searcher

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Collection, Iterable, Mapping

    from heatseek.engines.base import Generation, LabelSummary, Reader
    from heatseek.indexer import Summary
    from heatseek.ingest.problem import Problem
    from heatseek.language import Language
    from heatseek.query.tree import Query
    from heatseek.schema import DeclaredField

ENGINE = "whoosh"


class Index:
    """An open index; `open_index` gives one. It sees one generation.

    Threads may share it: they read one after another. Whatever is asked of it after `close`
    raises IndexClosedError; results that it gave stay.
    """

    def __init__(self, reader: Reader, synonyms: Mapping[str, Iterable[str]]) -> None:
        self._reader = reader
        self._searcher = Searcher(reader, synonyms=synonyms)

    @property
    def generation(self) -> Generation:
        """What the index holds, from which archive, and since when."""
        return self._reader.generation

    def search(  # noqa: PLR0913 - the options of a search
        self,
        query: str = "",
        *,
        similar_to: str = "",
        topics: Iterable[str] = (),
        providers: Iterable[str] = (),
        categories: Iterable[str] = (),
        types: Iterable[str] = (),
        after: datetime | None = None,
        before: datetime | None = None,
        published: bool | None = None,
        related: bool | None = None,
        where: Iterable[str] = (),
        sort: Sort | str = Sort.RELEVANCE,
        boosts: Boosts = Boosts(),
        matching: Matching | str = Matching.WORDS,
        limit: int = 10,
        offset: int = 0,
        explain: bool = False,
        facets: Iterable[str] = (),
        group: bool = False,
    ) -> Results:
        """Find the articles that answer `query` best, or those most like another one.

        Args:
            query: words, "phrases", prefix*, AND OR NOT, field:word; may be empty with filters.
            similar_to: the id of an article, in place of a query; it is not among the hits.
            topics: any of these topics; case does not matter, in the following neither.
            providers: any of these providers, by name or domain.
            categories: any of these categories.
            types: any of these types.
            after: published at this instant or later; without a zone it is UTC.
            before: published before this instant.
            published: True: not held back; False: held back only.
            related: True: only related articles; False: only articles with a file.
            where: further conditions, such as `levels=Intermediate` or `price>=4.5`.
            sort: relevance, date, quality, heat, or a declared number, date or boolean.
            boosts: what quality, heat and age are worth.
            matching: words (all, or else any), any, all.
            limit: how many hits to give at most.
            offset: how many of the best to leave out.
            explain: whether each hit says how its score came about.
            facets: topic, provider, category, type, year, or a declared one: by what to count all
                matches.
            group: whether hits about one story are one, with the ids of the `others`.

        Raises:
            UsageError: a value makes no sense.
            StoreError: the index is not as it was written.
        """
        filters = Filters(
            topics=tuple(topics),
            providers=tuple(providers),
            categories=tuple(categories),
            types=tuple(types),
            after=_aware(after),
            before=_aware(before),
            published=published,
            related=related,
            where=self._conditions(where),
        )
        own = [field.name for field in self.generation.fields if field.facet]
        return self._searcher.search(
            query,
            similar_to=similar_to,
            filters=filters,
            boosts=boosts,
            sort=sort,
            limit=limit,
            offset=offset,
            matching=Matching(matching),
            explain=explain,
            facets=tuple(_facet(name, (*FACETS, *own)) for name in facets),
            group=group,
        )

    def _conditions(self, typed: Iterable[str]) -> tuple[Query, ...]:
        if not (typed := tuple(typed)):
            return ()
        # Few searches have conditions.
        from heatseek.query.where import parse_conditions  # noqa: PLC0415

        return parse_conditions(typed, Names(self.generation.fields), datetime.now(UTC))

    def labels(self, facet: str) -> tuple[LabelSummary, ...]:
        """All values of a facet over the whole index, the most frequent first.

        Args:
            facet: topic, provider, category, type, or a declared facet of keywords.

        Raises:
            UsageError: there is no such facet.
            IndexDamagedError: the index is not as it was written.
        """
        own = [f.name for f in self.generation.fields if f.facet and f.kind is FieldKind.KEYWORD]
        known = [*(name for name in FACETS if name != YEAR), *own]
        return self._reader.labels(_facet(facet, known))

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
    return Index(engines.load(ENGINE, Path(index)).open(stays=True), synonyms)


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

    engine = engines.load(ENGINE, Path(index))
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

    engine = engines.load(ENGINE, Path(index))
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


def _facet(name: str, known: Collection[str]) -> str:
    if name not in known:
        raise UsageError(f"no facet {name!r}; there are {', '.join(known)}")
    return name


def _aware(instant: datetime | None) -> datetime | None:
    if instant is None or instant.tzinfo:
        return instant
    return instant.replace(tzinfo=UTC)
