"""`heatseek doctor`: flaws of the archive's files, and the state of the index."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from heatseek import maintenance
from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.arguments import FLAG, Command, Option
from heatseek.health import State, check
from heatseek.search.arguments import count_of

if TYPE_CHECKING:
    from heatseek import Config
    from heatseek.health import Health
    from heatseek.lint import Report

_EXAMPLES = """\b
Examples:
  heatseek doctor
  heatseek doctor --all --max 1000
  heatseek doctor --json | jq -r '.findings[] | select(.level == "error")'
  heatseek doctor --repair

Errors are files that are not indexed; warnings are what is lost or hardly meant (values, keys,
links twice); notes may be so on purpose (JSON has them all). Paths are those inside the archive.
--repair looks at the index only, and builds it anew from the archive if searches cannot use it.

Exit codes: 0 nothing worse than warnings, or repaired, 2 wrong usage, 3 the index is damaged or
the archive unreadable, 4 some files are not indexed.
"""
MOST = 10
"""Findings of each kind that are shown if nothing else is said."""


def doctor(  # noqa: PLR0913 - one parameter an option
    *,
    all_: bool,
    most: str | None,
    json: bool,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
    repair: bool,
    lock_timeout: str | None,
) -> int:
    """Check the archive's files and the index, and repair the index."""
    limit = MOST if most is None else count_of("--max", most)
    timeout = option_values.lock_timeout(lock_timeout)
    settings = option_values.settings(archive, index, config_file)
    health = check(settings.index)
    root = maintenance.archive_of(settings)
    if repair:
        return _repair(root, settings, health, timeout=timeout, json=json)
    if json:
        return _as_json(root, settings, health)
    return _as_text(root, settings, health, limit, show_notes=all_)


command = Command(
    doctor,
    Option("all_", "--all", kind=FLAG, help="Show notes, too.", panel=options.OUTPUT),
    Option(
        "most",
        "--max",
        metavar="N",
        help="Show N findings of each kind (10; 0: count).",
        panel=options.OUTPUT,
    ),
    options.ONLY_JSON,
    *options.PLACE_OPTIONS,
    Option(
        "repair",
        "--repair",
        kind=FLAG,
        help="Build the index anew if it cannot be used, and do no more.",
    ),
    options.LOCK_TIMEOUT,
    options.DEBUG,
    examples=_EXAMPLES,
)


def _repair(root: Path, settings: Config, health: Health, *, timeout: float, json: bool) -> int:
    from heatseek.cli.commentary import size  # noqa: PLC0415
    from heatseek.cli.rebuild import build_anew  # noqa: PLC0415
    from heatseek.cli.render.doctor import render_health, render_json  # noqa: PLC0415
    from heatseek.cli.terminal import display_path, say, write  # noqa: PLC0415

    index = settings.index
    repaired = health.state is not State.WHOLE
    if repaired:
        _check_origin(settings, health)
        for flaw in health.flaws:
            say(flaw)
        preface = (
            f"index {display_path(index)}: {health.state}; building it from {display_path(root)}"
        )
        build_anew(root, settings, timeout=timeout, preface=preface)
        health = check(index)
    if json:
        write(render_json(str(root), None, health, repaired=repaired), exact=True)
    else:
        write(render_health(health, display_path(index), size, repaired=repaired), exact=False)
    return ExitCode.INDEX if health.is_ill else ExitCode.FOUND


def _check_origin(settings: Config, health: Health) -> None:
    """Refuse to make an index into one of other articles, for want of knowing which it had.

    Raises:
        StoreError: the index cannot be repaired so.
    """
    from heatseek.cli.terminal import display_path  # noqa: PLC0415
    from heatseek.errors import IndexForeignError, StoreError  # noqa: PLC0415

    if health.state is State.FOREIGN:
        raise IndexForeignError(f"cannot write the index: {health.flaws[0]}")
    is_unknown = health.is_ill and not health.origin
    if is_unknown and not settings.archive_is_explicit:
        raise StoreError(
            f"{display_path(settings.index)} does not say any more what it was built from:"
            " name the articles' folder by --archive DIR"
        )


def _as_json(root: Path, settings: Config, health: Health) -> int:
    from heatseek.cli.render.doctor import render_json  # noqa: PLC0415
    from heatseek.cli.terminal import write  # noqa: PLC0415

    report = _lint(root, settings)
    write(render_json(str(root), report, health, repaired=False), exact=True)
    return _code(report, health)


def _as_text(root: Path, settings: Config, health: Health, most: int, *, show_notes: bool) -> int:
    from heatseek.cli.commentary import size  # noqa: PLC0415
    from heatseek.cli.render.doctor import render_findings, render_health  # noqa: PLC0415
    from heatseek.cli.terminal import display_path, style_of, write  # noqa: PLC0415
    from heatseek.errors import ArchiveError  # noqa: PLC0415
    from heatseek.lint import Level  # noqa: PLC0415

    state = render_health(health, display_path(settings.index), size)
    try:
        report = _lint(root, settings)
    except ArchiveError:
        write(state, exact=False)
        raise
    style = style_of(sys.stdout, os.environ)
    levels = set(Level) if show_notes else {Level.ERROR, Level.WARNING}
    write(render_findings(report, levels, most, style) + state, exact=False)
    return _code(report, health)


def _lint(root: Path, settings: Config) -> Report:
    from heatseek.cli.commentary import bar  # noqa: PLC0415
    from heatseek.lint import lint  # noqa: PLC0415

    with bar() as move:
        return lint(
            root,
            datetime.now(UTC),
            fields=settings.declared,
            conventions=settings.conventions,
            follow_links=settings.follow_links,
            exclude=settings.exclude,
            progress=move,
        )


def _code(report: Report, health: Health) -> int:
    from heatseek.lint import Level  # noqa: PLC0415

    if health.is_ill:
        return ExitCode.INDEX
    has_errors = any(finding.level is Level.ERROR for finding in report.findings)
    return ExitCode.SKIPPED if has_errors else ExitCode.FOUND
