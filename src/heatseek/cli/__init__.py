"""The command line: options in, text out; its exit codes, documented in docs/terminal.md."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes; `main.py` knows those of errors."""

    FOUND = 0
    """Something was found; a rebuild is done."""
    NOTHING = 1
    """The search worked, and nothing matches."""
    USAGE = 2
    """The request makes no sense."""
    INDEX = 3
    """The index is missing, locked or damaged, or the archive unreadable."""
    SKIPPED = 4
    """Done, but some files could not be read."""
    INTERNAL = 70
    """A mistake in heatseek (EX_SOFTWARE)."""
    OUTPUT = 74
    """The output could not be written, as on a full disk (EX_IOERR)."""
    INTERRUPTED = 130
    """Ctrl-C (128 + SIGINT), as shells report it."""
    PIPE = 141
    """Whoever read the output went away (128 + SIGPIPE), as with any program of Unix."""
