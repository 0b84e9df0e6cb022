"""Everything that heatseek raises on purpose.

    HeatseekError                  a front end shows its message
    ├── UsageError                 a request makes no sense
    │   ├── ArgumentError          ... in an argument of a request
    │   │   └── UnknownSearchError ... in the name of a saved search
    │   ├── QueryError             ... in the query text
    │   ├── IndexClosedError       ... of an index that was closed before
    │   ├── CapabilityError        ... that the engine of the index cannot carry out
    │   ├── ConfigError            ... in heatseek.toml or the environment
    │   └── SemanticError          ... that vectors cannot answer
    ├── NoArticleError             there is no article of a name, or nothing to open of it
    ├── ArchiveError               the archive cannot be read
    │   └── ArticleError           one file of it cannot be read: reported, skipped
    └── StoreError                 the index cannot be used
        ├── IndexMissingError      there is none yet
        │   └── IndexForeignError  and the folder is somebody else's
        ├── IndexOutdatedError     written by another version of heatseek or Whoosh
        │   └── OtherArchiveError  or built from another archive than the one that is meant
        ├── IndexDamagedError      its files are not as they were written
        ├── IndexLockedError       another process is writing it
        ├── IndexWriteError        the file system refused to write it
        │   └── LeaseLostError     ... or another writer may be at it by now
        ├── GenerationGoneError    what was opened was replaced and removed meanwhile
        ├── EngineUnreachableError the place where it is does not answer
        └── EngineRefusedError     the place where it is does not let us in

A message is one line: what is wrong, and where. What would help is a `Remedy`, which each front end
puts into its own words.
"""

from __future__ import annotations

import os
import struct
import zlib
from enum import Enum, auto

from heatseek.definitions import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

SURPRISES = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError),
    *(TypeError, ValueError, struct.error, zlib.error),
)
"""Python's, in which reading can end where something has its checksum and is not what we write."""

_BREAKING = pattern("[\0-\x1f\x7f-\x9f\u2028\u2029]")
"""Names of files may have these, which would end a line or be obeyed by a terminal."""
_LONGEST = 40
"""Characters of a value that are repeated in a message."""


class Remedy(Enum):
    """The step that helps against an error of the index or the archive."""

    BUILD = auto()
    """Building the index: there is none."""
    REBUILD = auto()
    """Building it anew of the archive that it was built from."""
    REBUILD_FROM = auto()
    """Building it anew, and naming the archive, which is not known."""
    REPAIR = auto()
    """Repairing it: it is built anew of what it was built from."""
    OTHER_INDEX = auto()
    """Naming another place for the index."""
    OTHER_PLACE = auto()
    """Naming another place for the index, which is in no folder."""
    CREDENTIALS = auto()
    """Giving the user and the password of a server."""
    OTHER_ARCHIVE = auto()
    """Naming the folder of the articles."""
    WAIT = auto()
    """Trying again when another writer is done."""
    SLICES = auto()
    """Running the slices that are awaited, or trying again when they are done."""
    VECTORS = auto()
    """Setting the kind of vectors, and an update; or searching by words alone."""


class HeatseekError(Exception):
    """Base of all deliberate errors; `str()` is the one line to show.

    Attributes:
        remedy: the step that helps; None where there is none, or the message says it.
    """

    remedy: Remedy | None = None

    def __str__(self) -> str:
        return _BREAKING.sub(lambda found: repr(found[0])[1:-1], super().__str__())

    def __reduce__(self) -> tuple[object, ...]:
        """Copies and pickles have the same message and attributes, however they were made."""
        return _restored, (type(self), self.args, vars(self))


class UsageError(HeatseekError):
    """A request that cannot be carried out as it was put."""


class ArgumentError(UsageError):
    """An argument makes no sense.

    Attributes:
        argument: its name, as `heatseek.search.request.request_of` has it.
        value: what was given, as text; None if that is not to be repeated.
        reason: why, in a few words.
    """

    def __init__(self, argument: str, value: object, reason: str) -> None:
        self.argument = argument
        self.value = None if value is None else _shown(value)
        self.reason = reason
        super().__init__(self.message_for(argument))

    def message_for(self, name: str) -> str:
        """The message, with the name under which a front end has the argument."""
        place = name if self.value is None else f"{name} {self.value}"
        return f"{place}: {self.reason}"


class UnknownSearchError(ArgumentError):
    """Nothing is saved under a name; `value` is that name with its `@`."""


class QueryError(UsageError):
    """The query text is beyond a limit, asks for nothing, or for what cannot be.

    Attributes:
        problem: what is wrong, in a few words.
        position: the index in the text where the problem is; None if it is about the whole text.
        advice: what to write instead, or to do; empty if the problem says it.
    """

    def __init__(self, problem: str, position: int | None = None, advice: str = "") -> None:
        place = "" if position is None else f" at character {position + 1:,}"
        super().__init__(f"{problem}{place}; {advice}" if advice else f"{problem}{place}")
        self.problem = problem
        self.position = position
        self.advice = advice


