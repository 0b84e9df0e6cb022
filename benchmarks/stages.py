"""The stages of a comparison, each in processes of its own; all give plain JSON values."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contenders import Entry, folder_of, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_HERE = Path(__file__).parent
_PROGRAMS = Path(sys.executable).parent
"""Where pip puts the console scripts."""
_FLOOR = "python -c pass"
READ_WITH_GAPS = 4
"""Exit code of `heatseek rebuild` when some files were skipped."""


def prepared(**order: Any) -> Any:
    """Read the archives and lay down every scale; see `prepare.py`."""
    return python("prepare.py", json.dumps(order))


def built(entries: Sequence[Entry], scale: Path) -> dict[str, Any]:
    """Index time and size, from articles in memory."""
    articles = str(scale / "articles.pickle")
    return {
        entry.key: python("build.py", entry.key, articles, str(folder_of(entry, scale)))
        for entry in entries
        if load(entry.key).BUILDS
    }


def rebuilt(scale: Path) -> Any:
    """`heatseek rebuild` as a user runs it: files read, parsed, indexed."""
    folders = ["--archive", str(scale / "archive"), "--index", str(scale / "rebuilt")]
    command = [str(_PROGRAMS / "heatseek"), "rebuild", *folders]
    (run,) = alternated({"rebuild": command}, 1, scale)["rebuild"]
    if run["status"] not in (0, READ_WITH_GAPS):
        raise SystemExit(f"failed with {run['status']}: {shlex.join(command)}")
    return run


def one_shots(entries: Sequence[Entry], scale: Path, query: str, runs: int) -> dict[str, Any]:
    """Whole processes, by turns; one run before that is not counted gives the matches.

    Unequal matches are unequal work: heatseek goes on with any word where no article has all.
    """
    commands = {_FLOOR: [sys.executable, "-c", "pass"]}
    for entry in entries:
        command = _one_shot(entry, scale, query)
        if command:
            commands[entry.key] = command
    totals = {name: _total(command) for name, command in commands.items() if name != _FLOOR}
    return {"runs": alternated(commands, runs, scale), "totals": totals}


def _total(command: list[str]) -> int:
    """The matches that a one-shot program prints; 1 is `search`'s code for none."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        raise SystemExit(f"failed with {done.returncode}: {shlex.join(command)}\n{done.stderr}")
    total: int = json.loads(done.stdout)["total"]
    return total


def _one_shot(entry: Entry, scale: Path, query: str) -> list[str] | None:
    contender = load(entry.key)
    folder = str(folder_of(entry, scale))
    if entry.key == "heatseek_":
        return [str(_PROGRAMS / "search"), query, "--json", "--index", folder]
    if contender.SCRIPT is None:
        return None
    script = str(_HERE / "one_shot" / contender.SCRIPT)
    return [sys.executable, script, folder, query, contender.settings()]


def alternated(commands: Mapping[str, list[str]], runs: int, folder: Path) -> dict[str, Any]:
    """Runs of each command, by turns; see `alternate.py`."""
    order = json.dumps({"commands": commands, "runs": runs, "folder": str(folder)})
    measured: dict[str, Any] = python("alternate.py", stdin=order)
    return measured


def python(script: str, *arguments: str, stdin: str = "") -> Any:
    """What one of these scripts gives, run without settings of heatseek in the environment."""
    command = [sys.executable, str(_HERE / script), *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HEATSEEK_")}
    done = subprocess.run(
        command, input=stdin, env=environment, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{script} failed")
    return json.loads(done.stdout)
