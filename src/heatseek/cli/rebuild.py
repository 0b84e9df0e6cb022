"""`heatseek rebuild` and `heatseek update`, and the writing of an index that other verbs need.

Whatever is written, stderr has a line for each thing wrong, a bar on a terminal, and the outcome.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from heatseek import maintenance
from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import Command, Option
from heatseek.cli.option_values import LOCK_TIMEOUT
from heatseek.cli.terminal import display_path, is_terminal, say
from heatseek.config.relocation import leave_note, relocate
from heatseek.definitions import replace
from heatseek.errors import ConfigError, StoreError, UsageError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heatseek import Changes, Config, HeatseekError, Problem, Slice, SliceSummary, Summary

    Progress = Callable[[int, int], None]
    """Called with the files read so far and in all."""
    Outcome = TypeVar("Outcome", Summary, Summary | SliceSummary, Summary | None)
    """None if there was nothing to do."""

_REBUILD_EXAMPLES = """\b
Examples:
  heatseek rebuild
  heatseek rebuild --archive ~/articles --index ~/.cache/articles-index
  heatseek rebuild --engine opensearch://host:9200/news
  heatseek rebuild --engine opensearch://host:9200/news --slice 3/8

Every text is an article. What is no text, or cannot be read, is named on stderr and skipped (exit
code 4). How many files had a flaw is said in one line; --verbose and heatseek doctor name each.
Searches go on in the old index until the new one is complete, and after a failure. After --engine
all commands use the index that it names (heatseek help opensearch).
"""


_UPDATE_EXAMPLES = """\b
Examples:
  heatseek update
  git pull && heatseek update

