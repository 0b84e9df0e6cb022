"""Finding the article files of an archive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from heatseek.ingest.walk import Report, Survey, Walk


class ArticleFile(NamedTuple):
    """A file to read, and the id of the article that it is: its path in the archive, with `/`."""

    id: str
    archive: Path

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.archive / self.id


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
    walk = Walk(root, report, exclude, follow_links=follow_links)
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
    return Walk(root, report, exclude, follow_links=follow_links, stats=stats).survey()


def _files(walk: Walk, root: Path) -> Iterator[ArticleFile]:
    yield from (ArticleFile(id_, root) for id_ in walk.survey().ids)
