# ruff: noqa: RUF001 - the output has these signs
from __future__ import annotations

import json
import re
import stat
from typing import TYPE_CHECKING

import pytest

from cli_runs import Ran, make_archive, run
from terminals import on_terminal

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
[searches]
weather = "climate"
sun = { query = "climate", topic = ["Energy"] }
"""
MORE = """\
---
title: {title}
excerpt: The climate of today.
publishedDateTime: 2023-03-14
---
"""
LOST = "cannot remember what @weather found: all of it will be new again\n"
FIRST = "@weather is asked for new hits for the first time: all are new"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_archive(tmp_path)
    (tmp_path / "heatseek.toml").write_text(SETTINGS, "utf-8")
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


def search(home: Path, *args: str) -> Ran:
    return run("search", *args, cwd=home, XDG_STATE_HOME=str(home / "state"))


def news(home: Path, *args: str) -> list[str]:
    ran = search(home, *args, "--new", "--json")
    document = json.loads(ran.out)
    ids = [hit["id"] for hit in document["hits"]]
    assert document["total"] == len(ids)
    assert [hit["rank"] for hit in document["hits"]] == list(range(1, len(ids) + 1))
    assert ran.code == (0 if ids else 1)
    return ids


def add(home: Path, *names: str) -> None:
    for name in names:
        (home / "seeds" / f"{name}.md").write_text(MORE.format(title=name), "utf-8")
    assert run("heatseek", "update", cwd=home).code == 0


def kept(home: Path) -> list[Path]:
    return sorted((home / "state" / "heatseek" / "seen").iterdir())


def test_only_what_was_not_there_the_last_time(home: Path) -> None:
    assert len(news(home, "@weather")) == 4
    assert news(home, "@weather") == []
    add(home, "one", "two")

    assert sorted(news(home, "@weather")) == ["one.md", "two.md"]
    assert news(home, "@weather") == []


def test_a_story_is_new_if_an_article_of_it_is(home: Path) -> None:
    grouped = ("@weather", "--group", "story")
    news(home, *grouped)
    add(home, "Harbour floods")
    assert news(home, *grouped) == ["Harbour floods.md"]
    add(home, "The harbour floods")
    (story,) = json.loads(search(home, *grouped, "--new", "--json").out)["hits"]
    assert {story["id"], *story["others"]} == {"Harbour floods.md", "The harbour floods.md"}
    assert news(home, *grouped) == []


def test_text_says_what_is_new(home: Path) -> None:
    first = search(home, "@weather", "--new", "-n", "1")
    assert first.out.endswith("\n\n1–1 of 4 new matches\n")
    assert first.err == f"{FIRST}\n3 more new ones are not shown, and will not be new again\n"
    # Cron would send mail for each word.
    assert search(home, "@weather", "--new") == Ran(1, "", "")
    add(home, "one")

    ran = search(home, "@weather", "--new")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("1  one\n")
    assert ran.out.endswith("\n1 new match\n")


def test_a_terminal(home: Path) -> None:
    lines = "search @weather --new -n 2 --offset 1; heatseek show 3; search @weather --new"
    shown = on_terminal(lines, home, XDG_STATE_HOME=str(home / "state"))

    titles = [hit["title"] for hit in json.loads(search(home, "@weather", "--json").out)["hits"]]
    assert f"\n{titles[2]}\n" in re.sub(r"\x1b\[[0-9;]*m", "", shown.text)
    assert shown.text.endswith("nothing new for @weather\n")
    assert shown.code == 1


def test_after_the_first_time_all_that_is_new_is_shown(home: Path) -> None:
    assert search(home, "@weather", "--new").code == 0
    add(home, *(f"n{number}" for number in range(15)))

    assert len(news(home, "@weather")) == 15


def test_limit_offset_and_paths(home: Path) -> None:
    whole = search(home, "@weather", "--json")
    ids = [hit["id"] for hit in json.loads(whole.out)["hits"]]

    ran = search(home, "@weather", "--new", "-n2", "--offset", "1", "--format", "paths")

    assert ran.out.splitlines() == [f"seeds/{name}" for name in ids[1:3]]


def test_a_search_without_the_option_changes_nothing(home: Path) -> None:
    search(home, "@weather")

    assert not (home / "state").exists()
    assert len(news(home, "@weather")) == 4


def test_each_search_and_each_index_has_its_own(home: Path) -> None:
    assert len(news(home, "@weather")) == 4
    assert len(news(home, "@weather", "reef")) == 1
    assert len(news(home, "@sun")) == 1
    assert len(news(home, "@weather", "--topic", "Energy")) == 1
    assert news(home, "@weather", "--sort", "date", "--rank", "hot") == []
    assert run("heatseek", "rebuild", "--index", "other", cwd=home).code == 0
    assert len(news(home, "@weather", "--index", "other")) == 4


def test_a_search_whose_words_change_keeps_what_it_knows(home: Path) -> None:
    search(home, "@sun", "--new")
    (home / "heatseek.toml").write_text('[searches]\nsun = "climate"\n', "utf-8")

    assert len(news(home, "@sun")) == 3


def test_only_its_owner_may_read_it(home: Path) -> None:
    search(home, "@weather", "--new")

    (file,) = kept(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"reef" not in file.read_bytes()


@pytest.mark.parametrize("data", [b"", b"nonsense", b"heatseek seen 1\nhalf"])
def test_what_cannot_be_read_is_forgotten(data: bytes, home: Path) -> None:
    search(home, "@weather", "--new")
    (file,) = kept(home)
    file.write_bytes(data)

    assert len(news(home, "@weather")) == 4
    assert news(home, "@weather") == []


def test_a_count_leaves_the_news_new(home: Path) -> None:
    first = search(home, "@weather", "--new", "-n0")
    assert first == Ran(0, "4 new matches\n", f"{FIRST}\n")
    assert not (home / "state").exists()
    assert len(news(home, "@weather")) == 4
    add(home, "one")

    for _ in range(2):
        assert search(home, "@weather", "--new", "-n0") == Ran(0, "1 new match\n", "")
    assert news(home, "@weather") == ["one.md"]


def test_what_cannot_be_kept_is_said_and_no_search_fails(home: Path) -> None:
    (home / "state").write_text("a file")

    ran = search(home, "@weather", "--new")

    assert ran.code == 0
    assert ran.out.endswith("4 new matches\n")
    assert ran.err == LOST
    few = search(home, "@weather", "--new", "-n1")
    assert few.err == f"{LOST}3 more new ones are not shown\n"


def test_few_files_are_kept(home: Path) -> None:
    search(home, "@weather", "--new")
    (file,) = kept(home)
    for number in range(210):
        file.with_name(f"{number}.ids").write_bytes(b"")

    search(home, "@sun", "--new")

    assert len(kept(home)) == 200


def test_wrong_usage(home: Path) -> None:
    for args, message in {
        ("weather",): "--new: needs a saved search, as in search @NAME --new",
        ("@weather or so",): "--new: needs a saved search, as in search @NAME --new",
        ("@weather", "--facets"): "--facets counts all matches, not only new ones:"
        " leave out one of the two",
    }.items():
        assert search(home, *args, "--new") == Ran(2, "", f"search: {message}\n")
    assert search(home, "@wether", "--new").code == 2
    assert not (home / "state").exists()
