# ruff: noqa: RUF001 - the output has these signs
from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heatseek.article import Provider
from heatseek.cli.render.escapes import ASCII, Style
from heatseek.cli.render.text import render
from heatseek.cli.render.wrapping import width
from heatseek.cli.terminal import MAX_WIDTH, MIN_WIDTH
from heatseek.explanation import FieldScore, WordScore
from heatseek.results import Fragment, Results, Stories
from render_samples import (
    BARE,
    CLIMAX,
    EXPLANATION,
    MENTIONED,
    SNIPPET,
    hit,
    results,
    wild_results,
)

UNSAFE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
OUR_ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[!-~]*\x1b\\")


def test_a_page_at_80_columns() -> None:
    page = results(hit(snippet=SNIPPET), hit(BARE, rank=2), hit(MENTIONED, rank=3), total=34)

    assert (
        render(page, Style(width=80))
        == """\
1  Microsoft Open-Sources Weather Forecasting Deep Learning Model ClimaX
   InfoQ · 2023-03-14 · quality 56 · heat 76
   Machine Learning, AI, Microsoft AI
   Researchers have open-sourced ClimaX, a foundation model for weather and
   *climate* modeling, which can be fine-tuned for prediction tasks of many…

2  Nothing but a title
   bare.md

3  Layoffs Hit Supply Chain
   related to 2023/climax.md and 2 more

1–3 of 34 matches · next: --offset 3
"""
    )


def test_a_match_stands_between_two_stars_wherever_the_passage_is_cut() -> None:
    storm = Fragment("storm", matched=True)
    link = Fragment("storm-of-the-century.html", matched=True)
    for columns in range(MIN_WIDTH, 100):
        for snippet, inside in (
            ((storm, Fragment(" of https://sea.example/a/long/way/to/"), link), 0),
            ((storm, Fragment(" " * 3), link, Fragment(" and"), link, Fragment(" there")), 0),
            ((Fragment("c*d", matched=True), Fragment(" and more words" * 20)), 1),
        ):
            page = render(results(hit(BARE, snippet=snippet)), Style(width=columns))
            assert page.count("*") % 2 == inside, page
            assert "**" not in page


def test_hits_of_one_title_are_told_apart_by_their_paths() -> None:
    twins = [hit(), hit(replace(CLIMAX, id="2024/climax.md"), rank=2), hit(BARE, rank=3)]
    lines = render(results(*twins), Style(width=80)).splitlines()
    assert lines[1].endswith(f" · heat 76 · {CLIMAX.id}")
    assert [line for line in lines if "heat" in line][1].endswith(" · heat 76 · 2024/climax.md")


def test_of_facts_those_that_are_known_are_shown() -> None:
    known = replace(BARE, heat=7, provider=Provider(None, "boats.example"))
    assert render(results(hit(known)), Style()).splitlines()[1] == "   boats.example · heat 7"


@pytest.mark.parametrize(
    ("total", "stories", "shown"),
    [
        (34, Stories(20, 34), "1–3 of 20 stories in 34 matches · next: --offset 3"),
        (3, Stories(3, 3), "3 matches"),
        (4, Stories(3, 4), "3 stories in 4 matches"),
        (
            7105,
            Stories(868, 1000),
            "1–3 of 868 stories in the best 1,000 of 7,105 matches · next: --offset 3",
        ),
    ],
)
def test_pages_of_stories_are_counted_in_stories(total: int, stories: Stories, shown: str) -> None:
    page = replace(
        results(hit(), hit(BARE, rank=2), hit(MENTIONED, rank=3), total=total), stories=stories
    )
    assert render(page, Style(width=80)).splitlines()[-1] == shown


def test_a_page_at_40_columns() -> None:
    assert (
        render(results(hit(replace(CLIMAX, published=False), snippet=SNIPPET)), Style(width=40))
        == """\
1  Microsoft Open-Sources Weather
   Forecasting Deep Learning Model
   ClimaX
   InfoQ · 2023-03-14 · quality 56
   heat 76
   unpublished
   Machine Learning, AI, Microsoft AI
   …model for weather and *climate*
   modeling, which can be fine-tuned fo…

1 match
"""
    )


def test_ranks_are_aligned() -> None:
    lines = render(results(hit(rank=9), hit(rank=10), total=10), Style()).splitlines()

    assert (lines[0][:9], lines[4][:9], lines[5][:9]) == (" 9  Micro", "10  Micro", "    InfoQ")


@pytest.mark.parametrize(
    ("total", "footer"), [(1, "1 match"), (34, "34 matches"), (12345, "12,345 matches")]
)
def test_a_count_without_hits(total: int, footer: str) -> None:
    assert f"{footer}\n" == render(results(total=total), Style())


def test_nothing_is_printed_for_nothing() -> None:
    assert render(results(), Style()) == ""


def test_the_last_page_has_no_next() -> None:
    assert (
        render(results(hit(rank=34), total=34), Style()).splitlines()[-1] == "34–34 of 34 matches"
    )


