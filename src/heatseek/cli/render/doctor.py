"""Findings about an archive and the state of its index, for people and as JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from heatseek.cli.render.console import cell, printed, table
from heatseek.cli.render.escapes import one_line
from heatseek.health import Health, State
from heatseek.lint import ARCHIVE, Level
from heatseek.wire import VERSION, dump, timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from heatseek.cli.render.escapes import Style
    from heatseek.lint import Finding, Report, UnreadKey
    from heatseek.wire.archive import (
        DoctorDocument,
        FindingDocument,
        HealthDocument,
        UnreadKeyDocument,
    )

_LEVELS = list(Level)


def render_json(archive: str, report: Report | None, health: Health, *, repaired: bool) -> str:
    """All findings, notes too, and the index, as one document."""
    document: DoctorDocument = {
        "version": VERSION,
        "archive": archive,
        "files": report.files if report else None,
        "findings": [_record(finding) for finding in report.findings] if report else [],
        "keys": [_key(each) for each in report.keys] if report else [],
        "index": _health(health, repaired=repaired),
    }
    return dump(document, indent=2)


def _record(finding: Finding) -> FindingDocument:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "level": str(finding.level),
        "kind": str(finding.kind),
        "message": finding.message,
    }


def _key(unread: UnreadKey) -> UnreadKeyDocument:
    return {
        "key": unread.name,
        "files": unread.files,
        "declaration": unread.declaration or None,
    }


def _health(health: Health, *, repaired: bool) -> HealthDocument:
    generation = health.generation
    return {
        "state": str(health.state),
        "flaws": list(health.flaws),
        "generation": generation.number if generation else None,
        "documents": generation.documents if generation else None,
        "bytes": generation.bytes if generation else None,
        "created_at": timestamp(generation.created_at) if generation else None,
        "stray_bytes": health.strays,
        "repaired": repaired,
    }


def render_findings(report: Report, levels: Collection[Level], most: int, style: Style) -> str:
    """A line for each finding, the worst first, and how many there are of each kind.

    Args:
        report: of the archive.
        levels: those to show in full; the others are counted.
        most: lines for each kind.
        style: the width and what the terminal can do.
    """
    groups = _groups(report.findings)
    lines: list[str] = []
    for (level, kind), findings in groups.items():
        if level in levels:
            lines += map(_line, findings[:most])
            if most and len(findings) > most:
                lines.append(f"... and {len(findings) - most:,} more {kind}")
    text = "".join(f"{line}\n" for line in lines)
    parts = [text, _summary(report.files, groups, levels, style), _keys(report.keys, most, style)]
    return "\n".join(filter(None, parts))


def _keys(keys: Sequence[UnreadKey], most: int, style: Style) -> str:
    """The keys that nothing reads, with the lines that would make fields of them."""
    if not keys:
        return ""
    rows = table("", "", "", right=[0])
    shown = keys[: most or None]
    for each in shown:
        rows.add_row(f"{each.files:,}", cell(each.name), cell(each.declaration))
    more = f"  ... and {len(keys) - len(shown):,} more\n" if len(keys) > len(shown) else ""
    head = "keys that nothing reads, by files; such a line in heatseek.toml makes one a field:"
    return f"{head}\n{printed(rows, style, indent=2)}{more}"


def _groups(findings: list[Finding]) -> dict[tuple[Level, str], list[Finding]]:
    """The findings by kind: the worst level first, then by the name of the kind."""
    groups: defaultdict[tuple[Level, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[finding.level, str(finding.kind)].append(finding)
    return dict(sorted(groups.items(), key=lambda item: (_LEVELS.index(item[0][0]), item[0][1])))


def _line(finding: Finding) -> str:
    prefix = "" if finding.level is Level.ERROR else f"{finding.level}: "
    return one_line(f"{finding.place}: {prefix}{finding.message}")


def _summary(
    files: int,
    groups: dict[tuple[Level, str], list[Finding]],
    levels: Collection[Level],
    style: Style,
) -> str:
    counted = f"{files:,} {'file' if files == 1 else 'files'}"
    if not groups:
        return f"{counted}: nothing to complain of\n"
    rows = table("", "", "", "", right=[0])
    for (level, kind), findings in groups.items():
        hidden = "" if level in levels else "(shown by --all)"
        # What is said of the archive, once, is so in each of its files.
        count = files if findings[0].path == ARCHIVE else len(findings)
        rows.add_row(f"{count:,}", cell(kind), cell(level), hidden)
    return f"{counted}:\n{printed(rows, style, indent=2)}"


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
            yield f"index {place}: there is none yet; heatseek rebuild builds it"
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
    state = (
        f"{'repaired' if repaired else 'whole'}, generation {generation.number},"
        f" {generation.documents:,} documents, {size(generation.bytes)},"
        f" made {generation.created_at:%Y-%m-%d %H:%M} UTC"
    )
    if health.strays:
        state += f"; {size(health.strays)} of a writer that is at work or died"
    return state
