from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cli_runs import Ran, make_archive, run
from heatseek.cli import options
from heatseek.cli.arguments import OTHER

if TYPE_CHECKING:
    from pathlib import Path

DATE_EXAMPLES = "write 2023-03-14, 2023-03, yesterday, 'last monday' or 2w"

WRONG = {
    "x --topc AI": "no option --topc; did you mean --topic?",
    "x --nonsense": "no option --nonsense",
    "x --since 2023": "no option --since; did you mean --after?",
    "x --until=2023": "no option --until; did you mean --before?",
    "x --tag AI": "no option --tag; did you mean --topic?",
    "x --author Ann": "no option --author; did you mean --provider?",
    "x --max 3": "no option --max; did you mean --limit?",
    "x --reverse": "no option --reverse; did you mean --sort date:asc?",
    "x --files": "no option --files; did you mean --format paths?",
    "x --oldest --sort heat": "--oldest is an order, and so is --sort heat: leave one out",
    "x --sort date:up": "--sort date:up: after the colon write asc or desc",
    "x --path /": "--path: '/': no path",
    "x --topc=AI": "no option --topc; did you mean --topic?",
    "climate -ai": 'no option -ai; to leave out a word, quote the query ("climate -ai")'
    " or put -- in front of it",
    "climate -nature": "no option -nature; to leave out a word, quote the query"
    ' ("climate -nature") or put -- in front of it',
    "x --topic": "--topic: needs a value",
    "x -n": "-n: needs a value",
    "x --json=1": "--json: takes no value",
    "x --sort newest": "--sort newest: not one of relevance, date, quality, heat, updated",
    "x --format xml": "--format xml: not one of text, json, jsonl, csv, tsv, paths, urls",
    "x --sort dat": "--sort dat: not one of relevance, date, quality, heat, updated;"
    " did you mean date?",
    "x --rank balance": "--rank balance: not one of relevance, balanced, hot, fresh;"
    " did you mean balanced?",
    "x --format jsom": "--format jsom: not one of text, json, jsonl, csv, tsv, paths, urls;"
    " did you mean json?",
    "x --json --format csv": "--json contradicts --format csv",
    "x -0 --json": "-0 is for --format paths or urls, not json",
    "x --safe-csv --json": "--safe-csv is for --format csv or tsv, not json",
    "x --safe-csv --format paths": "--safe-csv is for --format csv or tsv, not paths",
    "x --safe-csv -0": "--safe-csv is for --format csv or tsv, not paths",
    "x --explain --format csv": "--explain is for --format text, json or jsonl, not csv",
    "x -n -5": "--limit -5: must be a whole number from 0 to 1,000,000",
    "x --limit 1.5": "--limit 1.5: must be a whole number from 0 to 1,000,000",
    "x --limit 1000001": "--limit 1000001: must be a whole number from 0 to 1,000,000",
    "x --offset ten": "--offset ten: must be a whole number from 0 to 1,000,000",
    "x --after someday": f"--after someday: not a date; {DATE_EXAMPLES}",
    "x --before 2023-02-30": f"--before 2023-02-30: no such date; {DATE_EXAMPLES}",
    "x --after 2024 --before 2024": "--before 2024: nothing is published before that"
    " and after 2024",
    "x --facets --format csv": "--facets is for --format text or json, not csv",
    "x --facets -0": "--facets is for --format text or json, not paths",
    "x --facets --format jsonl": "--facets is for --format text or json, not jsonl",
    "x --facet topics": "--facet topics: no such facet; did you mean topic?",
    "x --facet topic --facet provder:5": "--facet provder: no such facet; did you mean provider?",
    "x --facet zzz": "--facet zzz: no such facet; there are topic, provider, category, type, year",
    "x --facet :3": "--facet '': no such facet; there are topic, provider, category, type, year",
    "x --facet topic:0": "--facet topic:0: how many must be a whole number from 1, or all",
    "x --facet topic:-1": "--facet topic:-1: how many must be a whole number from 1, or all",
    "x --facet topic:ten": "--facet topic:ten: how many must be a whole number from 1, or all",
    "x --facets=topic": "--facets: takes no value",
    "x --boost qualty=1": "--boost qualty=1: no weight qualty; did you mean quality?",
    "x --boost ,": "--boost: needs a weight, as in quality=1",
    "x --boost =1": "--boost =1: no weight without a name; there are quality, heat, recency, title",
    "x --boost z=1": "--boost z=1: no weight z; there are quality, heat, recency, title",
    "x --boost heat": "--boost heat: needs a number, as in heat=1",
    "x --boost heat=": "--boost heat=: not a number",
    "x --boost heat=hot": "--boost heat=hot: not a number",
    "x --boost heat=-1": "--boost heat=-1: must be a number from 0 to 1,000,000",
    "x --boost heat=nan": "--boost heat=nan: must be a number from 0 to 1,000,000",
    "x --boost heat=1,recency=2": "--boost recency=2: must be a number from 0 to 1",
    "x --half-life soon": "--half-life soon: must be a number of days, or like 30d, 2w, 6m, 1y",
    "x --half-life 0d": "--half-life 0d: must be a number from 0.000001 to 1,000,000",
    "x --config no.toml": "--config no.toml: no such file",
}


