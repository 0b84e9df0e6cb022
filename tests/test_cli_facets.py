# ruff: noqa: RUF001 - the output has these signs
"""Counts through the whole command equal counts by hand."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import heatseek
from cli_runs import Ran, make_archive, run
from heatseek.schema import FACETS

ROOT = Path(__file__).parent.parent
UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
CASES = [
    "climate",
    "climate ai --any",
    "solar OR wind OR data -n 1",
    "--category news --offset 3",
    "--topic education --topic culture",
    "--provider northwind-herald.example",
    "data --after 2022-03-05 --before 2024-02",
    "--related",
    "--no-related --type video",
    "--unpublished",
    "climte",
    "xyzzy",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with the sample archive and its index."""
    folder = tmp_path_factory.mktemp("home")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the archive of the other command-line tests."""
    folder = tmp_path_factory.mktemp("small")
    make_archive(folder)
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


def found(home: Path, *args: str) -> dict[str, Any]:
    ran = run("search", "--json", *args, cwd=home)
    assert ran.code in {0, 1}, ran.err
    document: dict[str, Any] = json.loads(ran.out)
    return document


def of_hit(hit: dict[str, Any], facet: str) -> set[str]:
    if facet == "topic":
        return set(hit["topics"])
    if facet == "provider":
        return {hit["provider"]["name"] or hit["provider"]["domain"]} - {None}
    if facet == "year":
        return {hit["published_at"][:4]} if hit["published_at"] else set()
    return {hit[facet]} - {None}


def by_hand(hits: list[dict[str, Any]], facet: str) -> list[dict[str, Any]]:
    """The samples write each label in one way only."""
    counts = Counter(value for hit in hits for value in of_hit(hit, facet))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"value": value, "count": count} for value, count in ordered]


@pytest.mark.parametrize("line", CASES)
def test_counts_equal_counting_all_matches_by_hand(line: str, home: Path) -> None:
    args = line.split()
    whole = found(home, *args, "-n", "1000", "--offset", "0")

    counted = found(home, *args, "--facets")["facets"]

    assert list(counted) == list(FACETS)
    for facet in FACETS:
        assert counted[facet] == by_hand(whole["hits"], facet), facet


def lines_of(text: str) -> dict[str, list[tuple[str, int, str]]]:
    """The values of each block with their counts and options."""
    blocks: dict[str, list[tuple[str, int, str]]] = {}
    for line in text.splitlines():
        if line.split(" ")[0] in FACETS:
            blocks[line.split(" ")[0]] = []
        elif shown := re.fullmatch(r"[* ] (.+?) +([0-9,]+)  (--.+)", line):
            list(blocks.values())[-1].append((shown[1], int(shown[2].replace(",", "")), shown[3]))
    return blocks


@pytest.mark.parametrize("line", ["climate", "solar OR wind OR data"])
def test_each_option_refines_to_as_many_as_were_counted(line: str, home: Path) -> None:
    args = line.split()
    ran = run("search", *args, "-n", "0", "--facets", "--facet", "topic:all", cwd=home)

    shown = [row for rows in lines_of(ran.out).values() for row in rows]
    assert len(shown) > 10
    for _, count, option in random.Random(5).sample(shown, 8):  # noqa: S311 - any will do
        assert found(home, *args, *shlex.split(option))["total"] == count, option


def test_text_has_the_hits_first_and_ten_values_each(home: Path) -> None:
    plain = run("search", "--category", "news", "-n", "2", cwd=home)
    counted = run("search", "--category", "news", "-n", "2", "--facets", cwd=home)

    assert counted.code == 0
    assert counted.out.startswith(plain.out)
    blocks = lines_of(counted.out.removeprefix(plain.out))
    assert list(blocks) == list(FACETS)
    assert max(map(len, blocks.values())) == 10
    assert re.search(r"^  … and [0-9]+ more$", counted.out, re.MULTILINE)


@pytest.mark.parametrize(
    "args",
    [["--facets", "climate"], ["climate", "--facets"], ["climate", "--facets", "--sort", "date"]],
)
def test_the_option_alone_takes_no_word_of_the_query(args: list[str], home: Path) -> None:
    counted = found(home, *args)

    assert counted["query"] == "climate"
    assert list(counted["facets"]) == list(FACETS)


@pytest.mark.parametrize(
    "args",
    [
        ["climate", "--facet=topic:2", "--facet=year"],
        ["--facet", "topic:2", "--facet", "year", "climate"],
        ["--facet", "Topic:2", "climate", "--facet", "YEAR:all"],
        ["--facet", "topic", "--facet", "year", "--facet", "topic:2", "climate"],
    ],
)
def test_facets_are_named_one_by_one_with_how_many(args: list[str], home: Path) -> None:
    counted = found(home, *args)

    assert counted["query"] == "climate"
    assert list(counted["facets"]) == ["topic", "year"]
    assert len(counted["facets"]["topic"]) == 2
    assert len(counted["facets"]["year"]) == 4


@pytest.mark.parametrize("word", ["category:news", "climate,ai", "title:2023", "topic:AI"])
def test_fields_of_the_query_language_are_no_facets(word: str, home: Path) -> None:
    assert found(home, "--facets", word)["query"] == word


def test_a_provider_that_is_asked_for_by_its_domain_is_marked(home: Path) -> None:
    out = run("search", "--provider", "infoq.com", "-n0", "--facet=provider", cwd=home).out

    assert out.splitlines()[2:] == ["provider (* asked for)", "* InfoQ  1  --provider InfoQ"]


def test_a_facet_that_no_match_has_a_value_of_is_said(small: Path) -> None:
    ran = run("search", "hostile", "-n0", "--facet=category", "--facet=year", cwd=small)

    assert (
        ran.out
        == """\
