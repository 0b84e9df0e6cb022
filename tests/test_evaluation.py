"""Judged queries: the files, the measures, the test between two settings."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.errors import QueryError, UsageError
from heatseek.evaluation.comparison import PATTERNS, compare, coverage, evaluate, p_value
from heatseek.evaluation.judgments import JudgedQuery, load, read_qrels, read_queries
from heatseek.evaluation.runs import QueryFigures, Run, measure, ranked_names, run
from heatseek.ranking import Boosts
from heatseek.results import Hit, Results

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def hit(article_id: str, url: str | None = None) -> Hit:
    return Hit(1, Article(id=article_id, title="t", url=url), 1.0, (), ())


def results(*ids: str) -> Results:
    return Results("", len(ids), 0.0, tuple(map(hit, ids)))


def run_of(*values: float) -> Run:
    return Run(
        tuple(
            QueryFigures(
                JudgedQuery(f"q{at}", f"text {at}", {"a": 1}),
                {"ndcg@10": value, "mrr@10": value, "p@10": value, "recall@100": value},
                total=1,
            )
            for at, value in enumerate(values)
        )
    )


class Shelf:
    """Of a reader only what goes through all articles, counted."""

    def __init__(self, *articles: Article) -> None:
        self._articles = articles
        self.seen = 0

    def articles(self) -> Iterator[Article]:
        for article in self._articles:
            self.seen += 1
            yield article


# The files.


def test_queries_as_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text('\ufeff{"_id": "q1", "text": "one"}\n\n{"id": 2, "text": "two"}\r\n', "utf-8")

    assert read_queries(file) == {"q1": "one", "2": "two"}


def test_queries_as_a_table(tmp_path: Path) -> None:
    file = tmp_path / "queries.tsv"
    file.write_text("qid\ttext\nq1\tone\tand more\nq 2\ttwo\n", "utf-8")

    assert read_queries(file) == {"q1": "one\tand more", "q 2": "two"}


def test_judgments_in_all_forms(tmp_path: Path) -> None:
    file = tmp_path / "qrels"
    file.write_text(
        "query-id\tcorpus-id\tscore\n"
        "q1\twith space.md\t2\nq1 0 b.md 0\nq2 c.md -1\nq2\t0\td\t1.0\n",
        "utf-8",
    )

    assert read_qrels(file) == {"q1": {"with space.md": 2, "b.md": 0}, "q2": {"c.md": -1, "d": 1}}


@pytest.mark.parametrize(
    ("read", "text", "reason"),
    [
        (read_queries, '{"_id": "1", "text": "a"}\n{"_id"', "2: is not JSON"),
        (read_queries, '{"text": "a"}', '1: has no "_id"'),
        (read_queries, '{"_id": true, "text": "a"}', '1: has no "_id"'),
        (read_queries, '{"_id": "1", "text": null}', '1: has no "text"'),
        (read_queries, "q1 one", "1: needs a query id, a tab and the text, or JSON"),
        (read_queries, "q1\tone\nq1\ttwo", "2: query q1 stands here a second time"),
        (read_queries, "q1\tone\nq2\t\udcff", "2: is not UTF-8"),
        (read_qrels, "q1\ta", "1: needs query id, article and grade (or TREC's four columns)"),
        (read_qrels, "q1\ta\t\t1", "1: needs query id, article and grade (or TREC's four columns)"),
        (read_qrels, "q1 a good", "1: good is no whole number to grade with"),
        (read_qrels, "q1 a 0.5", "1: 0.5 is no whole number to grade with"),
        (read_qrels, "q1 a 1\nq1 a 1\nq1 a 0", "3: another judgment of a for q1"),
    ],
)
def test_a_bad_line_is_named(
    read: Callable[[Path], object], text: str, reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text(text, "utf-8", "surrogateescape")

    with pytest.raises(UsageError) as caught:
        read(file)
    assert str(caught.value) == f"{file}:{reason}"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere: cannot be read: no such file"):
        read_qrels(tmp_path / "nowhere")
    with pytest.raises(UsageError, match=r": cannot be read: is a directory$"):
        read_queries(tmp_path)


def test_what_has_no_counterpart_is_counted(tmp_path: Path) -> None:
    queries, qrels = tmp_path / "queries", tmp_path / "qrels"
    queries.write_text("q1\tone\nq2\ttwo\nq3\tthree\n", "utf-8")
    qrels.write_text("q1 a 1\nq2 a 0\nq9 a 1\n", "utf-8")

    judged = load(queries, qrels)

    assert judged.queries == (JudgedQuery("q1", "one", {"a": 1}),)
    assert judged.notices == (
        "2 queries have no relevant article and are left out",
        "1 judged query has no text and is left out",
    )


def test_nothing_to_measure(tmp_path: Path) -> None:
    (tmp_path / "queries").write_text("q1\tone\n")
    (tmp_path / "qrels").write_text("q1 a 0\n")

    with pytest.raises(UsageError, match=r"no query of .* has a relevant article in "):
        load(tmp_path / "queries", tmp_path / "qrels")


# The measures.


def test_measures_by_hand() -> None:
    judged = {"q1": {"x": 1, "y": 2, "z": -1}, "q2": {"v": 1, "w": 1}, "q3": {"x": 1}}
    found = {"q1": ["z", "x", "y"], "q2": [f"d{n}" for n in range(10)] + ["w"], "q3": []}

    values = measure(judged, found)

    gained = 1 / math.log2(3) + 2 / math.log2(4)
    ideal = 2 / math.log2(2) + 1 / math.log2(3)
    assert values == {
        "q1": pytest.approx(
            {"ndcg@10": gained / ideal, "mrr@10": 1 / 2, "p@10": 2 / 10, "recall@100": 1.0}
        ),
        # Found at the eleventh place: that counts for recall only.
        "q2": {"ndcg@10": 0.0, "mrr@10": 0.0, "p@10": 0.0, "recall@100": 0.5},
        "q3": {"ndcg@10": 0.0, "mrr@10": 0.0, "p@10": 0.0, "recall@100": 0.0},
    }


def test_recall_ends_at_a_hundred() -> None:
    places = [f"d{n}" for n in range(101)]

    assert measure({"q": {"d99": 1, "d100": 1}}, {"q": places})["q"]["recall@100"] == 0.5


def test_articles_are_known_by_path_stem_and_link() -> None:
    hits = [hit("a/b.md", "https://x.example/1"), hit("c.d.md"), hit("e.md", "https://x.example/2")]
    grades = {"a/b.md": 1, "https://x.example/1": 1, "c.d": 0, "https://x.example/2": 1}

    assert ranked_names(hits, grades) == ["a/b.md", "c.d", "https://x.example/2"]


def test_two_files_of_one_name_count_once() -> None:
    assert ranked_names([hit("a.md"), hit("a.txt")], {"a": 1}) == ["a", "a.txt"]


def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)

    with pytest.raises(UsageError, match=r"pip install 'heatseek\[eval\]'"):
        measure({"q": {"a": 1}}, {"q": ["a"]})


# Runs.


def test_means_count_every_query_alike() -> None:
    queries = [JudgedQuery("1", "found", {"a": 1}), JudgedQuery("2", "missed", {"a": 1})]

    measured = run(queries, lambda text: results("a.md") if text == "found" else results("b.md"))

    assert measured.means == {"ndcg@10": 0.5, "mrr@10": 0.5, "p@10": 0.05, "recall@100": 0.5}


def test_queries_that_cannot_be_searched_find_nothing_and_are_named() -> None:
    def search(text: str) -> Results:
        if text == "good":
            return results("a.md")
        raise QueryError("no word")

    queries = [JudgedQuery("g", "good", {"a": 1})]
    queries += [JudgedQuery(f"b{n}", "", {"a": 1}) for n in range(7)]

    report = evaluate(queries, lambda _: search, Boosts())

    assert report.run.means["ndcg@10"] == 1 / 8
    assert report.run.queries[1].error == "no word"
    assert report.notices[0] == "query b0 counts as finding nothing: no word"
    assert report.notices[5:] == ("... and 2 more queries",)


def test_strange_ids_are_suspected() -> None:
    report = evaluate(
        [JudgedQuery("q", "x", {"17": 1})], lambda _: lambda _: results("a"), Boosts()
    )

    assert report.notices[0].startswith("no judged article was found by any query")


# Comparisons.


def test_p_of_few_differences_is_exact() -> None:
    # Of the 8 sign patterns of 1, 2, 3 the sums 6 and -6 are as far from 0.
    assert p_value([1, 2, 0, 3]) == 2 / 8
    # Sums of 1, 1, -1: only 3 and -3 are farther than 1 and -1.
    assert p_value([1, 1, -1]) == 1.0
    assert p_value([0, 0]) == 1.0
    assert p_value([]) == 1.0


def test_p_of_many_differences() -> None:
    clear = p_value([0.1] * 40)
    by_chance = p_value([0.1, -0.1] * 20 + [0.1])

    assert clear == 1 / (PATTERNS + 1)
    assert by_chance == 1.0
    # By the t-test 0.045; it repeats to the last digit.
    mixed = [0.1 * n for n in range(-6, 14)]
    assert 0.01 < p_value(mixed) < 0.1
    assert p_value(mixed) == p_value(mixed)
    assert p_value(mixed) == p_value([-difference for difference in mixed])


def test_most_moved_queries() -> None:
    before = run_of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5)
    after = run_of(0.5, 0.6, 0.9, 0.1, 0.4, 0.7, 0.8, 1.0)

    found = compare(before, after)

    assert [move.query.id for move in found.best] == ["q7", "q2", "q6", "q5", "q1"]
    assert [move.query.id for move in found.worst] == ["q3", "q4"]
    assert (found.gained, found.lost) == (5, 2)
    change = found.changes["ndcg@10"]
    assert change.difference == pytest.approx(1.0 / 8)
    assert 0 < change.p < 1


def test_the_same_twice_is_no_change() -> None:
    found = compare(run_of(0.5, 0.7), run_of(0.5, 0.7))

    assert (found.best, found.worst, found.gained, found.lost) == ((), (), 0, 0)
    assert {change.p for change in found.changes.values()} == {1.0}


# What an index lacks.


@pytest.mark.parametrize(
    ("judged", "seen", "said"),
    [
        ({"one.md": 1, "two": 0}, 2, []),
        ({"https://x.org/": 1, "one": 1}, 3, []),
        (
            {"z.md": 1, "two": 1, "a.md": 0},
            4,
            ["2 of 3 judged articles are not in the index, such as z.md"],
        ),
    ],
)
def test_one_look_at_the_articles_tells_which_are_missing(
    judged: dict[str, int], seen: int, said: list[str]
) -> None:
    shelf = Shelf(
        Article(id="one.md", title="t"),
        Article(id="two.md", title="t"),
        Article(id="three.md", title="t", url="https://x.org/"),
        Article(id="four.md", title="t"),
    )
    assert list(coverage([JudgedQuery("q", "text", judged)], shelf.articles())) == said
    assert shelf.seen == seen
