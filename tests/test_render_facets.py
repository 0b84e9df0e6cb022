from __future__ import annotations

import re
import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.cli.render.escapes import ASCII, Style
from heatseek.cli.render.facets import quoted, render_facets
from heatseek.results import FacetCounts, FacetValue
from render_samples import counts, wild

UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
TOPICS = (FacetValue("Machine Learning", 1234), FacetValue("AI", 7), FacetValue("Zürich", 1))


def rendered(
    facets: dict[str, tuple[FacetValue, ...]],
    more: int = 0,
    style: Style = Style(),  # noqa: B008 - frozen
) -> str:
    return render_facets(
        {name: counts(*values, more=more) for name, values in facets.items()}, style
    )


def test_values_counts_and_options_are_aligned() -> None:
    assert (
        rendered({"topic": TOPICS, "type": ()})
        == """
topic
  Machine Learning  1,234  --topic "Machine Learning"
  AI                    7  --topic AI
  Zürich                1  --topic Zürich

type: none of the matches has one
"""
    )


def test_what_is_left_out_is_counted() -> None:
    assert rendered({"topic": TOPICS[:1]}, 2).endswith('"Machine Learning"\n  … and 2 more\n')
    assert rendered({"topic": TOPICS[:1]}, 2, Style(glyphs=ASCII)).isascii()
    assert "more" not in rendered({"topic": TOPICS})


def test_values_that_are_asked_for_are_marked() -> None:
    chosen = FacetCounts(TOPICS, 3, frozenset({"Machine Learning"}))
    page = render_facets({"topic": chosen}, Style())

    assert page.splitlines()[1:4] == [
        "topic (* asked for)",
        '* Machine Learning  1,234  --topic "Machine Learning"',
        "  AI                    7  --topic AI",
    ]


def test_years_are_whole() -> None:
    page = rendered({"year": (FacetValue("2023", 2), FacetValue("999", 1))})

    assert page.splitlines()[2:] == [
        "  2023  2  --after 2023 --before 2024",
        "  999   1  --after 0999 --before 1000",
    ]


def test_after_the_last_year_comes_none() -> None:
    assert "--after 9999\n" in rendered({"year": (FacetValue("9999", 1),)})


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ("AI", "AI"),
        ("C++", "C++"),
        ("Machine Learning", '"Machine Learning"'),
        ("O'Reilly", '"O\'Reilly"'),
        ("$HOME `ls`", "'$HOME `ls`'"),
        ("wow!", "'wow!'"),
        ("=ls", '"=ls"'),
        ("~", '"~"'),
    ],
)
def test_options_can_be_pasted_into_a_shell(value: str, word: str) -> None:
    assert quoted(value) == word


@given(wild.filter(bool))
def test_a_shell_reads_what_was_quoted(value: str) -> None:
    assert shlex.split(quoted(value)) == [value]


@given(
    st.lists(st.builds(FacetValue, wild, st.integers(1, 10**7)), min_size=1, max_size=4).map(tuple)
)
def test_whatever_labels_hold_is_harmless(values: tuple[FacetValue, ...]) -> None:
    page = rendered({"topic": values})

    assert UNSAFE.findall(page) == []
    assert page.count("\n") == len(values) + 2
    page.encode("utf-8")