Afterwards every search gives what it would after a rebuild. A file that became unreadable keeps
the article that it was last; it is named on stderr each time (exit code 4). With no index yet, or
one of another version or language or other declared fields, everything is read.
"""
_UNTIL_DONE = 1e9
"""Seconds to wait for whoever makes the index that is wanted; Ctrl-C ends it."""
MAX_WARNINGS = 20
"""More skipped files than these are only counted, unless all are wanted."""
_HEADER = ("header with a broken line", "headers with a broken line")
_FLAWS = {
    **dict.fromkeys(("syntax", "unclosed", "alias-bomb", "too-deep", "too-large"), _HEADER),
    "value": ("file with a wrong value", "files with wrong values"),
    "encoding": ("file that is not UTF-8", "files that are not UTF-8"),
    "no-title": (
        "file without a title: its heading or name is used",
        "files without a title: their headings or names are used",
    ),
    "empty": ("empty file", "empty files"),
}
"""The words for one file with a problem of a kind, and for several."""


def rebuild(  # noqa: PLR0913 - one parameter an option
    *,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
    engine: str | None,
    slice: str | None,  # noqa: A002 - the option's name
    lock_timeout: str | None,
    verbose: bool,
) -> int:
    """Read all articles of the archive and build the index anew."""
    timeout = option_values.lock_timeout(lock_timeout)
    part = None if slice is None else maintenance.slice_of("--slice", slice)
    if engine is None:
        place = option_values.settings(archive, index, config_file)
        root = maintenance.archive_of(place)
    else:
        place, root = _moved(engine, archive, index, config_file)
    outcome = _rebuilt(root, place, timeout, verbose=verbose, part=part)
    from heatseek import Summary  # noqa: PLC0415 - as below

    if engine is not None and isinstance(outcome, Summary):
        leave_note(place)
        say(f"the index is now in {display_path(place.index)}")
    return _code(outcome)


def _moved(
    engine: str, archive: Path | None, index: str | None, file: Path | None
) -> tuple[Config, Path]:
    """The settings with the index where `--engine` says, and the archive of the one that moves.

    Where it was needs not answer, or be known: then its archive is that of the settings.
    """
    flaw: HeatseekError | None = None
    try:
        settings = option_values.settings(archive, index, file)
    except ConfigError as error:
        # Of the note; any other comes again.
        settings, flaw = option_values.settings(archive, index, file, follow_note=False), error
    place = relocate(settings, engine)
    if display_path(place.index) == display_path(settings.index):
        # With the user that the new address names.
        settings = place
    elif flaw is None:
        try:
            return place, maintenance.archive_of(settings)
        except (StoreError, UsageError) as error:
            folder = settings.folder_path or place.index_place
            settings, flaw = replace(settings, index_place=folder), error
    root = maintenance.archive_of(settings)
    if flaw:
        say(f"{flaw}; reading the articles of {display_path(root)}")
    return place, root


def rebuild_project(settings: Config) -> ExitCode:
    """Build the index of a project anew, as its settings say.

    Raises:
        ArchiveError, StoreError: see `heatseek.rebuild`.
    """
    return _code(_rebuilt(maintenance.archive_of(settings), settings, LOCK_TIMEOUT))


def _rebuilt(
    archive: Path,
    settings: Config,
    timeout: float,
    *,
    verbose: bool = False,
    part: Slice | None = None,
) -> Summary | SliceSummary:
    return _write(
        partial(maintenance.rebuild_slice, part) if part else maintenance.rebuild,
        archive,
        settings,
        timeout=timeout,
        verbose=verbose,
        language=settings.language,
        fields=settings.declared,
        keys=settings.keys or None,
        time_zone=settings.time_zone,
        semantic=settings.semantic,
    )


def update(
    *,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
    lock_timeout: str | None,
    verbose: bool,
) -> int:
    """Bring the index to the state of the archive: added, changed, renamed, deleted files."""
    settings = option_values.settings(archive, index, config_file)
    timeout = option_values.lock_timeout(lock_timeout)
    return _code(
        _write(
            maintenance.update,
            maintenance.archive_of(settings),
            settings,
            timeout=timeout,
            verbose=verbose,
            **choices(settings),
        )
    )


_ENGINE = Option(
    "engine",
    "--engine",
    metavar="URL",
    help="Move the index to opensearch://host:9200/name, or back to its folder: --engine folder.",
    panel=options.PLACES,
)
_SLICE = Option(
    "slice",
    "--slice",
    metavar="K/N",
    help="Read the K-th of N slices only: N machines fill one index at --engine or --index URL.",
    panel=options.PLACES,
)
_OPTIONS = (options.LOCK_TIMEOUT, options.VERBOSE, options.DEBUG)
rebuild_command = Command(
    rebuild, *options.PLACE_OPTIONS, _ENGINE, _SLICE, *_OPTIONS, examples=_REBUILD_EXAMPLES
)
update_command = Command(update, *options.PLACE_OPTIONS, *_OPTIONS, examples=_UPDATE_EXAMPLES)


def build_missing(archive: Path, settings: Config, preface: str) -> None:
    """Build the index, unless another process does so, which this one waits for.

    Args:
        archive: the folder of the articles.
        settings: where the index is.
        preface: said once there is something to do.

    Raises:
        ArchiveError: the archive is missing, unreadable or holds no article.
        StoreError: the index cannot be written.
    """
    _write(
        maintenance.build_missing,
        archive,
        settings,
        timeout=_UNTIL_DONE,
        preface=preface,
        **choices(settings),
    )


def choices(settings: Config) -> dict[str, Any]:
    """How heatseek.toml says that articles are read; None where it says nothing."""
    return {
        "language": settings.chosen_language,
        "fields": settings.chosen_fields,
        "keys": settings.keys or None,
        "time_zone": settings.time_zone,
        "semantic": settings.semantic,
    }


def catch_up(archive: Path, settings: Config, preface: str) -> None:
    """Update the index for a search; arguments are those of `build_missing`.

    Raises:
        ArchiveError: the archive cannot be read.
        StoreError: the index cannot be written, or somebody writes it.
    """
    _write(
        maintenance.update,
        archive,
        settings,
        timeout=0.0,
        preface=preface,
        **choices(settings),
    )


def build_anew(archive: Path, settings: Config, *, timeout: float, preface: str) -> None:
    """Build the index in place of one that cannot be used, for the same language and fields.

    Arguments and errors are those of `build_missing`, and `archive` is the folder of the articles.
    """
    made = maintenance.made_for(
        *(settings.index, settings.chosen_language, settings.chosen_fields),
        settings.conventions,
    )
    _write(
        maintenance.rebuild,
        archive,
        settings,
        timeout=timeout,
        preface=preface,
        language=made.language,
        fields=made.fields,
        keys=dict(made.conventions.keys or ()),
        time_zone=made.conventions.time_zone,
        semantic=settings.semantic,
    )


def _write(  # noqa: PLR0913 - what front ends of it differ in
    work: Callable[..., Outcome],
    archive: Path,
    settings: Config,
    *,
    timeout: float = LOCK_TIMEOUT,
    preface: str = "",
    verbose: bool = False,
    **choices: object,
) -> Outcome:
    """Write the index, with all that is said of it; `choices` are its language and fields."""
    commentary = Commentary(preface, verbose=verbose)
    with bar() as move:
        summary = work(
            archive,
            maintenance.index_of(settings),
            report=commentary.problem,
            progress=commentary.progress(move),
            tell=say,
            timeout=timeout,
            follow_links=settings.follow_links,
            exclude=settings.exclude,
            **choices,
        )
    if summary:
        commentary.end(summary)
    return summary


def _code(summary: Summary | SliceSummary) -> ExitCode:
    return ExitCode.SKIPPED if summary.skipped else ExitCode.FOUND


class Commentary:
    """Says on stderr what happens, as it happens, and at the end how many files had which flaw.

    Args:
        preface: said once there is something to do, so that a failure before is one line.
        verbose: whether each flaw is said as it is met.
    """

    def __init__(self, preface: str, *, verbose: bool = False) -> None:
        self._preface = preface
        self._verbose = verbose
        self._skipped = 0
        self._files: dict[tuple[str, str], dict[str, str]] = {}
        """By what is said of them: the files, with the place of the first flaw of each."""

    def problem(self, problem: Problem) -> None:
        """Say what is wrong with a file, or count it."""
        self._begin()
        place, _, reason = str(problem).partition(": ")
        if problem.fatal:
            self._skipped += 1
            if self._verbose or self._skipped <= MAX_WARNINGS:
                say(str(problem))
        elif self._verbose:
            say(f"{place}: {'note' if problem.is_note else 'warning'}: {reason}")
        else:
            flaw = _FLAWS.get(problem.kind, (problem.kind, problem.kind))
            self._files.setdefault(flaw, {}).setdefault(problem.path, place)

    def progress(self, bar: Progress | None) -> Progress:
        """A callback that notices the beginning, and moves the bar if there is one."""

        def move(done: int, total: int) -> None:
            if total:
                self._begin()
            if bar:
                bar(done, total)

        return move

    def end(self, summary: Summary | SliceSummary) -> None:
        """Say how it went."""
        if self._skipped > MAX_WARNINGS and not self._verbose:
            say(f"... and {self._skipped - MAX_WARNINGS:,} more were skipped")
        if self._files:
            say(f"{'; '.join(self._flaws())} (--verbose and heatseek doctor name each)")
        from heatseek import SliceSummary  # noqa: PLC0415 - help loads this file, and no parsers

        if isinstance(summary, SliceSummary):
            say(_waiting(summary))
        else:
            say(f"{changed(summary.changes)} {_counts(summary)}")

    def _flaws(self) -> Iterator[str]:
        for one, several in dict.fromkeys(_FLAWS.values()):
            files = self._files.get((one, several))
            if files:
                name = one if len(files) == 1 else several
                yield f"{len(files):,} {name}"

    def _begin(self) -> None:
        if self._preface:
            say(self._preface)
            self._preface = ""


def _waiting(summary: SliceSummary) -> str:
    parts = [
        f"slice {summary.part}: {counted(summary.articles, 'article')}",
        _skipped(summary.skipped),
        counted(summary.warnings, "warning"),
        f"{summary.seconds:.1f} s",
    ]
    left = ", ".join(map(str, summary.left))
    return f"{', '.join(parts)}; waiting for slice{'s' * (len(summary.left) > 1)} {left}"


def _skipped(skipped: Counter[str]) -> str:
    reasons = ", ".join(f"{count:,} {kind}" for kind, count in skipped.most_common())
    return f"{skipped.total():,} skipped" + (f" ({reasons})" if reasons else "")


def _counts(summary: Summary) -> str:
    parts = [
        f"{counted(summary.articles, 'article')} and {summary.related:,} related",
        f"from {counted(summary.files, 'file')}",
        _skipped(summary.skipped),
        *([f"{counted(summary.kept, 'article')} kept from before"] if summary.kept else []),
        counted(summary.warnings, "warning"),
        f"{summary.seconds:.1f} s",
        size(summary.generation.bytes),
    ]
    return f"{parts[0]} {', '.join(parts[1:])}"


def changed(changes: Changes | None) -> str:
    """The changes of an update, or that it was a rebuild; the counts of the index follow it."""
    if changes is None:
        return "indexed"
    if not changes.total:
        return "nothing changed:"
    counts = {
        "added": changes.added,
        "changed": changes.changed,
        "renamed": changes.renamed,
        "removed": changes.removed,
    }
    return f"{', '.join(f'{count:,} {name}' for name, count in counts.items() if count)}:"


def counted(count: int, noun: str) -> str:
    """So many of a thing."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size(count: int) -> str:
    """Bytes as people say them."""
    if count < 1_000_000:
        return f"{count / 1_000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


@contextmanager
def bar() -> Iterator[Progress | None]:
    """A bar on stderr if that is a terminal; nothing at all otherwise."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from heatseek.cli.render import console  # noqa: PLC0415 - 60 ms, for a terminal only

    with console.progress_bar() as move:
        yield move