def test_only_somebody_watching_is_told_the_time() -> None:
    page = results(hit())

    assert tuple(render(page, Style(live=live)).splitlines()[-1] for live in (False, True)) == (
        "1 match",
        "1 match · 3 ms",
    )


def test_an_explanation_is_the_formula_and_the_words() -> None:
    page = render(results(hit(BARE, explanation=EXPLANATION), understood="climate ai"), Style())

    assert page.startswith("searched: climate ai\n\n")
    assert (
        """\
   score 12.685 = text 8.100 × (1 + quality 0.264 + heat 0.302) × recency 1.000
     boost 1.566 of 1 to 2; quality 0.5 × 56/(56+50) = 0.264,
     heat 0.5 × 76/(76+50) = 0.302
     climate^2 5.000 in 209 articles = title 3.200 (1 × weight 2)
     + topics 1.800 (1 × weight 1)
     ai 3.100 in 1 article = excerpt 3.100 (3 × weight 1)
"""
        in page
    )


def test_an_explanation_says_which_words_are_spelt_as_typed() -> None:
    title = (FieldScore("title", 5.0),)
    words = (WordScore("zürich", 5.0, title, True, 7), WordScore("elève", 0.5, (), False))
    page = render(results(hit(explanation=EXPLANATION._replace(words=words))), Style())

    assert (
        "zürich 5.000 in 7 articles = title 5.000 (1 × weight 1); spelt as typed\n"
        "     elève 0.500; with other accents\n" in page
    )


def test_matched_words_are_coloured_where_there_are_colours() -> None:
    page = render(results(hit(snippet=SNIPPET)), Style(color=True))

    assert "\x1b[1;31mclimate\x1b[0m" in page
    assert "*" not in page


def test_titles_carry_no_marks_without_colour() -> None:
    title = (Fragment("Solar", matched=True), Fragment(" wins"))

    assert render(results(hit(title=title)), Style()).startswith("1  Solar wins\n")


def test_titles_are_links_where_there_are_links() -> None:
    page = render(results(hit(rank=1)), Style(links=True))

    assert f"1  \x1b]8;;{CLIMAX.url}\x1b\\{CLIMAX.title}\x1b]8;;\x1b\\\n" in page


@pytest.mark.parametrize(
    "url", [None, "javascript:alert(1)", "file:///etc/passwd", "http", f"http://x/{'a' * 3000}"]
)
def test_other_titles_are_not(url: str | None) -> None:
    assert "\x1b" not in render(results(hit(replace(CLIMAX, url=url))), Style(links=True))


def test_a_url_cannot_end_its_own_escape_sequence() -> None:
    url = "https://x/\x1b\\\x07\x9c ü"

    page = render(results(hit(replace(CLIMAX, url=url))), Style(links=True))

    assert "\x1b]8;;https://x/%1B\\%07%C2%9C%20%C3%BC\x1b\\" in page


def test_plain_ascii_is_enough() -> None:
    page = render(results(hit(BARE, snippet=SNIPPET * 3), total=2), Style(glyphs=ASCII))

    assert page.isascii()
    assert "quality" not in page


def test_wide_signs_take_two_columns() -> None:
    title = "日本語の記事" * 10

    lines = render(results(hit(replace(BARE, title=title))), Style(width=40)).splitlines()

    assert [width(line) for line in lines[:3]] == [39, 39, 40]


@given(
    st.lists(st.sampled_from(["sea", "harbours", "字字字", "x" * 40]), max_size=40).map(" ".join),
    st.sampled_from(["walrus", "W", "海象"]),
    st.integers(MIN_WIDTH, 60),
    st.booleans(),
)
@example(before="sea harbours harbours", match="海象", columns=30, color=False)
@example(before="sea sea sea sea harbours", match="海象", columns=30, color=False)
def test_a_passage_shows_its_match_at_any_width(
    before: str, match: str, columns: int, color: bool
) -> None:
    lead = f"{before} " if before else ""
    snippet = (Fragment(lead), Fragment(match, matched=True), Fragment(" and more" * 9))
    page = render(results(hit(BARE, snippet=snippet)), Style(width=columns, color=color))
    plain = OUR_ESCAPES.sub("", page)
    assert (match if color else f"*{match}*") in plain
    assert all(width(line) <= columns for line in plain.splitlines())


def test_endless_titles_are_cut() -> None:
    lines = render(results(hit(replace(BARE, title="word " * 5000))), Style()).splitlines()

    assert lines[2].endswith("…")
    assert lines[3] == "   bare.md"


@settings(max_examples=50)
@given(wild_results, st.integers(MIN_WIDTH, MAX_WIDTH), st.booleans())
def test_whatever_articles_hold_is_harmless_and_fits(
    page: Results, columns: int, able: bool
) -> None:
    text = render(page, Style(width=columns, color=able, links=able))

    bare = OUR_ESCAPES.sub("", text)
    assert UNSAFE.findall(bare) == []
    if page.total:
        assert max(width(line) for line in bare.split("\n")) <= columns
    text.encode("utf-8")
