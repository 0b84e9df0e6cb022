"""An index that is in no folder: where it is, by options, variables, heatseek.toml and notes."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

import heatseek
from cli_runs import Ran, make_archive, run
from heatseek import engines
from heatseek.config import load
from heatseek.config.places import NOTE, in_cache
from heatseek.errors import ConfigError, EngineUnreachableError, GenerationGoneError
from memory_engine import MemoryEngine, MemoryReader, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NEWS = "memory://bob@host/news"
SHOWN = "memory://host/news"


class Server(MemoryEngine):
    """An engine that is found by its address, and what it was given with that."""

    known: ClassVar[dict[str, Server]] = {}
    given: Mapping[str, object] = {}
    is_down = False

    def current(self) -> State:
        if self.is_down:
            raise EngineUnreachableError("memory://host does not answer")
        return super().current()

    def check(self) -> Iterator[str]:
        return iter(())


def connect(location: str, settings: Mapping[str, object]) -> Server:
    server = Server.known.setdefault(location, Server(heatseek.IndexUrl(location).shown))
    server.given = settings
    return server


@pytest.fixture(autouse=True)
def _servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "servers_in_memory", sys.modules[__name__])
    monkeypatch.setitem(engines._ENGINES, "memory", ("servers_in_memory", "connect"))
    monkeypatch.setattr(Server, "known", {})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_archive(tmp_path)
    return tmp_path


def heatseek_(*args: str, cwd: Path, **environ: str) -> Ran:
    ran = run("heatseek", *args, cwd=cwd, **environ)
    assert "Traceback" not in ran.err
    return ran


def documents(ran: Ran) -> object:
    """What was found, but for the time that it took."""
    return {**json.loads(ran.out), "took_ms": 0}


def test_where_an_address_may_stand_and_which_counts(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    file = tmp_path / "heatseek.toml"
    file.write_text('index = "ix"\n\n[engine]\nlocation = "opensearch://c/d"\ntimeout = 5\n')
    environ = {"HEATSEEK_INDEX": "memory://a/b"}

    by_option = load(index=NEWS, environ=environ, cwd=tmp_path)
    by_variable = load(environ=environ, cwd=tmp_path)
    by_file = load(environ={}, cwd=tmp_path)
    folder = load(index="other", environ=environ, cwd=tmp_path)

    found = [by_option, by_variable, by_file, folder]
    assert [str(each.index) for each in found] == [
        NEWS, "memory://a/b", "opensearch://c/d", str(tmp_path / "other"),
    ]  # fmt: skip
    assert [each.sources["index"] for each in found] == [
        "--index", "HEATSEEK_INDEX", "heatseek.toml:4", "--index",
    ]  # fmt: skip
    assert [each.index.settings for each in found[:3]] == [{"timeout": 5}] * 3
    assert by_option.index.shown == SHOWN
    shown = json.loads(heatseek_("config", "--json", cwd=tmp_path).out)["settings"]
    assert shown["index"] == {"value": "opensearch://c/d", "source": "heatseek.toml:4"}
    assert shown["engine.timeout"] == {"value": 5, "source": "heatseek.toml:5"}


def test_no_home_is_needed_for_an_index_elsewhere(tmp_path: Path) -> None:
    assert load(index=NEWS, environ={}, cwd=tmp_path).index == NEWS


def test_files_that_settings_name_are_found_from_that_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "heatseek.toml").write_text(
        '[engine]\nlocation = "opensearch://c/d"\nca-certificate = "ca.pem"\ncredentials = "~/k"\n'
    )
    settings = load(environ={}, cwd=tmp_path / "below").index.settings
    assert settings["ca-certificate"] == str(tmp_path / "ca.pem")
    assert settings["credentials"] == str(Path("~/k").expanduser())


@pytest.mark.parametrize("place", ["opensearch://bob:secret@h/n", "memory://bob:se/cret@h/n"])
def test_a_password_in_an_address_is_refused_and_not_repeated(place: str, home: Path) -> None:
    (home / "index").mkdir()
    lines = [
        heatseek_("config", "--index", place, cwd=home),
        heatseek_("config", cwd=home, HEATSEEK_INDEX=place),
        heatseek_("rebuild", "--engine", place, cwd=home),
    ]
    (home / "index" / NOTE).write_text(place)
    lines.append(heatseek_("config", cwd=home))
    for ran in lines:
        assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
        assert "HEATSEEK_OPENSEARCH_PASSWORD" in ran.err
        assert "se" + "cret" not in ran.err.replace("/", "")
    with pytest.raises(ConfigError, match="a password does not belong"):
        heatseek.open_index(place)


def test_a_scheme_that_nobody_knows_is_one_line(home: Path) -> None:
    ran = run("search", "solar", "--index", "elastic://h/news", cwd=home)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "no engine for elastic://; an index is a folder or " in ran.err


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("opensearch:", "'opensearch:'"),
        ("opensearch:/localhost/x", "'opensearch:/localhost/x'"),
        (" opensearch://h/n", "opensearch://h/n'"),
        ("OpenSearch:h:9200/n", "'OpenSearch:h:9200/n'"),
        ("elastic://h/n", "'elastic://h/n'"),
        ("opensearch://h", "'opensearch://h': no location"),
        ("opensearch://h:x/n", "'opensearch://h:…'"),
        ("opensearch://bob:geheim/n", "'opensearch://bob:…'"),
        ("opensearchs:bob:geheim@h/n", "'opensearchs:h/n'"),
        ("opensearch:x:geheim://y@h/n", "'opensearch:h/n'"),
    ],
)
def test_a_wrong_address_is_told_with_where_it_stands_and_makes_no_folder(
    place: str, shown: str, home: Path
) -> None:
    before = set(home.iterdir())
    told = {
        "--index ": heatseek_("rebuild", "--index", place, cwd=home),
        "--engine ": heatseek_("rebuild", "--engine", place, cwd=home),
        "HEATSEEK_INDEX ": heatseek_("rebuild", cwd=home, HEATSEEK_INDEX=place),
    }
    assert set(home.iterdir()) == before
    if place == place.strip():  # Around a value of a file spaces mean nothing.
        (home / "heatseek.toml").write_text(f'\n[engine]\nlocation = "{place}"\n')
        told["heatseek.toml:3: engine.location = "] = heatseek_("rebuild", cwd=home)
        (home / "heatseek.toml").unlink()
        (home / "index").mkdir()
        (home / "index" / NOTE).write_text(place)
        told[f"{home / 'index' / NOTE} "] = heatseek_("rebuild", cwd=home)
    for source, ran in told.items():
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert source in ran.err
        assert shown in ran.err
        assert "geheim" not in ran.err


def test_an_address_goes_to_another_process_with_its_settings() -> None:
    url = heatseek.IndexUrl(NEWS, {"shards": 3})
    again = pickle.loads(pickle.dumps(url))  # noqa: S301 - our own
    assert (again, again.settings, again.shown) == (NEWS, {"shards": 3}, SHOWN)


def test_the_index_moves_to_an_engine_and_back(home: Path) -> None:
    before = documents(run("search", "climate", "--json", cwd=home))
    moved = heatseek_("rebuild", "--engine", NEWS, cwd=home)
    assert (moved.code, (home / "index" / NOTE).read_text()) == (0, f"{NEWS}\n")
    here = home / "seeds/sub"
    assert documents(run("search", "climate", "--json", cwd=here)) == before
    (home / "seeds/new.md").write_text("---\ntitle: Zeppelins\n---\n")
    assert heatseek_("update", cwd=here).err.startswith("1 added: 5 articles")
    assert run("search", "zeppelins", "--format", "paths", cwd=home).out == "seeds/new.md\n"
    shown = heatseek_("config", "--json", cwd=here).out
    assert json.loads(shown)["settings"]["index"] == {
        "value": SHOWN, "source": str(home / "index" / NOTE),
    }  # fmt: skip

    assert run("search", "zeppelins", "--index", "index", cwd=home).code == 0
    with heatseek.open_index(home / "index") as stayed:
        assert stayed.search("zeppelins").total == 0
    back = heatseek_("rebuild", "--engine", "folder", cwd=here)
    assert (back.code, (home / "index" / NOTE).exists()) == (0, False)
    Server.known.clear()
    assert run("search", "zeppelins", cwd=here).code == 0


def test_every_command_runs_on_it(home: Path) -> None:
    assert heatseek_("rebuild", "--engine", NEWS, cwd=home).code == 0
    assert not [path for path in (home / "index").iterdir() if path.name != NOTE]
    assert f"{SHOWN}: whole" in heatseek_("doctor", cwd=home).out
    stats = heatseek_("stats", cwd=home)
    assert (stats.code, SHOWN in stats.out) == (0, True)
    for line in (["topics"], ["providers"], ["show", "seeds/reef.md"], ["doctor", "--repair"]):
        ran = heatseek_(*line, cwd=home)
        assert (ran.code, ran.err) == (0, ""), line
    named = ("search", "climate", "--index", NEWS)
    assert heatseek_(*named, cwd=home).out == run("search", "climate", cwd=home).out
    with heatseek.open_project(home) as index, heatseek.open_index(NEWS) as same:
        assert index.search("climate").total == same.search("climate").total == 4
        assert index.location == same.location == NEWS


def test_a_project_that_gets_a_heatseek_toml_keeps_its_index_elsewhere(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    home = make_archive(tmp_path / "here").rename(tmp_path / "notes")
    assert heatseek_("rebuild", "--engine", NEWS, cwd=home, **environ).code == 0
    (note,) = (tmp_path / "cache").rglob(NOTE)
    (home / "heatseek.toml").write_text("[engine]\nshards = 2\n")

    assert load(environ=environ, cwd=home / "sub").sources["index"] == str(note)
    assert heatseek_("stats", cwd=home, **environ).code == 0
    assert Server.known[NEWS].given == {"shards": 2}
    assert not (home / "index").exists()
    assert heatseek_("rebuild", "--engine", "folder", cwd=home, **environ).code == 0
    assert load(environ=environ, cwd=home).index == home / "index"
    assert not note.exists()
    note.write_text(NEWS)
    assert load(environ=environ, cwd=home).index == home / "index"


def test_init_leaves_the_index_where_it_has_moved_to(tmp_path: Path) -> None:
    environ = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    home = make_archive(tmp_path / "here").rename(tmp_path / "notes")
    place = "opensearch://joe@127.0.0.1:1/news"
    note = Path(in_cache(home, environ), NOTE)
    note.parent.mkdir(parents=True)
    note.write_text(place)
    ran = heatseek_("init", cwd=home, **environ)
    assert (ran.code, place.replace("joe@", "") in ran.err.splitlines()[-1]) == (0, True)
    settings = load(environ=environ, cwd=home)
    assert (settings.index, settings.archive) == (place, home)
    assert heatseek_("init", str(home / "sub"), cwd=home, **environ).code == 0
    assert load(environ={}, cwd=home / "sub").index == home / "sub/.heatseek"


@pytest.mark.parametrize(
    "old",
    ["opensearch://127.0.0.1:1/news", "elastic://h/n", "://x", "\0", "opensearch://h:x/n"],
)
def test_the_place_that_an_index_leaves_need_not_answer(old: str, home: Path) -> None:
    note = home / "index" / NOTE
    note.parent.mkdir()
    for target in (NEWS, "folder"):
        note.write_text(old)
        ran = heatseek_("rebuild", "--engine", target, cwd=home)
        told = ran.err.splitlines()
        assert (ran.code, told[0].endswith("; reading the articles of seeds")) == (0, True)
        assert told[-1] == f"the index is now in {'index' if target == 'folder' else SHOWN}"
        assert heatseek_("stats", cwd=home).code == 0


def test_a_user_comes_with_a_move_to_the_same_index(home: Path) -> None:
    (home / "index").mkdir()
    (home / "index" / NOTE).write_text("opensearch://127.0.0.1:1/news")
    variables = {"HEATSEEK_OPENSEARCH_PASSWORD": "x"}
    move = ("rebuild", "--engine", "opensearch://joe@127.0.0.1:1/news")
    assert "no server answers" in heatseek_(*move, cwd=home, **variables).err
    move = ("rebuild", "--engine", NEWS)
    assert heatseek_(*move, cwd=home, **variables).code == 0


def test_settings_come_to_the_engine_and_to_no_folder(home: Path) -> None:
    (home / "heatseek.toml").write_text("[engine]\nshards = 3\n")
    assert heatseek_("rebuild", cwd=home).code == 0
    assert heatseek_("rebuild", "--engine", NEWS, cwd=home).code == 0
    assert Server.known[NEWS].given == {"shards": 3}
    assert run("search", "climate", cwd=home).code == 0
    assert Server.known[NEWS].given == {"shards": 3}


def test_the_archive_is_that_of_the_index_that_moves(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "far")
    here = tmp_path / "here"
    here.mkdir()
    other = make_archive(tmp_path / "other")
    heatseek.rebuild(other, heatseek.IndexUrl(NEWS))
    build = ("rebuild", "--archive", str(archive), "--index", "index")
    assert heatseek_(*build, cwd=here).code == 0
    assert heatseek_("rebuild", "--engine", NEWS, cwd=here).code == 0
    assert heatseek.origin(NEWS).archive == str(archive)


@pytest.mark.parametrize("line", ["", 'archive = "articles"\n'])
def test_articles_of_an_index_that_another_machine_built(line: str, tmp_path: Path) -> None:
    there = make_archive(tmp_path / "there")
    heatseek.rebuild(there, NEWS)
    here = tmp_path / "here"
    archive = make_archive(here).rename(here / ("articles" if line else "seeds"))
    (here / "heatseek.toml").write_text(line)
    (archive / "reef.md").unlink()
    (here / "index").mkdir()
    (here / "index" / NOTE).write_text(NEWS)
    search = ("search", "reef", "--format", "paths")

    # Both are on one machine: what is meant is not plain.
    both = run(*search, cwd=here)
    assert (both.code, "was built from" in both.err) == ((3, True) if line else (0, False))
    there.rename(tmp_path / "gone")
    ran = run(*search, cwd=here)
    assert (ran.code, ran.out) == (0, f"{archive.name}/reef.md\n")
    assert ran.err == "reef.md is gone: the index needs an update\n"
    assert heatseek_("show", f"{archive.name}/climax.md", cwd=here).code == 0
    told = heatseek_("stats", "--json", cwd=here).out
    assert json.loads(told)["archive"]["path"] == str(archive)
    assert heatseek_("doctor", cwd=here).code == 0
    ran = heatseek_("update", cwd=here)
    assert (ran.code, "was built from" in ran.err) == (3, True)
    assert run(*search, "--index", NEWS, cwd=tmp_path).err == ""


def test_a_folder_with_a_note_alone_is_found_from_any_folder_below(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "far")
    below = tmp_path / "here/below"
    below.mkdir(parents=True)
    build = ("rebuild", "--archive", str(archive), "--index", "index", "--engine", NEWS)
    assert heatseek_(*build, cwd=below.parent).code == 0
    assert run("search", "solar", cwd=below).code == 0
    assert heatseek_("update", cwd=below).err.startswith("nothing changed")


def test_what_counts_more_than_a_note_is_not_passed_over(home: Path) -> None:
    (home / "heatseek.toml").write_text('[engine]\nlocation = "opensearch://h/n"\n')
    for line, source in (
        (["--engine", NEWS], "heatseek.toml:2"),
        (["--engine", "folder"], "heatseek.toml:2"),
        (["--index", "memory://h/a", "--engine", NEWS], "--index"),
    ):
        ran = heatseek_("rebuild", *line, cwd=home)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert f": {source} names another index, which counts more" in ran.err
    ran = heatseek_("rebuild", "--engine", "opensearch", cwd=home)
    assert (ran.code, ran.err) == (
        2,
        "rebuild: --engine opensearch: must be folder, or an address such as"
        " opensearch://host:9200/name\n",
    )
    assert not Server.known


@pytest.mark.parametrize("text", [b"", b"index\n", b"\xff\xfe", b"://x"])
def test_a_note_that_says_nothing_is_one_line(text: bytes, home: Path) -> None:
    (home / "index").mkdir()
    (home / "index" / NOTE).write_bytes(text)
    ran = run("search", "solar", cwd=home)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert f"index/{NOTE}: does not say where the index is" in ran.err


@pytest.mark.skipif(os.geteuid() != 0, reason="needs files of another user")
def test_a_note_of_a_stranger_is_passed_over(home: Path) -> None:
    stranger = 12_345
    index = home / "index"
    index.mkdir()
    (index / NOTE).write_text(NEWS)
    os.chown(index, stranger, stranger)
    home.chmod(0o777)
    assert load(environ={}, cwd=home).index == index
    home.chmod(0o755)
    assert load(environ={}, cwd=home).index == NEWS
    index.chmod(0o777)
    os.chown(index / NOTE, stranger, stranger)
    assert load(environ={}, cwd=home).index == index


def test_a_search_builds_no_index_that_others_may_use(home: Path) -> None:
    ran = run("search", "solar", "--index", NEWS, cwd=home)
    assert (ran.code, ran.err) == (
        3, f"search: no index in {SHOWN}: `heatseek rebuild` makes one\n",
    )  # fmt: skip
    assert Server.known[NEWS].state is None


def test_who_has_a_generation_open_that_is_gone_is_answered_from_the_newest(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(reader: MemoryReader) -> State:
        if reader.generation.number == 1:
            raise GenerationGoneError("it was replaced")
        return whole(reader)

    heatseek.rebuild(home / "seeds", NEWS)
    with heatseek.open_index(NEWS) as index:
        (home / "seeds/new.md").write_text("---\ntitle: Zeppelins\ntopics: [Air]\n---\n")
        heatseek.update(home / "seeds", NEWS)
        assert index.search("zeppelins").total == 0
        whole = MemoryReader._open
        monkeypatch.setattr(MemoryReader, "_open", opened)
        assert index.get("new.md").title == "Zeppelins"
        assert (index.search("zeppelins").total, index.generation.number) == (1, 2)
        Server.known[NEWS].state = Server.known[NEWS].state._replace(
            generation=index.generation._replace(number=1)
        )
    with heatseek.open_index(NEWS) as index:
        for ask in (index.search, index.count, index.get):
            with pytest.raises(GenerationGoneError):
                ask("zeppelins")


def test_completion_does_not_wait_for_a_server(home: Path) -> None:
    assert heatseek_("rebuild", "--engine", NEWS, cwd=home).code == 0
    proposed = heatseek_("__complete", "topic", "oce", cwd=home)
    assert (proposed.out, Server.known[NEWS].given) == ("Oceans\t1\n", {"timeout": 1.0})


def test_a_cluster_that_is_down_is_one_line_soon(home: Path) -> None:
    place = "opensearch://127.0.0.1:1/news"
    (home / "heatseek.toml").write_text(f'[engine]\nlocation = "{place}"\n')
    for line in (["stats"], ["doctor"], ["topics"], ["update"], ["rebuild"], ["show", "reef.md"]):
        ran = heatseek_(*line, cwd=home)
        assert (ran.code, ran.err.count("\n")) == (3, 1), line
        assert f"{place}: no server answers at 127.0.0.1:1" in ran.err
    assert run("search", "solar", cwd=home).code == 3


def test_who_writes_needs_the_extra(home: Path) -> None:
    # Another process: this one may have loaded what writes before.
    without = (
        "import sys; sys.modules['opensearchpy'] = None; from heatseek.cli.main import heatseek;"
        " sys.argv[1:] = ['rebuild', '--engine', 'opensearch://127.0.0.1:1/news']; heatseek()"
    )
    command = [sys.executable, "-c", without]
    ran = subprocess.run(command, check=False, cwd=home, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "pip install 'heatseek[opensearch]'" in ran.stderr


def test_a_server_that_is_down_is_one_line(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert heatseek_("rebuild", "--engine", NEWS, cwd=home).code == 0
    monkeypatch.setattr(Server, "is_down", True)
    for line in (["search", "a"], ["stats"], ["doctor"], ["topics"], ["update"]):
        ran = heatseek_(*line, cwd=home)
        assert (ran.code, ran.err.count("\n")) == (3, 1), line
        assert "memory://host does not answer" in ran.err


def test_a_rebuild_that_fails_leaves_no_note(home: Path) -> None:
    for path in (home / "seeds").rglob("*.md"):
        path.unlink()
    assert heatseek_("rebuild", "--engine", NEWS, cwd=home).code == 3
    assert not (home / "index").exists()
