"""Where an archive and its index are while nobody names them; where an index is that is named.

From the working directory upwards the first of these counts: a folder with `seeds/`, or with an
index named `index`; the folder of heatseek.toml. Else the working directory is the archive, or the
nearest folder above that has an index already; its index stands in the user's cache. There it is,
too, where only the archive is named. A note in the folder of an index may say that it is elsewhere.
"""

from __future__ import annotations

import os
import stat

from heatseek import engines
from heatseek.definitions import pattern
from heatseek.engines.model import IndexUrl
from heatseek.errors import ConfigError, Remedy, quoted, reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    Location = Path | IndexUrl
    """Where an index is: a folder, or an address."""

ARCHIVE = "seeds"
INDEX = "index"
_INNER = {ARCHIVE: "", INDEX: "HEATSEEK"}
"""The file that an index in a folder has; a test holds it equal to the engine's."""
NOTE = ".engine"
"""The file that says, in the folder of an index, where that is instead: its address in a line."""
_LONGEST = 2_000
"""Bytes of an address."""
_NO_PORT = pattern(r"(?s):(?!\d{1,5}(?:[,/]|\Z)).+")
_MOST_OF_NAME = 80
"""Bytes of an archive's name that the name of its index in the cache begins with."""


class Places:
    """An archive and its index, as texts.

    Attributes:
        archive: the folder of the articles.
        index: the folder of the index, or its address, an `IndexUrl`.
        index_source: default, or cache.
        is_assumed: nothing says that the archive is one: it is where somebody works.
        is_wide: it is a home folder, or one above: nobody means all of it without saying so.
    """

    __slots__ = ("archive", "index", "index_source", "is_assumed", "is_wide")

    def __init__(
        self,
        archive: str,
        index: str,
        index_source: str = "default",
        *,
        is_assumed: bool = False,
        is_wide: bool = False,
    ) -> None:
        self.archive = archive
        self.index = index
        self.index_source = index_source
        self.is_assumed = is_assumed
        self.is_wide = is_wide


def plain(path: str | os.PathLike[str]) -> str:
    """A path in the form in which pathlib, which takes long to import, writes it."""
    text = os.fspath(path)
    start = text[: len(text) - len(text.lstrip("/"))]
    # Two slashes may mean something of their own, three are one.
    root = start if len(start) < 3 else "/"
    return root + "/".join(p for p in text.split("/") if p not in ("", ".")) or "."


def joined(folder: str, path: str) -> str:
    """A path that starts from a folder, unless it is absolute."""
    return plain(os.path.join(folder, path))  # noqa: PTH118


def upwards(folder: str) -> Iterator[str]:
    """A folder, and all above it."""
    yield folder
    while (above := os.path.dirname(folder)) != folder:  # noqa: PTH120
        yield above
        folder = above


def shown_below(path: str, here: str) -> str:
    """A path as a person in the folder `here` would type it, as `errors.below` does."""
    inner = path.removeprefix(os.path.join(here, ""))  # noqa: PTH118 - text
    # Two slashes at the start are another root than one.
    return path if inner[:1] in ("", "/") else inner


def project_places(
    cwd: str, environ: Mapping[str, str], file: str | None, archive: str | None
) -> Places | None:
    """The archive and the index of the project that a folder is in; None if it is in none.

    Args:
        cwd: the folder, absolute.
        environ: names the home folder.
        file: the heatseek.toml.
        archive: that it names.
    """
    own = os.path.dirname(file) if file else None  # noqa: PTH120
    if own and archive:
        return Places(archive, joined(own, INDEX))
    for folder in upwards(cwd):
        is_own = folder == own and not is_wide(folder, environ)
        # Beside the file an index tells nothing of the archive: it may be the folder's own.
        if _is_project(folder, (ARCHIVE,) if is_own else (ARCHIVE, INDEX)):
            return Places(joined(folder, ARCHIVE), joined(folder, INDEX))
        if is_own:
            return Places(folder, joined(folder, INDEX))
    return None


def working_places(cwd: str, environ: Mapping[str, str]) -> Places:
    """The places where there is no project: the archive is where somebody works.

    Raises:
        ConfigError: the environment names no folder for caches.
    """
    for folder in upwards(cwd):
        if is_wide(folder, environ):
            break
        known = in_cache(folder, environ)
        if os.path.isdir(known):  # noqa: PTH112 - never raises
            return Places(folder, known, "cache", is_assumed=True)
    index = in_cache(cwd, environ)
    return Places(cwd, index, "cache", is_assumed=True, is_wide=is_wide(cwd, environ))


def in_cache(archive: str | os.PathLike[str], environ: Mapping[str, str]) -> str:
    """The folder of the index of an archive that has no place of its own for one.

    Raises:
        ConfigError: the environment names no folder for caches.
    """
    caches = user_folder("XDG_CACHE_HOME", ".cache", environ)
    if caches is None:
        error = ConfigError("neither HOME nor XDG_CACHE_HOME names a place for the index")
        error.remedy = Remedy.OTHER_INDEX
        raise error
    # Costs more than all the rest: indexes beside their archives do without.
    from hashlib import blake2b  # noqa: PLC0415

    place = os.fsencode(os.path.realpath(archive))
    name = os.fsdecode(os.path.basename(place)[:_MOST_OF_NAME])  # noqa: PTH119 - bytes
    return joined(caches, f"heatseek/{name}-{blake2b(place, digest_size=8).hexdigest()}")


