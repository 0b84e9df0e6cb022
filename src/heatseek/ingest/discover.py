"""Finding the article files of an archive."""

from __future__ import annotations

import os
import stat
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from heapq import heappop, heappush
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from heatseek.errors import ArchiveError, Remedy, reason
from heatseek.ingest import exclusion
from heatseek.ingest.exclusion import Chain
from heatseek.ingest.file_stat import UNKNOWN, wrapped
from heatseek.ingest.html import ENDINGS
from heatseek.ingest.problem import Problem, ProblemKind, kind_of
from heatseek.ingest.program import TEMPLATES, has_no_articles
from heatseek.ingest.text import has_controls, printable

SUFFIXES = (
    *(".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn", ".mdx", ".qmd", ".rmd"),
    *(".txt", ".text", *ENDINGS),
)
"""Endings of files that are articles: Markdown in all its spellings, text, HTML."""

_NAME = attrgetter("name")
_WIDTH = len(UNKNOWN)
Report = Callable[[Problem], None]


class ArticleFile(NamedTuple):
    """A file to read, and the id of the article that it is: its path in the archive, with `/`."""

    id: str
    archive: Path

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.archive / self.id


class Survey(NamedTuple):
    """The article files of an archive."""

    ids: list[str]
    """Sorted."""
    stats: array[int]
    """If they were asked for: four numbers of each (`FileStat`); those of no file where they
    cannot be had."""
    folders: set[str]
    """The ids of the folders that they are in, each with `/` at its end; empty for the archive."""


class _Folder(NamedTuple):
    """A folder to look into; `id` is its path relative to the archive, ending in `/`."""

    id: str
    path: str
    rules: Chain = ()
    """About what is passed over in it."""


class _Link(NamedTuple):
    """A symbolic link, to be looked at once all is known that needs none."""

    id: str
    path: str
    rules: Chain


_Identity = tuple[int, int]
"""Device and inode."""


def discover(
    root: Path, report: Report, *, follow_links: bool = False, exclude: Sequence[str] = ()
) -> Iterator[ArticleFile]:
    """The article files under `root`, sorted by id.

    Hidden names are passed over, and what `exclusion` says. Pipes, sockets and devices are never
    opened. Each folder is looked into once, and each file is one article, whatever symbolic links
    lead to it: under its own path, if the archive has it, or else under the first link's.

    Args:
        root: the archive's folder.
        report: called for each file or folder that had to be skipped.
        follow_links: whether links may lead out of the archive; otherwise they are skipped.
        exclude: what to pass over, or (with `!`) not to, in the words of a `.gitignore`.

    Raises:
        ArchiveError: at once, if `root` is no readable folder.
    """
    walk = _Walk(root, report, exclude, follow_links=follow_links)
    return _files(walk, root)


def survey(
    root: Path,
    report: Report,
    *,
    follow_links: bool = False,
    exclude: Sequence[str] = (),
    stats: bool = False,
) -> Survey:
    """The same as columns, with `stats` of each file; others and errors as of `discover`."""
    return _Walk(root, report, exclude, follow_links=follow_links, stats=stats).survey()


def _files(walk: _Walk, root: Path) -> Iterator[ArticleFile]:
    yield from (ArticleFile(id_, root) for id_ in walk.survey().ids)


