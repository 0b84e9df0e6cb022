"""`search @NAME`: the saved searches of heatseek.toml."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heatseek.errors import UsageError
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heatseek.cli.asked import Asked
    from heatseek.config import Config, SavedSearch

_MANY = ("topic", "provider", "category", "type", "where")
_ONE = ("after", "before", "published", "related", "any", "sort", "rank")


def name_in(query: Sequence[str]) -> str | None:
    """The saved search that the first word names; None if it is a word like any other."""
    if not query or not query[0].startswith("@"):
        return None
    name = query[0].removeprefix("@")
    # Quoted words are a query.
    return None if any(letter.isspace() for letter in name) else name


def fill(asked: Asked, settings: Config) -> Asked:
    """The saved search that the first word names, in all that was not typed.

    Words after the name narrow its query, options replace its own one by one.

    Raises:
        UsageError: there is no such search.
    """
    name = name_in(asked.query)
    if name is None:
        return asked
    saved = settings.searches.get(name)
    if saved is None:
        flaw = unknown(name, list(settings.searches))
        raise UsageError(f"{flaw}; for the word itself: search '\"@{name}\"'")
    own: dict[str, Any] = {key: getattr(saved, key) for key in _ONE}
    own |= {key: list(getattr(saved, key)) or None for key in _MANY}
    own["limit"] = None if saved.limit is None else str(saved.limit)
    missing = {key: value for key, value in own.items() if getattr(asked, key) is None}
    words = _words(saved, asked.query[1:])
    return asked._replace(**missing, query=words, weights=dict(saved.boost))


def _words(saved: SavedSearch, others: list[str]) -> list[str]:
    """The query of a search; as a group, so that its OR doesn't reach into what follows."""
    if not saved.query or not others:
        return [saved.query, *others]
    return [f"({saved.query})", *others]


def unknown(name: str, names: list[str]) -> str:
    """What to say of a name under which nothing is saved."""
    if not names:
        return f"no saved search @{name}; heatseek.toml has no [searches]"
    meant = closest(name, names)
    nearest = sorted(names, key=lambda known: (known != meant, known))
    there = "there is" if len(names) == 1 else "there are"
    return f"no saved search @{name}; {there} {listed(nearest[:10])}"


def listed(names: Iterable[str]) -> str:
    """Names as they are typed."""
    return ", ".join(f"@{name}" for name in names)
