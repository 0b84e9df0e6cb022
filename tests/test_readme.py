"""Every example in the README and on its page about ranking runs and prints what stands there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONSOLE = [
    block
    for text in (README, (ROOT / "docs/ranking.md").read_text())
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL)
]
EXAMPLES = [
    (command, output.strip())
    for block in CONSOLE
    for command, output in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]
TIMES = re.compile(r"\b\d+(\.\d+)? (ms|s|kB)\b")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory as a new clone has it."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    return folder


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environ = os.environ | {"PATH": path, "COLUMNS": "80"}
    done = subprocess.run(  # noqa: S602 - the README's own lines
        command, shell=True, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return (done.stdout or done.stderr).rstrip()


@pytest.mark.parametrize(("command", "output"), EXAMPLES)
def test_example(command: str, output: str, folder: Path) -> None:
    run("heatseek rebuild", folder)
    assert TIMES.sub("N", output) == TIMES.sub("N", run(command, folder).strip())


def test_library_example(folder: Path) -> None:
    code = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    (folder / "example.py").write_text(code)
    assert run(f"{sys.executable} example.py", folder).startswith("1 Microsoft Open-Sources")


LINKS = [
    (name, target)
    for name in ("README.md", "docs/ranking.md", "docs/articles.md", "docs/terminal.md")
    for target in re.findall(r"\]\(([^)#]*(?:#[^)]*)?)\)", (ROOT / name).read_text())
    if "://" not in target
]


@pytest.mark.parametrize(("name", "target"), LINKS)
def test_links_lead_to_what_is_there(name: str, target: str) -> None:
    file, _, anchor = target.partition("#")
    path = (ROOT / name).parent / file if file else ROOT / name
    assert path.is_file()
    if not anchor:
        return
    titles = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}
    assert anchor in anchors


def test_it_is_soon_read() -> None:
    assert len(README.splitlines()) <= 160


def test_the_two_commands_are_the_ones_that_ci_runs() -> None:
    install = "python3 -m venv .venv && .venv/bin/pip install"
    assert f'{install} . && .venv/bin/search "climate AI"' in README
    assert f"{install} '.[test]' && .venv/bin/pytest" in README
    script = (ROOT / ".ci/run").read_text()
    assert "pip\" install --quiet '.[test]'" in script
    assert '"$venv/bin/pytest"\n' in script
