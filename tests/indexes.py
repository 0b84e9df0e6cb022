"""Indexes for tests: filled at once, or step by step to the same articles."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from heatseek.article import Article, Kind
from heatseek.engines.model import Removal
from heatseek.text.languages import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heatseek.engines.base import Engine, Part, Writer
    from heatseek.engines.model import Generation
    from heatseek.schema import DeclaredField
    from heatseek.text.languages import Language

ARCHIVE = "/archive"


def fill(
    engine: Engine,
    articles: Iterable[Article],
    archive: str = ARCHIVE,
    language: Language = ENGLISH,
    fields: tuple[DeclaredField, ...] = (),
) -> Generation:
    """An index of just these articles; what mentions those with a file stands beside them."""
    mentioned_by: dict[str, tuple[str, ...]] = {}
    taken = indexed(articles, mentioned_by)
    with (
        engine.writing() as writer,
        writer.replace(taken, archive=archive, fields=fields, language=language) as draft,
    ):
        return draft.commit(notes={}, mentions=mentioned_by)


def fill_in_parts(
    engine: Engine, articles: Iterable[Article], fields: tuple[DeclaredField, ...] = ()
) -> None:
    """The same, some of them in parts that could come from another process."""
    mentioned_by: dict[str, tuple[str, ...]] = {}
    taken = indexed(articles, mentioned_by)
    with engine.writing() as writer:
        some = _some_in_parts(writer, taken, fields)
        with writer.replace(some, archive=ARCHIVE, fields=fields) as draft:
            draft.commit(notes={}, mentions=mentioned_by)


def _some_in_parts(
    writer: Writer, articles: Iterator[Article], fields: tuple[DeclaredField, ...]
) -> Iterator[Article | Part]:
    while some := list(islice(articles, 2)):
        yield from some
        maker = _elsewhere(writer.part_maker(fields, ENGLISH))
        parts = [*map(maker.add, islice(articles, 5)), maker.finish()]
        yield from map(_elsewhere, filter(None, parts))


def _elsewhere(thing: Any) -> Any:
    """As it arrives in another process."""
    return pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own


def indexed(
    articles: Iterable[Article], mentioned_by: dict[str, tuple[str, ...]]
) -> Iterator[Article]:
    """As the indexer gives them to an engine: of those with a file it notes what mentions them."""
    for article in articles:
        if article.kind is Kind.ARTICLE and article.related_to:
            mentioned_by[article.id] = article.related_to
            yield replace(article, related_to=())
        else:
            yield article


def change(
    engine: Engine,
    added: Iterable[Article] = (),
    removed: Iterable[str] = (),
    mentioned_by: Mapping[str, tuple[str, ...]] | None = None,
) -> Generation:
    """Take articles away and add others."""
    changes = chain(map(Removal, removed), indexed(added, {}))
    with engine.writing() as writer, writer.change(changes) as draft:
        return draft.commit(notes={}, mentions=mentioned_by or {})


def fill_by_changes(
    engine: Engine, articles: list[Article], fields: tuple[DeclaredField, ...] = ()
) -> None:
    """The same index by a detour: others and older versions first, then changes.

    Of every three articles one comes with the first generation, one has another text there, and
    one is new; in between others come and go.
    """
    first = [
        article if place % 3 == 0 else replace(article, title=f"{article.title} other words")
        for place, article in enumerate(articles)
        if place % 3 != 2
    ]
    strangers = [
        replace(article, id=f"{article.id}.stranger", quality=7) for article in articles[::2]
    ]
    fill(engine, [*first, *strangers], fields=fields)
    new = [article for place, article in enumerate(articles) if place % 3]
    middle = len(new) // 2
    gone = [stranger.id for stranger in strangers]
    mentioned_by: dict[str, tuple[str, ...]] = {}
    list(indexed(articles, mentioned_by))
    change(engine, new[:middle], [a.id for a in new[:middle]] + gone[::2])
    change(engine, new[middle:], [a.id for a in new[middle:]] + gone, mentioned_by)
