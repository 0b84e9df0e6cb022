"""What an index was built from: it survives the damage of any one file, or is asked for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import heatseek
from cli_runs import Ran, run
from heatseek.schema import DeclaredField, FieldKind
from heatseek.text.languages import Language

ARTICLE = "---\ntitle: {}\nlevel: [x]\nrelated: [{{title: B, webUrl: https://b.example}}]\n---\n"
GERMAN = Language("german")
FIELDS = (DeclaredField("level", FieldKind.KEYWORD, facet=True),)
ASKS = "does not say any more what it was built from: name the articles' folder by --archive DIR"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An index of `mine` in `ix`, and beside them a folder with an archive of its own."""
    for folder, title in (("mine", "Die Bäume"), ("away/seeds", "Something else")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.md").write_text(ARTICLE.format(title))
    heatseek.rebuild(tmp_path / "mine", tmp_path / "ix", language=GERMAN, fields=FIELDS)
    return tmp_path


def away(home: Path, *args: str) -> Ran:
    """A command in the folder of another archive."""
    return run("heatseek", *args, "--index", "../ix", cwd=home / "away")


def check_kept(home: Path, archive: str = "mine") -> None:
    with heatseek.open_index(home / "ix") as index:
        generation = index.generation
    assert generation.archive == str(home / archive)
    assert (generation.language, generation.fields) == (GERMAN, FIELDS)
    assert away(home, "doctor").out.endswith("UTC\n")


def files(home: Path) -> list[Path]:
    found = sorted(path for path in (home / "ix").rglob("*") if path.is_file())
    return [path for path in found if path.name != "LOCK"]


def spoil(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    path.unlink()
    if how == "garbage":
        path.write_bytes(b"\x93 random" * 10)
    elif how == "flip":
        data[len(data) // 2] ^= 0x10
        path.write_bytes(data)
    elif how == "empty":
        path.touch()


@pytest.mark.parametrize("how", ["lost", "garbage", "flip", "empty"])
def test_repair_after_damage_of_any_file_makes_the_same_index(how: str, home: Path) -> None:
    kept = shutil.copytree(home / "ix", home / "kept")
    assert len(files(home)) > 6
    assert all(path.stat().st_size for path in files(home))
    for path in files(home):
        spoil(path, how)
        ran = away(home, "doctor", "--repair")
        assert (ran.code, str(path.name) in ran.err) == (0, True), (path, ran)
        check_kept(home)
        shutil.rmtree(home / "ix")
        shutil.copytree(kept, home / "ix")


@pytest.mark.parametrize("name", ["HEATSEEK", "generation-*/HEATSEEK"])
def test_an_update_keeps_it_without_the_mark_and_makes_that_anew(name: str, home: Path) -> None:
    next((home / "ix").glob(name)).unlink()
    assert away(home, "search", "baum").code == 0
    (home / "mine/b.md").write_text("---\ntitle: Der Baum\n---\n")
    assert run("heatseek", "update", "--archive", "mine", "--index", "ix", cwd=home).code == 0
    check_kept(home)
    assert list(heatseek.library.engines.load(home / "ix").check()) == []


def test_the_mark_follows_a_rebuild(home: Path) -> None:
    heatseek.rebuild(home / "away/seeds", home / "ix", language=GERMAN, fields=FIELDS)
    next((home / "ix").glob("generation-*/manifest.json")).unlink()
    assert away(home, "doctor", "--repair").code == 0
    check_kept(home, "away/seeds")


def spoil_all(home: Path) -> None:
    for path in files(home):
        spoil(path, "garbage")


def test_repair_asks_where_nothing_tells(home: Path) -> None:
    spoil_all(home)
    before = {path: path.read_bytes() for path in files(home)}

    ran = away(home, "doctor", "--repair")

    assert ran == Ran(3, "", f"doctor: ../ix {ASKS}\n")
    assert {path: path.read_bytes() for path in files(home)} == before
    assert away(home, "doctor", "--repair", "--archive", "../mine").code == 0
    assert away(home, "search", "bäume").out.startswith("1 ")


@pytest.mark.parametrize("command", [["search", "baum"], ["update"], ["stats"]])
def test_nothing_else_builds_it_where_nothing_tells(command: list[str], home: Path) -> None:
    spoil_all(home)
    before = {path: path.read_bytes() for path in files(home)}
    ran = away(home, *command)
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert {path: path.read_bytes() for path in files(home)} == before


def outdate(home: Path) -> None:
    path = next((home / "ix").glob("generation-*/manifest.json"))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 0}))


