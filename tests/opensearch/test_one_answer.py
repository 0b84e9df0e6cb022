"""On a cluster every front end gives what the library gives over a folder."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import heatseek
from agents import started
from clusters import new_location
from heatseek.config import load
from test_front_ends import (  # noqa: F401 - fixtures and tests, which run here, too
    ROOT,
    SETTINGS,
    agent,
    plain,
    server,
    test_one_answer,
    test_one_message,
    without_marks,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.opensearch


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A project whose index is on the cluster; beside it one in a folder."""
    folder = tmp_path_factory.mktemp("ends")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    heatseek.rebuild(folder / "seeds", folder / "beside")
    with new_location() as place:
        (folder / "heatseek.toml").write_text(f'{SETTINGS}[engine]\nlocation = "{place}"\n')
        heatseek.rebuild(folder / "seeds", place)
        yield folder


@pytest.fixture(scope="module")
def index(home: Path) -> Iterator[heatseek.Index]:
    """The one in a folder."""
    settings = load(index=home / "beside", environ={}, cwd=home)
    with heatseek.open_project(settings) as opened:
        yield opened


def test_an_agent_that_starts_it(home: Path, index: heatseek.Index) -> None:
    expected = plain(index.search("climate ai").to_dict())
    with started(home) as client:
        assert plain(client.call("search", query="climate ai")) == without_marks(expected)
