"""Which names of an archive are passed over: as git does, and as the configuration says.

`.gitignore` files count where they stand, those above the archive up to its repository's top; an
inner one goes before an outer one, and the configuration before all. What is in a folder that is
passed over cannot be brought back, which keeps a walk out of it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from heatseek.conventions import MAX_WILDCARDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec

FILE = ".gitignore"
MAX_BYTES = 100_000
"""Of a file of rules that are read."""
MAX_RULES = 1_000
"""That bear on one name: each costs a microsecond, and half a millisecond when it is read."""
MAX_LENGTH = 500
"""Characters of a rule."""

_WILDCARDS = re.compile(r"(?<![^/])\*\*(?![^/])|\*")
"""`**` for folders is one; elsewhere it is two that match the same, one behind the other."""
_ANY = "any file of it.md"


class Rules(NamedTuple):
    """Those of one place, for ids of the archive.

    Attributes:
        spec: the rules.
        lead: stands before an id, as the rules see it.
        skip: characters of an id that the rules do not see.
    """

    spec: GitIgnoreSpec
    lead: str = ""
    skip: int = 0


Chain: TypeAlias = tuple[Rules, ...]
"""Rules that bear on a folder, the outermost first."""


def decision(known: Chain, id_: str) -> bool | None:
    """True if a name is passed over; None if no rule says it. A folder's id ends in `/`."""
    for spec, lead, skip in reversed(known):
        include = spec.check_file(lead + id_[skip:]).include
        if include is not None:
            return include
    return None


def rules(lines: Iterable[str], lead: str = "", skip: int = 0) -> Chain:
    """Rules as git reads them; none for lines that are none, or cost too much."""
    kept = [line for line in lines if line.strip() and not line.startswith("#") and is_cheap(line)]
    if not kept:
        return ()
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - 12 ms, for archives that have rules

    del kept[MAX_RULES:]
    try:
        spec = GitIgnoreSpec.from_lines(kept)
    except (ValueError, re.error):
        spec = GitIgnoreSpec.from_lines(filter(_is_sound, kept))
    return (Rules(spec, lead, skip),)


def is_cheap(rule: str) -> bool:
    """True if a rule may be tried on every name; others are none."""
    return len(rule) <= MAX_LENGTH and len(_WILDCARDS.findall(rule.strip("! "))) <= MAX_WILDCARDS


def inner(outer_rules: Chain, folder: Path, folder_id: str) -> Chain:
    """The rules that bear on what is in a folder with a file of rules, beside those that are known.

    Args:
        outer_rules: those of the folder above it.
        folder: where it is.
        folder_id: its id, which ends in `/` or is empty.
    """
    own = rules(_lines(folder / FILE), "", len(folder_id))
    both = (*outer_rules, *own)
    return both if sum(len(each.spec) for each in both) <= MAX_RULES else outer_rules


def outer(archive: Path) -> Chain:
    """The rules above an archive; none if they pass over the archive itself, or all that is in it.

    Args:
        archive: its real path.
    """
    found: Chain = ()
    for folder in reversed(_up_to_repository(archive)):
        found += rules(_lines(folder / FILE), f"{archive.relative_to(folder).as_posix()}/")
    return () if any(decision(found, id_) for id_ in ("", _ANY)) else found


def _up_to_repository(archive: Path) -> list[Path]:
    """The folders above an archive, up to the one that is a repository; none if no one is."""
    above: list[Path] = []
    for folder in (archive, *archive.parents):
        if folder != archive:
            above.append(folder)
        if os.path.exists(folder / ".git"):  # noqa: PTH110 - never raises
            return above
    return []


def _lines(path: Path) -> list[str]:
    """None of what is no regular file: opening a pipe would wait."""
    try:
        if path.is_symlink() or not path.is_file():
            return []
        with path.open("rb") as file:
            return file.read(MAX_BYTES).decode(errors="replace").splitlines()
    except OSError:
        return []


def _is_sound(rule: str) -> bool:
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - as above

    try:
        GitIgnoreSpec.from_lines([rule])
    except (ValueError, re.error):
        return False
    return True
