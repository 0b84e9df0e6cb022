"""Words that prefixes, wildcards and fuzzy words stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heatseek.query.terms import word_test
from heatseek.query.tree import Fuzzy, Prefix, Wildcard
from heatseek.text.edit_distance import is_within
from oracle import edits, has_form
from timing import check_time

WORDS = st.text("abc", max_size=8)


@settings(max_examples=2000)
@given(WORDS, WORDS, st.integers(0, 2))
def test_within_a_distance(one: str, other: str, distance: int) -> None:
    assert (edits(one, other) <= distance) == is_within(one, other, distance)


@settings(max_examples=2000)
@given(WORDS, st.text("abc*?", max_size=8).filter(lambda text: text.strip("*?")))
def test_forms(word: str, shape: str) -> None:
    test = word_test(Wildcard(shape))
    assert test is not None
    assert has_form(word, shape) == test(word)


@pytest.mark.parametrize(
    ("leaf", "word"),
    [
        (Wildcard("É-M?il"), "email"),
        (Wildcard("*Schön*"), "unschone"),
        (Fuzzy("Éclair", 1), "eclar"),
        (Prefix("e-Ma"), "email"),
        (Prefix("foo/Ba"), "bar"),
    ],
)
def test_written_as_the_articles_were(leaf: Prefix | Wildcard | Fuzzy, word: str) -> None:
    test = word_test(leaf)
    assert test is not None
    assert test(word)


@pytest.mark.parametrize("leaf", [Prefix("…"), Wildcard("*"), Wildcard("-?-"), Fuzzy("--", 2)])
def test_nothing_to_search_for(leaf: Prefix | Wildcard | Fuzzy) -> None:
    assert word_test(leaf) is None


def test_many_stars_take_no_time() -> None:
    test = word_test(Wildcard("*a" * 2000 + "b"))
    assert test is not None
    assert not test("a" * 5000)
    check_time(lambda: test("a" * 5000), 0.1)
