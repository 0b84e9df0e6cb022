"""`heatseek doctor`: what it says of archive and index, its exit codes, and the repair."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from cli_runs import Ran, make_archive, run
from heatseek.engines import load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_archive(tmp_path)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


def doctor(home: Path, *args: str) -> Ran:
    return run("heatseek", "doctor", *args, cwd=home)


def damage(home: Path) -> None:
    for path in (home / "index").rglob("*.doc"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(data)


def works(home: Path) -> bool:
    return run("heatseek", "search", "weather", cwd=home).code == 0


# The archive


def test_notes_are_shown_on_request(home: Path) -> None:
    lines = [
        "hostile.md:1: note: no provider",
        "reef.md:1: note: no link",
        "sub/solar.md:1: note: no link",
        "",
    ]
    summary = ["4 files:", "  1  missing-provider  note", "  2  missing-url       note"]

    few, everything = doctor(home), doctor(home, "--all")

    assert (few.code, few.err, everything.code) == (0, "", 0)
    assert everything.out.splitlines()[:-1] == [*lines, *summary]
    assert few.out.splitlines()[:-1] == [
        summary[0],
        *(f"{line}  (shown by --all)" for line in summary[1:]),
    ]
    assert few.out.splitlines()[-1].startswith("index index: whole, generation 1, 5 documents, ")


def test_errors_come_first_and_tell_in_the_exit_code(home: Path) -> None:
    (home / "seeds/zz.md").write_bytes(b"\0")
    (home / "seeds/b.md").write_text("---\ntitle: B\nquality: high\n---\n")

    ran = doctor(home)

    lines = ran.out.splitlines()
    assert ran.code == 4
    assert lines[0] == "zz.md: no text: it has binary data"
    assert lines[1].startswith("b.md:1: warning: no date")
    assert lines[2] == "b.md:3: warning: quality is not a number"


def test_a_quirk_of_many_files_is_not_told_of_each(home: Path) -> None:
    for number in range(40):
        (home / f"seeds/n{number:02}.md").write_text(f"---\ntitle: Number {number}\n---\n")

    def told(*args: str) -> list[str]:
        return [line for line in doctor(home, *args).out.splitlines() if "no date" in line]

    assert (len(told()), len(told("--max", "3")), len(told("--max", "1000"))) == (10, 3, 40)
    assert "... and 30 more missing-date\n" in doctor(home).out
    counted = doctor(home, "--max", "0").out
    assert counted.startswith("44 files:\n")
    assert "  40  missing-date      warning\n" in counted


def test_what_no_article_has_is_counted_as_so_many_files(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for name in ("a", "b", "c"):
        (tmp_path / f"seeds/{name}.md").write_text(f"# Boat {name}\n\nA quiet harbour.\n")
    assert "  3  missing-date      note  (shown by --all)\n" in doctor(tmp_path).out


@pytest.mark.parametrize("typed", ["-1", "x", ""])
def test_max_is_a_number(typed: str, home: Path) -> None:
    ran = doctor(home, "--max", typed)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)


def test_json_has_everything(home: Path) -> None:
    (home / "seeds/zz.md").write_bytes(b"\0")

    ran = doctor(home, "--json")

    found = json.loads(ran.out)
    assert (ran.code, ran.err, found["version"], found["files"]) == (4, "", 1, 5)
    assert found["archive"] == str(home / "seeds")
    assert [(one["path"], one["level"], one["kind"]) for one in found["findings"]] == [
        ("hostile.md", "note", "missing-provider"),
        ("reef.md", "note", "missing-url"),
        ("sub/solar.md", "note", "missing-url"),
        ("zz.md", "error", "binary"),
    ]
    assert (found["findings"][3]["line"], found["findings"][3]["column"]) == (None, None)
    index = found["index"]
    assert (index["state"], index["flaws"], index["generation"]) == ("whole", [], 1)
    assert (index["documents"], index["repaired"]) == (5, False)


def test_what_is_not_about_the_text_has_no_line(home: Path) -> None:
    (home / "seeds/a.md").symlink_to("nowhere.md")

    assert doctor(home).out.splitlines()[0] == "a.md: symbolic link leads nowhere"
    first = json.loads(doctor(home, "--json").out)["findings"][0]
    assert (first["path"], first["line"], first["column"]) == ("a.md", None, None)


def test_keys_that_nothing_reads_are_named(home: Path) -> None:
    (home / "seeds/b.md").write_text("---\ntitle: B\nlevel: easy\n---\n")
    assert "  1  level  fields.level = { facet = true }\n" in doctor(home).out
    (key,) = json.loads(doctor(home, "--json").out)["keys"]
    assert key == {"key": "level", "files": 1, "declaration": "fields.level = { facet = true }"}
    (home / "heatseek.toml").write_text(key["declaration"])
    assert "level" not in doctor(home).out


def test_hostile_names_are_harmless(home: Path) -> None:
    (home / "seeds/a\x1b[2J.md").write_text("---\ntitle: A\n---\n")
    (home / "seeds/b.md").write_text('---\ntitle: B\n"\\e[2J\\u202Ex": 1\n---\n')
    ran = doctor(home, "--all")
    assert ran.code == 4
    assert all(line.isprintable() for line in ran.out.splitlines())


def test_an_archive_that_is_gone_leaves_the_word_on_the_index(home: Path) -> None:
    shutil.rmtree(home / "seeds")
    ran = doctor(home)
    assert (ran.code, ran.err.count("\n")) == (3, 1)
    assert ran.out.startswith("index index: whole, ")


def test_the_archive_is_the_one_that_the_index_was_built_from(home: Path) -> None:
    (home / "away").mkdir()
    args = ("--index", str(home / "index"))
    ran = run("heatseek", "doctor", *args, cwd=home / "away")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "4 files:")


# The index


def test_no_index_yet_is_no_fault(home: Path) -> None:
    shutil.rmtree(home / "index")
    ran = doctor(home)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("index index: there is none yet; heatseek rebuild builds it\n")
    assert not (home / "index").exists()


def test_a_damaged_index(home: Path) -> None:
    damage(home)
    (home / "seeds/zz.md").write_bytes(b"\0")

    ran = doctor(home)
    data = json.loads(doctor(home, "--json").out)["index"]

    assert ran.code == 3
    *_, flaw, verdict = ran.out.splitlines()
    assert "is not as it was written: its checksum differs" in flaw
    assert verdict == "index index: damaged; heatseek doctor --repair makes it anew"
    assert (data["state"], len(data["flaws"])) == ("damaged", 1)


@pytest.mark.parametrize("file", ["CURRENT", "manifest.json"])
def test_an_index_that_cannot_be_opened(file: str, home: Path) -> None:
    (path,) = (home / "index").rglob(file)
    path.write_bytes(b"\x93 random")
    assert doctor(home).code == 3
    assert not works(home)
    assert doctor(home, "--repair").code == 0
    assert works(home)


def test_what_a_dead_writer_left_is_told(home: Path) -> None:
    stray = home / "index/generation-00000009"
    stray.mkdir()
    (stray / "x.doc").write_bytes(bytes(1_000_000))
    ran = doctor(home)
    assert ran.code == 0
    assert ran.out.endswith("; 1.0 MB of a writer that is at work or died\n")


@pytest.mark.parametrize("what", ["damaged", "missing", "cut", "outdated"])
def test_repair(what: str, home: Path) -> None:
    if what == "damaged":
        damage(home)
    elif what == "missing":
        shutil.rmtree(home / "index")
    elif what == "cut":
        next((home / "index").rglob("*.trm")).write_bytes(b"")
    else:
        (path,) = (home / "index").rglob("manifest.json")
        values = json.loads(path.read_text()) | {"format": 0}
        path.write_text(json.dumps(values))

    ran = doctor(home, "--repair")

    state = "damaged" if what == "cut" else what
    assert ran.code == 0
    assert f"index index: {state}; building it from seeds\n" in ran.err
    assert "indexed 4 articles and 1 related" in ran.err
    assert ran.out.startswith("index index: repaired, generation ")
    assert list(load(home / "index").check()) == []
    assert works(home)
    again = doctor(home, "--repair")
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("index index: whole, ")


def test_repair_builds_from_the_archive_that_the_index_is_of(home: Path, tmp_path: Path) -> None:
    (path,) = (home / "index").rglob("manifest.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 0}))
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "seeds").mkdir(parents=True)
    (elsewhere / "seeds/other.md").write_text("---\ntitle: Other\n---\n")
    ran = doctor(elsewhere, "--repair", "--index", str(home / "index"))
    assert (ran.code, "indexed 4 articles" in ran.err) == (0, True)


def test_repair_says_what_it_skips_and_is_a_success(home: Path) -> None:
    damage(home)
    (home / "seeds/zz.md").write_bytes(b"\0")
    ran = doctor(home, "--repair", "--json")
    assert ran.code == 0
    assert "zz.md: no text" in ran.err
    found = json.loads(ran.out)
    assert (found["index"]["state"], found["index"]["repaired"]) == ("whole", True)
    assert (found["files"], found["findings"]) == (None, [])


def test_repair_without_an_archive_leaves_what_is_there(home: Path) -> None:
    damage(home)
    (home / "seeds").rename(home / "away")
    before = {path: path.read_bytes() for path in (home / "index").rglob("*.[dt][or][cm]")}

    ran = doctor(home, "--repair")

    assert (ran.code, ran.out) == (3, "")
    assert "cannot read the archive" in ran.err.splitlines()[-1]
    assert before == {path: path.read_bytes() for path in before}


def test_repair_of_an_index_in_use_waits_no_longer_than_asked(home: Path) -> None:
    damage(home)
    with load(home / "index").writing():
        ran = doctor(home, "--repair", "--lock-timeout", "0")
    assert (ran.code, ran.out) == (3, "")
    assert "is being written by" in ran.err


@pytest.mark.usefixtures("permissions")
def test_an_index_that_may_not_be_read(home: Path) -> None:
    (home / "index/CURRENT").chmod(0)
    ran = doctor(home)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (3, "", 1)
    assert "index/CURRENT: permission denied; name another folder by --index DIR" in ran.err
