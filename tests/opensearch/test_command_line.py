"""The command line over an index on a cluster, from the first build to the last fault."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest

import clusters
import heatseek
from cli_runs import Ran, run
from clusters import new_location
from heatseek.config.places import NOTE
from programs import HEATSEEK
from servers import serving
from terminals import on_terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.opensearch
ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds until something that should have happened counts as missing."""
OWN = {"took_ms", "generation", "bytes", "created_at", "path"}
"""What two indexes of the same articles need not share."""
LINES = [
    ["search", "climate ai", "--json", "--facets", "--explain", "--now", "2026-01-01"],
    ["search", "sea OR coast", "--sort", "date", "--json", "-n", "50"],
    ["search", '"machine learning"', "--format", "paths"],
    ["search", "--topic", "ai", "--after", "2023", "--json"],
    ["search", "clmate", "--json"],
    ["search", "--similar", "seeds/learning/2022-01-17-indexes-from-scratch.md", "--json"],
    ["search", "solar", "--group", "story", "--json"],
    ["search", "-n", "0"],
    ["show", "seeds/learning/2022-01-17-indexes-from-scratch.md", "--json"],
    ["topics", "--json"],
    ["providers", "--limit", "3"],
    ["stats", "--json"],
    ["doctor", "--json"],
    ["eval", "--queries", "queries.tsv", "--qrels", "qrels.tsv", "--json"],
]


@pytest.fixture
def place() -> Iterator[str]:
    with new_location() as location:
        yield location


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "queries.tsv").write_text("1\tindexes from scratch\n2\tclimate\n")
    (tmp_path / "qrels.tsv").write_text(
        "1\t0\tlearning/2022-01-17-indexes-from-scratch.md\t2\n2\t0\tclimax.md\t1\n"
    )
    return tmp_path


def heatseek_(*args: str, cwd: Path) -> Ran:
    ran = run("heatseek", *args, cwd=cwd)
    assert "Traceback" not in ran.err
    return ran


def shared(ran: Ran) -> Any:
    """What a command gave, without what is an index's own."""
    try:
        document = json.loads(ran.out)
    except ValueError:
        return ran.code, ran.out
    return ran.code, _shared(document)


def _shared(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shared(each) for name, each in value.items() if name not in OWN}
    return [_shared(each) for each in value] if isinstance(value, list) else value


def answers(home: Path) -> list[Any]:
    return [shared(heatseek_(*line, cwd=home)) for line in LINES]


def asked(path: str, body: dict[str, Any] | None = None, method: str = "GET") -> Any:
    """What the server says itself."""
    data = None if body is None else json.dumps(body).encode()
    head = {"Content-Type": "application/json"}
    request = Request(f"{clusters.address()}/{path}", data, head, method=method)  # noqa: S310 - http
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        return json.load(answer)


def test_the_same_commands_give_the_same_answers(home: Path, place: str) -> None:
    assert heatseek_("rebuild", cwd=home).code == 0
    before = answers(home)
    assert [code for code, _ in before] == [0] * len(LINES)
    moved = heatseek_("rebuild", "--engine", place, cwd=home)
    assert (moved.code, moved.err.startswith("indexed 43 articles and 13 related")) == (0, True)
    assert (home / "index" / NOTE).read_text() == f"{place}\n"
    assert answers(home) == before
    assert place in heatseek_("stats", cwd=home).out
    assert f"{place}: whole" in heatseek_("doctor", cwd=home).out


def test_slices_are_searched_once_all_are_there(home: Path, place: str) -> None:
    assert heatseek_("rebuild", cwd=home).code == 0
    before = answers(home)
    first = heatseek_("rebuild", "--engine", place, "--slice", "1/2", cwd=home)
    assert first.code == 0
    assert first.err.startswith("slice 1/2: ")
    assert first.err.endswith("; waiting for slice 2\n")
    assert not (home / "index" / NOTE).exists()
    again = heatseek_("rebuild", "--engine", place, "--slice", "1/2", cwd=home)
    assert (again.code, again.err) == (0, "slice 1/2: made before; waiting for slice 2\n")
    last = heatseek_("rebuild", "--engine", place, "--slice", "2/2", cwd=home)
    assert (last.code, last.err.startswith("indexed 43 articles and 13 related")) == (0, True)
    assert (home / "index" / NOTE).read_text() == f"{place}\n"
    assert answers(home) == before


def test_a_hit_of_the_last_search_is_looked_up_where_that_was(home: Path, place: str) -> None:
    assert heatseek_("rebuild", "--engine", place, cwd=home).code == 0
    shown = on_terminal("search comet three tails; heatseek show 1 --no-pager", home, rows=200).text
    assert "https://orbitpost.example/people/comet-hunter" in shown


def test_the_news_of_a_saved_search(home: Path, place: str) -> None:
    (home / "heatseek.toml").write_text(
        f'[searches]\nsea = "sea OR coast"\n[engine]\nlocation = "{place}"\n'
    )
    assert heatseek_("rebuild", cwd=home).code == 0
    state = {"XDG_STATE_HOME": str(home / "state")}
    first = run("search", "@sea", "--new", "--format", "paths", cwd=home, **state)
    assert (first.code, first.out != "") == (0, True)
    (home / "seeds/new.md").write_text("---\ntitle: A coast of zeppelins\n---\n")
    assert heatseek_("update", cwd=home).code == 0
    assert run("search", "@sea", "--new", "--format", "paths", cwd=home, **state).out == (
        "seeds/new.md\n"
    )


