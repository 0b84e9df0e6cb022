"""Every front end gives the same answer to the same request, the library's."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

import heatseek
from agents import Agent, connected, over_http
from cli_runs import run
from heatseek.agents.tools import TOOLS, input_schema
from servers import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
REQUESTS = tomllib.loads((ROOT / "tests/cases/requests.toml").read_text("utf-8"))["request"]
ADDRESSES = [each["address"] for each in REQUESTS]
PROPERTIES = input_schema(TOOLS["search"])["properties"]
OPPOSITES = {"unpublished": "published", "no-related": "related", "all": "any"}
SETTINGS = """\
limit = 7
[presets.calm]
heat = 0
[searches.sea]
query = "sea OR coast OR harbour"
sort = "date"
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ends")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "heatseek.toml").write_text(SETTINGS)
    heatseek.rebuild(folder / "seeds", folder / "index")
    return folder


@pytest.fixture(scope="module")
def index(home: Path) -> Iterator[heatseek.Index]:
    with heatseek.open_project(home) as opened:
        yield opened


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home, "--mcp") as started:
        yield started


@pytest.fixture(scope="module")
def agent(server: Server) -> Iterator[Agent]:
    with connected(over_http(server.address)) as client:
        yield client


def called(address: str) -> tuple[str, dict[str, Any]]:
    """The tool, and its arguments, that an address stands for."""
    tool, given = "search", {}
    for name, value in parse_qsl(address, keep_blank_values=True):
        opposite = OPPOSITES.get(name)
        schema = PROPERTIES.get(name, {})
        if opposite:
            given[opposite] = False
        elif name == "similar":
            tool, given["id"] = "similar", value
        elif schema.get("type") == "array":
            given.setdefault(name, []).append(value)
        elif name == "q":
            given["query"] = value
        else:
            given[name] = True if schema.get("type") == "boolean" else value
    return tool, given


def without_marks(document: Any) -> Any:
    """Results as an agent gets them."""
    hits = [{name: hit[name] for name in hit if name != "marks"} for hit in document["hits"]]
    return {**document, "hits": hits}


def plain(document: Any) -> Any:
    """A document of results without what no two searches share: the time it took."""
    return {**json.loads(json.dumps(document)), "took_ms": 0}


def command_line(address: str) -> list[str]:
    """The options and words that an address stands for."""
    words: list[str] = []
    options: list[str] = []
    for name, value in parse_qsl(address, keep_blank_values=True):
        if name == "q":
            words = ["--", *value.split(" ")]
        else:
            options += [f"--{name}", value] if value else [f"--{name}"]
    return [*options, *words]


def test_there_are_forty_requests_of_every_parameter() -> None:
    names = {name for each in ADDRESSES for name, _ in parse_qsl(each, keep_blank_values=True)}
    assert len(set(ADDRESSES)) == len(REQUESTS) == 40
    assert len(names) == 28


@pytest.mark.parametrize("case", REQUESTS, ids=ADDRESSES)
def test_one_answer(
    case: dict[str, Any], home: Path, index: heatseek.Index, server: Server, agent: Agent
) -> None:
    expected = plain(index.search(**case["arguments"]).to_dict())
    line = command_line(case["address"])
    if "--similar" in line:
        place = line.index("--similar") + 1
        line[place] = str(home / "seeds" / line[place])
    assert plain(json.loads(run("search", "--json", *line, cwd=home).out)) == expected
    answer = server.get(f"/api/search?{case['address']}")
    assert (answer.status, plain(answer.json)) == (200, expected)
    tool, given = called(case["address"])
    assert plain(agent.call(tool, **given)) == without_marks(expected)


@pytest.mark.parametrize(
    "address",
    ["after=someday", "sort=dat", "boost=heta%3D1", "rank=hott", "group=stories", "limit=-1",
     "q=%40see", "oldest=&sort=date", "q=" + "a+" * 3000, "where=levels", "half-life=soon"],
)  # fmt: skip
def test_one_message(address: str, home: Path, server: Server, agent: Agent) -> None:
    ran = run("search", *command_line(address), cwd=home)
    told = server.get(f"/api/search?{address}").json
    assert ran.code == 2
    words = ran.err.strip().removeprefix("search: ").replace("--", "")
    advice = "; for the word itself"
    assert told["detail"].partition(advice)[0] == words.partition(advice)[0]
    tool, given = called(address)
    assert agent.error(tool, **given) == told["detail"]
