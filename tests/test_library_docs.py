"""`docs/library.md`: its examples run and print what stands there; its tables are complete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import heatseek
from heatseek.search.request import ARGUMENTS

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs/library.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```\n(?:\n```\n(.*?)```)?", DOCS, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("program")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    heatseek.rebuild(folder / "seeds", folder / "index")
    (toml,) = re.findall(r"```toml\n(.*?)```", DOCS, re.DOTALL)
    (folder / "heatseek.toml").write_text(toml)
    return folder


@pytest.mark.parametrize(("code", "printed"), EXAMPLES)
def test_example(code: str, printed: str, folder: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if "HEATSEEK" not in name}
    program = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(
        program, cwd=folder, capture_output=True, text=True, check=False, env=environ
    )
    assert (done.stderr, done.stdout) == ("", printed)


def test_every_example_is_run() -> None:
    assert len(EXAMPLES) == DOCS.count("```python") > 0


def test_the_service_answers(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = (code for code, _ in EXAMPLES if "app = " in code)
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the page's own
    client = TestClient(names["app"])
    page = client.get("/search", params={"q": "climate", "topic": "AI"}).json()
    assert (page["version"], page["total"], page["hits"][0]["rank"]) == (1, 1, 1)
    assert client.get("/search", params={"topic": ""}).status_code == 422
    names["index"].close()


def test_every_argument_and_every_verb_is_told() -> None:
    told = set(re.findall(r"`(\w+)(?:\([^`]*\))?`", DOCS))
    assert ARGUMENTS - told == set()
    told |= set(re.findall(r"\.(\w+)\(", DOCS))
    verbs = {name for name in vars(heatseek.Index) if not name.startswith("_")}
    functions = {name for name in heatseek.__all__ if name.islower() and name[0] != "_"}
    assert (verbs | functions) - told - {"location", "request_of"} == set()
