"""A finding about a file, its kind and its level."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from heatseek.ingest.problem import place


class Level(StrEnum):
    """Levels of findings, the worst first."""

    ERROR = "error"
    """The file, or the folder, is not in the index."""
    WARNING = "warning"
    """Something is lost, or hardly meant."""
    NOTE = "note"
    """It may be so on purpose."""


class Kind(StrEnum):
    """Stable words for what is found in files that are articles.

    What makes a file none has the words of `ingest.problem.ProblemKind`, and so have ignored
    values (`value`).
    """

    DUPLICATE_KEY = "duplicate-key"
    DUPLICATE_TITLE = "duplicate-title"
    DUPLICATE_URL = "duplicate-url"
    MISSING_DATE = "missing-date"
    MISSING_EXCERPT = "missing-excerpt"
    MISSING_PROVIDER = "missing-provider"
    MISSING_TOPICS = "missing-topics"
    MISSING_URL = "missing-url"
    SHOUTED_TITLE = "shouted-title"
    SUSPICIOUS_DATE = "suspicious-date"
    SUSPICIOUS_HEAT = "suspicious-heat"
    SUSPICIOUS_QUALITY = "suspicious-quality"
    TOPIC_SPELLING = "topic-spelling"
    UNKNOWN_KEY = "unknown-key"
    WRONG_KEY = "wrong-key"


class Finding(NamedTuple):
    """One thing about one file.

    Attributes:
        path: relative to the archive, safe to print.
        line: 1-based; that of the front matter for what is missing in it. None where it is not
            about what stands in the file.
        column: 1-based, where known.
        level: how much it matters.
        kind: a word of `Kind` or `ProblemKind`.
        message: the flaw, and what to do. The only text of the file in it are names of keys and
            topics, cleaned and cut.
    """

    path: str
    line: int | None
    column: int | None
    level: Level
    kind: str
    message: str

    @property
    def place(self) -> str:
        """`path:line:column`, as far as that is known."""
        return place(self.path, self.line, self.column)
