"""A first look at an archive: the program that it was written for, and the keys that it has."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.conventions import KEYS, key_of
from heatseek.ingest.discover import discover
from heatseek.ingest.program import program_of
from heatseek.ingest.reader import examine
from heatseek.lint.keys import KeyCheck, UnreadKey

if TYPE_CHECKING:
    from pathlib import Path

MOST_FILES = 1_000
"""That are read; of more files as many, from all over the archive."""
_BY_KEYS = {
    "heatseek": ("publisheddatetime", "heat"),
    "Hashnode": ("cuid", "datepublished"),
    "Microsoft Learn": ("ms.date",),
}
"""Keys, in small letters, that most files of an archive have together which no other one has."""


class Survey(NamedTuple):
    """What was seen.

    Attributes:
        program: its name; empty if nothing tells it.
        content: the folder of the articles, relative to the one that was looked at; `.` if that.
        others: folders in it that hold no articles.
        files: how many there are.
        read: of them.
        keys: for each field the keys that it is read from, with how many files have each.
        unread: keys that nothing reads, the most frequent first.
    """

    program: str
    content: str
    others: tuple[str, ...]
    files: int
    read: int
    keys: dict[str, dict[str, int]]
    unread: list[UnreadKey]


def survey(folder: Path) -> Survey:
    """Look at an archive; nothing is written.

    Raises:
        ArchiveError: the folder is missing or unreadable.
    """
    files = list(discover(folder, lambda problem: None))  # noqa: ARG005 - told when it is indexed
    program = program_of(folder, (file.id for file in files))
    names = program.content if program else ()
    content = next((name for name in names if (folder / name).is_dir()), ".")
    if content != ".":
        files = [file for file in files if file.id.startswith(f"{content}/")]
    check = KeyCheck()
    step = -(-len(files) // MOST_FILES) or 1
    for file in files[::step]:
        _, front = examine(file)
        if front is not None:
            for _ in check(file.id, front):
                pass
    name = program.name if program else ""
    for other, keys in _BY_KEYS.items():
        if not name and all(check.count(key) > check.files / 3 for key in keys):
            name = other
    others = tuple(
        each for each in (program.others if program else ()) if (folder / content / each).is_dir()
    )
    return Survey(name, content, others, len(files), check.files, _by_field(check), check.unread())


def _by_field(check: KeyCheck) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for field, entries in KEYS.items():
        for entry in entries:
            if count := check.read[key_of(entry)[0].lower()]:
                found.setdefault(field, {})[entry] = count
    return found
