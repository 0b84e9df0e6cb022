from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from cli_runs import Ran, make_archive, run
from heatseek import engines
from heatseek.article import Article
from indexes import fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def test_rebuild_sees_what_changed(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    run("heatseek", "rebuild", cwd=tmp_path)
    (archive / "reef.md").unlink()
    (archive / "new.md").write_text("---\ntitle: Brandnew\n---\n", "utf-8")

    assert run("search", "brandnew", cwd=tmp_path).code == 1
    ran = run("heatseek", "rebuild", cwd=tmp_path)

    assert (ran.code, ran.out) == (0, "")
    assert ran.err.startswith("indexed 4 articles and 1 related from 4 files, 0 skipped, ")
    assert run("search", "brandnew", cwd=tmp_path).code == 0
    assert run("search", "reef", cwd=tmp_path).code == 1


@pytest.mark.parametrize(
    ("program", "args"),
    [
        ("heatseek", ["rebuild"]),
        ("heatseek", ["update"]),
        ("heatseek", ["doctor", "--repair"]),
        ("search", ["reef"]),
    ],
)
def test_a_folder_of_somebody_elses_files_becomes_no_index(
    program: str, args: list[str], tmp_path: Path
) -> None:
    archive = make_archive(tmp_path)
    before = sorted(tmp_path.rglob("*"))

    ran = run(program, *args, "--index", str(archive), cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.endswith(
        f"{archive} is no index and has files of its own, such as"
        " climax.md; name another folder by --index DIR\n"
    )
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("left", [[], [".gitignore"], [".DS_Store", ".nothing"]])
def test_empty_folders_are_built_in(left: list[str], tmp_path: Path) -> None:
    make_archive(tmp_path)
    index = tmp_path / "index"
    index.mkdir()
    for name in left:
        (index / name).touch()

    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    assert run("search", "reef", cwd=tmp_path).code == 0


def test_skipped_files_are_named_and_tell_in_the_exit_code(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    (archive / "bad.md").write_bytes(b"\0")
    (archive / "no.md").write_bytes(b"\xff\xfe\x00\xd8x")

    ran = run("heatseek", "rebuild", cwd=tmp_path)

    bad, no, told = ran.err.splitlines()
    assert (ran.code, ran.out) == (4, "")
    assert bad == "bad.md: no text: it has binary data"
    assert no == "no.md: no text: broken UTF-16"
    assert "6 files, 2 skipped" in told


def test_flaws_are_counted_in_one_line_and_named_on_request(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(1_200):
        (seeds / f"{number:04}.md").write_text(f"# Number {number}\n")
    for number in range(25):
        text = f"---\ntitle: Value {number}\nquality: high\nheat: low\n---\n"
        (seeds / f"v{number:02}.md").write_text(text)
    (seeds / "broken.md").write_text("---\ntitle: a: b\nc: @d\n---\n")
    (seeds / "empty.md").touch()
    (seeds / "old.md").write_bytes("---\ntitle: Größe\n---\n".encode("latin-1"))

    for command in ("rebuild", "update"):
        ran = run("heatseek", command, cwd=tmp_path)
        flaws, told = ran.err.splitlines() if command == "rebuild" else ("", ran.err)
        assert (ran.code, ran.out) == (0, "")
        assert "1,228 articles and 0 related from 1,228 files, 0 skipped, " in told
        assert flaws in (
            "",
            "1 header with a broken line; 25 files with wrong values; 1 file that is not UTF-8;"
            " 1,200 files without a title: their headings or names are used; 1 empty file"
            " (--verbose and heatseek doctor name each)",
        )

    lines = run("heatseek", "rebuild", "--verbose", cwd=tmp_path).err.splitlines()
    assert len(lines) == 1_200 + 50 + 2 + 2 + 1
    assert lines[0] == "0000.md:1: note: no title: the first heading is taken"
    assert (
        "broken.md:2:9: warning: a text with `: ` in it needs quotes:"
        " read as the text that stands there" in lines
    )
    assert "v00.md:3: warning: quality is not a number" in lines


def test_many_skipped_files_are_named_up_to_a_limit(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    for number in range(30):
        (archive / f"b{number}.txt").write_bytes(b"\0")

    lines = run("heatseek", "rebuild", cwd=tmp_path).err.splitlines()
    assert (len(lines), lines[20]) == (22, "... and 10 more were skipped")
    lines = run("heatseek", "rebuild", "--verbose", cwd=tmp_path).err.splitlines()
    assert len(lines) == 31


def test_what_the_configuration_excludes_is_no_article(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    (archive / ".gitignore").write_text("reef.md\n")
    (tmp_path / "heatseek.toml").write_text('exclude = ["sub/"]\n')

    told = run("heatseek", "rebuild", cwd=tmp_path).err
    assert told.startswith("indexed 2 articles")
    (tmp_path / "heatseek.toml").write_text('exclude = ["!reef.md"]\n')
    told = run("heatseek", "update", cwd=tmp_path).err
    assert told.startswith("2 added: 4 articles")
    (archive / ".gitignore").write_text("h*\n")
    assert run("heatseek", "stats", cwd=tmp_path).code == 0
    assert run("heatseek", "update", cwd=tmp_path).err.startswith("1 removed: 3 articles")
    assert "3 files:" in run("heatseek", "doctor", cwd=tmp_path).out


def test_a_missing_archive(tmp_path: Path) -> None:
    assert run("search", "x", cwd=tmp_path) == Ran(
        3,
        "",
        f"search: no articles in {tmp_path}, and no heatseek.toml or seeds/ here or above;"
        " name the articles' folder by --archive DIR\n",
    )
    ran = run("heatseek", "rebuild", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert not (tmp_path / "index").exists()


def test_an_empty_archive(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()

    for ran in (run("search", "x", cwd=tmp_path), run("heatseek", "rebuild", cwd=tmp_path)):
        assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
        assert "no articles in " in ran.err


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.md", b"\0", "no file in it is text"),
        ("a.rst", b"x", "it has no Markdown, text or HTML files"),
        (".gitignore", b"*", "rules such as .gitignore"),
    ],
)
def test_an_archive_without_articles_is_told_apart(
    name: str, data: bytes, why: str, tmp_path: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / name).write_bytes(data)
    told = run("heatseek", "rebuild", cwd=tmp_path).err.splitlines()[-1]
    assert told.startswith("rebuild: no articles in ")
    assert why in told


def test_an_empty_archive_leaves_the_index_alone(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    run("heatseek", "rebuild", cwd=tmp_path)
    shutil.rmtree(archive)
    archive.mkdir()

    ran = run("heatseek", "rebuild", cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert "no articles in " in ran.err
    assert run("search", "weather", cwd=tmp_path).code == 0


def test_the_index_of_another_archive_is_refused(tmp_path: Path) -> None:
    make_archive(tmp_path)
    run("heatseek", "rebuild", cwd=tmp_path)
    (tmp_path / "other").mkdir()

    refusal = (
        "the index was built from seeds, not other: choose another --index,"
        " or run heatseek rebuild --archive other\n"
    )
    named = ("--archive", "other", "--index", "index")
    assert run("search", "x", *named, cwd=tmp_path) == Ran(3, "", f"search: {refusal}")
    variables = {"HEATSEEK_ARCHIVE": "other", "HEATSEEK_INDEX": "index"}
    assert run("search", "x", cwd=tmp_path, **variables).code == 3
    assert run("search", "weather", "--archive", "seeds/../seeds", cwd=tmp_path).code == 0


def test_an_index_elsewhere_needs_no_archive_to_be_named(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    away = tmp_path / "away"
    away.mkdir()
    run("heatseek", "rebuild", "--archive", str(archive), "--index", "mine", cwd=away)

    ran = run("search", "weather", "--index", "mine", "--format", "paths", cwd=away)

    assert ran == Ran(0, f"{archive / 'climax.md'}\n", "")


def test_two_writers_exclude_each_other(tmp_path: Path) -> None:
    make_archive(tmp_path)
    seen: list[Ran] = []

    def articles() -> Iterator[Article]:
        seen.extend(
            run("heatseek", "rebuild", "--lock-timeout", timeout, cwd=tmp_path)
            for timeout in ("0", "0.1")
        )
        yield Article(id="a.md", title="A")

    fill(engines.load(tmp_path / "index"), articles(), "/a")

    at_once, waited = seen
    assert at_once.code == waited.code == 3
    assert at_once.err.startswith("rebuild: ")
    assert at_once.err.count("\n") == 1
    assert "waiting up to 0.1 s" in waited.err.splitlines()[0]
    assert waited.err.splitlines()[1:] == at_once.err.splitlines()


@pytest.mark.parametrize("moved", [False, True])
def test_an_index_of_another_version_is_built_anew(tmp_path: Path, moved: bool) -> None:
    make_archive(tmp_path)
    run("heatseek", "rebuild", cwd=tmp_path)
    (manifest,) = (tmp_path / "index").glob("*/manifest.json")
    text = re.sub(r'"format": \d+', '"format": 0', manifest.read_text())
    other = text.replace(str(tmp_path / "seeds"), "/elsewhere") if moved else text
    manifest.write_text(other)

    ran = run("search", "weather", cwd=tmp_path)

    if moved:  # it could be anybody's: only whoever asks for a rebuild gets one
        assert (ran.code, ran.out) == (3, "")
        assert "another version of heatseek; run `heatseek rebuild`" in ran.err
    else:
        assert ran.code == 0
        assert ran.err.startswith("index was made by another version of heatseek: building it ")


@pytest.mark.parametrize("damage", ["empty", "random", "gone"])
def test_a_damaged_index_is_one_line(damage: str, tmp_path: Path) -> None:
    make_archive(tmp_path)
    run("heatseek", "rebuild", cwd=tmp_path)
    for path in (tmp_path / "index").rglob("*"):
        if path.is_file() and path.name != ".gitignore":
            if damage == "gone" and path.parent != tmp_path / "index":
                path.unlink()
            elif damage != "gone":
                path.write_bytes(b"" if damage == "empty" else b"\x93 random \x00" * 50)

    ran = run("search", "weather", cwd=tmp_path)

    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    assert run("search", "weather", cwd=tmp_path).code == 0


def test_a_first_search_builds_by_the_keys_and_the_zone_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    lines = "heading: Zebra crossing\nwhen: 2023-03-14 20:00"
    (tmp_path / "seeds" / "a.md").write_text(f"---\n{lines}\n---\nWords.\n")
    settings = 'time_zone = "America/New_York"\n[keys]\ntitle = ["heading"]\ndate = ["when"]\n'
    (tmp_path / "heatseek.toml").write_text(settings)

    first = run("search", "title:zebra", "--format", "csv", cwd=tmp_path)

    assert "Zebra crossing" in first.out
    assert "2023-03-15T00:00:00Z" in first.out
    assert "building it anew" not in run("update", cwd=tmp_path).err
