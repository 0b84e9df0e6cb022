"""Where an index stands, and which archive it is of, whatever folder somebody works in."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import heatseek
from cli_runs import Ran, make_archive, run
from heatseek.config.places import joined, plain, shown_below, upwards
from heatseek.engines import load
from heatseek.engines.whoosh.mark import MARK
from heatseek.errors import below
from heatseek.indexer import scanning
from programs import SEARCH

PATHS = st.text(alphabet="/.ab ~", max_size=12)


@given(PATHS, PATHS)
@example("", "//")
@example("//", "")
@example("//a", "")
@example("a", "//")
def test_paths_as_texts_are_those_of_pathlib(text: str, other: str) -> None:
    path = Path("/", text)

    assert plain(text) == str(Path(text))
    assert joined(text, other) == str(Path(text) / other)
    assert list(upwards(str(path))) == [str(each) for each in (path, *path.parents)]
    if str(path) != str(Path("/", other)):
        assert shown_below(str(path), str(Path("/", other))) == str(below(path, Path("/", other)))


def indexes(folder: Path) -> list[str]:
    """The folders below one that are indexes, relative to it."""
    found = (path.parent.relative_to(folder) for path in folder.rglob(MARK))
    return sorted(str(path) for path in found if not path.name.startswith("generation-"))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder of articles in a home folder, with nothing that says what it is."""
    return make_archive(tmp_path / "home").rename(tmp_path / "home/notes")


def at_home(program: str, *args: str, cwd: Path) -> Ran:
    """A command of the user whose home folder is the one that `notes` is in."""
    home = next(folder for folder in (cwd, *cwd.parents) if folder.name == "home")
    return run(program, *args, cwd=cwd, HOME=str(home), XDG_CACHE_HOME=str(home / ".cache"))


def test_beside_heatseek_toml_from_any_folder_below(tmp_path: Path) -> None:
    archive = make_archive(tmp_path).rename(tmp_path / "articles")
    (tmp_path / "heatseek.toml").write_text('archive = "articles"\n')
    for folder in (tmp_path, archive, archive / "sub"):
        ran = run("search", "solar", "--format", "paths", cwd=folder)
        assert (ran.code, Path(folder, ran.out.strip())) == (0, archive / "sub/solar.md")
    assert indexes(tmp_path) == ["index"]
    assert run("heatseek", "update", cwd=archive / "sub").err.startswith("nothing changed")


def test_a_folder_for_caches_that_cannot_be_is_refused_in_a_line(tmp_path: Path) -> None:
    archive = make_archive(tmp_path).rename(tmp_path / "any")
    for place in (f"/{'a/' * 3_000}", f"/{'a' * 300}"):
        ran = run("search", "solar", cwd=archive, XDG_CACHE_HOME=place)
        assert (ran.code in {2, 3}, len(ran.err.splitlines())) == (True, 1)
        assert "index" in ran.err


@pytest.mark.usefixtures("permissions")
def test_what_may_not_be_looked_into_is_passed_over(notes: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "in").mkdir(parents=True)
    closed.chmod(0)
    try:
        places = (closed / "in", closed / "in/seeds")
        for place in places:
            ran = run("search", "x", "--archive", str(place), cwd=notes, XDG_CACHE_HOME=str(place))
            assert (ran.code in {2, 3}, len(ran.err.splitlines())) == (True, 1)
        ran = run("search", "solar", cwd=notes, XDG_CACHE_HOME=str(places[0]))
        assert (ran.code, len(ran.err.splitlines())) == (3, 1)
    finally:
        closed.chmod(0o755)


@pytest.mark.parametrize("articles", ["seeds", "."])
def test_beside_the_articles_that_heatseek_toml_does_not_name(
    articles: str, tmp_path: Path
) -> None:
    archive = make_archive(tmp_path)
    if articles == ".":
        archive = archive.rename(tmp_path / "any")
    (tmp_path / "heatseek.toml").write_text("limit = 1\n")
    ran = run("search", "solar", "--format", "paths", cwd=archive / "sub")
    assert (ran.code, Path(archive, "sub", ran.out.strip())) == (0, archive / "sub/solar.md")
    assert indexes(tmp_path) == ["index"]


