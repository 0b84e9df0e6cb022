"""Commands that index a folder of files, and what they are measured against."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import stages
from heatseek.ingest.walk import SUFFIXES

_HERE = Path(__file__).parent
PROGRAMS = Path(sys.executable).parent
"""Where pip puts the console scripts."""
REBUILD, RECOLL, WHOOSH = "heatseek rebuild", "recollindex", "whoosh index"
READING, BARE = "reading and parsing alone", "bare Whoosh, from memory"
_RECOLL = """\
topdirs = {archive}
followLinks = 1
skippedPaths =
# The files that heatseek takes, and no others.
onlyNames = {names}
# Else it stands back for whatever else runs.
idxniceprio = 0
"""
_TYPES = ".markdown = text/plain\n.mdx = text/plain\n"
"""Endings that recoll does not know."""


def heatseek(verb: str, archive: Path, index: Path) -> list[str]:
    """`heatseek rebuild` or `heatseek update`."""
    folders = ["--archive", str(archive), "--index", str(index)]
    return [str(PROGRAMS / "heatseek"), verb, *folders]


def whole_commands(work: Path, archive: Path, processes: int) -> dict[str, list[str]]:
    """All that can run here, in the order of the table."""
    commands = {
        REBUILD: heatseek("rebuild", archive, work / "index"),
        READING: [sys.executable, str(_HERE / "reading.py"), str(archive), str(processes)],
        WHOOSH: [str(PROGRAMS / "whoosh"), "index", str(archive)],
    }
    return commands | recoll(work, archive)


def recoll(work: Path, archive: Path) -> dict[str, list[str]]:
    """`recollindex`, a new database; nothing if it is not installed."""
    program = shutil.which("recollindex")
    if program is None:
        print(f"{RECOLL} is not installed (recollcmd in Debian): left out", file=sys.stderr)
        return {}
    folder = work / "recoll"
    folder.mkdir(exist_ok=True)
    names = " ".join(f"*{suffix}" for suffix in SUFFIXES)
    (folder / "recoll.conf").write_text(_RECOLL.format(archive=archive, names=names))
    (folder / "mimemap").write_text(_TYPES)
    return {RECOLL: [program, "-c", str(folder), "-z"]}


def watched(command: list[str], work: Path, *more: int) -> dict[str, float]:
    """Run one to its end; see `watched.py`. What it said is in the file `log`.

    Args:
        command: the program and its arguments.
        work: the folder to run in.
        more: exit codes that are no failure, besides 0 and that of files that were skipped.
    """
    log = work / "log"
    order = {"command": command, "folder": str(work), "log": str(log)}
    run: dict[str, float] = stages.python("watched.py", stdin=json.dumps(order))
    if run["status"] not in (0, stages.READ_WITH_GAPS, *more):
        raise SystemExit(f"failed with {run['status']}: {' '.join(command)}\n{log.read_text()}")
    return run
