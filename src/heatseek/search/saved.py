"""`@NAME` in place of a query: the saved searches of heatseek.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from heatseek.errors import UnknownSearchError
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.config import SavedSearch

_SHOWN = 10
"""Names that are listed where one is unknown."""


def name_in(query: str) -> str | None:
    """The saved search that the first word names; None if it is a word like any other."""
    first = query.split(maxsplit=1)[:1]
    return first[0][1:] if first and first[0].startswith("@") else None


def filled(given: Mapping[str, Any], searches: Mapping[str, SavedSearch]) -> dict[str, Any]:
    """The arguments of a request with those of the saved search that its query names.

    Words after the name narrow the query of the search; other arguments replace its own one by
    one, weights by name.

    Raises:
        UnknownSearchError: there is no such search.
    """
    name = name_in(given["query"]) or ""
    saved = searches.get(name)
    if saved is None:
        raise unknown(name, searches)
    own = {
        key: value for key, value in arguments(saved).items() if given.get(key) in (None, (), [])
    }
    if isinstance(given["boosts"], Mapping):
        own["boosts"] = {**dict(saved.boost), **given["boosts"]}
    words = given["query"].split(maxsplit=1)[1:]
    return {**given, **own, "query": _narrowed(saved.query, *words)}


def arguments(saved: SavedSearch) -> dict[str, Any]:
    """A saved search as arguments of `request_of`."""
    matching = None if saved.any is None else "any" if saved.any else "all"
    return {
        "topics": saved.topic,
        "providers": saved.provider,
        "categories": saved.category,
        "types": saved.type,
        "paths": saved.path,
        "where": saved.where,
        "after": saved.after,
        "before": saved.before,
        "published": saved.published,
        "related": saved.related,
        "matching": matching,
        "meaning": saved.meaning,
        "sort": saved.sort,
        "rank": saved.rank,
        "limit": saved.limit,
        "boosts": dict(saved.boost),
    }


def unknown(name: str, names: Iterable[str]) -> UnknownSearchError:
    """The error to raise for a name under which nothing is saved."""
    known = list(names)
    if not known:
        flaw = f"no saved search @{name}; heatseek.toml has no [searches]"
        return UnknownSearchError("query", f"@{name}", flaw)
    nearest = closest(name, known)
    first = sorted(known, key=lambda each: (each != nearest, each))[:_SHOWN]
    there = "there is" if len(known) == 1 else "there are"
    flaw = f"no saved search @{name}; {there} {listed(first)}"
    return UnknownSearchError("query", f"@{name}", flaw)


def listed(names: Iterable[str]) -> str:
    """Names as they are typed."""
    return ", ".join(f"@{name}" for name in names)


def _narrowed(query: str, words: str = "") -> str:
    """The query of a search; as a group, so that its OR doesn't reach into what follows.

    Every hit matches it, also where some of the words would do; an OR widens it.
    """
    if not query or not words:
        return query or words
    sign = "" if words.startswith("OR ") else "+"
    return f"{sign}({query}) {words}"