@pytest.mark.parametrize("command", [["search", "baum"], ["update"], ["doctor", "--repair"]])
def test_what_another_version_made_is_made_anew_as_it_was(command: list[str], home: Path) -> None:
    outdate(home)
    args = ("--archive", "mine", "--index", "ix")
    assert run("heatseek", *command, *args, cwd=home).code == 0
    check_kept(home)


@pytest.mark.parametrize("sound", [True, False])
def test_an_update_that_names_no_fields_drops_them(home: Path, *, sound: bool) -> None:
    if not sound:
        outdate(home)
    assert heatseek.update(home / "mine", home / "ix", fields=()).changes is None
    with heatseek.open_index(home / "ix") as index:
        assert (index.generation.language, index.generation.fields) == (GERMAN, ())


@pytest.mark.parametrize("command", [["search", "baum"], ["update"], ["rebuild"]])
def test_it_is_made_anew_of_its_own_articles_wherever_somebody_works(
    command: list[str], home: Path
) -> None:
    outdate(home)
    settings = '[language]\nstemmer = "german"\n[fields.level]\nfacet = true\n'
    (home / "away/heatseek.toml").write_text(settings)
    assert away(home, *command).code == 0
    check_kept(home)


@pytest.mark.parametrize("command", [["search", "baum"], ["update"]])
def test_it_is_not_made_of_others_nor_of_none(command: list[str], home: Path) -> None:
    outdate(home)
    before = {path: path.read_bytes() for path in files(home)}
    named = away(home, *command, "--archive", "seeds")
    (home / "mine").rename(home / "hidden")
    gone = away(home, *command)
    for ran in (named, gone):
        assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert {path: path.read_bytes() for path in files(home)} == before


def test_a_lost_pointer_is_damage_and_no_reason_to_build(home: Path) -> None:
    (home / "ix/CURRENT").unlink()
    for command in (["search", "baum"], ["update"]):
        ran = away(home, *command)
        assert (ran.code, ran.out) == (3, "")
        assert "ix/CURRENT is missing; `heatseek doctor --repair`" in ran.err


def test_an_index_of_which_nothing_was_built_yet_is_missing(tmp_path: Path) -> None:
    engine = heatseek.library.engines.load(tmp_path / "ix")
    with engine.writing():
        pass
    assert engine.origin() is None
    ran = run("heatseek", "doctor", "--archive", ".", "--index", "ix", cwd=tmp_path)
    assert "there is none yet" in ran.out


HOSTILE = (
    *({"created_at": 10**30}, {"number": -1}, {"number": 10**40}, {"archive": "a\0b"}),
    *({"archive": "\ud800"}, {"archive": 3}, {"fields": [["a/b", "text", 0]]}, {"id": "../x"}),
    *({"fields": [["x", "text", True]]}, {"language": [[], 1]}, {"duplicates": [[0, 99]]}),
    *(
        {"duplicates": [[]]},
        {"segments": [["a", -1, 0]]},
        {"segments": [["a", 1, 2]]},
        {"duplicates": [1e999]},
    ),
    *({"files": {"../x.doc": [1, 1]}}, {"files": {"a.doc": [-1, 1]}}, {"duplicates": [[-1]]}),
)


@pytest.mark.parametrize("values", HOSTILE, ids=str)
def test_a_manifest_whose_checksum_is_right_and_nothing_else(
    values: dict[str, object], home: Path
) -> None:
    from heatseek.engines.whoosh.manifest import sealed  # noqa: PLC0415 - for this alone

    path = next((home / "ix").glob("generation-*/manifest.json"))
    whole = json.loads(path.read_text())
    del whole["checksum"]
    path.write_bytes(sealed(whole | values))
    ran = away(home, "search", "baum")
    assert (ran.code, ran.out) == (3, "")
    assert f"{path.name} is overwritten; `heatseek doctor --repair`" in ran.err
    assert away(home, "doctor", "--repair").code == 0
    check_kept(home)


def test_a_manifest_of_any_size(home: Path) -> None:
    path = next((home / "ix").glob("generation-*/manifest.json"))
    with path.open("wb") as file:
        file.truncate(10**12)
    assert "is overwritten" in away(home, "search", "baum").err
    assert away(home, "doctor", "--repair").code == 0
    check_kept(home)