def one_line(ran: Ran) -> str:
    """The one line on stderr of a usage error."""
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("\n")
    assert ran.err.count("\n") == 1
    return ran.err[:-1]


@pytest.mark.parametrize("line", WRONG)
def test_wrong_usage_of_search_is_one_line(line: str, tmp_path: Path) -> None:
    assert one_line(run("search", *line.split(), cwd=tmp_path)) == f"search: {WRONG[line]}"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--topic", ""], "--topic: needs a value"),
        (["--provider", " "], "--provider: needs a value"),
        (["x", "--sort", ""], "--sort '': not one of relevance, date, quality, heat, updated"),
        (["x", "--boost", ""], "--boost: needs a weight, as in quality=1"),
        (["x", "-n", ""], "--limit '': must be a whole number from 0 to 1,000,000"),
        (["x", "--index", ""], "--index: needs a value"),
        (["x", "--index="], "--index: needs a value"),
        (["x", "--archive", ""], "--archive: needs a value"),
        (["x", "--config="], "--config: needs a value"),
        (["x", "--after", ""], f"--after '': not a date; {DATE_EXAMPLES}"),
    ],
)
def test_empty_values_are_wrong_usage(args: list[str], message: str, tmp_path: Path) -> None:
    assert one_line(run("search", *args, cwd=tmp_path)) == f"search: {message}"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("serach x", "heatseek: no command serach; did you mean search?"),
        ("climate", "heatseek: no command climate; to search: heatseek search climate"),
        ("--vesion", "heatseek: no option --vesion; did you mean --version?"),
        ("rebuild --foo", "rebuild: no option --foo"),
        ("rebuild --index", "rebuild: --index: needs a value"),
        ("rebuild here", "rebuild: takes options only, not also here"),
        ("config limit", "config: takes options only, not also limit"),
        ("show 1 2", "show: takes one N|PATH, not also 2"),
        ("help query config", "help: takes one TOPIC, not also config"),
        ("show -1", "show: no option -1"),
        ("open -1", "open: no option -1"),
        ("topics -ai", "topics: no option -ai"),
        ("search x --topc y", "search: no option --topc; did you mean --topic?"),
    ],
)
def test_wrong_usage_of_heatseek_is_one_line(line: str, message: str, tmp_path: Path) -> None:
    assert one_line(run("heatseek", *line.split(), cwd=tmp_path)) == message


def test_wrong_usage_builds_no_index(tmp_path: Path) -> None:
    make_archive(tmp_path)
    before = sorted(tmp_path.iterdir())

    run("search", "x", "--sort", "newest", cwd=tmp_path)
    run("heatseek", "rebuild", "--index", "", cwd=tmp_path)

    assert sorted(tmp_path.iterdir()) == before


def test_both_programs_say_their_version(tmp_path: Path) -> None:
    of_heatseek = run("heatseek", "--version", cwd=tmp_path)

    assert (of_heatseek.code, of_heatseek.err) == (0, "")
    assert of_heatseek.out.startswith("heatseek ")
    assert run("search", "--version", cwd=tmp_path) == of_heatseek


def test_no_verb_is_answered_with_the_help(tmp_path: Path) -> None:
    ran = run("heatseek", cwd=tmp_path)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == run("heatseek", "--help", cwd=tmp_path).out


def test_version(tmp_path: Path) -> None:
    ran = run("heatseek", "--version", cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("heatseek 0.")


@pytest.mark.parametrize("verb", ["search", "rebuild"])
def test_help_shows_every_option_in_its_group(verb: str, tmp_path: Path) -> None:
    ran = run("heatseek", verb, "-h", cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert "Examples:" in ran.out
    assert f"{options.PLACES}:\n  --archive DIR" in ran.out
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_help_of_search_lists_what_there_is(tmp_path: Path) -> None:
    text = run("search", "--help", cwd=tmp_path).out

    groups = [line[:-1] for line in text.splitlines() if line.endswith(":") and line[0] != " "]
    listed = [options.FILTERS, options.RANKING, options.OUTPUT, options.PLACES, OTHER]
    assert groups == listed
    assert "completion" not in text
