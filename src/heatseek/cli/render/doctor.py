"""What is wrong with an archive and its index, for people and as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from heatseek.cli.health import Health, State
from heatseek.cli.render.clean import one_line
from heatseek.cli.render.records import dump, timestamp
from heatseek.lint import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from heatseek.lint import Finding, Report

VERSION = 1
"""Raised when a key changes its meaning or goes; new keys may come without."""
_LEVELS = list(Level)


def render_json(archive: str, report: Report | None, health: Health, *, repaired: bool) -> str:
    """Everything that was found, notes too, as one document."""
    findings = report.findings if report else []
    document = {
        "version": VERSION,
        "archive": archive,
        "files": report and report.files,
        "findings": [_record(found) for found in findings],
        "index": _health(health) | {"repaired": repaired},
    }
    return dump(document, indent=2)


def _record(found: Finding) -> dict[str, Any]:
    return {
        "path": found.path,
        "line": found.line,
        "column": found.column,
        "level": str(found.level),
        "kind": str(found.kind),
        "message": found.message,
    }


def _health(health: Health) -> dict[str, Any]:
    generation = health.generation
    return {
        "state": str(health.state),
        "flaws": list(health.flaws),
        "generation": generation and generation.number,
        "documents": generation and generation.documents,
        "bytes": generation and generation.bytes,
        "created_at": timestamp(generation.created_at) if generation else None,
        "stray_bytes": health.strays,
    }


def render_findings(report: Report, levels: Collection[Level], most: int) -> str:
    """A line for each finding, the worst first, and how many there are of each kind.

    Args:
        report: what was found.
        levels: those to show in full; the others are counted.
        most: lines for each kind.
    """
    groups = _groups(report.findings)
    lines: list[str] = []
    for (level, kind), found in groups.items():
        if level in levels:
            lines += map(_line, found[:most])
            if most and len(found) > most:
                lines.append(f"... and {len(found) - most:,} more {kind}")
    if lines:
        lines.append("")
    lines += _summary(report, groups, levels)
    return "".join(f"{line}\n" for line in lines)


def _groups(findings: list[Finding]) -> dict[tuple[Level, str], list[Finding]]:
    """The findings by kind: the worst level first, then by the name of the kind."""
    groups: defaultdict[tuple[Level, str], list[Finding]] = defaultdict(list)
    for found in findings:
        groups[found.level, str(found.kind)].append(found)
    return dict(sorted(groups.items(), key=lambda item: (_LEVELS.index(item[0][0]), item[0][1])))


def _line(found: Finding) -> str:
    sign = "" if found.level is Level.ERROR else f"{found.level}: "
    return one_line(f"{found.place}: {sign}{found.message}")


def _summary(
    report: Report, groups: dict[tuple[Level, str], list[Finding]], levels: Collection[Level]
) -> Iterator[str]:
    noun = "file" if report.files == 1 else "files"
    if not groups:
        yield f"{report.files:,} {noun}: nothing to complain of"
        return
    yield f"{report.files:,} {noun}:"
    digits = max(len(f"{len(found):,}") for found in groups.values())
    names = max(len(kind) for _, kind in groups)
    for (level, kind), found in groups.items():
        hidden = "" if level in levels else "  (shown by --all)"
        yield f"  {len(found):>{digits},}  {kind:<{names}}  {level}{hidden}"


def render_health(
    health: Health, place: str, size: Callable[[int], str], *, repaired: bool = False
) -> str:
    """One line on the index, and one for each thing that is damaged.

    Args:
        health: its state.
        place: its folder, as a person would type it.
        size: bytes as people say them.
        repaired: it has just been built anew.
    """
    lines = _health_lines(health, place, size, repaired=repaired)
    return "".join(f"{one_line(line)}\n" for line in lines)


def _health_lines(
    health: Health, place: str, size: Callable[[int], str], *, repaired: bool
) -> Iterator[str]:
    yield from health.flaws
    match health.state:
        case State.MISSING:
            yield f"index {place}: there is none yet; the first search builds it"
        case State.FOREIGN:
            yield f"index {place}: is none, and its files are left as they are"
        case State.OUTDATED:
            yield (
                f"index {place}: made by another version of heatseek;"
                " heatseek doctor --repair makes it anew"
            )
        case State.DAMAGED:
            yield f"index {place}: damaged; heatseek doctor --repair makes it anew"
        case State.WHOLE:
            yield f"index {place}: {_whole(health, size, repaired=repaired)}"


def _whole(health: Health, size: Callable[[int], str], *, repaired: bool) -> str:
    generation = health.generation
    if generation is None:
        return "whole"
    told = (
        f"{'repaired' if repaired else 'whole'}, generation {generation.number},"
        f" {generation.documents:,} documents, {size(generation.bytes)},"
        f" made {generation.created_at:%Y-%m-%d %H:%M} UTC"
    )
    if health.strays:
        told += f"; {size(health.strays)} of a writer that is at work or died"
    return told
