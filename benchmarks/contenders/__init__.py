"""What is compared, by name; each is loaded in the process that measures it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from contenders.base import Contender


@dataclass(frozen=True, slots=True)
class Entry:
    """A column of the tables."""

    key: str
    title: str
    package: str
    """Has to be importable; without it the column is left out."""
    index: str
    """The folder of its index below that of the archive; two entries may share one."""


ENTRIES = (
    Entry("heatseek_", "heatseek", "heatseek", "heatseek"),
    Entry("fts5", "SQLite FTS5", "sqlite3", "fts5"),
    Entry("tantivy_", "tantivy, no boosts", "tantivy", "tantivy"),
    Entry("stock_whoosh", "Whoosh, no boosts", "whoosh", "whoosh"),
    Entry("boosted_whoosh", "Whoosh", "whoosh", "whoosh"),
)


def available() -> tuple[list[Entry], list[Entry]]:
    """The entries that can run here, and those whose package is missing."""
    here = [entry for entry in ENTRIES if find_spec(entry.package)]
    return here, [entry for entry in ENTRIES if entry not in here]


def load(key: str) -> Contender:
    """The contender called `key`."""
    return cast("Contender", import_module(f"contenders.{key}"))


def folder_of(entry: Entry, scale: Path) -> Path:
    """Where its index is."""
    return scale / "index" / entry.index
