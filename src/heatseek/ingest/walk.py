"""One walk through the folder of an archive: its article files, and what else is met."""

from __future__ import annotations

import os
import stat
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from heapq import heappop, heappush
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from heatseek.definitions import cached_property
from heatseek.errors import ArchiveError, Remedy, reason
from heatseek.ingest import exclusion
from heatseek.ingest.exclusion import Chain
from heatseek.ingest.file_stat import UNKNOWN, stats_of
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


class Walk:
    """One walk through an archive; see `discover.survey`."""

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
        """The folder that links must not lead out of; None: they may lead anywhere."""
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
        """The articles that it comes by."""
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
        files: list[os.DirEntry[str]] = []
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            try:
                # Some file systems have to be asked for each, and may refuse.
                if entry.is_file(follow_symlinks=False):
                    files.append(entry)
                    continue
                id_ = folder.id + name
                if entry.is_symlink():
                    heappush(self._links, _Link(id_, entry.path, rules))
                elif entry.is_dir() and not self._is_passed_over(f"{id_}/", rules, names):
                    inner = _identity(os.stat(entry.path))  # noqa: PTH116 - often
                    folders.append((_Folder(f"{id_}/", entry.path, rules), inner))
            except OSError as error:
                self._tell(error, folder.id + name, entry.path)
        self._take(folder, files, rules, device)
        return folders

    def _take(
        self, folder: _Folder, files: Iterable[os.DirEntry[str]], rules: Chain, device: int
    ) -> None:
        """Take in the articles among some files of a folder; a step for all, as they are many."""
        here = [entry for entry in files if entry.name.lower().endswith(SUFFIXES)]
        if rules or self._exclude:
            here = [each for each in here if not self._is_excluded(folder.id + each.name, rules)]
        if _flaw("".join([each.name for each in here])):
            here = [each for each in here if not self._is_flawed(folder.id + each.name, each.name)]
        # Without links two names of one file are two articles: hard links are.
        if self._following:
            here = [each for each in here if self._is_new((device, each.inode()))]
        else:
            self._inodes[device].extend([each.inode() for each in here])
        self._note(folder, [each.name for each in here])

    def _is_new(self, file: _Identity) -> bool:
        """True if it was not met before."""
        known = len(self._files)
        self._files.add(file)
        return len(self._files) > known

    def _note(self, folder: _Folder, names: list[str]) -> None:
        """Note articles, and how their files are if that is asked for."""
        if names:
            self._having.add(folder.id)
            self._ids += [folder.id + name for name in names]
            if self._stats is not None:
                self._stats.extend(stats_of(folder.path, names))

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
        elif self._is_flawed(link.id, name):
            pass
        elif is_folder:
            self._enter(_Folder(id_, link.path, link.rules), identity)
        else:
            self._files.add(identity)
            self._note(_Folder(id_.removesuffix(name), link.path.removesuffix(name)), [name])

    def _leads_out(self, path: str) -> bool:
        if self._bounds is None:
            return False
        real = os.path.realpath(path)
        return not real.startswith(os.path.join(self._bounds, ""))  # noqa: PTH118 - text

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
