"""Which words of a query are asked for, and whether all of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import heatseek
from heatseek.query.parser import parse
from heatseek.query.rewriting import content_words, lowered
from heatseek.text.languages import Analyzer
from query_examples import written

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = [
    # typed, strictly, as many words are taken
    ("the who", "words(the, who)", "words(the, who)"),
    ("the solar farm", "words(solar, farm)", "words(solar, farm)"),
    ("azure sql database", "words(azure, sql, database)", "words(azure, sql, database)"),
    ("a farm in the sun", "words(farm, sun)", "any(farm, sun)"),
    (
        "azure sql database tool",
        "words(azure, sql, database, tool)",
        "any(azure, sql, database, tool)",
    ),
    # Requests are dropped from sentences, not from keywords.
    ("find articles on the sun", "sun", "sun"),
    (
        "pentagon papers leak court",
        "words(pentagon, papers, leak, court)",
        "any(pentagon, papers, leak, court)",
    ),
    ("papers please", "words(papers, please)", "words(papers, please)"),
    ("find the papers of articles", "words(find, papers, articles)", "any(find, papers, articles)"),
    # What was asked for explicitly stays.
    (
        'the "state of the art" in sun',
        'words("state of the art", sun)',
        'any("state of the art", sun)',
    ),
    ("+z b c d e -the", "all(z, words(b, c, d, e), not(the))", "all(z, any(b, c, d, e), not(the))"),
    ("a AND the", "all(a, the)", "all(a, the)"),
    ("w x y z OR sun", "any(words(w, x, y, z), sun)", "any(w, x, y, z, sun)"),
    ("title:the w x y z", "words(title:the, w, x, y, z)", "any(title:the, w, x, y, z)"),
]


@pytest.mark.parametrize(("text", "strict", "relaxed"), CASES)
def test_content_words(text: str, strict: str, relaxed: str) -> None:
    query = parse(text)

    assert strict == written(content_words(query, Analyzer(), any_of_many=False))
    assert relaxed == written(content_words(query, Analyzer(), any_of_many=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EFFECTS OF RAIN AND SUN ON THE TEA", "effects of rain and sun on the tea"),
        ("EFFECTS OF RAIN AND SUN on THE TEA", "EFFECTS OF RAIN AND SUN on THE TEA"),
        ("NASA AND ESA NOT IBM OR AWS", "NASA AND ESA NOT IBM OR AWS"),
        ("IT AND HR", "IT AND HR"),
        ("CLIMATE AND AI", "CLIMATE AND AI"),
        ("WINTER DOES NOT SLEEP", "winter does not sleep"),
        ("SLEEP, OR NOT TO SLEEP?", "sleep, or not to sleep?"),
        ("NOT A RIVER", "not a river"),
        ('"OF MICE" AND OTTERS', '"OF MICE" AND OTTERS'),
        ("(THE WHO OR ABBA) NOT LIVE", "(THE WHO OR ABBA) NOT LIVE"),
        ("OF MICE AND (RIVER OTTERS)", "OF MICE AND (RIVER OTTERS)"),
        ("THE DEN (HOLT) OF OTTERS AND MINKS", "the den (holt) of otters and minks"),
        ("TEA (OF MICE) AND RAIN OR SUN", "TEA (OF MICE) AND RAIN OR SUN"),
        ("", ""),
        ("1984", "1984"),
    ],
)
def test_questions_all_in_capitals(text: str, expected: str) -> None:
    assert expected == lowered(text, Analyzer())


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[heatseek.Index]:
    """Articles with ever more of the same words; the newest has the fewest."""
    folder: Path = tmp_path_factory.mktemp("archive")
    words = ("otter", "river", "winter", "sleep")
    for count in range(1, 5):
        text = f"title: {' '.join(words[:count])}\npublishedDateTime: 202{5 - count}-01-01"
        (folder / f"{count}.md").write_text(f"---\n{text}\n---\n", "utf-8")
    heatseek.rebuild(folder, folder / "index")
    with heatseek.open_index(folder / "index") as opened:
        yield opened


def found(index: heatseek.Index, query: str, **options: str) -> list[str]:
    return [hit.article.id for hit in index.search(query, **options)]


def test_up_to_three_words_are_all_wanted_first(index: heatseek.Index) -> None:
    assert sorted(found(index, "otter river winter")[:2]) == ["3.md", "4.md"]


def test_of_more_any_will_do_the_best_first_and_it_is_said(index: heatseek.Index) -> None:
    results = index.search("otter river winter sleep")

    assert [hit.article.id for hit in results] == ["4.md", "3.md", "2.md", "1.md"]
    assert results.notices == (
        "more than 3 words: articles with some of them match too (AND asks for all)",
    )


def test_beside_the_total_it_is_said_how_many_have_all_words(index: heatseek.Index) -> None:
    assert index.search("otter river winter sleep").with_all == 1
    assert index.search("the otter river", matching="any").with_all == 3
    assert index.search("otter river winter", matching="any", published=False).with_all is None
    assert index.search("otter river dragon").with_all == 0
    assert index.search("otter river winter dragon").with_all == 0
    asked = index.search("otter river sleep winter", after="2022-01-01")
    assert (asked.total, asked.with_all) == (3, 0)
    for alone in ("otter", "otter river", "otter AND river AND winter AND sleep", "dragon"):
        assert index.search(alone).with_all is None, alone


def test_all_can_be_asked_for(index: heatseek.Index) -> None:
    assert found(index, "otter river winter sleep", matching="all") == ["4.md"]
    assert found(index, "otter AND river AND winter AND sleep") == ["4.md"]


def test_sorted_by_date_all_words_come_first_at_any_length(index: heatseek.Index) -> None:
    assert found(index, "otter river winter sleep", sort="date") == ["4.md"]
    assert len(found(index, "otter river winter sleep dragon", sort="date")) == 4


def test_a_title_in_capitals_has_no_operators(index: heatseek.Index) -> None:
    assert found(index, "WINTER DOES NOT SLEEP")[0] == "4.md"
    assert found(index, "THE OTTER IS NOT A RIVER")[0] == "2.md"


def test_a_question_in_capitals_has_no_operators(index: heatseek.Index) -> None:
    assert len(found(index, "WHERE IS THE OTTER AND NOT THE RIVER IN WINTER")) == 4