def test_an_update_is_exact_as_a_rebuild(home: Path, place: str) -> None:
    assert heatseek_("rebuild", "--engine", place, cwd=home).code == 0
    (home / "seeds/new.md").write_text("---\ntitle: The climate of zeppelins\ntopics: [AI]\n---\n")
    changed = home / "seeds/learning/2022-01-17-indexes-from-scratch.md"
    changed.write_text(changed.read_text() + "\nAn ocean of ferries.\n")
    gone = next(iter(sorted((home / "seeds/news").glob("*.md"))))
    gone.unlink()
    ran = heatseek_("update", cwd=home)
    assert ran.err.startswith("1 added, 1 changed, 1 removed: 43 articles")
    assert heatseek_("update", cwd=home).err.startswith("nothing changed")
    updated = answers(home)
    assert heatseek_("rebuild", "--engine", "folder", cwd=home).code == 0
    assert updated == answers(home)
    assert not (home / "index" / NOTE).exists()


def test_it_follows_its_archive(home: Path, place: str) -> None:
    assert heatseek_("rebuild", "--engine", place, cwd=home).code == 0
    watcher = subprocess.Popen(
        [HEATSEEK, "watch"], cwd=home, stderr=subprocess.PIPE, text=True, bufsize=1
    )
    try:
        assert watcher.stderr is not None
        while "watching seeds" not in watcher.stderr.readline():
            assert watcher.poll() is None
        (home / "seeds/new.md").write_text("---\ntitle: Zeppelins\n---\n")
        end = time.monotonic() + PATIENCE
        while run("search", "zeppelins", cwd=home).code:
            assert time.monotonic() < end
            time.sleep(0.2)
    finally:
        watcher.terminate()
        watcher.communicate(timeout=PATIENCE)
    assert watcher.returncode == 0


def test_the_library_over_an_address(home: Path, place: str) -> None:
    heatseek.rebuild(home / "seeds", home / "folder")
    heatseek.rebuild(home / "seeds", heatseek.IndexUrl(place, {"shards": 3}))
    (generation,) = asked(f"_alias/{place.rpartition('/')[2]}")
    shards = asked(f"{generation}/_settings")[generation]["settings"]["index"]["number_of_shards"]
    assert shards == "3"
    with heatseek.open_index(home / "folder") as one, heatseek.open_index(place) as other:
        for query in ("climate ai", "sea", '"machine learning"~5', "fore*", ""):
            first, second = (
                index.search(query, facets="all", limit=50).to_dict() for index in (one, other)
            )
            assert {**first, "took_ms": 0} == {**second, "took_ms": 0}
        assert one.count(["climate", "sea"]) == other.count(["climate", "sea"])
        assert other.refresh() is False
        heatseek.update(home / "seeds", place)
        articles = [sorted(index.articles(), key=lambda each: each.id) for index in (one, other)]
        assert articles[0] == articles[1]
    assert heatseek.origin(place).archive == str(home / "seeds")
    assert heatseek.check(place).state == "whole"


def test_who_reads_goes_on_when_what_is_open_is_removed(home: Path, place: str) -> None:
    url = heatseek.IndexUrl(place, {"grace": 0})
    heatseek.rebuild(home / "seeds", url)
    with heatseek.open_index(place) as index:
        opened = index.generation
        (home / "seeds/new.md").write_text("---\ntitle: Zeppelins\n---\n")
        heatseek.update(home / "seeds", url)
        assert index.generation == opened
        assert index.search("zeppelins").total == 1
        assert index.get("new.md").title == "Zeppelins"


def test_a_page_follows_what_another_machine_writes(home: Path, place: str) -> None:
    (home / "heatseek.toml").write_text(f'[engine]\nlocation = "{place}"\ngrace = 0\n')
    assert heatseek_("rebuild", cwd=home).code == 0
    with serving(home) as server:
        address = "/api/search?q=zeppelins"
        assert server.get(address).json["total"] == 0
        (home / "seeds/new.md").write_text("---\ntitle: Zeppelins\n---\n")
        assert heatseek_("update", cwd=home).code == 0
        end = time.monotonic() + PATIENCE
        while not (answer := server.get(address)).json["total"]:
            assert (answer.status, time.monotonic() < end) == (200, True)
            time.sleep(0.1)
        assert "Zeppelins" in server.get("/?q=zeppelins").text


def test_what_stands_in_the_way_is_one_line(home: Path, place: str) -> None:
    name = place.rpartition("/")[2]
    missing = run("search", "sea", "--index", place, cwd=home)
    assert (missing.code, missing.err) == (
        3, f"search: no index at {place}: `heatseek rebuild` makes one\n",
    )  # fmt: skip
    asked(name, {"mappings": {"properties": {"price": {"type": "long"}}}}, "PUT")
    for line in (["search", "sea"], ["rebuild"], ["update"], ["stats"]):
        ran = heatseek_(*line, "--index", place, cwd=home)
        assert (ran.code, ran.err.count("\n")) == (3, 1), line
        assert f"{place} is an index of somebody else's" in ran.err
        assert "name another index by --index or --engine" in ran.err
    assert "price" in str(asked(f"{name}/_mapping"))


def test_a_search_loads_no_client_for_writing(home: Path, place: str) -> None:
    heatseek.rebuild(home / "seeds", place)
    program = (
        "import sys; from heatseek.cli.main import run;"
        f" code = run('search', ['sea', '--json', '--index', {place!r}]);"
        " print(code, 'opensearchpy' in sys.modules, 'asyncio' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=home, capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == "0 False False"