def user_folder(variable: str, below_home: str, environ: Mapping[str, str]) -> str | None:
    """A folder of the XDG base directories; None if the environment names none.

    By hand: platformdirs would cost 9 ms of a search.
    """
    base, home = environ.get(variable, ""), environ.get("HOME", "")
    # The specification: a relative path is to be ignored.
    if os.path.isabs(base):  # noqa: PTH117
        return plain(base)
    return joined(home, below_home) if os.path.isabs(home) else None  # noqa: PTH117


def is_anybodys(path: str) -> bool:
    """True where a stranger may have put a file, or a link, for others to come across: in /tmp.

    It could have an index of private articles written to where the stranger reads it.
    """
    if not hasattr(os, "getuid"):
        return False
    if not os.stat(os.path.dirname(path)).st_mode & stat.S_IWOTH:  # noqa: PTH116, PTH120
        return False
    return os.lstat(path).st_uid not in {0, os.getuid()}


def _is_project(folder: str, names: Sequence[str]) -> bool:
    """True if a folder has `seeds/`, or an index, and it is no stranger that put it there."""
    for name in names:
        path = joined(folder, name)
        if os.path.exists(f"{path}/{_INNER[name]}") and os.path.isdir(path):  # noqa: PTH110, PTH112 - never raise
            return not is_anybodys(path)
        if name == INDEX and has_note(path):
            return True
    return False


def is_wide(folder: str, environ: Mapping[str, str]) -> bool:
    """True for a user's home, and for all above it."""
    above = os.path.dirname(folder)  # noqa: PTH120
    return folder == above or any(folder in upwards(home) for home in _homes(environ))


def _homes(environ: Mapping[str, str]) -> Iterator[str]:
    home = environ.get("HOME")
    if home and os.path.isabs(home):  # noqa: PTH117 - text
        yield plain(home)
        yield os.path.realpath(home)


def location_of(text: str, name: str) -> Location:
    """The place of an index that somebody named; see `place_of`."""
    from pathlib import Path  # noqa: PLC0415 - a plain search does without

    place = place_of(text, name)
    return place if isinstance(place, IndexUrl) else Path(place)


def place_of(text: str | os.PathLike[str], name: str) -> str:
    """The place of an index that somebody named, as a text: of an address an `IndexUrl`.

    Args:
        text: the path of a folder, or an address.
        name: of the option or variable, for errors.

    Raises:
        ConfigError: the address is none, or a password stands in it.
    """
    if not isinstance(text, str) or not engines.is_address(text):
        return plain(text)
    try:
        url = IndexUrl(text)
        engines.check(url)
    except ConfigError as error:
        raise ConfigError(f"{name} {shown_address(text)}: {error}") from None
    return url


def shown_address(text: str) -> str:
    """An address, right or wrong, in quotes, without what may be a user or a password."""
    scheme, mark, rest = text.partition(":")
    slashes = "//" if rest.startswith("//") else ""
    place = rest.removeprefix("//").rpartition("@")[2]
    return quoted(f"{scheme}{mark}{slashes}{_NO_PORT.sub(':…', place)}")


def note_in(folder: str) -> IndexUrl | None:
    """The address of the index that a note in a folder names; None if there is no note.

    Raises:
        ConfigError: it makes no sense.
    """
    note = joined(folder, NOTE)
    try:
        if not has_note(folder):
            return None
        with open(note, "rb") as file:  # noqa: PTH123 - pathlib takes long to import
            text = file.read(_LONGEST).decode("utf-8").strip()
    except OSError as error:
        raise ConfigError(f"{note}: cannot be read: {reason(error)}") from None
    except UnicodeDecodeError:
        text = ""
    url = place_of(text, note)
    if isinstance(url, IndexUrl):
        return url
    raise ConfigError(
        f"{note}: does not say where the index is: remove it, or name the place by"
        " `heatseek rebuild --engine URL`"
    )


def has_note(folder: str) -> bool:
    """True if a folder has a note that no stranger has put there."""
    note = joined(folder, NOTE)
    return os.path.isfile(note) and not (is_anybodys(note) or is_anybodys(folder))  # noqa: PTH113 - never raises


def noted_before(places: Places, environ: Mapping[str, str]) -> str | None:
    """The folder in the cache whose note holds for a project, too, that has got a heatseek.toml.

    None if there is no such note, or something in the place that the index of the project has now.
    """
    folder = places.index
    if isinstance(folder, IndexUrl) or places.index_source == "cache" or has_note(folder):
        return None
    if os.path.exists(joined(folder, _INNER[INDEX])):  # noqa: PTH110 - never raises
        return None
    try:
        before = in_cache(places.archive, environ)
    except ConfigError:
        return None
    return before if has_note(before) else None
