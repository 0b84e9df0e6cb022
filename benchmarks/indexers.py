"""Commands that index a folder of files, and what they are measured against."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

_HERE = Path(__file__).parent
_PROGRAMS = Path(sys.executable).parent
"""Where pip puts the console scripts."""
REBUILD, RECOLL, WHOOSH = "heatseek rebuild", "recollindex", "whoosh index"
READING, BARE = "reading and parsing alone", "bare Whoosh, from memory"
_RECOLL = """\
topdirs = {archive}
followLinks = 1
skippedPaths =
# Else it stands back for whatever else runs.
idxniceprio = 0
"""


def heatseek(verb: str, archive: Path, index: Path) -> list[str]:
    """`heatseek rebuild` or `heatseek update`."""
    folders = ["--archive", str(archive), "--index", str(index)]
    return [str(_PROGRAMS / "heatseek"), verb, *folders]


def whole_commands(work: Path, archive: Path, processes: int) -> dict[str, list[str]]:
    """All that can run here, in the order of the table."""
    commands = {
        REBUILD: heatseek("rebuild", archive, work / "index"),
        READING: [sys.executable, str(_HERE / "reading.py"), str(archive), str(processes)],
        WHOOSH: [str(_PROGRAMS / "whoosh"), "index", str(archive)],
    }
    recoll = shutil.which("recollindex")
    if recoll:
        folder = work / "recoll"
        folder.mkdir(exist_ok=True)
        (folder / "recoll.conf").write_text(_RECOLL.format(archive=archive))
        commands[RECOLL] = [recoll, "-c", str(folder), "-z"]
    return commands
