from __future__ import annotations

import re
import shlex
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.cli.render.facets import Facets, render
from heatseek.cli.render.look import ASCII, Look
from heatseek.cli.render.refining import quoted
from heatseek.query.filters import Filters
from heatseek.results import FacetValue
from heatseek.text.tokens import label
from render_samples import wild
from timing import check_time

UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
TOPICS = (FacetValue("Machine Learning", 1234), FacetValue("AI", 7), FacetValue("Zürich", 1))


def rendered(
    counts: dict[str, tuple[FacetValue, ...]],
    most: int | None = None,
    *,
    filters: Filters = Filters(),
    look: Look = Look(),  # noqa: B008 - frozen
) -> str:
    asked = {"topic": frozenset(map(label, filters.topics))}
    return render(counts, Facets(dict.fromkeys(counts, most), filters, asked), look)


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
    assert rendered({"topic": TOPICS}, 1).endswith('"Machine Learning"\n  … and 2 more\n')
    assert rendered({"topic": TOPICS}, 1, look=Look(glyphs=ASCII)).isascii()
    assert "more" not in rendered({"topic": TOPICS}, 3)


def test_values_that_are_asked_for_are_marked() -> None:
    page = rendered({"topic": TOPICS}, filters=Filters(topics=("machine  LEARNING",)))

    assert page.splitlines()[1:4] == [
        "topic (* asked for)",
        '* Machine Learning  1,234  --topic "Machine Learning"',
        "  AI                    7  --where topic=AI",
    ]
    assert "topic (* asked for)\n" in rendered({"topic": TOPICS[1:2]}, filters=Filters(("ai",)))


@pytest.mark.parametrize("other", ["Responsible AI", "AI-Act"])
def test_no_option_where_words_would_find_another_value(other: str) -> None:
    values = (FacetValue("Oceans", 9), FacetValue(other, 5), FacetValue("AI", 2))
    page = rendered({"topic": values}, 3, filters=Filters(topics=("oceans",)))

    *_, longer, shorter = page.splitlines()
    assert longer.endswith(f"5  --where {quoted(f'topic={other}')}")
    assert shorter.endswith(" 2")
    # What is not shown counts, too.
    values = (*values[::2], values[1])
    page = rendered({"topic": values}, 2, filters=Filters(topics=("oceans",)))
    assert "topic=AI" not in page


@pytest.mark.parametrize(
    ("value", "other", "is_offered"),
    [
        ("e-mail", "Email", False),
        ("Email", "e-mail", False),
        ("Running", "The runs", False),
        ("AI/Law", "Law", False),
        ("Machine learning", "Learning machine", True),
        ("機械", "機械学習", False),
        ("機械", "学習機", True),
    ],
)
def test_words_are_compared_as_a_search_does(value: str, other: str, is_offered: bool) -> None:
    values = (FacetValue("Oceans", 9), FacetValue(other, 2), FacetValue(value, 1))
    page = rendered({"topic": values}, filters=Filters(topics=("oceans",)))

    assert page.endswith(f"--where {quoted(f'topic={value}')}\n") == is_offered


def test_thousands_of_topics_are_compared_in_no_time() -> None:
    numbers = range(2_000)
    topics = (FacetValue("Oceans", 9), *(FacetValue(f"Machine learning {n}", 1) for n in numbers))
    filters = Filters(topics=("oceans",))

    page = rendered({"topic": topics}, filters=filters)

    assert page.count("--where") == len(numbers)
    check_time(lambda: rendered({"topic": topics}, filters=filters), 0.5)


@pytest.mark.parametrize("value", ["???", "AI*", "xyz*", "x?z"])
def test_no_option_where_a_value_would_be_no_word(value: str) -> None:
    page = rendered(
        {"topic": (*TOPICS, FacetValue(value, 1))}, filters=Filters(topics=("machine learning",))
    )

    assert page.splitlines()[-1].endswith("  1")


@pytest.mark.parametrize(
    ("after", "before", "option"),
    [
        (None, None, "--after 2023 --before 2024"),
        ("2022-05-01", "2024-05-01", "--after 2023 --before 2024"),
        ("2023-03-02", None, "--after 2023-03-02 --before 2024"),
        (None, "2023-03-14T14:42:00", "--after 2023 --before 2023-03-14T14:42:00"),
    ],
)
def test_years_stay_between_the_dates_of_the_search(
    after: str | None, before: str | None, option: str
) -> None:
    bounds = [datetime.fromisoformat(d).replace(tzinfo=UTC) if d else None for d in (after, before)]
    page = rendered({"year": (FacetValue("2023", 2),)}, filters=Filters((), (), (), (), *bounds))

    assert page == f"\nyear\n  2023  2  {option}\n"


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