class IndexClosedError(UsageError):
    """An open index was asked after it had been closed."""

    def __init__(self) -> None:
        super().__init__("the index is closed: open it again")


class CapabilityError(UsageError):
    """A request is beyond what the engine of the index can do.

    Attributes:
        engine: its name.
        capability: what it lacks, as it stands behind "cannot".
    """

    def __init__(self, engine: str, capability: str) -> None:
        super().__init__(f"an index of the engine {engine} cannot {capability}")
        self.engine = engine
        self.capability = capability

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.engine, self.capability)


class ConfigError(UsageError):
    """A setting is unknown, of the wrong type or out of range."""


class SemanticError(UsageError):
    """There are no vectors, or they cannot be made: a package, a model or a note is missing."""

    def __init__(self, message: str, remedy: Remedy | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class NoArticleError(HeatseekError):
    """Nothing goes by a name, or what does has nothing to open."""


class ArchiveError(HeatseekError):
    """The archive folder is missing or unreadable."""

    def __init__(self, message: str, remedy: Remedy | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class ArticleError(ArchiveError):
    """One file is no readable article.

    Attributes:
        reason: why, in a few words, without the file's name.
        line: 1-based line in the file; None if that is not about what stands in it.
        column: 1-based column in that line, where known.
    """

    def __init__(self, reason: str, line: int | None = 1, column: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


class StoreError(HeatseekError):
    """The index cannot be read or written."""


class IndexMissingError(StoreError):
    """No index has been built in this folder."""

    remedy = Remedy.BUILD


class IndexForeignError(IndexMissingError):
    """The folder has files and is no index: nothing in it is made, changed or removed."""

    remedy = Remedy.OTHER_INDEX


class IndexOutdatedError(StoreError):
    """The index was written under another format or schema; a rebuild replaces it.

    Attributes:
        archive: the absolute path of the folder it was built from; empty if that is not known.
    """

    def __init__(self, message: str, archive: str = "") -> None:
        super().__init__(message)
        self.archive = archive
        self.remedy = Remedy.REBUILD if archive else Remedy.REBUILD_FROM


class OtherArchiveError(IndexOutdatedError):
    """The index was built from another archive than the one that is meant.

    Attributes:
        archive: the absolute path of the folder that it was built from.
        named: the one that is meant.
    """

    def __init__(self, archive: str, named: str) -> None:
        super().__init__(f"the index was built from {archive}, not {named}", archive)
        self.named = named


class IndexDamagedError(StoreError):
    """A file of the index is missing, cut short or altered; a rebuild replaces it.

    Attributes:
        what: the file and its flaw.
    """

    remedy = Remedy.REPAIR

    def __init__(self, what: str) -> None:
        super().__init__(f"the index is damaged: {what}")
        self.what = what


class IndexLockedError(StoreError):
    """Another process is writing this index."""

    remedy: Remedy | None = Remedy.WAIT


class IndexWriteError(StoreError):
    """The index could not be written; the previous one is untouched."""

    def __init__(self, message: str, remedy: Remedy | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy


class LeaseLostError(IndexWriteError):
    """The lease on the index lapsed or was taken away: another writer may be at it."""


class GenerationGoneError(StoreError):
    """The generation that was opened is not there any more: opening again gives a newer one."""


class EngineUnreachableError(StoreError):
    """The file system or server that has the index does not answer; trying again may help."""


class EngineRefusedError(StoreError):
    """The file system or server that has the index refuses it to this user."""

    remedy: Remedy | None = Remedy.OTHER_INDEX


def quoted(text: str) -> str:
    """A text in quotes on one printable line, cut where it gets long: for messages."""
    line = " ".join(text[:200].split())
    quoted = repr(line if len(line) <= 40 else f"{line[:39]}…")
    return quoted if len(quoted) <= 60 else f"{quoted[:59]}…"


def reason(error: OSError) -> str:
    """The operating system's words for why it refused something, for the end of a message."""
    return (error.strerror or "unknown error").lower()


def is_gone(path: str | os.PathLike[str], *, follow: bool = True) -> bool:
    """True if nothing is at a path; what may not be looked at is not gone.

    Args:
        path: of a file or folder.
        follow: a symbolic link that leads nowhere is nothing.
    """
    try:
        os.stat(path, follow_symlinks=follow)  # noqa: PTH116 - text, too
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def below(path: Path, here: Path) -> Path:
    """A path as a person in the folder `here` would type it: relative where it is below that."""
    return path.relative_to(here) if path.is_relative_to(here) else path


def _restored(
    kind: type[HeatseekError], arguments: tuple[object, ...], attributes: dict[str, object]
) -> HeatseekError:
    error = kind.__new__(kind, *arguments)
    vars(error).update(attributes)
    return error


def _shown(value: object) -> str:
    """The value that was given, as far as it fits into a line."""
    try:
        text = value if isinstance(value, str) else repr(value)
    except Exception:  # noqa: BLE001 - a number of ten thousand digits, an object of a stranger
        text = f"of type {type(value).__name__}"
    cut = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return cut if cut.strip() and cut.isprintable() else repr(cut)