class _Walk:
    """One walk through an archive; see `survey`."""

    def __init__(
        self,
        root: Path,
        report: Report,
        exclude: Sequence[str],
        *,
        follow_links: bool,
        stats: bool = False,
    ) -> None:
        try:
            self._identity = _identity(root.stat())
            os.scandir(root).close()
            real = os.path.realpath(root)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or "not a path"
            name = printable(str(root))
            raise ArchiveError(
                f"cannot read the archive {name}: {why.lower()}", Remedy.OTHER_ARCHIVE
            ) from None
        self._top = _Folder("", str(root), exclusion.outer(Path(real)))
        self._bounds = None if follow_links else real
        """What links must not lead out of."""
        self._report = report
        self._folders: set[_Identity] = set()
        self._inodes: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))
        """Of articles, by device; looked into only where links are."""
        self._ids: list[str] = []
        self._stats = array("q") if stats else None
        self._having: set[str] = set()
        self._links: list[_Link] = []
        self._following = False
        self._exclude = exclusion.rules(exclude) if exclude else ()

    def survey(self) -> Survey:
        """What it comes by."""
        self._enter(self._top, self._identity)
        # By id, so that which of several links counts depends on their names alone.
        self._following = True
        while self._links:
            link = heappop(self._links)
            try:
                self._follow(link)
            except OSError as error:
                self._tell(error, link.id, link.path)
        return Survey(*_sorted(self._ids, self._stats or array("q")), self._having)

    def _enter(self, top: _Folder, identity: _Identity) -> None:
        """Take in a folder, and those in it, but no links."""
        # A stack instead of recursion: paths may nest deeper than Python may call.
        pending = [(top, identity)]
        while pending:
            folder, identity = pending.pop()
            if identity not in self._folders:
                self._folders.add(identity)
                pending += reversed(self._contents(folder, device=identity[0]))

    def _contents(self, folder: _Folder, device: int) -> list[tuple[_Folder, _Identity]]:
        """The folders in a folder; files and links are noted."""
        try:
            with os.scandir(folder.path) as scan:
                entries = sorted(scan, key=_NAME)
        except OSError as error:
            self._report(_unreadable(folder.id, error))
            return []
        rules, names = folder.rules, {entry.name for entry in entries}
        if exclusion.FILE in names:
            rules = exclusion.inner(rules, Path(folder.path), folder.id)
        folders: list[tuple[_Folder, _Identity]] = []
        known = len(self._ids)
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            id_ = folder.id + name
            if entry.is_symlink():
                heappush(self._links, _Link(id_, entry.path, rules))
                continue
            try:
                if entry.is_file():
                    self._add(id_, name, device, entry.inode(), rules)
                elif entry.is_dir() and not self._is_passed_over(f"{id_}/", rules, names):
                    inner = _identity(os.stat(entry.path))  # noqa: PTH116 - often
                    folders.append((_Folder(f"{id_}/", entry.path, rules), inner))
            except OSError as error:
                self._tell(error, id_, entry.path)
        self._look(folder, self._ids[known:])
        return folders

    def _look(self, folder: _Folder, ids: list[str]) -> None:
        """Note where articles are, and how they are if that is asked for."""
        if ids:
            self._having.add(folder.id)
        if ids and self._stats is not None:
            self._stats.extend(_stats(folder, ids))

    def _follow(self, link: _Link) -> None:
        """Take in what a link leads to, if it was not yet.

        Raises:
            OSError: it leads nowhere, or this cannot be told.
        """
        status = os.stat(link.path)  # noqa: PTH116 - there may be thousands
        identity, mode = _identity(status), status.st_mode
        name = link.id.rpartition("/")[2]
        is_folder = stat.S_ISDIR(mode)
        if not is_folder and not (stat.S_ISREG(mode) and _is_article(name)):
            return
        if is_folder and identity in self._folders:
            return
        if not is_folder and identity in self._files:
            return
        id_ = f"{link.id}/" if is_folder else link.id
        is_template = is_folder and name in TEMPLATES
        if self._is_excluded(id_, link.rules, otherwise=is_template):
            return
        if self._leads_out(link.path):
            reason = "symbolic link leads out of the archive: allow it by follow_links = true"
            self._report(_skipped(link.id, reason, ProblemKind.LEADS_OUT))
        elif not is_folder:
            if self._add(link.id, name, *identity, link.rules):
                above = link.path.removesuffix(name)
                self._look(_Folder(link.id.removesuffix(name), above), [link.id])
        elif not self._is_flawed(link.id, name):
            self._enter(_Folder(f"{link.id}/", link.path, link.rules), identity)

    def _leads_out(self, path: str) -> bool:
        if self._bounds is None:
            return False
        real = os.path.realpath(path)
        return not real.startswith(os.path.join(self._bounds, ""))  # noqa: PTH118 - text

    def _add(self, id_: str, name: str, device: int, inode: int, rules: Chain) -> bool:
        """Take a file in, if it is an article; says so."""
        if (
            not _is_article(name)
            or ((rules or self._exclude) and self._is_excluded(id_, rules))
            or self._is_flawed(id_, name)
        ):
            return False
        # Without links two names of one file are two articles: hard links are.
        if self._following:
            if (device, inode) in self._files:
                return False
            self._files.add((device, inode))
        else:
            self._inodes[device].append(inode)
        self._ids.append(id_)
        return True

    @cached_property
    def _files(self) -> set[_Identity]:
        """Articles by then, once links are followed."""
        return {(device, each) for device, inodes in self._inodes.items() for each in inodes}

    def _is_passed_over(self, id_: str, rules: Chain, names: Collection[str]) -> bool:
        """True if a folder beside `names` is not looked into; reported if its name is at fault."""
        name = id_[:-1].rpartition("/")[2]
        is_template = has_no_articles(id_, names)
        return self._is_excluded(id_, rules, otherwise=is_template) or self._is_flawed(id_, name)

    def _is_excluded(self, id_: str, rules: Chain, *, otherwise: bool = False) -> bool:
        """True if the configuration, or else a `.gitignore`, passes it over."""
        for known in (self._exclude, rules):
            decision = exclusion.decision(known, id_)
            if decision is not None:
                return decision
        return otherwise

    def _is_flawed(self, id_: str, name: str) -> bool:
        """True if a name can be no part of an id, which is reported."""
        flaw = None if name.isascii() and name.isprintable() else _flaw(name)
        if flaw:
            self._report(_skipped(id_, flaw, ProblemKind.FILE_NAME))
        return flaw is not None

    def _tell(self, error: OSError, id_: str, path: str) -> None:
        """Errors are told of the one name that they are about."""
        gone = isinstance(error, FileNotFoundError) and os.path.islink(path)  # noqa: PTH114
        reason, kind = "symbolic link leads nowhere", ProblemKind.DANGLING_LINK
        self._report(_skipped(id_, reason, kind) if gone else _unreadable(id_, error))


