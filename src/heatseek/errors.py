"""Everything that heatseek raises on purpose.

    HeatseekError                  a front end shows its message and exits with its code
    ├── UsageError                 what was asked for makes no sense (exit 2)
    │   ├── QueryError             ... in the query text
    │   ├── IndexClosedError       ... of an index that was closed before
    │   └── ConfigError            ... in heatseek.toml or the environment
    ├── ArchiveError               the archive cannot be read (exit 3)
    │   └── ArticleError           one file of it cannot be read: reported, skipped
    └── StoreError                 the index cannot be used (exit 3)
        ├── IndexMissingError      there is none yet
        │   └── IndexForeignError  and the folder is somebody else's
        ├── IndexOutdatedError     written by another version of heatseek or Whoosh
        ├── IndexDamagedError      its files are not as they were written
        ├── IndexLockedError       another process is writing it
        └── IndexWriteError        the file system refused to write it

A message is one line: what is wrong, where, and what to do about it.
"""

from __future__ import annotations


class HeatseekError(Exception):
    """Base of all deliberate errors; `str()` is the one line to show."""

    exit_code = 2


class UsageError(HeatseekError):
    """A request that cannot be carried out as it was put."""


class QueryError(UsageError):
    """The query text is beyond a limit, or asks for nothing."""


class IndexClosedError(UsageError):
    """An open index was asked after it had been closed."""

    def __init__(self) -> None:
        super().__init__("the index is closed: open it again")


class ConfigError(UsageError):
    """A setting is unknown, of the wrong type or out of range."""


class ArchiveError(HeatseekError):
    """The archive folder is missing or unreadable."""

    exit_code = 3


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

    exit_code = 3


class IndexMissingError(StoreError):
    """No index has been built in this folder."""


class IndexForeignError(IndexMissingError):
    """The folder has files and is no index: nothing in it is made, changed or removed."""


class IndexOutdatedError(StoreError):
    """The index was written under another format or schema; a rebuild replaces it.

    Attributes:
        archive: the absolute path of the folder it was built from; empty if that is not known.
    """

    def __init__(self, message: str, archive: str = "") -> None:
        super().__init__(message)
        self.archive = archive


class IndexDamagedError(StoreError):
    """A file of the index is missing, cut short or altered; a rebuild replaces it.

    Attributes:
        what: the file and its flaw, without what to do about it.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"the index is damaged: {what}; `heatseek doctor --repair` makes it anew")
        self.what = what


class IndexLockedError(StoreError):
    """Another process is writing this index."""


class IndexWriteError(StoreError):
    """The index could not be written; the previous one is untouched."""
