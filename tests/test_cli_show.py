from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli_runs import Ran, make_archive, run
from terminals import on_terminal

UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

LONG = f"""\
---
title: A long story
---
First *paragraph*, which is {"very " * 30}long.

Second paragraph with {"x" * 6000} in it.
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working directory with an archive and its index."""
    make_archive(tmp_path)
    (tmp_path / "seeds" / "long.md").write_text(LONG, "utf-8")
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


def test_an_article_with_all_that_is_known(home: Path) -> None:
    assert run("heatseek", "show", "climax.md", cwd=home) == Ran(
        0,
        """\
ClimaX forecasts the weather

provider  InfoQ (infoq.com)
date      2023-03-14 14:42 UTC
topics    AI, Machine Learning
category  news
type      article
quality   56
heat      76
published yes
link      https://infoq.com/climax
file      climax.md

A deep learning model for weather and climate.

Related

  Layoffs in Redmond
  2023-03-10
  https://crn.com/layoffs
""",
        "",
    )


def test_what_is_unknown_is_a_dash_and_what_is_held_back_is_told(home: Path) -> None:
    out = run("heatseek", "show", "reef.md", cwd=home).out

    assert "\nprovider  Tide\ndate      2021-02-11\n" in out
    assert "\ntype      \N{EN DASH}\n" in out
    assert "\npublished no: held back\nlink      \N{EN DASH}\n" in out


@pytest.mark.parametrize("columns", ["80", "30"])
def test_long_names_of_declared_fields_keep_the_width(columns: str, tmp_path: Path) -> None:
    hours = f"no: {'hour ' * 30}".strip()
    text = f"---\ntitle: Own\nlengthOfTheWholeCourse: '{hours}'\n---\n"
    (make_archive(tmp_path) / "own.md").write_text(text)
    (tmp_path / "heatseek.toml").write_text("[fields.lengthOfTheWholeCourse]\nkind = 'text'\n")
    run("heatseek", "rebuild", cwd=tmp_path)

    lines = run("heatseek", "show", "own.md", cwd=tmp_path, COLUMNS=columns).out.splitlines()

    at = next(at for at, line in enumerate(lines) if line.startswith("lengthOfTheWholeCourse no:"))
    assert lines[at + 1].startswith(" " * 23 + "hour")
    assert max(map(len, lines)) <= max(int(columns), 33)


@pytest.mark.parametrize(
    "name",
    [
        "sub/solar.md",
        "seeds/sub/solar.md",
        "./seeds/sub/../sub/solar.md",
        "{home}/seeds/sub/solar.md",
    ],
)
def test_an_article_goes_by_its_paths(name: str, home: Path) -> None:
    ran = run("heatseek", "show", name.format(home=home), cwd=home)

    assert ran.code == 0, ran.err
    assert ran.out.startswith("Solar panels on every balcony\n")


def test_a_rank_of_a_grouped_search_lists_its_story(home: Path) -> None:
    for number, title in enumerate(("Harbour floods", "The harbour floods!"), start=13):
        text = f"---\ntitle: {title}\npublishedDateTime: 2023-03-{number}\n---\n"
        (home / "seeds" / f"flood{number}.md").write_text(text, "utf-8")
    run("heatseek", "update", cwd=home)

    shown = on_terminal("search harbour --group story; heatseek show 1 --no-pager", home).text
    assert "+1 of the same story" in shown
    assert shown.endswith("The same story\x1b[0m\n\n  Harbour floods\n  2023-03-13\n")
    on_terminal("heatseek show 1 --json >shown.json", home)
    document = json.loads((home / "shown.json").read_text("utf-8"))
    assert [each["id"] for each in document["same_story"]] == ["flood13.md"]

    alone = on_terminal("search harbour; heatseek show 1 --no-pager", home).text
    assert "same story" not in alone


def test_a_path_from_another_folder(home: Path) -> None:
    ran = run("heatseek", "show", "solar.md", "--index", "../../index", cwd=home / "seeds" / "sub")

    assert ran.out.startswith("Solar panels on every balcony\n")


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("https://crn.com/layoffs", "Layoffs in Redmond"),
        ("HTTPS://CRN.com/layoffs#top", "Layoffs in Redmond"),
        ("https://infoq.com/climax", "ClimaX forecasts the weather"),
    ],
)
def test_stories_and_articles_go_by_their_links(url: str, title: str, home: Path) -> None:
    ran = run("heatseek", "show", url, cwd=home)

    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"{title}\n")


def test_a_related_story_says_who_mentions_it(home: Path) -> None:
    out = run("heatseek", "show", "https://crn.com/layoffs", cwd=home).out

    assert "\nmentioned climax.md\n" in out


