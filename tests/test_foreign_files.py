"""Files that are not ours, wherever they stand: as before, whatever is done with the index."""

from __future__ import annotations

import json
import os
import shutil
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import heatseek
from cli_runs import Ran, make_archive, run
from folders import state
from heatseek.engines.whoosh import generations, mark
from heatseek.errors import IndexForeignError

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = (
    *(["search", "reef"], ["search", "--facet=topic", "reef"], ["show", "reef.md"], ["stats"]),
    *(["topics"], ["providers"], ["doctor"], ["doctor", "--repair"], ["doctor", "--json"]),
    *(["rebuild"], ["update"], ["watch"]),
)
"""What may be done with an index."""
MARK = "HEATSEEK"
OURS = (MARK, "CURRENT", "LOCK", "LOCK.holder")
SECONDS = 20
"""More than any of this takes; a command that waits for a pipe would wait for ever."""

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and pipes")


@contextmanager
def no_waiting() -> Iterator[None]:
    """Fail where something hangs."""
    signal.signal(signal.SIGALRM, lambda *_: pytest.fail("hangs"))
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with an archive."""
    make_archive(tmp_path)
    return tmp_path


def heats(home: Path, *args: str) -> Ran:
    with no_waiting():
        return run("heatseek", *args, "--index", "ix", cwd=home)


def check_refused(home: Path, *commands: list[str]) -> None:
    """One line each, and everything in the folder is as it was."""
    before = state(home / "ix")
    for command in commands or COMMANDS:
        ran = heats(home, *command)
        assert ran.code == 3, (command, ran)
        lines = ran.err.splitlines()
        assert len(lines) == ("doctor" not in command or "--repair" in command), (command, ran)
        assert not [line for line in lines if "doctor --repair" in line], (command, ran)
        assert state(home / "ix") == before, command


# Any folder

NAMES = st.sampled_from(
    [
        *(*OURS, "CURRENT.new", "manifest.json", "MAIN_a.doc", "generation-00000001", "IMG_1.jpg"),
        *("generation-20230101", "generation-00000001-0123456789abcdef01234567", ".git", "000005"),
    ]
)
CONTENTS = st.sampled_from(
    [
        *(b"", b"\n", b"MANIFEST-000005\n", b"generation-00000001\n", b"\xff\xfe", b"{}", b"[[1]]"),
        b"generation-00000001-0123456789abcdef01234567\n",
        json.dumps({"magic": "heatseek index", "id": "0" * 32, "archive": "/"}).encode(),
        json.dumps({"format": 10, "fingerprint": "text=", "checksum": 1}).encode(),
    ]
)
LEAVES = (
    st.tuples(st.just("file"), CONTENTS)
    | st.tuples(st.just("link"), st.sampled_from(["/outside", "/outside/file", "CURRENT", "no"]))
    | st.just(("pipe", b""))
)
FOLDERS = st.dictionaries(
    NAMES, LEAVES | st.tuples(st.just("folder"), st.dictionaries(NAMES, LEAVES)), min_size=1
)


def make(folder: Path, tree: dict[str, tuple[str, object]], outside: Path) -> None:
    folder.mkdir()
    for name, (kind, value) in tree.items():
        path = folder / name
        if kind == "file":
            path.write_bytes(value)  # type: ignore[arg-type] # of a file
        elif kind == "link":
            path.symlink_to(str(value).replace("/outside", str(outside)))
        elif kind == "pipe":
            os.mkfifo(path)
        else:
            make(path, value, outside)  # type: ignore[arg-type] # of a folder


def check_any_folder(home: Path, tree: dict[str, tuple[str, object]]) -> None:
    outside = home / "outside"
    for folder in (outside, home / "ix"):
        shutil.rmtree(folder, ignore_errors=True)
    outside.mkdir()
    (outside / "file").write_text("precious")
    make(home / "ix", tree, outside)
    before = state(outside)
    check_refused(home)
    with pytest.raises(IndexForeignError), no_waiting():
        heatseek.open_index(home / "ix")
    for write in (heatseek.rebuild, heatseek.update):
        with pytest.raises(IndexForeignError), no_waiting():
            write(home / "seeds", home / "ix")
    assert state(outside) == before


VISIBLE = FOLDERS.filter(lambda tree: any(not name.startswith(".") for name in tree))
ONE_HOME = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
"""For all examples; each makes its folders anew."""


@given(VISIBLE)
@settings(max_examples=12, suppress_health_check=ONE_HOME)
def test_a_folder_of_anything_is_refused_by_every_command(
    home: Path, tree: dict[str, tuple[str, object]]
) -> None:
    check_any_folder(home, tree)


@pytest.mark.slow
@given(VISIBLE)
@settings(max_examples=400, suppress_health_check=ONE_HOME)
def test_many_folders_of_anything_are_refused_by_every_command(
    home: Path, tree: dict[str, tuple[str, object]]
) -> None:
    check_any_folder(home, tree)


def test_backups_by_date_are_no_generations(home: Path) -> None:
    album = home / "ix" / "generation-20230101"
    album.mkdir(parents=True)
    (album / "beach.jpg").write_bytes(b"\xff\xd8")
    check_refused(home)
    (home / "ix" / "CURRENT").write_text("generation-20230101\n")
    check_refused(home)


def test_the_files_of_another_database_stay_its_own(home: Path) -> None:
    (home / "ix").mkdir()
    (home / "ix/CURRENT").write_text("MANIFEST-000007\n")
    (home / "ix/LOCK").write_text("")
    (home / "ix/MANIFEST-000007").write_bytes(b"\0\1")
    check_refused(home)
    assert "ix is no index" in heats(home, "search", "reef").err


@pytest.mark.parametrize("name", OURS)
def test_a_name_of_ours_alone_is_not_ours(name: str, home: Path) -> None:
    (home / "ix").mkdir()
    (home / "ix" / name).touch()
    check_refused(home)


# The archive


@pytest.mark.parametrize("index", ["seeds", ".", "empty", "above"])
def test_the_archive_and_what_is_above_it_are_no_place_for_an_index(index: str, home: Path) -> None:
    archive = {"empty": "empty", "above": "above/.articles"}.get(index, "seeds")
    (home / "empty").mkdir()
    shutil.copytree(home / "seeds", home / "above/.articles")
    before = state(home)
    for verb in ("rebuild", "update"):
        ran = run("heatseek", verb, "--archive", archive, "--index", index, cwd=home)
        assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert "; name another" in ran.err
    assert state(home) == before


def test_an_index_in_the_archive_is_one(home: Path) -> None:
    (home / "notes").mkdir()
    args = ("--archive", ".", "--index", "index")
    assert run("heatseek", "rebuild", *args, cwd=home).code == 0
    assert run("heatseek", "update", *args, cwd=home).code == 0


# In an index


def others(home: Path) -> None:
    """Put into the index what does not belong to it."""
    index = home / "ix"
    other = home / "other"
    heatseek.rebuild(home / "seeds", other)
    (foreign,) = other.glob("generation-*")
    (own,) = index.glob("generation-*")
    shutil.copytree(foreign, index / foreign.name)
    outside = home / "outside"
    outside.mkdir()
    (outside / "file").write_text("precious")
    (index / own.name.replace("-00000001-", "-00000005-")).symlink_to(outside)
    (index / own.name.replace("-00000001-", "-00000006-")).mkdir()
    (index / own.name.replace("-00000001-", "-00000006-") / "a.jpg").write_bytes(b"\xff\xd8")
    (index / "generation-20230101").mkdir()
    (index / "generation-20230101" / "beach.jpg").write_bytes(b"\xff\xd8")
    (index / "generation-00000002").mkdir()
    (index / "notes.txt").write_text("mine")
    (index / "CURRENT.new").symlink_to(outside / "file")
    os.mkfifo(index / "pipe")


def without_ours(home: Path) -> dict[str, object]:
    """What is in the index besides its own: that of the last generation and of the root."""
    ours = (home / "ix" / "CURRENT").read_text().strip()
    found = state(home / "ix")
    return {
        name: entry
        for name, entry in found.items()
        if name not in {".", *OURS} and Path(name).parts[0] != ours
    }


def test_what_does_not_belong_to_an_index_stays(home: Path) -> None:
    assert heats(home, "rebuild").code == 0
    others(home)
    outside, foreign = state(home / "outside"), without_ours(home)
    for number in range(3):
        (home / f"seeds/more{number}.md").write_text("---\ntitle: More\n---\n")
        assert heats(home, ("update", "rebuild")[number % 2]).code == 0
        assert heats(home, "search", "more").code == 0
        assert without_ours(home) == foreign
    ours = (home / "ix" / "CURRENT").read_text().strip()
    next((home / "ix" / ours).glob("*.trm")).unlink()
    (home / "ix" / "CURRENT").write_text("?")
    assert heats(home, "doctor", "--repair").code == 0
    assert without_ours(home).items() >= foreign.items()
    assert state(home / "outside") == outside


def test_what_is_put_into_a_generation_stays_when_that_goes(home: Path) -> None:
    assert heats(home, "rebuild").code == 0
    (old,) = (home / "ix").glob("generation-*")
    (old / "diary.txt").write_text("mine")
    (old / "photos").mkdir()
    assert heats(home, "rebuild").code == 0
    assert sorted(path.name for path in old.iterdir()) == ["diary.txt", "photos"]


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
@pytest.mark.parametrize("name", OURS)
def test_what_has_the_name_of_a_file_of_ours_is_not_written_through(
    name: str, kind: str, home: Path
) -> None:
    diary = home / "diary.txt"
    diary.write_text("mine")
    assert heats(home, "rebuild").code == 0
    path = home / "ix" / name
    path.unlink(missing_ok=True)
    if kind == "link":
        path.symlink_to(diary)
    else:
        os.mkfifo(path) if kind == "pipe" else path.mkdir()
    before = state(home / "ix")[name]

    for command in (["search", "reef"], ["update"], ["rebuild"], ["doctor", "--repair"]):
        ran = heats(home, *command)
        assert ran.code in {0, 3}, ran
        if command == ["rebuild"]:
            assert ran.code == 3
            assert f"{home}/ix/{name} is a folder, a link or a pipe" in ran.err
        assert state(home / "ix")[name] == before
    assert diary.read_text() == "mine"


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
@pytest.mark.parametrize("name", [MARK, "manifest.json", "files.note", "*.doc", "*.trm"])
def test_a_file_of_a_generation_that_is_something_else_is_damage(
    name: str, kind: str, home: Path
) -> None:
    assert heats(home, "rebuild").code == 0
    (path,) = (home / "ix").glob(f"generation-*/{name}")
    kept = home / "kept"
    path.rename(kept)
    before = state(home)["kept"]
    if kind == "link":
        path.symlink_to(kept)
    else:
        os.mkfifo(path) if kind == "pipe" else path.mkdir()

    ran = heats(home, "doctor")
    assert (ran.code, path.name in ran.out) == (3, True)
    assert heats(home, "doctor", "--repair").code == 0
    assert state(home)["kept"] == before
    assert len(list((home / "ix").glob("generation-*"))) == 1


# A former version


@pytest.mark.parametrize("kind", ["segment", "generation", "pipe"])
def test_nothing_of_an_index_is_read_through_a_link_or_a_pipe(kind: str, home: Path) -> None:
    assert heats(home, "rebuild").code == 0
    folder = next((home / "ix").glob("generation-*"))
    segment = next(folder.glob("*.trm"))
    odd = folder if kind == "generation" else segment
    odd.rename(home / "outside")
    if kind == "pipe":
        os.mkfifo(odd)
        manifest = json.loads((folder / "manifest.json").read_text())
        del manifest["checksum"]
        manifest["files"][segment.name] = [0, 0]
        checksum = crc32(json.dumps(manifest, sort_keys=True).encode())
        (folder / "manifest.json").write_text(json.dumps(manifest | {"checksum": checksum}))
    else:
        odd.symlink_to(home / "outside", target_is_directory=kind == "generation")

    for command in (["search", "reef"], ["stats"], ["doctor"], ["topics"]):
        ran = heats(home, *command)
        assert (ran.code, f"{odd} is overwritten" in ran.out + ran.err) == (3, True), (command, ran)


def test_a_link_in_place_of_what_is_being_removed_is_not_followed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert heats(home, "rebuild").code == 0
    outside = home / "outside"
    outside.mkdir()
    (outside / "thesis.doc").write_text("mine")
    current = next((home / "ix").glob("generation-*"))
    old = current.with_name(generations.new_name(7, mark.find(str(home / "ix"))))
    shutil.copytree(current, old)
    is_of = generations._is_of

    def exchanged(folder: str, known: mark.Mark) -> bool:
        found = is_of(folder, known)
        if found and Path(folder) == old:
            old.rename(home / "moved")
            old.symlink_to(outside)
        return found

    monkeypatch.setattr(generations, "_is_of", exchanged)
    assert heats(home, "rebuild").code == 0
    assert old.is_symlink()
    assert [path.name for path in outside.iterdir()] == ["thesis.doc"]


def make_former(index: Path) -> Path:
    """Make of an index what versions without marks left; its generation."""
    (new,) = index.glob("generation-*")
    path = new.rename(index / "generation-00000001")
    values = json.loads((path / "manifest.json").read_text())
    del values["id"], values["checksum"]
    values["format"] = 10
    values["checksum"] = crc32(json.dumps(values, sort_keys=True).encode())
    (path / "manifest.json").write_text(json.dumps(values))
    (index / "CURRENT").write_text("generation-00000001\n")
    for said in (index / MARK, path / MARK):
        said.unlink()
    return path


@pytest.mark.parametrize("command", [["search", "reef"], ["rebuild"], ["update"]])
def test_the_index_of_a_former_version_is_rebuilt_and_nothing_removed(
    command: list[str], home: Path
) -> None:
    (home / "heatseek.toml").write_text('[language]\nstemmer = "german"\n')
    assert heats(home, "rebuild").code == 0
    if command != ["rebuild"]:
        (home / "heatseek.toml").unlink()
    old = make_former(home / "ix")
    (home / "ix/generation-20230101").mkdir()
    (home / "ix/generation-20230101/beach.jpg").write_bytes(b"\xff\xd8")
    before = {name: entry for name, entry in state(home / "ix").items() if "generation" in name}
    with pytest.raises(heatseek.HeatseekError, match="another version"):
        heatseek.open_index(home / "ix")
    assert heats(home, "doctor").code == 3

    ran = heats(home, *command)

    assert (ran.code, f"{old} was made by a former version" in ran.err) == (0, True), ran
    assert state(home / "ix").items() >= before.items()
    assert heats(home, "search", "reef").err == ""
    with heatseek.open_index(home / "ix") as index:
        assert index.generation.language.stemmer == "german"
    assert heats(home, "rebuild").err.count("\n") == 1


def test_a_search_builds_no_former_index_from_other_articles(home: Path) -> None:
    assert heats(home, "rebuild").code == 0
    make_former(home / "ix")
    (home / "away/seeds").mkdir(parents=True)
    shutil.copy(home / "seeds/reef.md", home / "away/seeds")
    before = state(home / "ix")
    args = ("--index", "../ix", "--archive", "seeds")
    ran = run("heatseek", "search", "reef", *args, cwd=home / "away")
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert state(home / "ix") == before