def _stats(folder: _Folder, ids: Sequence[str]) -> Sequence[int]:
    """Four numbers of each of some files in a folder; those of no file where they cannot be had.

    From the descriptor of its folder a file takes a quarter less time.
    """
    begin = len(folder.id)
    try:
        descriptor = os.open(folder.path, os.O_RDONLY)
    except OSError:
        return UNKNOWN * len(ids)
    found: list[int] = []
    for id_ in ids:
        try:
            status = os.stat(id_[begin:], dir_fd=descriptor)
        except OSError:
            found += UNKNOWN
        else:
            # As `FileStat.of`, without a call for each file.
            found += status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino
    os.close(descriptor)
    return wrapped(found)


def _sorted(ids: list[str], stats: array[int]) -> tuple[list[str], array[int]]:
    """Files by id, with the numbers of each, if there are any."""
    ordered = sorted(ids)
    if not stats or ordered == ids:
        return ordered, stats
    rows = array("q")
    for place in sorted(range(len(ids)), key=ids.__getitem__):
        rows += stats[_WIDTH * place : _WIDTH * (place + 1)]
    return ordered, rows


def _is_article(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _identity(status: os.stat_result) -> _Identity:
    return status.st_dev, status.st_ino


def _flaw(name: str) -> str | None:
    """Why an id with this name in it could not be printed or stored."""
    if name.isascii() and name.isprintable():  # as nearly all are
        return None
    try:
        name.encode()
    except UnicodeEncodeError:
        return "file name is not valid UTF-8: rename it"
    return "file name has control characters: rename it" if has_controls(name) else None


def _skipped(path_id: str, reason: str, kind: ProblemKind) -> Problem:
    path = printable(path_id.rstrip("/")) or "."
    return Problem(path, line=None, column=None, reason=reason, kind=kind, fatal=True)


def _unreadable(path_id: str, error: OSError) -> Problem:
    return _skipped(path_id, f"cannot be read: {reason(error)}", kind_of(error))
