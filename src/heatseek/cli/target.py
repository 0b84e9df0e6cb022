"""The article that a command is about: a rank in the last search, a path, an id or a link."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from heatseek.cli.project import open_or_build
from heatseek.cli.terminal import display_path
from heatseek.errors import IndexMissingError, StoreError, UsageError
from heatseek.library import open_index, same_place
from heatseek.search.arguments import text_of
from heatseek.search.find import find_ranked, rank_in
from heatseek.search.history import recall_search

if TYPE_CHECKING:
    from heatseek.config import Config
    from heatseek.search.find import Found
    from heatseek.search.history import LastSearch


def article_of(target: str, settings: Config) -> Found:
    """The article of a target.

    Args:
        target: see `options.TARGETS`.
        settings: where index and archive are; ranks count in the index that was searched.

    Raises:
        UsageError: no search is remembered, or it showed no such rank.
        NoArticleError: there is no such article, or not any more.
        StoreError, ArchiveError: index or archive cannot be used.
    """
    if not target.strip():
        raise UsageError("which article? its number in the last search, or its path")
    rank = rank_in(target)
    if rank is not None:
        return _ranked(rank, settings)
    with open_or_build(settings) as index:
        return index.find(text_of("target", target))


def _ranked(rank: int, settings: Config) -> Found:
    last = recall_search(os.environ)
    if last is None:
        raise UsageError(f"{rank}: no search is remembered; search first, or name a path")
    _same_places(last, settings)
    # Not `open_or_build`: an index that is gone must not be built anew from whatever is here.
    try:
        # With its settings, where it is the one of this project.
        known = settings.index if settings.index == last.location else last.location
        index = open_index(known, long_lived=False)
    except IndexMissingError:
        place = display_path(last.location)
        raise StoreError(
            f"{rank}: the index of the last search, {place}, is gone: search again"
        ) from None
    with index:
        return find_ranked(rank, last, index)


def _same_places(last: LastSearch, settings: Config) -> None:
    """Refuse a rank in another index than the one that was named."""
    if settings.index_is_named and not same_place(settings.index, last.location):
        raise UsageError(
            f"the last search was in {display_path(last.location)},"
            f" not {display_path(settings.index)}: search there, or name a path"
        )
