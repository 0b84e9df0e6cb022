"""`docs/whoosh.md`: its examples run and print what stands there, its table is the schema."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import heatseek

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "whoosh.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", DOCS, re.DOTALL)
ROW = re.compile(r"^\| (`.+?) \| ([A-Z]+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    heatseek.rebuild(folder / "seeds", folder / "index")
    return folder


@pytest.mark.parametrize(("code", "printed"), EXAMPLES)
def test_example(code: str, printed: str, folder: Path) -> None:
    program = [sys.executable, "-c", code]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout) == ("", printed)


def test_every_example_is_run() -> None:
    assert len(EXAMPLES) == DOCS.count("```python") > 0


def test_the_table_is_the_schema(folder: Path) -> None:
    schema: Any = heatseek.whoosh.open_index(folder / "index").schema
    shown = {
        name: kind for names, kind in ROW.findall(DOCS) for name in re.findall(r"`(\w+)`", names)
    }
    assert schema.names() == sorted(shown)
    for name, kind in shown.items():
        assert kind in {each.__name__ for each in type(schema[name]).__mro__}
