"""The settings as types, and the checks that options and heatseek.toml share."""

from __future__ import annotations

import re
from types import MappingProxyType

from heatseek.conventions import Conventions, as_keys
from heatseek.definitions import NamedTuple, dataclass, field
from heatseek.engines.model import IndexUrl
from heatseek.errors import UsageError
from heatseek.ranking import Boosts, Preset
from heatseek.text.languages import ENGLISH, Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from heatseek.config.places import Location
    from heatseek.schema import DeclaredField
    from heatseek.vectors import Semantic

MAX_LIMIT = 1_000_000
"""More hits than this are not asked for in one page."""
BOOST_KEYS = tuple(f"boost.{name}" for name in Boosts.__match_args__)


UPDATES = MANUAL, AUTO = "manual", "auto"
"""Who brings an index to the state of its archive: `update` and `watch`, and where nothing was
found it is told what has changed; or every command that searches, too, if a glance says so."""


class SavedSearch(NamedTuple):
    """`[searches]`: a query with its options; None where the search leaves an option alone."""

    query: str = ""
    topic: tuple[str, ...] = ()
    provider: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    """Folders and files of the archive."""
    where: tuple[str, ...] = ()
    """Conditions as `--where` takes them."""
    after: str | None = None
    before: str | None = None
    published: bool | None = None
    related: bool | None = None
    any: bool | None = None
    """True: any of the words will do; False: all of them must match."""
    sort: str | None = None
    rank: str | None = None
    """A preset, built in or configured."""
    boost: tuple[tuple[str, float], ...] = ()
    """Weights in place of those that the rank starts from."""
    limit: int | None = None
    meaning: float | None = None
    """What nearness in meaning counts; 0 to 1."""


NOTHING: Mapping[str, Any] = MappingProxyType({})
"""An empty table."""


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting, resolved; paths are absolute, and texts until somebody asks for a `Path`."""

    archive_path: str
    index_place: str
    """The path of a folder, or an `IndexUrl`."""
    archive_is_explicit: bool
    """Somebody named the archive: it counts more than what the index says that it was built from.

    Not where heatseek.toml names it, but the index was named by an option or a variable.
    """
    boosts: Boosts
    limit: int
    sources: Mapping[str, str]
    """Where each value came from: `--index`, `HEATSEEK_INDEX`, `heatseek.toml:3`, `default`.

    By name, with dots: `limit`, `boost.heat`, `searches.ai-climate`.
    """
    follow_links: bool = False
    """True: symbolic links may lead out of the archive."""
    exclude: tuple[str, ...] = ()
    """Rules about what of the archive is passed over, in the words of a `.gitignore`."""
    update: str = MANUAL
    """One of `UPDATES`."""
    images: bool = True
    """The web page may load images of articles, which tells those who have them."""
    rank: str = Preset.BALANCED
    """The preset that the weights start from."""
    folder_path: str | None = None
    """Of the index, or of the note that says where it is instead; None if an address was named."""
    note_path: str | None = None
    """That says where the index is."""
    is_cached: bool = False
    """That folder is in the user's cache."""
    index_is_named: bool = False
    """By `--index`."""
    engine: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    """`[engine]`, but for the location: settings of an index that is in no folder."""
    archive_is_assumed: bool = False
    """Nothing says that there is an archive: it is where somebody works."""
    archive_is_wide: bool = False
    """It is so, and is a home folder or one above."""
    file_path: str | None = None
    """The heatseek.toml that was read."""
    language: Language = ENGLISH
    """`[language]`: what an index is built for."""
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    """Other names of words and phrases."""
    searches: Mapping[str, SavedSearch] = field(default_factory=lambda: NOTHING)
    presets: Mapping[str, Boosts] = field(default_factory=lambda: NOTHING)
    """Weights beside the built-in ones of `ranking.Preset`."""
    fields: Mapping[str, DeclaredField] = field(default_factory=lambda: NOTHING)
    """`[fields.NAME]`, by name."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NOTHING)
    """`[keys]`: the keys that a field is read from, by field."""
    semantic: Semantic | None = None
    """`[semantic]`: the kind of vectors that an index is to have; None: nobody chose one."""
    meaning: float = 0.0
    """What nearness in meaning counts in a search; 0 to 1."""
    time_zone: str | None = None
    """The name of the zone in which days begin, and of times that name none; None: this
    machine's."""

    @property
    def archive(self) -> Path:
        """The folder of the articles."""
        return _path(self.archive_path)

    @property
    def index(self) -> Location:
        """The folder of the index, or its address."""
        place = self.index_place
        return place if isinstance(place, IndexUrl) else _path(place)

    @property
    def folder(self) -> Path | None:
        """See `folder_path`."""
        return None if self.folder_path is None else _path(self.folder_path)

    @property
    def note(self) -> Path | None:
        """See `note_path`."""
        return None if self.note_path is None else _path(self.note_path)

    @property
    def file(self) -> Path | None:
        """See `file_path`."""
        return None if self.file_path is None else _path(self.file_path)

    @property
    def conventions(self) -> Conventions:
        """How files are read, as far as somebody chose it."""
        return Conventions(as_keys(self.keys) if self.keys else None, self.time_zone)

    @property
    def chosen_language(self) -> Language | None:
        """The language, if somebody chose one: an index keeps its own otherwise."""
        names = (f"language.{name}" for name in Language._fields)
        chosen = any(self.sources.get(name, "default") != "default" for name in names)
        return self.language if chosen else None

    @property
    def declared(self) -> tuple[DeclaredField, ...]:
        """The declared fields in the order of their names: the one in the file means nothing."""
        return tuple(declared for _, declared in sorted(self.fields.items()))

    @property
    def chosen_fields(self) -> tuple[DeclaredField, ...] | None:
        """The declared fields, if there are any: an index keeps its own otherwise."""
        return self.declared or None


def _path(text: str) -> Path:
    from pathlib import Path  # noqa: PLC0415 - a plain search does without

    return Path(text)


class Layer(NamedTuple):
    """The settings of one source, by flat name (`boost.quality`), with where each stands."""

    values: Mapping[str, Any]
    sources: Mapping[str, str]


def days(text: str) -> float:
    """Read a half-life: `30d`, `2w`, `6m` (of 30 days), `1y` (of 365); a bare number is days.

    Raises:
        ValueError: it is none of these.
    """
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*([dwmy]?)", text.strip().lower())
    if not match:
        raise ValueError("must be a number of days, or like 30d, 2w, 6m, 1y")
    return float(match[1]) * {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}[match[2]]


def boost(name: str, value: float) -> float:
    """Check one weight of the ranking formula.

    Raises:
        ValueError: it is out of range.
    """
    try:
        Boosts(**{name: value})
    except UsageError as error:
        raise ValueError(str(error).partition(": ")[2]) from None
    return value


def weights(name: str, presets: Mapping[str, Boosts]) -> Boosts | None:
    """The weights of a preset, built in or configured; None if there is no such preset."""
    if name in presets:
        return presets[name]
    return Preset(name).boosts if name in list(Preset) else None
