from __future__ import annotations

import inspect
import os
import sys
from typing import TYPE_CHECKING

import pytest

from heatseek.errors import ArchiveError
from heatseek.ingest.discover import discover

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.ingest.problem import Problem


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def found(root: Path) -> tuple[list[str], list[str]]:
    problems: list[Problem] = []
    ids = [file.id for file in discover(root, problems.append)]
    assert all(problem.fatal for problem in problems)
    return ids, [str(problem) for problem in problems]


def test_articles_come_sorted_by_whole_path(tmp_path: Path) -> None:
    put(tmp_path, "b.md", "a/z.md", "a-b/c.txt", "a.html", "B.MARKDOWN", "a/b/c.mdx")
    expected = ["B.MARKDOWN", "a-b/c.txt", "a.html", "a/b/c.mdx", "a/z.md", "b.md"]
    assert found(tmp_path) == (expected, [])
    assert sorted(expected) == expected


def test_hidden_names_and_other_files_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, ".a.md", ".git/b.md", "c.jpg", "d", "md", "e.md.bak", "f/.keep")
    assert found(tmp_path) == ([], [])


def test_paths_lead_to_the_files(tmp_path: Path) -> None:
    put(tmp_path, "a/b.md")
    assert [file.path for file in discover(tmp_path, print)] == [tmp_path / "a/b.md"]


def test_links_are_followed(tmp_path: Path) -> None:
    put(tmp_path, "archive/real/a.md", "elsewhere/b.md")
    (tmp_path / "archive/file.md").symlink_to(tmp_path / "elsewhere/b.md")
    (tmp_path / "archive/folder").symlink_to(tmp_path / "elsewhere")
    expected = ["file.md", "folder/b.md", "real/a.md"]
    assert found(tmp_path / "archive") == (expected, [])


def test_links_back_up_are_no_loop(tmp_path: Path) -> None:
    put(tmp_path, "a/b/c.md", "d/e.md")
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "a/b/here").symlink_to(".")
    (tmp_path / "a/d").symlink_to(tmp_path / "d")
    (tmp_path / "d/a").symlink_to(tmp_path / "a")
    assert found(tmp_path) == (["a/b/c.md", "a/d/e.md", "d/a/b/c.md", "d/e.md"], [])


def test_links_to_nothing_are_reported(tmp_path: Path) -> None:
    put(tmp_path, "a.md")
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "self.md").symlink_to("self.md")
    ids, problems = found(tmp_path)
    assert ids == ["a.md"]
    assert problems[0] == "gone.md: symbolic link leads nowhere"
    assert problems[1].startswith("self.md: cannot be read: ")


def test_pipes_are_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "link.md").symlink_to("pipe.md")
    assert found(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("name", "shown", "reason"),
    [
        (b"a\xff.md", r"a\xff.md", "not valid UTF-8"),
        (b"a\nb.md", r"a\nb.md", "control characters"),
        (b"\x1b[31m.md", r"\x1b[31m.md", "control characters"),
        ("a\u202edm.md".encode(), r"a\u202edm.md", "control characters"),
    ],
)
def test_unsafe_names_are_reported_and_skipped(
    tmp_path: Path, name: bytes, shown: str, reason: str
) -> None:
    (tmp_path / os.fsdecode(name)).write_text("x")
    (tmp_path / os.fsdecode(name[:-3])).mkdir()
    put(tmp_path / os.fsdecode(name[:-3]), "in.md")
    ids, problems = found(tmp_path)
    assert ids == []
    assert {problem.partition(": ")[0] for problem in problems} == {shown, shown[:-3]}
    assert all(reason in problem and problem.isprintable() for problem in problems)


def test_unsafe_names_of_other_files_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.jpg")).write_text("x")
    assert found(tmp_path) == ([], [])


def test_unreadable_folders_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a/b.md", "locked/c.md", "z.md")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert found(tmp_path) == (["a/b.md", "z.md"], ["locked: cannot be read: permission denied"])


def test_folders_may_nest_deeper_than_python_may_call(tmp_path: Path) -> None:
    put(tmp_path, "d/" * 300 + "a.md")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 100)
    try:
        assert found(tmp_path)[0] == ["d/" * 300 + "a.md"]
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize("name", ["missing", "file.md", "a\0b"])
def test_a_root_that_is_no_folder_is_an_error_at_once(tmp_path: Path, name: str) -> None:
    put(tmp_path, "file.md")
    with pytest.raises(ArchiveError, match=r"^cannot read the archive .*--archive DIR$") as caught:
        discover(tmp_path / name, print)
    assert str(caught.value).isprintable()
