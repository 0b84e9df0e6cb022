from __future__ import annotations

import inspect
import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from heatseek.config.checks import rules
from heatseek.errors import ArchiveError
from heatseek.ingest import exclusion
from heatseek.ingest.discover import discover, survey
from heatseek.ingest.file_stat import FileStat
from steps import cost_of

if TYPE_CHECKING:
    from pathlib import Path

    from heatseek.ingest.problem import Problem


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def found(
    root: Path, *, follow_links: bool = False, exclude: tuple[str, ...] = ()
) -> tuple[list[str], list[str]]:
    problems: list[Problem] = []
    files = discover(root, problems.append, follow_links=follow_links, exclude=exclude)
    ids = [file.id for file in files]
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


def test_files_are_looked_at_where_they_are_found(tmp_path: Path) -> None:
    put(tmp_path, "b.md", "a/z.md", "a-b/c.txt", "a.html", "a/b/c.mdx", "d/e.jpg")
    (tmp_path / "a.md").symlink_to(tmp_path / "a/y.md")
    (tmp_path / "a/y.md").hardlink_to(tmp_path / "b.md")
    (tmp_path / "a" / "c.md").symlink_to(tmp_path / "d/e.jpg")

    here = survey(tmp_path, print, stats=True)

    assert here.ids == found(tmp_path)[0]
    assert [*here.stats] == [n for id_ in here.ids for n in FileStat.of((tmp_path / id_).stat())]
    assert here.folders == {"", "a-b/", "a/", "a/b/"}


@pytest.fixture
def linked(tmp_path: Path) -> Path:
    put(tmp_path, "archive/real/a.md", "elsewhere/b.md", "elsewhere/b.jpg")
    (tmp_path / "archive/file.md").symlink_to(tmp_path / "elsewhere/b.md")
    (tmp_path / "archive/folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "archive/image.jpg").symlink_to(tmp_path / "elsewhere/b.jpg")
    return tmp_path / "archive"


def test_links_out_of_the_archive_are_told_and_not_followed(linked: Path) -> None:
    reason = "symbolic link leads out of the archive: allow it by follow_links = true"
    assert found(linked) == (["real/a.md"], [f"file.md: {reason}", f"folder: {reason}"])


def test_links_out_of_the_archive_are_followed_on_demand(linked: Path) -> None:
    # One file is one article: `folder/b.md` is `file.md`.
    assert found(linked, follow_links=True) == (["file.md", "real/a.md"], [])


def test_a_link_to_the_archive_is_the_archive(linked: Path) -> None:
    (linked.parent / "here").symlink_to("archive")
    (linked / "again.md").symlink_to("real/a.md")
    (linked / "file.md").unlink()
    (linked / "folder").unlink()
    assert found(linked.parent / "here") == (["real/a.md"], [])


def test_a_file_that_links_lead_to_counts_once_by_its_own_path(tmp_path: Path) -> None:
    put(tmp_path, "z/real.md", "hidden/.store/a.md", "hidden/.store/b")
    (tmp_path / "a.md").symlink_to("z/real.md")
    (tmp_path / "a").symlink_to("z")
    (tmp_path / "named.md").symlink_to("hidden/.store/b")
    (tmp_path / "shown").symlink_to("hidden/.store")
    (tmp_path / "shown2").symlink_to("hidden/.store")
    assert found(tmp_path) == (["named.md", "shown/a.md", "z/real.md"], [])


def test_links_back_up_are_no_loop(tmp_path: Path) -> None:
    put(tmp_path, "a/b/c.md", "d/e.md")
    (tmp_path / "a/b/up").symlink_to(tmp_path)
    (tmp_path / "a/b/here").symlink_to(".")
    (tmp_path / "a/d").symlink_to(tmp_path / "d")
    (tmp_path / "d/a").symlink_to(tmp_path / "a")
    assert found(tmp_path) == (["a/b/c.md", "d/e.md"], [])


@pytest.mark.parametrize("follow_links", [False, True])
def test_each_folder_of_a_farm_of_links_is_looked_into_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, follow_links: bool
) -> None:
    names = [f"d{number}" for number in range(30)]
    put(tmp_path, "top.md", *(f"{name}/a.md" for name in names))
    for name in names:
        for other in names:
            (tmp_path / name / f"to-{other}").symlink_to(f"../{other}")
    looked: list[str] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: (looked.append(path), scandir(path))[1])
    assert found(tmp_path, follow_links=follow_links)[0] == [
        *sorted(f"{name}/a.md" for name in names),
        "top.md",
    ]
    assert len(looked) == 1 + 1 + 30  # once more at the top, to see whether it can be


