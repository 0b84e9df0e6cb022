"""An explanation says what each part of a score was worked out from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.engines.model import Request
from heatseek.explanation import FieldScore
from heatseek.query.parser import parse
from strategies import EPOCH

if TYPE_CHECKING:
    from pathlib import Path

    from contract.conftest import Fill, Make
    from heatseek.explanation import WordScore

ARTICLES = [
    Article("a.md", "otter", body="otter otter otter river", topics=("Otter", "otters")),
    Article("b.md", "river", body="e-mail email the river bank"),
    Article("c.md", "otters", category="news"),
]


@pytest.mark.parametrize("long_lived", [False, True])
def test_how_often_a_word_stands_where_and_what_that_counts(
    make: Make, filled: Fill, tmp_path: Path, long_lived: bool
) -> None:
    engine = make(tmp_path / str(long_lived))
    filled(engine, ARTICLES)
    with engine.open(long_lived=long_lived) as reader:

        def words(text: str, id_: str) -> dict[str, WordScore]:
            page = reader.search(Request(parse(text), EPOCH, explain=True))
            (match,) = (each for each in page.matches if each.article.id == id_)
            return {word.text: word for word in match.explanation.words}

        found = words("otter OR river^3", "a.md")
        assert (found["otter"].articles, found["otter"].weight) == (2, 1)
        assert times(found["otter"]) == {"title": (1, 2), "body": (3, 0.5), "topics": (2, 1)}
        assert (found["river"].articles, found["river"].weight) == (2, 3)
        assert times(found["river"]) == {"body": (1, 0.5)}
        assert times(words('e-mail OR "river bank"', "b.md")["e-mail"]) == {"body": (2, 0.5)}
        assert times(words('"river bank"', "b.md")['"river bank"']) == {"body": (1, 0.5)}
        assert times(words("ott*", "a.md")["ott*"])["body"] == (1, 0.5)
        assert times(words("category:news", "c.md")["news"]) == {"category": (1, 1)}


def test_a_word_has_as_many_articles_as_a_search_finds(
    make: Make, filled: Fill, tmp_path: Path
) -> None:
    """Two articles have one link, so a search shows one of them."""
    urls = ["https://example.com/a", "https://example.com/a", "https://example.com/b"]
    engine = make(tmp_path)
    filled(engine, [Article(f"{n}.md", "Otters", url=url) for n, url in enumerate(urls)])
    with engine.open() as reader:
        for explain in (False, True):
            page = reader.search(Request(parse("otters"), EPOCH, explain=explain))
    assert page.total == 2
    explanations = [match.explanation for match in page.matches]
    assert [each.words[0].articles for each in explanations if each] == [2, 2]


def times(word: WordScore) -> dict[str, tuple[int, float]]:
    assert all(isinstance(each, FieldScore) for each in word.fields)
    return {field.name: (field.times, field.weight) for field in word.fields}
