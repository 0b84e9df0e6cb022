"""An article whose title has all words of a query counts by how much of the title they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.engines.model import Request
from heatseek.explanation import ALL_IN_TITLE
from heatseek.query.parser import parse
from heatseek.query.rewriting import require
from heatseek.ranking import Boosts
from strategies import EPOCH

if TYPE_CHECKING:
    from pathlib import Path

    from contract.conftest import Fill, Make
    from heatseek.engines.base import Reader
    from heatseek.engines.model import Match

LOG = "The ferry lock opens at noon; the lock of the ferry is new. " * 9
ARTICLES = [
    *(Article(f"log{number}.md", f"Log {number}", body=LOG) for number in range(4)),
    Article("lock.md", "Ferry Lock", body="Where it stands."),
    Article("guide.md", "A guide to the lock of a ferry", body="Where it stands."),
    Article("canals.md", "The canal"),
    Article("walks.md", "Canal walks"),
    Article("locks.md", "Notes", aliases=("Locks", "Rivers and canals of the north")),
]


@pytest.fixture(params=[False, True])
def reader(make: Make, filled: Fill, tmp_path: Path, request: pytest.FixtureRequest) -> Reader:
    engine = make(tmp_path / "index")
    filled(engine, ARTICLES)
    with engine.open(long_lived=request.param) as opened:
        yield opened


def found(reader: Reader, text: str, title: float = 1.0) -> dict[str, Match]:
    asked = Request(require(parse(text)), EPOCH, boosts=Boosts(title=title), explain=True)
    return {match.article.id: match for match in reader.search(asked).matches}


def share(match: Match) -> float:
    """The score, in terms of that of its words."""
    words = [word.score for word in match.explanation.words if word.text != ALL_IN_TITLE]
    return match.score / sum(words)


@pytest.mark.parametrize("text", ["ferry lock", "LOCK, ferry", '"ferry lock"', "lock OR ferry"])
def test_a_title_of_these_words_comes_first(reader: Reader, text: str) -> None:
    assert next(iter(found(reader, text))) == "lock.md"
    assert next(iter(found(reader, text, title=0.0))).startswith("log")


def test_the_more_of_the_title_the_more_it_counts(reader: Reader) -> None:
    hits = found(reader, "ferry lock", title=0.6)
    assert share(hits["lock.md"]) == pytest.approx(1.6)
    assert share(hits["guide.md"]) == pytest.approx(1 + 0.6 * 2 / 3)
    assert share(hits["log0.md"]) == pytest.approx(1)


def test_one_word_counts_where_it_is_the_whole_title(reader: Reader) -> None:
    hits = found(reader, "canals")
    assert share(hits["canals.md"]) == pytest.approx(2)
    assert share(hits["walks.md"]) == share(hits["locks.md"]) == pytest.approx(1)


def test_a_word_in_two_forms_is_one_word(reader: Reader) -> None:
    hits = found(reader, "canal OR canals")
    assert share(hits["canals.md"]) == pytest.approx(2)
    assert share(hits["walks.md"]) == pytest.approx(1)


@pytest.mark.parametrize("text", ["body:ferry lock", "ferr* lock", "category:news OR lock"])
def test_patterns_and_words_of_one_field_are_no_title(reader: Reader, text: str) -> None:
    hits = found(reader, text)
    assert hits
    assert [share(match) for match in hits.values()] == pytest.approx([1] * len(hits))


def test_an_explanation_names_it(reader: Reader) -> None:
    (*others, last) = found(reader, "ferry lock")["guide.md"].explanation.words
    assert last.text == ALL_IN_TITLE
    assert last.score == pytest.approx(2 / 3 * sum(word.score for word in others))
    (*_, last) = found(reader, "ferry lock")["log0.md"].explanation.words
    assert last.text == "lock"