def test_a_first_build_that_failed_moves_no_archive(tmp_path: Path) -> None:
    make_archive(tmp_path).rename(tmp_path / "any")
    (tmp_path / "heatseek.toml").write_text('exclude = ["*"]\n')
    failed = run("search", "solar", cwd=tmp_path)
    assert (failed.code, "no articles in" in failed.err) == (3, True)
    (tmp_path / "heatseek.toml").write_text("limit = 1\n")
    ran = run("search", "solar", "--format", "paths", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, "any/sub/solar.md\n")


def test_beside_seeds_from_any_folder_below(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    (tmp_path / "else/where").mkdir(parents=True)
    for folder in (archive / "sub", tmp_path / "else/where", tmp_path):
        assert run("search", "solar", cwd=folder).code == 0
    assert run("search", "solar", "--archive", "../seeds", cwd=tmp_path / "else").code == 0
    assert indexes(tmp_path) == ["index"]


def test_an_index_by_its_usual_name_is_found_from_any_folder_below(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "far")
    (tmp_path / "here/below").mkdir(parents=True)
    build = ("rebuild", "--archive", str(archive), "--index", "index")
    assert run("heatseek", *build, cwd=tmp_path / "here").code == 0
    assert run("search", "solar", cwd=tmp_path / "here/below").code == 0
    assert run("heatseek", "update", cwd=tmp_path / "here/below").code == 0
    assert indexes(tmp_path) == ["here/index"]


def test_in_the_cache_where_nothing_says_what_the_folder_is(notes: Path) -> None:
    first = at_home("search", "solar", cwd=notes)
    lines = first.err.splitlines()
    assert lines[0].startswith(f"no index of {notes} yet: building it in {notes.parent}/.cache/")
    assert lines[1].startswith("indexed 4 articles")
    assert lines[2:] == [
        "to have the index elsewhere name its folder in a heatseek.toml, or by --index DIR"
    ]
    below = at_home("search", "weather", cwd=notes / "sub")
    assert (first.code, below.code, below.err) == (0, 0, "")
    (index,) = indexes(notes.parent)
    assert index.startswith(".cache/heatseek/notes-")
    assert stat.S_IMODE((notes.parent / ".cache/heatseek").stat().st_mode) == 0o700
    assert at_home("heatseek", "update", cwd=notes / "sub").err.startswith("nothing changed")


def test_in_the_cache_for_an_archive_that_is_named(notes: Path, tmp_path: Path) -> None:
    make_archive(tmp_path / "home")
    assert at_home("search", "solar", cwd=notes.parent).code == 0
    (notes / "more.md").write_text("---\ntitle: Zeppelins\n---\n")
    ran = at_home("search", "zeppelin", "--archive", "notes", "--format", "paths", cwd=notes.parent)
    assert (ran.code, ran.out) == (0, "notes/more.md\n")
    cached, beside = indexes(notes.parent)
    assert cached.startswith(".cache/heatseek/notes-")
    assert beside == "index"
    assert at_home("search", "zeppelin", cwd=notes.parent).code == 1
    assert at_home("search", "zeppelin", "--archive", "./notes/", cwd=notes.parent).err == ""


def test_two_archives_of_one_name_have_two_indexes(tmp_path: Path) -> None:
    for place in ("one", "two"):
        archive = make_archive(tmp_path / place)
        run("search", "solar", "--archive", str(archive), cwd=tmp_path)
    assert len(indexes(tmp_path / ".cache")) == 2


@pytest.mark.parametrize(
    "command", [("search", "x"), ("heatseek", "rebuild"), ("heatseek", "update")]
)
def test_a_home_folder_and_those_above_are_not_indexed_by_accident(
    command: tuple[str, ...], notes: Path
) -> None:
    for folder in (notes.parent, notes.parent.parent, Path("/")):
        ran = run(*command, cwd=folder, HOME=str(notes.parent), XDG_CACHE_HOME=str(notes / ".c"))
        assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert f"{folder} is a home folder or above one" in ran.err
    assert indexes(notes.parent) == []
    assert at_home("search", "solar", "--archive", ".", cwd=notes.parent).code == 0


@pytest.mark.parametrize(
    ("limit", "least", "reason"),
    [("MOST_FILES", 3, "very many files"), ("MOST_NAMES", 4, "very many files")],
)
def test_a_folder_of_very_many_files_is_asked_for_by_name(
    limit: str, least: int, reason: str, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, limit, least)
    ran = at_home("search", "solar", cwd=notes)
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert f"{notes} has {reason}" in ran.err
    assert "--archive DIR" in ran.err
    monkeypatch.setattr(scanning, limit, least + 1)
    assert at_home("search", "solar", cwd=notes).code == 0


def test_a_folder_without_articles_is_none(notes: Path) -> None:
    for name in (".git/a.md", "node_modules/x/readme.md", "src/a.py"):
        (notes.parent / "code" / name).parent.mkdir(parents=True)
        (notes.parent / "code" / name).write_text("x")
    ran = at_home("search", "x", cwd=notes.parent / "code")
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert "no articles in" in ran.err
    assert indexes(notes.parent) == []


def test_without_a_home_nothing_is_written_anywhere(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Solar\n")
    ran = run("search", "solar", cwd=tmp_path, XDG_CACHE_HOME="")
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "--index DIR" in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_what_a_stranger_left_for_all_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_archive(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/a.md").write_text("---\ntitle: Solar mine\n---\n")
    tmp_path.chmod(0o1777)
    monkeypatch.setattr(os, "getuid", lambda: (tmp_path / "seeds").stat().st_uid + 1)
    if (tmp_path / "seeds").stat().st_uid == 0:
        os.chown(tmp_path / "seeds", 12345, -1)
    ran = run("search", "solar", "--format", "paths", cwd=tmp_path / "mine")
    assert (ran.code, ran.out) == (0, "a.md\n")


@pytest.mark.parametrize("command", ["update", "rebuild", "doctor", "stats"])
def test_every_command_remembers_which_archive_an_index_is_of(command: str, tmp_path: Path) -> None:
    archive = make_archive(tmp_path).rename(tmp_path / "mine")
    away = tmp_path / "away"
    make_archive(away)
    run("heatseek", "rebuild", "--archive", str(archive), "--index", "ix", cwd=away)
    (archive / "more.md").write_text("---\ntitle: Solar sails\n---\n")
    for folder in (away, tmp_path):
        assert run("heatseek", command, "--index", str(away / "ix"), cwd=folder).code == 0
    expected = command in {"update", "rebuild"}
    ran = run("search", "sails", "--index", str(away / "ix"), "--format", "paths", cwd=tmp_path)
    assert (ran.out == "mine/more.md\n") is expected


def test_an_index_that_is_named_counts_more_than_the_archive_of_heatseek_toml(
    tmp_path: Path,
) -> None:
    archive = make_archive(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.md").write_text("---\ntitle: Sails\n---\n")
    (tmp_path / "heatseek.toml").write_text('archive = "other"\n')
    make = ("--archive", "seeds", "--index", "ix")
    assert run("heatseek", "rebuild", *make, cwd=tmp_path).code == 0
    ran = run("search", "solar", "--index", "ix", "--format", "paths", cwd=tmp_path)
    assert (ran.code, ran.out) == (0, f"{archive.name}/sub/solar.md\n")
    assert run("heatseek", "update", "--index", "ix", cwd=tmp_path).code == 0
    # A new one is of the archive that is configured.
    assert run("heatseek", "rebuild", "--index", "new", cwd=tmp_path).code == 0
    assert run("search", "sails", "--index", "new", cwd=tmp_path).code == 0


def test_of_several_first_searches_one_builds_the_index(tmp_path: Path) -> None:
    make_archive(tmp_path)
    command = [SEARCH, "solar", "--format", "paths"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with load(tmp_path / "index").writing():
        searches = [subprocess.Popen(command, cwd=tmp_path, **pipes) for _ in range(3)]
        for each in searches:
            line = each.stderr.readline()
            assert line.startswith(f"{tmp_path / 'index'} is being written by ")
            assert line.endswith(": waiting until it is done\n")
    ended = [(*each.communicate(), each.returncode) for each in searches]
    assert [(out, code) for out, _, code in ended] == [("seeds/sub/solar.md\n", 0)] * 3
    assert sum("indexed 4 articles" in told for _, told, _ in ended) == 1
    with heatseek.open_index(tmp_path / "index") as index:
        assert index.generation.number == 1


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A project with its index."""
    archive = make_archive(tmp_path).rename(tmp_path / "articles")
    site = tmp_path / "site"
    site.mkdir()
    archive.rename(site / "articles")
    (site / "heatseek.toml").write_text('archive = "articles"\n')
    assert run("heatseek", "rebuild", cwd=site).code == 0
    return site


@pytest.mark.parametrize("how", ["moved", "copied", "linked"])
def test_archive_and_index_go_together(how: str, site: Path) -> None:
    there = site.parent / "far/away/site2"
    there.parent.mkdir(parents=True)
    if how == "moved":
        site.rename(there)
    elif how == "copied":
        shutil.copytree(site, there)
    else:
        there.symlink_to(site)
    ran = run("search", "solar", "--format", "paths", cwd=there)
    assert (ran.code, ran.out, ran.err) == (0, "articles/sub/solar.md\n", "")
    (there / "articles/more.md").write_text("---\ntitle: Zeppelins\n---\n")
    assert run("heatseek", "update", cwd=there / "articles").err.startswith("1 added:")
    assert run("search", "zeppelin", "--index", str(there / "index"), cwd=site.parent).code == 0
    if how == "copied":
        assert run("search", "zeppelin", cwd=site).code == 1


def test_damage_and_age_of_an_index_that_was_moved_cost_it_no_archive(site: Path) -> None:
    there = site.rename(site.parent / "site2")
    (there / "heatseek.toml").unlink()
    manifest = next((there / "index").glob("generation-*/manifest.json"))
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))
    assert run("search", "solar", cwd=there / "articles").code == 0
    next((there / "index").glob("generation-*/manifest.json")).unlink()
    assert run("heatseek", "doctor", "--repair", cwd=there / "articles").code == 0
    ran = run("search", "solar", "--format", "paths", cwd=there)
    assert ran.out == "articles/sub/solar.md\n"


def test_an_index_that_was_moved_alone_keeps_its_archive(site: Path) -> None:
    (site / "index").rename(site.parent / "index")
    ran = run("search", "solar", "--format", "paths", cwd=site.parent)
    assert (ran.code, ran.out) == (0, "site/articles/sub/solar.md\n")


def test_no_folder_that_only_happens_to_be_there_is_the_archive_of_a_far_index(
    site: Path, tmp_path: Path
) -> None:
    deep = tmp_path / "a/b/c/index"
    args = ("--archive", "articles", "--index", str(deep))
    assert run("heatseek", "rebuild", *args, cwd=site).code == 0
    moved = tmp_path / "x/y/z/index"
    moved.parent.mkdir(parents=True)
    (tmp_path / "x/site/articles").mkdir(parents=True)
    deep.rename(moved)
    ran = run("search", "solar", "--index", str(moved), "--format", "paths", cwd=tmp_path)
    assert ran.out == "site/articles/sub/solar.md\n"