@pytest.mark.parametrize(
    ("target", "code", "message"),
    [
        ("nix.md", 1, "nix.md: no such article, here or in seeds"),
        ("../nix.md", 1, "../nix.md: no such article, here or in seeds"),
        ("note.txt", 1, "note.txt: is not in the archive, seeds"),
        ("https://nix.org", 1, "https://nix.org: no article and no related story has this link"),
        ("javascript://x", 1, "javascript://x: no article and no related story has this link"),
        ("3", 2, "3: no search is remembered; search first, or name a path"),
        ("", 2, "which article? its number in the last search, or its path"),
    ],
)
def test_what_is_not_there_is_one_line(target: str, code: int, message: str, home: Path) -> None:
    (home / "note.txt").write_text("---\ntitle: A note\n---\n", "utf-8")

    ran = run("heatseek", "show", target, cwd=home)

    assert ran == Ran(code, "", f"show: {message}\n")


def test_long_text_is_whole_and_wrapped(home: Path) -> None:
    lines = run("heatseek", "show", "long.md", cwd=home).out.splitlines()

    assert max(map(len, lines)) <= 80
    assert "".join(lines).count("x") == 6000
    assert " ".join(lines).count("very") == 30


def test_hostile_text_is_harmless(home: Path) -> None:
    for args in ([], ["--json"]):
        ran = run("heatseek", "show", "hostile.md", *args, cwd=home)
        assert ran.code == 0
        assert not UNSAFE.search(ran.out)


OF_A_HIT = {"rank", "score", "words", "snippet", "marks", "others", "explanation"}
"""Keys that an article has in a ranking only."""


def test_json(home: Path) -> None:
    document = json.loads(run("heatseek", "show", "climax.md", "--json", cwd=home).out)
    hit = json.loads(run("search", "weather", "--json", cwd=home).out)["hits"][0]

    assert list(document) == ["version", "article", "same_story", "notices"]
    article = document["article"]
    assert list(article)[-2:] == ["body", "related"]
    assert {key: article[key] for key in hit.keys() & article.keys()} == {
        key: value for key, value in hit.items() if key not in OF_A_HIT
    }
    assert [story["id"] for story in article["related"]] == ["https://crn.com/layoffs"]


def test_a_file_that_changed_is_shown_as_it_is(home: Path) -> None:
    (home / "seeds" / "reef.md").write_text("---\ntitle: A loud reef\n---\n", "utf-8")

    ran = run("heatseek", "show", "reef.md", cwd=home)

    assert ran.out.startswith("A loud reef\n")
    assert ran.err == "reef.md has changed since it was indexed: the index needs an update\n"


def test_a_file_that_is_gone_is_shown_as_it_was(home: Path) -> None:
    (home / "seeds" / "reef.md").unlink()

    ran = run("heatseek", "show", "reef.md", "--json", cwd=home)

    told = "reef.md is gone: this is what was indexed; the index needs an update"
    assert (ran.code, ran.err) == (0, f"{told}\n")
    document = json.loads(ran.out)
    assert (document["article"]["title"], document["notices"]) == (
        "A quiet reef learns to sing",
        [told],
    )


def test_a_file_that_is_not_indexed_yet(home: Path) -> None:
    (home / "seeds" / "new.md").write_text("---\ntitle: New\n---\n", "utf-8")
    (home / "seeds" / "bad.md").write_bytes(b"\0")

    ran = run("heatseek", "show", "new.md", cwd=home)
    assert ran.out.startswith("New\n")
    assert ran.err == "new.md is not in the index: it needs an update\n"
    ran = run("heatseek", "show", "seeds/bad.md", cwd=home)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("show: bad.md:")


# heatseek open


def browser(folder: Path) -> str:
    """A browser that notes what it was called with."""
    program = folder / "browser"
    program.write_text(f'#!/bin/sh\necho "$@" > {folder}/opened\n')
    program.chmod(0o755)
    return str(program)


def test_open_gives_the_link_to_the_browser(home: Path) -> None:
    ran = run(
        "heatseek", "open", "climax.md", cwd=home, BROWSER=browser(home), PATH="/usr/bin:/bin"
    )

    assert ran == Ran(0, "", "opened https://infoq.com/climax\n")
    assert (home / "opened").read_text() == "https://infoq.com/climax\n"


def test_open_can_print_the_link(home: Path) -> None:
    ran = run("heatseek", "open", "seeds/climax.md", "--print", cwd=home)

    assert ran == Ran(0, "https://infoq.com/climax\n", "")


def test_without_a_browser_the_link_is_told(home: Path) -> None:
    ran = run("heatseek", "open", "climax.md", cwd=home, PATH="")

    line = "no browser to open https://infoq.com/climax with; name one by the variable BROWSER"
    assert ran == Ran(1, "", f"open: {line}\n")


