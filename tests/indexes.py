"""Indexes for tests: filled at once, or step by step to the same articles."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from heatseek.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heatseek.article import Article
    from heatseek.engines.base import Engine, Generation
    from heatseek.language import Language
    from heatseek.schema import DeclaredField

ARCHIVE = "/archive"


def fill(
    engine: Engine,
    articles: Iterable[Article],
    archive: str = ARCHIVE,
    language: Language = ENGLISH,
    fields: tuple[DeclaredField, ...] = (),
) -> Generation:
    """An index of just these articles."""
    with engine.writing() as writer:
        return writer.replace(
            articles, archive=archive, notes=dict, fields=fields, language=language
        )


def change(
    engine: Engine,
    added: Iterable[Article] = (),
    removed: Iterable[str] = (),
    notes: Mapping[str, bytes] | None = None,
) -> Generation:
    """Take articles away and add others."""
    with engine.writing() as writer:
        return writer.change(added, removed=lambda: removed, notes=lambda: notes or {})


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
    change(engine, new[:middle], [a.id for a in new[:middle]] + gone[::2])
    change(engine, new[middle:], [a.id for a in new[middle:]] + gone)
