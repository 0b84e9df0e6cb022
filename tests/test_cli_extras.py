"""Commands whose packages are extras say what to install, and leave the other commands alone."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from cli_runs import make_archive
from programs import HEATSEEK, SEARCH
from terminals import on_terminal

ROOT = Path(__file__).parents[1]
HIDDEN = ("textual", "watchfiles", "ir_measures", "uvicorn", "mcp")
HIDING = f"""\
import sys

class Hidden:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {HIDDEN!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Hidden)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working directory with an archive, and a start-up file that hides optional packages."""
    make_archive(tmp_path)
    (tmp_path / "hiding").mkdir()
    (tmp_path / "hiding/sitecustomize.py").write_text(HIDING)
    return tmp_path


def run(home: Path, *line: str) -> tuple[int, str, str]:
    environ = os.environ | {"PYTHONPATH": str(home / "hiding")}
    done = subprocess.run(
        line, cwd=home, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            (SEARCH, "-i", "climate"),
            "search: --interactive needs the package textual: pip install 'heatseek[interactive]'",
        ),
        (
            (HEATSEEK, "watch"),
            "watch: needs the package watchfiles: pip install 'heatseek[watch]'",
        ),
        (
            (HEATSEEK, "serve"),
            "serve: needs the package uvicorn: pip install 'heatseek[web]'",
        ),
        (
            (HEATSEEK, "mcp"),
            "mcp: needs the package mcp: pip install 'heatseek[mcp]'",
        ),
        (
            (HEATSEEK, "eval", "--queries", "q.tsv", "--qrels", "r.tsv"),
            "eval: measuring needs the package ir-measures: pip install 'heatseek[eval]'",
        ),
    ],
)
def test_a_missing_package_is_one_line(line: tuple[str, ...], message: str, home: Path) -> None:
    assert run(home, *line) == (2, "", f"{message}\n")


def test_on_a_terminal_too(home: Path) -> None:
    shown = on_terminal("search -i", home, PYTHONPATH=str(home / "hiding"))

    assert shown.code == 2
    assert "\x1b" not in shown.text
    assert shown.text.count("\n") == 1


@pytest.mark.parametrize("verb", ["update", "stats", "topics", "doctor", "config", "help"])
def test_other_commands_need_none_of_them(verb: str, home: Path) -> None:
    code, out, err = run(home, HEATSEEK, verb)

    assert code == 0, err
    assert out or err


def test_a_search_needs_none_of_them(home: Path) -> None:
    assert run(home, SEARCH, "climate", "--format", "paths")[0] == 0


def test_all_brings_every_extra_of_users() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]

    (everything,) = extras.pop("all")
    assert "heatseek[all]" in extras.pop("test")
    assert everything == f"heatseek[{','.join(sorted(extras))}]"
