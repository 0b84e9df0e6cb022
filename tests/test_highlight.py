"""Marked words and passages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.highlight import ELLIPSIS, Highlighter
from heatseek.query.language import parse
from strategies import queries, texts


def shown(query: str, text: str, field: str = "excerpt") -> str:
    fragments = Highlighter(parse(query)).whole(field, text)
    return "".join(f"[{f.text}]" if f.matched else f.text for f in fragments)


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("climate", "The Climate's climates.", "The [Climate's] [climates]."),
        ("forecasting", "They forecast it", "They [forecast] it"),
        ('"machine learning"', "machine learning, a machine", "[machine learning], a machine"),
        ("e-mail", "Email and e-mail", "[Email] and [e-mail]"),
        ("email", "an e-mail", "an [e-mail]"),
        ("fore*", "before the forecast", "before the [forecast]"),
        ("C++", "C and C++", "C and [C++]"),
        ("学習", "機械学習", "機械[学習]"),
        ("title:sea sun", "sea and sun", "sea and [sun]"),
        ("sun -rain", "sun and rain", "[sun] and rain"),
        ("sun OR (rain AND wind)", "rain wind sun", "[rain] [wind] [sun]"),
        ("zurich", "In Zürich!", "In [Zürich]!"),
        ("nothing", "", ""),
    ],
)
def test_marks(query: str, text: str, expected: str) -> None:
    assert shown(query, text) == expected


def test_a_passage_shows_the_place_with_most_of_the_query() -> None:
    text = "sun " + "word " * 100 + "the sun and the wind meet " + "word " * 100
    fragments = Highlighter(parse("sun wind")).passage("body", text, 80)
    assert [f.text for f in fragments if f.matched] == ["sun", "wind"]
    assert (fragments[0].text, fragments[-1].text) == (ELLIPSIS, ELLIPSIS)


def test_a_short_text_is_shown_whole() -> None:
    assert shown("x", "all of it") == "all of it"


@given(query=queries, text=texts, length=st.integers(1, 40))
def test_a_passage_is_a_stretch_of_the_text(query: object, text: str, length: int) -> None:
    highlighter = Highlighter(query)  # type: ignore[arg-type]
    assert "".join(f.text for f in highlighter.whole("title", text)) == text
    passage = "".join(f.text for f in highlighter.passage("title", text, length))
    assert passage.strip(ELLIPSIS) in text
