"""Keys of front matter, and which of them are read: those whose loss changes an article.

Headers are cut by lines, by no parser: YAML between `---`, TOML between `+++`, or lines
`Key: value` at the top. So this asks nothing of the program that it measures.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import heatseek

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_TRIES = 5
"""Files in which a key is taken away; it is read if that changes one of them."""
_FENCE = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*$")
_YAML = re.compile(r"""(?P<quote>["']?)(?P<key>[\w$@][\w $@./-]*?)(?P=quote)[ \t]*:(?=\s|$)""")
_TOML = re.compile(r"""(?P<quote>["']?)(?P<key>[\w.-]+)(?P=quote)[ \t]*=""")
_SECTION = re.compile(r"\[+(?P<key>[\w.-]+)\]+[ \t]*(#.*)?$")
_INSIDE = tuple(" \t-#]})'\"")
"""What a line within a YAML value, or after it, may begin with."""


class Use(NamedTuple):
    """A key of an archive: in how many files it stands, and whether it is read."""

    name: str
    files: int
    is_read: bool


class Key(NamedTuple):
    """A key of the first level (of TOML also one below a section) and its lines, end excluded."""

    name: str
    start: int
    end: int


def uses(archive: Path, files: Iterable[Path], work: Path) -> tuple[list[Use], int]:
    """All keys of an archive, frequent ones first, and how many files have one that nobody reads.

    Args:
        archive: the folder.
        files: those that could be articles.
        work: an empty folder, for copies of some files, each without one key.
    """
    having: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        for name in {key.name for key in keys_of(_text(path))}:
            having[name].append(path)
    names = sorted(having, key=lambda name: (-len(having[name]), name))
    read = _read(archive, [(name, _some(having[name])) for name in names], work)
    unread = {path for name in names if name not in read for path in having[name]}
    return [Use(name, len(having[name]), name in read) for name in names], len(unread)


def _some(paths: Sequence[Path]) -> Sequence[Path]:
    """A few, spread over all of them."""
    return paths[:: -(-len(paths) // _TRIES)]


def _read(archive: Path, samples: Sequence[tuple[str, Sequence[Path]]], work: Path) -> set[str]:
    """The keys without which an article differs from that of the whole file."""
    for number, (name, paths) in enumerate(samples):
        for path in paths:
            text, place = _text(path), path.relative_to(archive)
            keys = [key for key in keys_of(text) if key.name == name]
            _write(work / "whole" / place, text)
            _write(work / str(number) / place, without(text, keys[0]))
    articles = _articles(work)
    return {
        name
        for number, (name, paths) in enumerate(samples)
        for place in (path.relative_to(archive).as_posix() for path in paths)
        if articles.get(f"{number}/{place}") != articles.get(f"whole/{place}")
    }


def _articles(folder: Path) -> dict[str, tuple[object, list[str]]]:
    """Each article without its place, and what it mentions."""
    index = folder / ".index"
    try:
        heatseek.rebuild(folder, index, report=lambda problem: None)  # noqa: ARG005 - says nothing
    except heatseek.ArchiveError:
        return {}
    mentions: dict[str, list[str]] = defaultdict(list)
    with heatseek.open_index(index) as opened:
        articles = sorted(opened.articles(), key=lambda article: article.id)
    for article in articles:
        for owner in article.related_to:
            mentions[owner].append(article.id)
    return {
        article.id: (replace(article, id=""), mentions[article.id])
        for article in articles
        if article.kind is heatseek.Kind.ARTICLE
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def keys_of(text: str) -> list[Key]:
    """Of one file; none if it has no header."""
    lines = text.splitlines()
    fence = _FENCE.match(lines[0]) if lines else None
    if fence is None:
        return _bare(lines)
    mark = fence.group(1)
    close = next((n for n, line in enumerate(lines) if n and line.rstrip() == mark), 0)
    return list(_toml(lines, close) if mark == "+++" else _yaml(lines, 1, close))


def without(text: str, key: Key) -> str:
    """The text of a file that never had this key."""
    lines = text.splitlines(keepends=True)
    return "".join(lines[: key.start] + lines[key.end :])


def _bare(lines: Sequence[str]) -> list[Key]:
    """A header without fences ends at an empty line; a single such line is a sentence."""
    end = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    starts = sum(bool(_YAML.match(line)) for line in lines[:end])
    is_header = starts > 1 and all(_YAML.match(line) or line[0] in " \t" for line in lines[:end])
    return list(_yaml(lines, 0, end)) if is_header else []


def _yaml(lines: Sequence[str], start: int, end: int) -> Iterator[Key]:
    heads = [(n, match.group("key")) for n in range(start, end) if (match := _YAML.match(lines[n]))]
    for n, name in heads:
        following = range(n + 1, end)
        yield Key(name, n, next((m for m in following if not _is_inside(lines[m])), end))


def _is_inside(line: str) -> bool:
    return not line or (line.startswith(_INSIDE) and not _YAML.match(line))


def _toml(lines: Sequence[str], end: int) -> Iterator[Key]:
    section = ""
    heads: list[tuple[int, str]] = []
    for n in range(1, end):
        if match := _SECTION.match(lines[n]):
            section = match.group("key") + "."
            heads.append((n, ""))
        elif match := _TOML.match(lines[n]):
            heads.append((n, section + match.group("key")))
    pairs = pairwise([*heads, (end, "")])
    yield from (Key(name, start, stop) for (start, name), (stop, _) in pairs if name)
