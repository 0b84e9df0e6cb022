"""An archive that has gone on since it was indexed: it is told, or caught up with."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path

import pytest

import heatseek
from cli_runs import make_archive, run
from heatseek.engines import load
from heatseek.engines.base import Reader
from heatseek.indexer import scanning


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project whose files were written long before they were indexed."""
    for path in make_archive(tmp_path).rglob("*.md"):
        os.utime(path, ns=(10**18, 10**18))
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


def test_a_hit_whose_file_is_gone_is_told_as_such(home: Path) -> None:
    assert run("search", "climate", cwd=home).err == ""
    (home / "seeds/reef.md").unlink()
    told = "reef.md is gone: the index needs an update"
    for args in ([], ["--format", "paths"], ["--json"]):
        ran = run("search", "climate", *args, cwd=home)
        assert (ran.code, ran.err) == (0, f"{told}\n")
    assert json.loads(ran.out)["notices"] == [told]
    assert run("search", "solar", cwd=home).err == ""
    shown = run("heatseek", "show", "reef.md", cwd=home)
    opened = run("heatseek", "open", "climax.md", "--print", cwd=home)
    assert (shown.code, opened.err) == (0, "")
    assert shown.err == "reef.md is gone: this is what was indexed; the index needs an update\n"


@pytest.mark.usefixtures("permissions")
def test_what_may_not_be_looked_at_is_not_told_as_gone(home: Path) -> None:
    folder = home / "seeds/sub"
    folder.chmod(0)
    try:
        ran = run("search", "solar", cwd=home)
        shown = run("heatseek", "show", "sub/solar.md", cwd=home)
    finally:
        folder.chmod(0o755)
    assert (ran.code, ran.err) == (0, "")
    told = "sub/solar.md: cannot be read: permission denied; this is what was indexed\n"
    assert (shown.code, shown.err) == (0, told)


def test_hits_whose_archive_is_gone_are_told_in_one_line(home: Path) -> None:
    (home / "seeds/sub/solar.md").unlink()
    for path in (home / "seeds").glob("*.md"):
        path.unlink()
    ran = run("search", "climate", cwd=home)
    assert ran.err.endswith(" and 1 more are gone: the index needs an update\n")
    shutil.rmtree(home / "seeds")
    ran = run("search", "climate", cwd=home)
    assert ran.err == f"{home / 'seeds'} is not there: this is what was indexed\n"


def test_where_nothing_is_found_it_is_told_what_has_changed(home: Path) -> None:
    alone = run("search", "xyzzy", cwd=home).err
    assert alone == "nothing found for xyzzy\n"
    (home / "seeds/new.md").write_text("---\ntitle: Xyzzy\n---\n")
    (home / "seeds/reef.md").unlink()
    with (home / "seeds/climax.md").open("a") as file:
        file.write("plugh")
    os.utime(home / "seeds/hostile.md")
    told = "3 files differ from what was indexed (1 new, 1 changed, 1 gone)"
    ran = run("search", "xyzzy", "--json", cwd=home)
    assert ran.code == 1
    assert json.loads(ran.out)["notices"] == [f"{told}; the index needs an update"]
    assert told not in run("search", "solar", cwd=home).err
    assert run("heatseek", "update", cwd=home).code == 0
    assert run("search", "xyzzy", cwd=home).err == ""


def test_a_glance_reads_few_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (home / "seeds").rglob("*.md"):
        os.utime(path)
    with heatseek.open_index(home / "index") as index:
        assert index.differences(thorough=False) == (0, 0, 0)
        monkeypatch.setattr(scanning, "MOST_READ", 3)
        assert index.differences(thorough=False) == (0, 4, 0)
        assert index.differences() == (0, 0, 0)
        monkeypatch.setattr("heatseek.indexer.ledger.gethostname", lambda: "elsewhere")
        assert index.differences(thorough=False) == (0, 0, 0)


@pytest.mark.parametrize("seed", range(20))
def test_a_glance_sees_what_a_thorough_look_sees(seed: int, home: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    for path in [*(home / "seeds").rglob("*.md"), home / "seeds/one.md", home / "seeds/sub/two.md"]:
        deed = chance.choice(["leave", "write", "touch", "remove"])
        if deed == "write":
            path.write_text(f"---\ntitle: {chance.random()}\n---\n")
        elif path.exists() and deed == "touch":
            os.utime(path)
        elif path.exists() and deed == "remove":
            path.unlink()
    with heatseek.open_index(home / "index") as index:
        assert index.differences(thorough=False) == index.differences()


def test_update_auto_catches_up_before_it_answers(home: Path) -> None:
    (home / "heatseek.toml").write_text('update = "auto"\n')
    assert run("search", "climate", cwd=home).err == ""
    (home / "seeds/new.md").write_text("---\ntitle: Xyzzy\n---\n")
    (home / "seeds/reef.md").unlink()
    ran = run("search", "xyzzy OR reef", "--format", "paths", cwd=home)
    assert (ran.code, ran.out) == (0, "seeds/new.md\n")
    lines = ran.err.splitlines()
    assert lines[0] == "2 files differ from what was indexed (1 new, 1 gone)"
    assert lines[1].startswith("1 added, 1 removed: ")
    assert run("search", "xyzzy", cwd=home).err == ""


def test_update_auto_answers_with_what_there_is_where_it_cannot(home: Path) -> None:
    (home / "heatseek.toml").write_text('update = "auto"\n')
    (home / "seeds/new.md").write_text("---\ntitle: Xyzzy\n---\n")
    engine = load(home / "index")
    with engine.writing():
        ran = run("search", "climate", cwd=home)
    assert (ran.code, len(ran.out.splitlines()) > 4) == (0, True)
    assert ran.err.endswith("; this is what was indexed\n")
    assert "is being written by" in ran.err
    (home / "seeds").rename(home / "away")
    ran = run("search", "climate", cwd=home)
    assert ran.code == 0
    assert "; this is what was indexed\n" in ran.err


def test_an_index_that_says_too_little_is_told_nothing_of(home: Path) -> None:
    (home / "seeds/new.md").write_text("---\ntitle: Xyzzy\n---\n")

    class Silent:
        note = staticmethod(lambda name: b"")  # noqa: ARG005 - there is none

    silent: Reader = Silent()  # type: ignore[assignment]
    assert scanning.glance(home / "seeds", silent) is None


def test_setting(home: Path) -> None:
    (home / "heatseek.toml").write_text('update = "always"\n')
    ran = run("search", "climate", cwd=home)
    assert ran.code == 2
    assert 'update = "always": must be one of manual, auto' in ran.err
