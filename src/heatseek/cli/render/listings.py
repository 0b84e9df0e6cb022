"""Results for other commands: file names or links, one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.article import Kind
from heatseek.cli.render.clean import one_line
from heatseek.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.results import Results


def paths(results: Results, archive: Path, here: Path, *, end: str, clean: bool) -> str:
    """The file of each hit that has one, as it can be opened from the folder `here`.

    Programs get each name byte for byte; `clean` is for a terminal, as `ls` does it. A name that
    holds the end of a name would be taken for several.

    Raises:
        UsageError: the archive's own path does.
    """
    base = archive.relative_to(here) if archive.is_relative_to(here) else archive
    files = (hit.article.id for hit in results if hit.article.kind is Kind.ARTICLE)
    names = [str(base / file) for file in files]
    if any(end in name for name in names):
        raise UsageError("a path has a line break: list paths by -0")
    return "".join(f"{one_line(name) if clean else name}{end}" for name in names)


def urls(results: Results, end: str) -> str:
    """The link of each hit that has one."""
    links = (hit.article.url for hit in results if hit.article.url)
    return "".join(f"{one_line(link)}{end}" for link in links)


def left_out(results: Results, *, files: bool) -> int:
    """How many hits such a listing cannot show."""
    if files:
        return sum(hit.article.kind is not Kind.ARTICLE for hit in results)
    return sum(not hit.article.url for hit in results)
