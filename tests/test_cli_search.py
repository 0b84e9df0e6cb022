from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from cli_runs import Ran, make_archive, run

if TYPE_CHECKING:
    from pathlib import Path

UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with an archive and its index."""
    folder = tmp_path_factory.mktemp("home")
    make_archive(folder)
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


def ids(home: Path, *args: str) -> list[str]:
    """The ids that a search finds, in order."""
    ran = run("search", "--json", *args, cwd=home)
    assert ran.code in {0, 1}, ran.err
    return [hit["id"] for hit in json.loads(ran.out)["hits"]]


def test_the_first_search_builds_the_index_and_says_so(tmp_path: Path) -> None:
    make_archive(tmp_path)

    ran = run("search", "weather", cwd=tmp_path)

    told = ran.err.splitlines()
    assert ran.code == 0
    assert ran.out.startswith("1  ClimaX forecasts the weather\n")
    assert told[0] == "no index in index yet: building it from seeds"
    assert told[1].startswith("indexed 4 articles and 1 related from 4 files, 0 skipped, ")
    assert run("search", "weather", cwd=tmp_path) == Ran(0, ran.out, "")


def test_files_skipped_on_the_way_are_named(tmp_path: Path) -> None:
    make_archive(tmp_path)
    (tmp_path / "seeds" / "bad.md").write_bytes(b"\0")

    ran = run("search", "weather", cwd=tmp_path)

    assert ran.code == 0
    assert ran.err.splitlines()[1].startswith("bad.md: no text")


def test_text_output(home: Path) -> None:
    ran = run("search", "weather", cwd=home)

    assert ran == Ran(
        0,
        """\
1  ClimaX forecasts the weather
   InfoQ · 2023-03-14 · quality 56 · heat 76
   AI, Machine Learning
   A deep learning model for *weather* and climate.

