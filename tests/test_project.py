"""A project as a library: the index and the settings that the command line takes in a folder."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import heatseek
from cli_runs import make_archive, run
from heatseek import config

TOML = """\
archive = "texts"
index = "ix"
limit = 2

[boost]
heat = 3

[presets.loud]
heat = 9

[synonyms]
forecast = ["prediction"]
"machine brain" = ["deep learning"]

[fields.level]
facet = true

[searches.blue]
query = "reef OR ocean"
before = "2022"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an index that its command line made."""
    monkeypatch.delenv("HEATSEEK_INDEX", raising=False)
    make_archive(tmp_path).rename(tmp_path / "texts")
    (tmp_path / "texts/level.md").write_text("---\ntitle: Prediction\nlevel: high\n---\n")
    (tmp_path / "heatseek.toml").write_text(TOML)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


SEARCHES: tuple[tuple[list[str], dict[str, Any]], ...] = (
    (["climate"], {"query": "climate"}),
    (["climate", "--rank", "loud"], {"query": "climate", "rank": "loud"}),
    (["forecasts"], {"query": "forecasts"}),
    (["machine brain"], {"query": "machine brain"}),
    (["@blue"], {"query": "@blue"}),
    (["@blue", "quiet"], {"query": "@blue quiet"}),
    (["@blue", "--limit", "1"], {"query": "@blue", "limit": 1}),
    (["--where", "level=high"], {"where": "level=high"}),
    ([], {}),
)


@pytest.mark.parametrize(("words", "arguments"), SEARCHES)
def test_it_answers_as_the_command_line_does(
    home: Path, words: list[str], arguments: dict[str, Any]
) -> None:
    # An explanation has the ages of articles.
    now = datetime(2024, 5, 1, tzinfo=UTC)
    options = ("--json", "--explain", "--now", now.isoformat())
    page = json.loads(run("search", *words, *options, cwd=home).out)
    with heatseek.open_project(home) as project:
        found = project.search(**arguments, explain=True, now=now).to_dict()
    assert found["hits"]
    assert {**page, "took_ms": 0} == {**found, "took_ms": 0}


def test_its_settings_make_a_difference(home: Path) -> None:
    with heatseek.open_project(home) as project, heatseek.open_index(home / "ix") as index:
        assert [len(project.search().hits), len(index.search().hits)] == [2, 6]
        assert project.count(["forecast", "@blue"]) == (2, 1)
        assert index.count(["forecast", "@blue"]) == (1, 0)
        assert project.request("@blue").query == "reef OR ocean"
        assert project.request("climate").before is None
        with pytest.raises(heatseek.UnknownSearchError, match="@seas"):
            project.search("@seas")


def test_it_is_found_from_below_and_by_the_environment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "texts/deep").mkdir()
    with heatseek.open_project(home / "texts/deep") as project:
        assert project.location == str(home / "ix")
        assert project.generation.archive == str((home / "texts").resolve())
    (home / "ix").rename(home / "elsewhere")
    with pytest.raises(heatseek.IndexMissingError):
        heatseek.open_project(home)
    monkeypatch.setenv("HEATSEEK_INDEX", "elsewhere")
    with heatseek.open_project(os.fspath(home)) as project:
        assert project.search("climate").total == 4


def test_resolved_settings_are_a_project_too(home: Path) -> None:
    settings = config.load(index=home / "ix", environ={}, cwd=home)
    with heatseek.open_project(settings, long_lived=False) as project:
        assert len(project.search().hits) == 2


def test_projects_that_cannot_be_opened(home: Path) -> None:
    (home / "other").mkdir()
    (home / "heatseek.toml").write_text('archive = "other"\nindex = "ix"\n')
    with pytest.raises(heatseek.OtherArchiveError) as refused:
        heatseek.open_project(home)
    assert refused.value.archive == str((home / "texts").resolve())
    assert refused.value.named == str(home / "other")
    (home / "heatseek.toml").write_text("limit = -1\n")
    with pytest.raises(heatseek.ConfigError, match="limit"):
        heatseek.open_project(home)
    for folder in (home / "none", home / "texts/reef.md"):
        with pytest.raises(heatseek.ConfigError):
            heatseek.open_project(folder)
    for folder in (5, "", "\0"):
        with pytest.raises(heatseek.ArgumentError, match="project"):
            heatseek.open_project(folder)  # type: ignore[arg-type]
