"""`heatseek serve`: a real process, asked over its socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli_runs import make_archive, run
from servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    make_archive(folder)
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home) as started:
        yield started


def test_a_page_of_hits(server: Server) -> None:
    page = server.get("/?q=weather&topic=AI&after=&sort=")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<mark>weather</mark>" in page.text
    assert 'name="topic" value="AI" checked' in page.text


def test_an_article(server: Server) -> None:
    page = server.get("/a/climax.md")
    assert page.status == 200
    assert "ClimaX forecasts the weather" in page.text
    assert 'href="/a/https://crn.com/layoffs"' in page.text
    assert server.get("/a/climax.md.json").json == server.get("/api/articles/climax.md").json
    assert server.get("/a/none.md").status == 404


def test_an_unknown_parameter_is_refused_with_the_nearest_name(server: Server) -> None:
    problem = server.get("/api/search?toppic=AI")
    assert problem.headers["content-type"] == "application/problem+json"
    told = problem.json
    assert (told["status"], told["code"], told["suggestion"]) == (400, "parameter", "topic")
