"""The keys of front matter: which nobody reads, and which are written wrong."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.conventions import KEYS, NESTED, NO_CONVENTIONS, Conventions, key_of, known_keys
from heatseek.ingest.dates import instant
from heatseek.ingest.discover import discover
from heatseek.ingest.program import program_of
from heatseek.ingest.reader import examine
from heatseek.ingest.text import one_line
from heatseek.lint.checks import Finding, Kind, Level
from heatseek.schema import FieldKind, name_flaw
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from heatseek.ingest.front_matter import FrontMatter


_NEAR = 0.8
_MAX_NAME = 40
"""Characters of a key that are shown."""
MOST_KEYS = 100
"""Wrong ones of a file that are told; repeated ones, too."""
MOST_SEARCHED = 10_000_000
"""Characters of a file's front matter, counted anew for each key that is told."""
MOST_UNREAD = 1_000
"""Keys that are counted."""
_MISTAKES = 20
"""Files that may have the same key by mistake."""
_LONG = 60
"""Characters from which on a text is no label."""
_SAMPLES = 200
"""Values of a key by which its kind is told."""
_TOP_LEVEL = re.compile(r"\n([A-Za-z_][\w-]*):(?=[ \n])", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_TRUTHS = frozenset(("true", "false", "yes", "no"))
FLAGS = frozenset(key_of(entry)[0].lower() for entry in KEYS["published"])
"""Keys, in small letters, that are a flag in some files and a date in others."""
_SILENT = frozenset(("secured",))
"""Keys that are never read, on purpose."""

_bare = str.maketrans("", "", "_- ")
_SPELLINGS = {
    name.lower().translate(_bare): name
    for keys in KEYS.values()
    for name, _ in map(key_of, reversed(keys))
}


class UnreadKey(NamedTuple):
    """A key that nothing reads.

    Attributes:
        name: as most files write it first, clean and cut.
        files: how many have it.
        declaration: the line of heatseek.toml by which it would be a field; empty if it cannot be.
    """

    name: str
    files: int
    declaration: str


class KeyCheck:
    """Looks at the keys of files: tells wrong ones, and counts all.

    Args:
        conventions: how the archive is read.
        declared: keys that the configuration makes fields of.

    Attributes:
        read: how many files have each key that is read, in small letters.
        dated: how many of them have a date there, of `FLAGS`.
        files: how many were looked at.
    """

    def __init__(
        self, conventions: Conventions = NO_CONVENTIONS, declared: Collection[str] = ()
    ) -> None:
        self._known = known_keys(conventions, declared)
        self._corrections: dict[str, str | None] = {}
        self._wrong: dict[str, list[Finding]] = {}
        self._unread: Counter[str] = Counter()
        self._kinds: dict[str, Counter[FieldKind | None]] = {}
        self.read: Counter[str] = Counter()
        self.dated: Counter[str] = Counter()
        self.files = 0

    def __call__(self, path: str, front: FrontMatter) -> Iterator[Finding]:
        """The findings about the keys of a file."""
        self._count(front.metadata)
        for name in NESTED:
            inner = front.metadata.get(name)
            if isinstance(inner, dict):
                self._count(inner)
        self.files += 1
        most = _most(front)
        wrong = [key for key in front.metadata if self._is_wrong(key, front)]
        for key in wrong[:most]:
            if len(found := self._wrong.setdefault(key, [])) <= _MISTAKES:
                found.append(self._finding(path, key, front))
        if len(wrong) > most:
            reason = f"{len(wrong) - most:,} more keys are not used"
            yield _finding(path, front, "", (Level.NOTE, Kind.UNKNOWN_KEY), reason)
        yield from _repeated(path, front, most)

    def wrong(self) -> Iterator[Finding]:
        """Keys that are nearly others, but for those of many files: so many mean what they say."""
        for findings in self._wrong.values():
            if len(findings) <= _MISTAKES:
                yield from findings

    def count(self, key: str) -> int:
        """How many files have a key, read or not, in small letters."""
        return self.read[key] + self._unread[key]

    def unread(self) -> list[UnreadKey]:
        """The keys that nothing reads, the most frequent first."""
        ordered = sorted(self._unread.items(), key=lambda item: (-item[1], item[0]))
        return [
            UnreadKey(_shown(name), count, _declaration(name, self._kinds[name]))
            for name, count in ordered
        ]

    def _count(self, metadata: Mapping[Any, Any]) -> None:
        for key, value in metadata.items():
            if not isinstance(key, str) or value in (None, "", []):
                continue
            if key.lower() in self._known:
                self.read[key.lower()] += 1
                if key.lower() in FLAGS and _kind(value) is FieldKind.DATE:
                    self.dated[key.lower()] += 1
            elif key.lower() not in _SILENT and (
                key in self._unread or len(self._unread) < MOST_UNREAD
            ):
                self._unread[key] += 1
                kinds = self._kinds.setdefault(key, Counter())
                if self._unread[key] <= _SAMPLES:
                    kinds[_kind(value)] += 1

    def _is_wrong(self, key: Any, front: FrontMatter) -> bool:
        if not isinstance(key, str) or key.lower() in self._known or key.lower() in _SILENT:
            return False
        if key not in self._corrections:
            self._corrections[key] = _correction(key) if len(key) <= _MAX_NAME else None
        correction = self._corrections[key]
        return correction is not None and correction not in front.metadata

    def _finding(self, path: str, key: str, front: FrontMatter) -> Finding:
        reason = f"{_shown(key)} is not used: did you mean {self._corrections[key]}?"
        return _finding(path, front, key, (Level.WARNING, Kind.WRONG_KEY), reason)


def _shown(key: str) -> str:
    return one_line(key[: 10 * _MAX_NAME])[:_MAX_NAME] or "an empty key"


def _correction(name: str) -> str | None:
    """The key that is probably right: in another spelling, or nearly."""
    bare = name.lower().translate(_bare)
    return _SPELLINGS.get(bare) or _SPELLINGS.get(closest(bare, _SPELLINGS, likeness=_NEAR) or "")


def _kind(value: Any) -> FieldKind | None:  # noqa: PLR0911 - one for each kind
    """The kind of field that a value would do for; None: none."""
    if isinstance(value, bool):
        return FieldKind.BOOLEAN
    if isinstance(value, list):
        return FieldKind.KEYWORD if all(isinstance(item, str) for item in value) else None
    if isinstance(value, dict):
        return None
    text = str(value).strip()
    if text.lower() in _TRUTHS:
        return FieldKind.BOOLEAN
    if _NUMBER.fullmatch(text):
        return FieldKind.NUMBER
    if instant(value) is not None:
        return FieldKind.DATE
    return FieldKind.TEXT if len(text) > _LONG else FieldKind.KEYWORD


def _declaration(name: str, kinds: Counter[FieldKind | None]) -> str:
    """The line that declares a key as a field of the kind that all its values are of."""
    found = {kind for kind in kinds if kind is not None}
    if not found or None in kinds or name_flaw(name):
        return ""
    kind = next(iter(found))
    if len(found) > 1:
        kind = FieldKind.TEXT if FieldKind.TEXT in found else FieldKind.KEYWORD
    if kind is FieldKind.KEYWORD:
        return f"fields.{name} = {{ facet = true }}"
    return f'fields.{name} = {{ kind = "{kind}" }}'


def _most(front: FrontMatter) -> int:
    """The most keys of a file to report: for the line of each its front matter is searched."""
    return max(1, min(MOST_KEYS, MOST_SEARCHED // (len(front.header) + 1)))


def _repeated(path: str, front: FrontMatter, most: int) -> Iterator[Finding]:
    """Keys that stand there twice; the parsers of other formats than YAML refuse them."""
    counts = Counter(_TOP_LEVEL.findall(f"\n{front.header}"))
    if counts.total() <= len(front.metadata):
        return
    names = sorted({name for name, count in counts.items() if count > 1} & front.metadata.keys())
    for name in names[:most]:
        reason = f"{name[:_MAX_NAME]} is there more than once: only this one counts"
        yield _finding(path, front, name, (Level.WARNING, Kind.DUPLICATE_KEY), reason)
    if len(names) > most:
        reason = f"{len(names) - most:,} more keys are there more than once"
        yield _finding(path, front, "", (Level.WARNING, Kind.DUPLICATE_KEY), reason)


def _finding(
    path: str, front: FrontMatter, name: str, what: tuple[Level, Kind], message: str
) -> Finding:
    line = front.line_of(name) if name else front.header_line
    return Finding(path, line, None, *what, message)


MOST_FILES = 1_000
"""That are read; of more files as many, from all over the archive."""
_BY_KEYS = {
    "heatseek": ("publisheddatetime", "heat"),
    "Hashnode": ("cuid", "datepublished"),
    "Microsoft Learn": ("ms.date",),
}
"""Keys, in small letters, that most files of an archive have together which no other one has."""


class Survey(NamedTuple):
    """The program and the keys of an archive.

    Attributes:
        program: its name; empty if nothing tells it.
        content: the folder of the articles, relative to the one that was looked at; `.` if that.
        others: folders in it that hold no articles.
        files: how many there are.
        read: of them.
        keys: for each field the keys that it is read from, with how many of the read files have
            each.
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
    some = files[:: -(-len(files) // MOST_FILES) or 1]
    for file in some:
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
    return Survey(name, content, others, len(files), len(some), _by_field(check), check.unread())


def _by_field(check: KeyCheck) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for field, entries in KEYS.items():
        for entry in entries:
            key = key_of(entry)[0].lower()
            count = check.read[key]
            if key in FLAGS:
                count = check.dated[key] if field == "date" else count - check.dated[key]
            if count:
                found.setdefault(field, {})[entry] = count
    return found