def test_of_several_links_the_first_by_name_counts(tmp_path: Path) -> None:
    put(tmp_path, ".data/in.md")
    for name in "cab":
        (tmp_path / name).symlink_to(".data")
    assert found(tmp_path) == (["a/in.md"], [])


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


class OfUnknownKind:
    """An entry of a folder on a file system that says no kinds, and lets nobody look."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name, self.path = entry.name, entry.path

    def is_file(self, **_: object) -> bool:
        raise PermissionError(13, "Permission denied", self.path)


def test_files_that_cannot_be_looked_at_are_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, "a/b.md", "a/c.md", "z.md")
    scandir = os.scandir

    def scan(path: str) -> object:
        entries = scandir(path)
        return entries if not str(path).endswith("a") else nullcontext(map(OfUnknownKind, entries))

    monkeypatch.setattr(os, "scandir", scan)
    problems = [f"a/{name}.md: cannot be read: permission denied" for name in "bc"]
    assert found(tmp_path) == (["z.md"], problems)


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
    with pytest.raises(ArchiveError, match=r"^cannot read the archive ") as caught:
        discover(tmp_path / name, print)
    assert str(caught.value).isprintable()


# What is passed over


def ignore(folder: Path, *rules: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("\n".join(rules) + "\n")


def test_all_spellings_of_markdown_text_and_html_are_articles(tmp_path: Path) -> None:
    names = [
        f"a.{end}" for end in "HTM Rmd htm html markdown md mdown mdwn mdx mkd qmd txt".split()
    ]
    put(tmp_path, *names, "a.rst", "a.org", "a.json", "amd", "a.md~")
    assert found(tmp_path) == (sorted(names), [])


def test_packages_and_templates_are_passed_over_unless_a_rule_says_otherwise(
    tmp_path: Path,
) -> None:
    put(tmp_path, "a.md", "node_modules/p/README.md", "b/node_modules/q.md", "b/_layouts/x.html")
    put(tmp_path, "_posts/c.md", "node_modules.md")
    assert found(tmp_path)[0] == ["_posts/c.md", "a.md", "node_modules.md"]
    assert "b/node_modules/q.md" in found(tmp_path, exclude=("!b/node_modules/",))[0]
    ignore(tmp_path, "!node_modules/")
    assert "node_modules/p/README.md" in found(tmp_path)[0]


def test_folders_of_a_site_generator_beside_its_content_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "site/content/a.md", "site/archetypes/b.md", "site/layouts/c.html")
    put(tmp_path, "site/content/themes/d.md", "archetypes/e.md", "site/templates/f.html")
    put(tmp_path, "site/content/help/content/g.md", "site/content/help/themes/h.md")
    assert found(tmp_path)[0] == [
        "archetypes/e.md",
        "site/content/a.md",
        "site/content/help/content/g.md",
        "site/content/help/themes/h.md",
        "site/content/themes/d.md",
    ]
    assert "site/archetypes/b.md" in found(tmp_path, exclude=("!archetypes/",))[0]


def test_rules_of_git_count_where_they_stand(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "draft-b.md", "drafts/c.md", "sub/d.md", "sub/e.md", "sub/draft-f.md")
    put(tmp_path, "sub/deep/d.md", "g/d.md")
    ignore(tmp_path, "# a comment", "", "draft-*", "drafts/")
    ignore(tmp_path / "sub", "!draft-f.md", "/d.md", "e.*  ")
    assert found(tmp_path) == (["a.md", "g/d.md", "sub/deep/d.md", "sub/draft-f.md"], [])
    # The configuration goes before them, and as a whole.
    assert found(tmp_path, exclude=("!drafts/", "g", "sub/*", "!sub/e.md"))[0] == [
        *("a.md", "drafts/c.md", "sub/e.md"),
    ]


def test_what_is_in_a_folder_that_is_passed_over_does_not_come_back(tmp_path: Path) -> None:
    put(tmp_path, "a/b.md", "a/c.md", "d/e.md", "d/f.md")
    ignore(tmp_path, "a/", "!a/b.md", "d/*", "!d/e.md")
    assert found(tmp_path)[0] == ["d/e.md"]


def test_rules_above_the_archive_count_up_to_the_repository(tmp_path: Path) -> None:
    archive = tmp_path / "repository" / "site" / "content"
    put(archive, "a.md", "out/b.md", "private/c.md", "d.tmp.md")
    ignore(tmp_path, "*.md")
    ignore(tmp_path / "repository", "site/content/private/", "*.tmp.md", "out")
    ignore(tmp_path / "repository" / "site", "!out/")
    assert len(found(archive)[0]) == 4
    (tmp_path / "repository" / ".git").mkdir()
    assert found(archive) == (["a.md", "out/b.md"], [])
    (tmp_path / "link").symlink_to(archive)
    assert found(tmp_path / "link")[0] == ["a.md", "out/b.md"]
    # An archive is a repository of its own, too.
    (archive / ".git").mkdir()
    assert len(found(archive)[0]) == 4


@pytest.mark.parametrize("rule", ["data/", "/data", "data/*", "data/**", "*"])
def test_an_archive_that_its_repository_ignores_is_read_all_the_same(
    tmp_path: Path, rule: str
) -> None:
    put(tmp_path, "data/a.md", ".git/x")
    ignore(tmp_path, rule, "a.md")
    assert found(tmp_path / "data")[0] == ["a.md"]


def test_links_are_passed_over_by_their_own_names(tmp_path: Path) -> None:
    put(tmp_path, "real/a.md", ".store/b.md")
    (tmp_path / "ignored").symlink_to(".store")
    (tmp_path / "ignored.md").symlink_to(".store/b.md")
    (tmp_path / "z").symlink_to(".store")
    ignore(tmp_path, "ignored*")
    ignore(tmp_path / ".store", "c.md")
    assert found(tmp_path) == (["real/a.md", "z/b.md"], [])


@pytest.mark.parametrize(
    "rule",
    ["!", "\\", "a\\", "[z-a]", "[", "*a*a*a*a*a*b", "x" * 1_000, "\x00", "\udc80", "/", "!!"],
)
def test_lines_that_are_no_rules_or_cost_too_much_are_none(tmp_path: Path, rule: str) -> None:
    put(tmp_path, "b.md", f"{'a' * 200}.md")
    (tmp_path / ".gitignore").write_bytes(f"{rule}\nb.md\n".encode(errors="surrogateescape"))
    assert found(tmp_path) == ([f"{'a' * 200}.md"], [])


def test_a_file_of_rules_that_is_none_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "a.md", "sub/b.md")
    (tmp_path / ".gitignore").mkdir()
    os.mkfifo(tmp_path / "sub" / ".gitignore")
    assert found(tmp_path) == (["a.md", "sub/b.md"], [])


def test_so_many_rules_bear_on_a_name_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exclusion, "MAX_RULES", 3)
    put(tmp_path, "a.md", "b.md", "sub/a.md", "sub/c.md")
    ignore(tmp_path, "a.md", "x", "y", "b.md")
    ignore(tmp_path / "sub", "c.md")
    assert found(tmp_path)[0] == ["b.md", "sub/c.md"]


def test_two_stars_in_a_name_are_two_wildcards(tmp_path: Path) -> None:
    assert exclusion.is_cheap("!**/*.egg-info/*")
    name = f"{'a' * 240}.md"
    (tmp_path / name).write_text("# A\n")
    (tmp_path / ".gitignore").write_text("a**a**a**b\n")
    assert cost_of(lambda: found(tmp_path)).value == ([name], [])
    with pytest.raises(ValueError, match="wildcards"):
        rules(["a**a**a**b"])