1 match

category: none of the matches has one

year
  2020  1  --after 2020 --before 2021
"""
    )


def test_nothing_found_counts_nothing(home: Path) -> None:
    assert run("search", "xyzzy", "--facets", cwd=home) == Ran(1, "", "nothing found for xyzzy\n")


def test_hostile_labels_are_harmless(small: Path) -> None:
    ran = run("search", "hostile", "--facets", cwd=small)

    assert "--topic" in ran.out
    assert UNSAFE.findall(ran.out + ran.err) == []


# The library


def test_the_library_counts_the_same(home: Path) -> None:
    with heatseek.open_index(home / "index") as index:
        results = index.search("climate", facets=["topic", "year"], limit=0)
        counted = results.to_dict()["facets"]

        assert counted == found(home, "climate", "--facet=topic", "--facet=year")["facets"]
        with pytest.raises(
            heatseek.HeatseekError, match="facets topics: no such facet; did you mean topic"
        ):
            index.search("climate", facets=["topics"])
        with pytest.raises(heatseek.HeatseekError, match="facet year: not one of topic, "):
            index.labels("year")


# topics and providers


@pytest.mark.parametrize(("verb", "facet"), [("topics", "topic"), ("providers", "provider")])
def test_all_values_with_counts_dates_and_qualities(verb: str, facet: str, home: Path) -> None:
    with heatseek.open_index(home / "index") as index:
        hits = [*index.search(related=True, limit=1000), *index.search(related=False, limit=1000)]
        summaries = index.labels(facet)
    having: dict[str, list[heatseek.Article]] = {}
    for hit in hits:
        article = hit.article
        names = article.topics if facet == "topic" else [v for v in article.provider if v][:1]
        for name in dict.fromkeys(names):
            having.setdefault(name, []).append(article)

    listed = json.loads(run("heatseek", verb, "--json", cwd=home).out)

    assert {key: listed[key] for key in ("version", "facet", "total")} == {
        "version": 1,
        "facet": facet,
        "total": len(having),
    }
    assert {each["value"] for each in listed["values"]} == set(having)
    assert {each.value for each in summaries} == set(having)
    for each in listed["values"]:
        articles = having[each["value"]]
        newest = max((a.published_at for a in articles if a.published_at), default=None)
        known = [a.quality for a in articles if a.quality is not None]
        assert each["count"] == len(articles)
        assert each["newest"] == (newest and f"{newest:%Y-%m-%dT%H:%M:%SZ}")
        assert each["quality"] == (sum(known) / len(known) if known else None)


def values(home: Path, *args: str) -> list[dict[str, Any]]:
    document = json.loads(run("heatseek", "topics", "--json", *args, cwd=home).out)
    listed: list[dict[str, Any]] = document["values"]
    return listed


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("count", lambda each: (-each["count"], each["value"].casefold())),
        ("name", lambda each: each["value"].casefold()),
        ("quality", lambda each: -(each["quality"] or -1)),
    ],
)
def test_orders(sort: str, key: Any, home: Path) -> None:
    listed = values(home, "--sort", sort)

    assert listed == sorted(listed, key=key)
    assert values(home) == values(home, "--sort", "count")
    dates = [each["newest"] or "" for each in values(home, "--sort", "date")]
    assert dates == sorted(dates, reverse=True)


def test_a_prefix_in_any_case_and_of_several_words(home: Path) -> None:
    for typed in (["MACH"], ["machine", "learn"], ["Mächine  Learning"]):
        assert [each["value"] for each in values(home, *typed)] == ["Machine Learning"]
    assert run("heatseek", "topics", "xyzzy", cwd=home) == Ran(
        1, "", "no topic begins with xyzzy\n"
    )


def test_topics_as_text(small: Path) -> None:
    assert run("heatseek", "topics", cwd=small) == Ran(
        0,
        """\