1 match
""",
        "",
    )


def test_nothing_found(home: Path) -> None:
    assert run("search", "xyzzy", cwd=home) == Ran(1, "", "nothing found for xyzzy\n")
    assert run("search", "--topic", "xyzzy", cwd=home) == Ran(
        1,
        "",
        'no topic "xyzzy"; there are "AI", "Energy", "Machine Learning", "Oceans" and "a b"\n'
        "nothing found with these filters\n",
    )


def test_a_long_query_is_not_repeated(home: Path) -> None:
    told = run("search", "xyzzy" * 100, cwd=home).err
    assert told == f"nothing found for {('xyzzy' * 100)[:97]}...\n"


def test_nothing_found_even_for_what_was_probably_meant(home: Path) -> None:
    ran = run("search", "wether", "--topic", "oceans", cwd=home)

    assert ran == Ran(
        1,
        "",
        'no article has "wether": searched for "weather"\n'
        "nothing found for weather with these filters\n",
    )


def test_what_was_probably_meant_is_in_the_json(home: Path) -> None:
    found = json.loads(run("search", "wether", "--json", cwd=home).out)

    assert (found["query"], found["suggestion"], found["total"]) == ("wether", "weather", 1)
    assert found["notices"] == ['no article has "wether": searched for "weather"']


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "paths", "urls"])
def test_nothing_found_for_programs(form: str, home: Path) -> None:
    ran = run("search", "xyzzy", "--format", form, cwd=home)

    assert (ran.code, ran.err) == (1, "nothing found for xyzzy\n")
    if form == "json":
        assert json.loads(ran.out)["total"] == 0
    else:
        assert ran.out.count("\n") == (form in {"csv", "tsv"})


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("weather", {"climax.md"}),
        ("climate weather --all", {"climax.md"}),
        ("weather ocean", {"climax.md", "reef.md"}),
        ("weather ocean --any", {"climax.md", "reef.md"}),
        ("weather ocean --all", set()),
        ("climate --topic oceans --topic ENERGY", {"reef.md", "sub/solar.md"}),
        ("climate --topic oceans --category events", set()),
        ("--provider infoq.com", {"climax.md"}),
        ("--type video", {"sub/solar.md"}),
        ("--after 2023", {"climax.md", "sub/solar.md", "https://crn.com/layoffs"}),
        ("--after 2023-03-14 --before 2024", {"climax.md"}),
        ("--before 2021", {"hostile.md"}),
        ("--unpublished", {"reef.md"}),
        ("--related", {"https://crn.com/layoffs"}),
        ("climate --no-related", {"climax.md", "reef.md", "sub/solar.md", "hostile.md"}),
        ("-- climate -weather -solar -ocean", {"hostile.md"}),
        ("sing* -n1", {"reef.md"}),
    ],
)
def test_which_articles_are_found(line: str, found: set[str], home: Path) -> None:
    assert set(ids(home, *line.split())) == found


@pytest.mark.parametrize(
    "args", [["climate -weather -hostile"], ["-weather climate -hostile"], [" -weather", "climate"]]
)
def test_minus_words_reach_the_query_in_quotes(args: list[str], home: Path) -> None:
    assert "climax.md" not in ids(home, *args)
    assert "reef.md" in ids(home, *args)


def test_option_values_may_begin_with_a_dash(home: Path) -> None:
    assert ids(home, "--topic", "-no such topic", "climate") == []


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("date", "sub/solar.md"),
        ("quality", "reef.md"),
        ("heat", "reef.md"),
        ("DATE", "sub/solar.md"),
    ],
)
def test_sorting(order: str, first: str, home: Path) -> None:
    assert ids(home, "climate", "--sort", order)[0] == first


def test_the_oldest_first(home: Path) -> None:
    newest = ids(home, "climate", "--sort", "date")
    dated = [each for each in newest if each in set(ids(home, "climate", "--after", "0001"))]
    oldest = ids(home, "climate", "--oldest")
    assert oldest[: len(dated)] == dated[::-1]
    assert oldest == ids(home, "climate", "--sort", "date:asc")
    assert oldest[len(dated) :] == newest[len(dated) :]


def test_files_below_a_folder(home: Path) -> None:
    everything = ids(home, "climate")
    below = [each for each in everything if each.startswith("sub/")]
    assert below
    assert ids(home, "climate", "--path", "sub") == below == ids(home, "climate", "path:sub/")
    assert set(ids(home, "--path", "sub", "--path=reef*")) == {*below, "reef.md"}


def test_a_question_tells_how_many_have_all_its_words(home: Path) -> None:
    ran = run("search", "climate weather model learning", "-n", "1", cwd=home)
    assert re.search(r" · 1 with all words( ·|$)", ran.out, re.MULTILINE)


def test_explained_freshness_says_where_ages_count_from(home: Path) -> None:
    args = ("climate", "--rank", "fresh", "--explain", "-n", "1")
    newest = "ages count from 2024-05-01, the newest article"
    assert newest in run("search", *args, cwd=home).out
    then = run("search", *args, "--now", "2024-06-01", cwd=home).out
    assert newest not in then
    assert re.search(r"recency 1 - 0\.8 \+ 0\.8 . 2\^\(-\d+\.\d/30\) = 0\.\d+", then)


def test_boosts_change_the_order_and_nothing_else(home: Path) -> None:
    plain = ids(home, "climate", "--boost", "quality=0,heat=0")
    hot = ids(home, "climate", "--boost", "quality=0", "--boost", "heat=1000")

    assert set(plain) == set(hot)
    assert hot[0] == "reef.md"


def test_recency(home: Path) -> None:
    boost = ("--boost", "quality=0,heat=0,recency=1")

    assert ids(home, "climate", *boost, "--half-life", "1d")[0] == "sub/solar.md"


def test_a_half_life_without_weight_is_remarked(home: Path) -> None:
    ran = run("search", "weather", "--half-life", "2w", cwd=home)

    assert ran.code == 0
    assert ran.err == (
        "--half-life changes nothing while recency has no weight: add --boost recency=0.5\n"
    )


def test_pages(home: Path) -> None:
    whole = ids(home, "climate")

    assert [whole[:2], whole[2:4]] == [
        ids(home, "climate", "-n2", *o) for o in ([], ["--offset", "2"])
    ]
    assert run("search", "climate", "-n", "0", cwd=home) == Ran(0, "4 matches\n", "")
    assert run("search", "climate", "--offset", "9", cwd=home) == Ran(
        0, "4 matches\n", "no more than 4 matches; --offset 9 is past them\n"
    )


def test_the_fallback_to_any_word_is_said(home: Path) -> None:
    assert run("search", "weather ocean", cwd=home).err == (
        "no article has all of these words; these have some\n"
    )


def test_explanations_add_up(home: Path) -> None:
    ran = run("search", "climate weather", "--any", "--explain", "--json", cwd=home)

    for hit in json.loads(ran.out)["hits"]:
        parts = hit["explanation"]
        assert hit["score"] == pytest.approx(parts["text"] * parts["boost"])
        assert parts["text"] == pytest.approx(sum(word["score"] for word in parts["words"]))
    assert "score " in run("search", "climate", "--explain", cwd=home).out


def test_marks(home: Path) -> None:
    assert "   unpublished\n" in run("search", "reef", cwd=home).out
    assert "   related to climax.md\n" in run("search", "layoffs", cwd=home).out


def test_paths_can_be_opened(home: Path) -> None:
    ran = run("search", "climate", "-0", cwd=home)

    paths = ran.out.split("\0")[:-1]
    assert "seeds/sub/solar.md" in paths
    assert all((home / path).is_file() for path in paths)


def test_hits_without_a_file_are_left_out_of_paths_loudly(home: Path) -> None:
    ran = run("search", "layoffs", "--format", "paths", cwd=home)

    assert ran == Ran(0, "", "1 of 1 hits have no file and are left out\n")


def test_urls(home: Path) -> None:
    assert (
        run("search", "weather", "--format", "urls", cwd=home).out == "https://infoq.com/climax\n"
    )


def test_tables(home: Path) -> None:
    out = run("search", "climate", "--format", "csv", cwd=home).out

    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["id"] for row in rows] == ids(home, "climate")


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "tsv"])
def test_nothing_in_an_article_can_command_the_terminal(form: str, home: Path) -> None:
    ran = run("search", "hostile", "--format", form, cwd=home)

    assert "Hostile" in ran.out
    assert UNSAFE.findall(ran.out + ran.err) == []


def test_nothing_on_the_command_line_can_either(home: Path) -> None:
    evil = "\x1b]0;owned\x07\u202e\udcff"
    for args in ([evil], ["x", "--sort", evil], ["x", f"--{evil}"], ["x", "--topic", evil]):
        ran = run("search", *args, cwd=home)
        assert ran.code in {1, 2}
        assert UNSAFE.findall(ran.err) == []


def test_the_same_search_prints_the_same(home: Path) -> None:
    assert run("search", "climate", cwd=home) == run("search", "climate", cwd=home)
    assert run("search", "climate", cwd=home) == run("heatseek", "search", "climate", cwd=home)


def test_settings_from_the_file_nearest_upwards(home: Path, tmp_path: Path) -> None:
    settings = f'index = "{home / "index"}"\nlimit = 1\n'
    (tmp_path / "heatseek.toml").write_text(settings, "utf-8")
    (tmp_path / "deep" / "deeper").mkdir(parents=True)

    assert len(ids(tmp_path / "deep" / "deeper", "climate")) == 1
    assert len(ids(tmp_path / "deep" / "deeper", "climate", "-n", "2")) == 2


def test_settings_from_the_environment(home: Path, tmp_path: Path) -> None:
    ran = run("search", "weather", cwd=tmp_path, HEATSEEK_INDEX=str(home / "index"))

    assert ran.code == 0


def test_mistakes_in_the_file_are_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text("limits = 1\n", "utf-8")

    assert run("search", "x", cwd=tmp_path) == Ran(
        2, "", 'search: heatseek.toml:1: unknown key "limits"; did you mean "limit"?\n'
    )


def test_pages_of_stories_end_with_the_last_story(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for number, title in enumerate(("Solar roofs", "Solar roofs!", "Wind and solar"), start=1):
        text = f"---\ntitle: {title}\nquality: {number}\npublishedDateTime: 2023-03-14\n---\n"
        (tmp_path / "seeds" / f"{number}.md").write_text(text, "utf-8")
    grouped = ("search", "solar", "--group", "story", "-n", "1")
    pages = [run(*grouped, "--offset", str(offset), cwd=tmp_path) for offset in range(3)]
    assert [page.out.splitlines()[-1].partition(" of ")[2] for page in pages[:2]] == [
        "2 stories in 3 matches · next: --offset 1",
        "2 stories in 3 matches",
    ]
    assert "no more than 2 stories; --offset 2 is past them" in pages[2].err
    one = run("search", "roofs", "--group", "story", "--offset", "1", cwd=tmp_path)
    assert "no more than 1 story; --offset 1 is past them" in one.err


def test_stories_without_dates_are_told(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    for number in (1, 2):
        (tmp_path / "seeds" / f"{number}.md").write_text("---\ntitle: Solar roofs\n---\n", "utf-8")
    ran = run("search", "solar", "--group", "story", cwd=tmp_path)
    assert "no match has a date: each is a story of its own\n" in ran.err
    assert ran.out.endswith("2 matches\n")
    assert "story" not in run("search", "solar", cwd=tmp_path).err


def test_a_page_past_the_only_match(home: Path) -> None:
    assert ids(home, "climax") == ["climax.md"]
    ran = run("search", "climax", "--offset", "3", cwd=home)
    assert ran == Ran(0, "1 match\n", "no more than 1 match; --offset 3 is past them\n")
