from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from cli_runs import Ran, make_archive, run

DOCS = (Path(__file__).parent.parent / "docs/eval.md").read_text("utf-8")
QUERIES = """\
{"_id": "w", "text": "weather"}
{"_id": "c", "text": "climate"}
{"_id": "r", "text": "layoffs"}
{"_id": "long", "text": "which loudspeakers sing of the ocean beside a balcony"}
"""
QRELS = """\
query-id\tcorpus-id\tscore
w\tclimax.md\t1
c\tsub/solar\t1
r\thttps://crn.com/layoffs\t1
long\treef\t1
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working directory with an archive and judged queries; no index yet."""
    make_archive(tmp_path)
    (tmp_path / "queries.jsonl").write_text(QUERIES, "utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, "utf-8")
    return tmp_path


def evaluate(home: Path, *args: str) -> Ran:
    files = ("--queries", "queries.jsonl", "--qrels", "qrels.tsv")
    return run("heatseek", "eval", *files, *args, cwd=home)


def document(home: Path, *args: str) -> Any:
    return json.loads(evaluate(home, "--json", *args).out)


def rank(home: Path, identity: str, *query: str) -> int:
    hits = json.loads(run("search", *query, "--json", cwd=home).out)["hits"]
    return next(hit["rank"] for hit in hits if hit["id"] == identity)


def test_text(home: Path) -> None:
    assert run("heatseek", "rebuild", cwd=home).code == 0

    ran = evaluate(home, "--boost", "quality=0,heat=0")

    assert ran.code == 0
    assert re.fullmatch(
        r"4 queries under quality=0,heat=0,recency=0\n\n"
        r"nDCG@10     0\.\d{4}\nMRR@10      0\.\d{4}\nP@10        0\.1000\nRecall@100  1\.0000\n",
        ran.out,
    )
    assert ran.err == ""


def test_the_index_is_built_first_as_by_search(home: Path) -> None:
    assert evaluate(home).err.startswith("no index in index yet: building it from seeds\n")


def test_figures_are_those_of_search(home: Path) -> None:
    place = rank(home, "sub/solar.md", "climate")
    queries = {query["id"]: query for query in document(home)["per_query"]}

    assert place > 1
    assert queries["c"]["measures"] == pytest.approx(
        {
            "ndcg@10": 1 / math.log2(place + 1),
            "mrr@10": 1 / place,
            "p@10": 0.1,
            "recall@100": 1.0,
        }
    )
    assert queries["c"]["total"] == 4
    assert queries["w"]["measures"]["mrr@10"] == 1.0
    assert queries["r"]["measures"]["mrr@10"] == 1.0


def test_long_questions_take_the_path_of_search_too(home: Path) -> None:
    found = document(home)["per_query"][-1]

    asked = run("search", found["text"], "--json", cwd=home)
    assert json.loads(asked.out)["total"] == found["total"] == 2
    assert found["measures"]["mrr@10"] == 1.0


def test_comparison(home: Path) -> None:
    found = document(home, "--compare", "quality=0,heat=0", "--compare", "recency=1")

    first, second = found["comparisons"]
    assert first["setting"] == found["setting"] | {"quality": 0.0, "heat": 0.0}
    assert second["setting"] == found["setting"] | {"recency": 1.0}
    gain = 1 / rank(home, "sub/solar.md", "climate", "--boost", "recency=1")
    assert second["per_query"][1]["measures"]["mrr@10"] == gain
    # The newest article comes first: right for one query, wrong for another.
    assert (second["gained"], second["lost"]) == (1, 1)
    assert [move["id"] for move in second["best_moved"]] == ["c"]
    assert second["best_moved"][0]["before"] < second["best_moved"][0]["after"]
    assert [move["id"] for move in second["worst_moved"]] == ["long"]
    assert second["tests"]["ndcg@10"]["p"] == 1.0


def test_presets(home: Path) -> None:
    found = document(home, "--rank", "fresh", "--compare", "relevance")

    assert found["setting"]["recency"] > 0
    assert found["comparisons"][0]["setting"] == document(home, "--rank", "relevance")["setting"]


def test_comparison_as_text(home: Path) -> None:
    out = evaluate(home, "--compare", "recency=1", "--half-life", "2w").out

    lines = out.partition("\n\nfrom ")[2].splitlines()
    assert lines[0] == (
        "quality=0.5,heat=0.5,recency=0 to quality=0.5,heat=0.5,recency=1 half-life=14d"
    )
    assert lines[2] == "            before   after   change       p"
    assert re.fullmatch(r"nDCG@10     0\.\d{4}  \d\.\d{4}  \+0\.\d{4}  1\.0000", lines[3])
    assert lines[8:10] == ["nDCG@10 higher for 1 query, lower for 1", "gained most:"]
    assert re.fullmatch(r"  0\.\d{4} to 1\.0000  c  climate", lines[10])
    assert lines[11] == "lost most:"
    assert re.fullmatch(r"  1\.0000 to 0\.\d{4}  long  which loudspeakers sing of .*", lines[12])


def test_per_query_as_text(home: Path) -> None:
    lines = evaluate(home, "--per-query").out.splitlines()

    assert "nDCG@10  MRR@10    P@10  Recall@100  query" in lines
    assert " 1.0000  1.0000  0.1000      1.0000  w  weather" in lines


def test_figures_are_whole_on_a_narrow_terminal(home: Path) -> None:
    files = ("--queries", "queries.jsonl", "--qrels", "qrels.tsv")
    args = ("--per-query", "--compare", "recency=1")
    out = run("heatseek", "eval", *files, *args, cwd=home, COLUMNS="40").out

    assert out.count("1.0000") >= 8
    assert "\N{HORIZONTAL ELLIPSIS}" not in out


def test_floors(home: Path) -> None:
    assert evaluate(home, "--fail-under", "recall@100=1").code == 0

    ran = evaluate(home, "--fail-under", "P@10=0.2", "--fail-under", "ndcg@10=0.1")

    assert ran.code == 1
    assert ran.out != ""
    assert ran.err == "P@10 is 0.1000, below 0.2\n"


def test_a_query_that_cannot_be_asked_counts_and_is_named(home: Path) -> None:
    with (home / "queries.jsonl").open("a") as file:
        file.write('{"_id": "bad", "text": "?!"}\n')
    with (home / "qrels.tsv").open("a") as file:
        file.write("bad\tclimax\t1\n")

    ran = evaluate(home, "--json")

    found = json.loads(ran.out)
    assert ran.code == 0
    assert found["measures"]["recall@100"] == 0.8
    assert found["per_query"][-1]["error"].startswith("nothing to search for")
    assert found["notices"][0].startswith("query bad counts as finding nothing: ")
    assert found["notices"][0] in ran.err


def test_judged_articles_that_are_missing_are_told(home: Path) -> None:
    assert run("heatseek", "rebuild", cwd=home).code == 0
    with (home / "qrels.tsv").open("a") as file:
        file.write("c\tgone.md\t1\n")

    one = evaluate(home, "--json")
    with (home / "qrels.tsv").open("a") as file:
        file.write("w\thttps://gone.example\t0\n")
    more = evaluate(home)

    said = "1 of 5 judged articles is not in the index: gone.md"
    assert (one.code, one.err) == (0, f"{said}\n")
    assert json.loads(one.out)["notices"] == [said]
    assert more.err.startswith("2 of 6 judged articles are not in the index, such as ")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--fail-under", "map=0.5"], "--fail-under map=0.5: no measure map; there are ndcg@10,"),
        (["--fail-under", "p@10"], "--fail-under p@10: needs a number from 0 to 1, as in p@10="),
        (["--fail-under", "p@10=68"], "--fail-under p@10=68: needs a number from 0 to 1"),
        (["--compare", "qualty=1"], "--compare qualty=1: no weight qualty; did you mean quality?"),
        (
            ["--compare", "nope=1"],
            "--compare nope=1: no weight nope; there are quality, heat, recency, title, rank,"
            " meaning, matching",
        ),
        (["--compare", "blanced"], "--compare blanced: no preset or weight blanced; did you mean"),
        (["--compare", ""], "--compare '': needs a preset or a weight, as in quality=1"),
        (["--compare", "matching=foo"], "--compare matching=foo: not one of words, any, all"),
        (["--compare", "rank=foo,heat=1"], "--compare rank=foo: not one of relevance,"),
        (["--compare", ","], "--compare: needs a weight, as in quality=1"),
        (["--format", "csv"], "--format csv: not one of text, json"),
        (["--format", "text", "--json"], "--json contradicts --format text"),
        (["--queries", "nowhere"], "nowhere: cannot be read: no such file or directory"),
        (["--qrels", "queries.jsonl"], 'queries.jsonl:1: "weather"} is no whole number to grade'),
    ],
)
def test_mistakes_are_one_line(home: Path, args: list[str], said: str) -> None:
    ran = evaluate(home, *args)

    assert ran.code == 2
    assert ran.err.startswith(f"eval: {said}")
    assert ran.err.count("\n") == 1
    assert ran.out == ""


def test_both_files_are_needed(home: Path) -> None:
    ran = run("heatseek", "eval", "--queries", "queries.jsonl", cwd=home)

    assert ran == Ran(2, "", "eval: needs both --queries FILE and --qrels FILE\n")


def test_an_index_of_another_archive_is_refused(home: Path) -> None:
    assert run("heatseek", "rebuild", cwd=home).code == 0
    (home / "other").mkdir()

    ran = evaluate(home, "--archive", "other", "--index", "index")

    assert ran.code == 3
    assert ran.err.startswith("eval: the index was built from seeds, not other: ")


def test_without_ir_measures(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)

    assert evaluate(home) == Ran(
        2, "", "eval: measuring needs the package ir-measures: pip install 'heatseek[eval]'\n"
    )


def test_texts_from_files_cannot_command_the_terminal(home: Path) -> None:
    (home / "queries.jsonl").write_text('{"_id": "w", "text": "weather\\u001b[31m\\u202e"}\n')

    for args in (["--per-query"], ["--json"]):
        ran = evaluate(home, *args)
        assert ran.code == 0
        assert not re.search("[\x1b\u202e]", ran.out + ran.err)