topic             articles  newest      quality
a b                      1  2020-01-01        –
AI                       1  2023-03-14     56.0
Energy                   1  2024-05-01     10.0
Machine Learning         1  2023-03-14     56.0
Oceans                   1  2021-02-11     92.0
""",
        "",
    )
    assert run("heatseek", "topics", "-n", "1", cwd=small).out.endswith("\n… and 4 more\n")
    assert run("heatseek", "topics", "-n", "0", cwd=small).out == "5 topics\n"
    assert UNSAFE.findall(run("heatseek", "topics", "--json", cwd=small).out) == []


def test_topics_as_tables(small: Path) -> None:
    table = run("heatseek", "topics", "--format", "csv", cwd=small).out

    rows = list(csv.DictReader(io.StringIO(table)))
    assert rows[1] == {
        "value": "AI",
        "count": "1",
        "newest": "2023-03-14T14:42:00Z",
        "quality": "56",
    }
    tabbed = run("heatseek", "topics", "--format", "tsv", cwd=small).out.splitlines()
    assert tabbed[0] == "value\tcount\tnewest\tquality"
    assert len(tabbed) == len(rows) + 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--sort", "heat"], "--sort heat: not one of count, name, date, quality"),
        (
            ["--format", "jsonl"],
            "--format jsonl: not one of text, json, csv, tsv; did you mean json?",
        ),
        (["--json", "--format", "csv"], "--json contradicts --format csv"),
        (
            ["--sort", "cuont"],
            "--sort cuont: not one of count, name, date, quality; did you mean count?",
        ),
        (["-n", "x"], "--limit x: must be a whole number from 0 to 1,000,000"),
    ],
)
def test_wrong_usage_is_one_line(args: list[str], message: str, home: Path) -> None:
    assert run("heatseek", "topics", *args, cwd=home) == Ran(2, "", f"topics: {message}\n")


def test_the_documentation_shows_what_is_printed(home: Path) -> None:
    pages = (ROOT / "docs/facets.md").read_text("utf-8")
    examples = re.findall(r"```console\n\$ (.+)\n((?:.*\n)*?)```", pages)

    assert len(examples) == 2
    for line, shown in examples:
        program, *args = shlex.split(line)
        assert run(program, *args, cwd=home).out == shown
