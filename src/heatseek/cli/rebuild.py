"""`heatseek rebuild` and `heatseek update`, and the writing of an index that other verbs need."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from heatseek import maintenance
from heatseek.build_arguments import slice_of
from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import Command, Option
from heatseek.cli.commentary import Commentary, bar
from heatseek.cli.option_values import LOCK_TIMEOUT
from heatseek.cli.terminal import display_path, say
from heatseek.cli.termination import orderly_end
from heatseek.config.relocation import leave_note, relocate
from heatseek.definitions import replace
from heatseek.errors import ConfigError, StoreError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from heatseek import Config, HeatseekError, Slice, SliceSummary, Summary

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
    part = None if slice is None else slice_of("--slice", slice)
    if engine is None:
        place = option_values.settings(archive, index, config_file)
        root = maintenance.archive_of(place)
    else:
        place, root = _moved(engine, archive, index, config_file)
    outcome = _rebuilt(root, place, timeout, verbose=verbose, part=part)
    from heatseek import Summary  # noqa: PLC0415 - help loads this file, and no parsers

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
    with orderly_end(), bar() as move:
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