def test_an_article_without_a_link(home: Path) -> None:
    ran = run("heatseek", "open", "reef.md", cwd=home)

    assert ran == Ran(1, "", "open: reef.md has no link to open: heatseek show reef.md\n")


# Ranks of the last search


def state(home: Path) -> list[Path]:
    return sorted((home / "home/.local/state/heatseek/searches").iterdir())


def test_a_rank_is_that_of_the_last_search_of_this_terminal(home: Path) -> None:
    other = on_terminal("search balcony", home)
    shown = on_terminal("search --topic Oceans; heatseek open 1; heatseek show 1 | head -1", home)

    assert other.code == 0
    assert shown.text.endswith("A quiet reef learns to sing\n")
    assert len(state(home)) == 2
    for path in state(home):
        assert path.stat().st_mode & 0o777 == 0o600


def test_ranks_go_on_where_the_page_begins(home: Path) -> None:
    shown = on_terminal(
        "search climate --sort date -n 1 --offset 1; heatseek show 2 | head -1; heatseek show 1",
        home,
    )

    assert shown.code == 2
    assert shown.text.endswith(
        "ClimaX forecasts the weather\nshow: 1: the last search showed 2 to 2\n"
    )


def test_elsewhere_it_is_the_last_search_of_the_user(home: Path) -> None:
    on_terminal("search weather", home)
    on_terminal("search balcony", home)

    ran = run("heatseek", "show", "1", cwd=home / "seeds", HOME=str(home / "home"))

    assert ran.out.startswith("Solar panels on every balcony\n")


def test_only_what_a_person_saw_is_remembered(home: Path) -> None:
    on_terminal("search weather >out; search weather --json; search xyzzy", home)

    assert not (home / "home/.local").exists()


def test_a_changed_index_is_told(home: Path) -> None:
    shown = on_terminal("search weather; heatseek rebuild 2>/dev/null; heatseek show 1", home)

    assert "the index has changed since that search; 1 was climax.md\n" in shown.text
    assert shown.code == 0


def test_an_article_that_is_gone_is_told(home: Path) -> None:
    shown = on_terminal(
        "search weather; rm seeds/climax.md; heatseek rebuild 2>/dev/null; heatseek show 1", home
    )

    told = "1: climax.md is gone; the index has changed since that search: search again"
    assert shown.text.endswith(f"show: {told}\n")
    assert shown.code == 1


def test_an_index_that_is_gone_is_told_and_not_built(home: Path) -> None:
    shown = on_terminal("search weather; rm -r index; heatseek show 1", home)

    told = "1: the index of the last search, index, is gone: search again"
    assert shown.text.endswith(f"show: {told}\n")
    assert shown.code == 3
    assert not (home / "index").exists()


def test_a_rank_of_another_index_is_refused(home: Path) -> None:
    shown = on_terminal("search weather; heatseek show 1 --index other", home)

    assert shown.text.endswith(
        "show: the last search was in index, not other: search there, or name a path\n"
    )
    assert shown.code == 2


@pytest.mark.parametrize("where", ["/proc/nowhere", "/dev/null/x", "relative"])
def test_no_place_to_remember_is_no_trouble(where: str, home: Path) -> None:
    shown = on_terminal("search weather", home, XDG_STATE_HOME=where, HOME="")

    assert shown.code == 0
    assert "ClimaX" in shown.text
    assert not (home / "relative").exists()


def test_only_so_many_terminals_are_remembered(home: Path) -> None:
    on_terminal("search weather", home)
    folder = state(home)[0].parent
    for number in range(30):
        (folder / f"old-{number}.json").write_text("{}")

    on_terminal("search weather", home)

    assert len(state(home)) == 20
    ran = run("heatseek", "show", "1", cwd=home, HOME=str(home / "home"))
    assert ran.out.startswith("ClimaX forecasts the weather\n")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 1, "ids": [3]}', "\x00", '{"version": 2}']
)
def test_a_strange_memory_is_none(text: str, home: Path) -> None:
    on_terminal("search weather", home)
    state(home)[0].write_text(text)

    ran = run("heatseek", "show", "1", cwd=home, HOME=str(home / "home"))

    assert ran == Ran(2, "", "show: 1: no search is remembered; search first, or name a path\n")


def test_a_decomposed_name_is_found_as_it_is_typed(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "zu\u0308rich.md").write_text("---\ntitle: Lake\n---\n")
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    for typed in ("zürich.md", "seeds/zürich.md", "zu\u0308rich.md"):
        assert "Lake" in run("heatseek", "show", typed, cwd=tmp_path).out
