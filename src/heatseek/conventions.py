"""How an archive writes what an article has: under which keys, in which zone of time."""

from __future__ import annotations

from types import MappingProxyType

from heatseek.definitions import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Keys = tuple[tuple[str, tuple[str, ...]], ...]
    """Keys by field, in the order of the fields."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "title": ("title", "name", "display_name", "headline"),
        "aliases": ("aliases", "alias"),
        "excerpt": (*("excerpt", "description", "summary", "subtitle", "bio", "abstract", "lead"),),
        "topics": ("topics", "tags", "keywords", "tag", "categories"),
        "provider": ("provider", "author", "authors", "source", "publisher"),
        "category": ("category", "section", "categories"),
        "type": ("type", "layout", "ms.topic"),
        "date": (
            *("publishedDateTime", "date", "datePublished", "published_at", "publishedAt"),
            *("pubDate", "publishDate", "created", "created_at", "ms.date", "published"),
        ),
        "updated": (
            *("updated", "lastmod", "modified", "updated_at", "updatedAt", "dateModified"),
            *("modifiedDateTime", "last_modified_at", "last_updated", "last_update"),
        ),
        "link": ("webUrl", "originalUrl", "url", "canonical_url", "canonicalUrl", "link"),
        "image": (*("images", "image", "cover", "cover_image", "thumbnail", "hero", "banner"),),
        "published": ("published", "publish", "!draft"),
        "quality": ("quality",),
        "heat": ("heat",),
    }
)
"""The keys of the front matter that each field is read from, the first that has a value; case does
not matter. One behind `!` says the opposite."""

NESTED = ("taxonomies", "extra", "params")
"""Keys whose own keys are read as if they stood beside them: Zola and Hugo write so."""

RELATED = "related"
"""The key of what an article mentions."""

ADDRESS = ("path", "permalink", "url")
"""Keys of where a page stands on its site, which may begin with its date."""

OPPOSITE = "!"
_OPPOSITES = ("draft",)
"""Keys that are read as the opposite also where somebody forgot to say so."""
MAX_KEY = 100
"""Characters of a key."""


MAX_WILDCARDS = 3
"""Of a rule about what is passed over: the work of a match grows by a power of them."""


def key_of(entry: str) -> tuple[str, bool]:
    """A key as it stands in `KEYS`, and whether it says the opposite."""
    name = entry.removeprefix(OPPOSITE)
    return name, name != entry or name.lower() in _OPPOSITES


class Conventions(NamedTuple):
    """Settings of heatseek.toml on how files are read; None: not set.

    An index keeps those that it was built by.
    """

    keys: Keys | None = None
    """`[keys]`: for some fields the keys that they are read from instead of those of `KEYS`."""
    time_zone: str | None = None
    """The zone, by its IANA name, of times that name none."""

    def over(self, others: Conventions) -> Conventions:
        """These, and those of others where nothing is said here."""
        keys = others.keys if self.keys is None else self.keys
        return Conventions(keys, self.time_zone or others.time_zone)

    def differ_from(self, others: Conventions) -> bool:
        """True if files would be read otherwise than by others, in what is set here."""
        return self.over(others).resolved() != others.resolved()

    def resolved(self) -> tuple[Keys, str]:
        """Both, with what holds where nothing is said."""
        return self.keys or (), self.time_zone or "UTC"

    @property
    def all_keys(self) -> dict[str, tuple[str, ...]]:
        """The keys of each field."""
        return {**KEYS, **dict(self.keys or ())}


def as_keys(keys: Mapping[str, Iterable[str]]) -> Keys:
    """Keys by field, in one order.

    Raises:
        ValueError: there is no such field, or a name is none.
    """
    for field, names in keys.items():
        if field not in KEYS:
            raise ValueError(f'no field "{field[:MAX_KEY]}"; there are {", ".join(KEYS)}')
        if isinstance(names, str) or not all(_is_key(name) for name in names):
            raise ValueError(f"{field}: must be names of keys")
    return tuple(sorted((field, tuple(names)) for field, names in keys.items()))


def _is_key(entry: str) -> bool:
    name = key_of(entry)[0]
    return bool(name.strip()) and len(name) <= MAX_KEY and name.lower() != "secured"


NO_CONVENTIONS = Conventions()
"""Those of an archive of which nobody said anything."""


def known_keys(conventions: Conventions, declared: Iterable[str] = ()) -> frozenset[str]:
    """All keys that are read, in small letters."""
    entries = (entry for keys in conventions.all_keys.values() for entry in keys)
    names = (*(key_of(entry)[0] for entry in entries), *declared, *NESTED, *ADDRESS[:1], RELATED)
    return frozenset(map(str.lower, names))
