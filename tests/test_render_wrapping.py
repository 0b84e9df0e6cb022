# ruff: noqa: RUF001 - signs of many scripts are the matter here
from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from heatseek.cli.render.escapes import many_lines, one_line
from heatseek.cli.render.wrapping import clusters, cut, flow, width, wrap
from heatseek.results import Fragment
from render_samples import wild


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("naïve", 5),
        ("nai\u0308ve", 5),
        ("日本", 4),
        ("한국어", 6),
        ("\u1112\u1161\u11ab", 2),
        ("ｆｕｌｌ", 8),
        ("😀", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇩🇪🇫🇷", 4),
        ("❤️", 2),
        ("❤", 1),
        ("a\u200bb", 2),
        ("e" + "\u0301" * 1000, 1),
    ],
)
def test_widths(text: str, columns: int) -> None:
    assert columns == width(text)


def test_widths_are_those_of_rich_for_single_signs() -> None:
    # Of other kinds the tables of different Unicode versions disagree.
    kinds = {"Lu", "Ll", "Nd", "Mn", "Ps", "Pe", "Po", "Sc", "Sm"}
    signs = [chr(code) for code in range(0xA0, 0x20000)]
    compared = [sign for sign in signs if unicodedata.category(sign) in kinds]

    assert [sign for sign in compared if width(sign) != cell_len(sign)] == []


def test_endless_accents_are_cut_off() -> None:
    assert clusters("e" + "\u0301" * 1000) == [("e" + "\u0301" * 15, 1)]


def lines(text: str, columns: int, most: int = 9) -> list[str]:
    rows = wrap((Fragment(text),), columns, lines=most, ellipsis="…")
    return ["".join(part.text for part in row) for row in rows]


def test_lines_break_between_words() -> None:
    assert lines("one two  three\nfour", 9) == ["one two", "three", "four"]


def test_long_words_are_divided() -> None:
    assert lines("a supercalifragilistic b", 8) == ["a", "supercal", "ifragili", "stic b"]


def test_chinese_breaks_anywhere() -> None:
    assert lines("今日は良い天気", 5) == ["今日", "は良", "い天", "気"]


def test_what_is_left_out_is_said() -> None:
    assert lines("one two three four", 9, most=1) == ["one two…"]
    assert lines("one twoand three", 10, most=1) == ["one twoan…"]


def test_marks_survive_breaks() -> None:
    matched = Fragment("machine learning", matched=True)

    rows = wrap((Fragment("of "), matched, Fragment(" now")), 10, lines=3, ellipsis="…")

    assert [
        (Fragment("of "), Fragment("machine", matched=True)),
        (Fragment("learning", matched=True),),
        (Fragment("now"),),
    ] == rows


@given(st.lists(st.builds(Fragment, wild, st.booleans())), st.integers(4, 40), st.integers(1, 4))
def test_lines_never_are_wider_or_more(fragments: list[Fragment], columns: int, most: int) -> None:
    rows = wrap(fragments, columns, lines=most, ellipsis="…")

    assert len(rows) <= most
    assert all(width("".join(part.text for part in row)) <= columns for row in rows)


@given(st.lists(st.text("abc 日", max_size=9)), st.integers(2, 20))
def test_nothing_but_spaces_is_lost(texts: list[str], columns: int) -> None:
    rows = wrap([Fragment(text) for text in texts], columns, lines=10_000, ellipsis="…")

    kept = "".join(part.text for row in rows for part in row)
    assert "".join(texts).replace(" ", "") == kept.replace(" ", "")


def test_parts_flow_without_being_divided() -> None:
    assert flow(["a b", "cc", "d"], 8, " · ") == [["a b", "cc"], ["d"]]
    assert flow([], 8, " · ") == []


def test_cutting_a_line() -> None:
    assert cut("one two three", 9, "…") == "one two…"
    assert cut("", 9, "…") == ""


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("plain – ü 😀", "plain – ü 😀"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]8;;http://evil\x07x", "]8;;http://evilx"),
        ("a\r\nb\tc", "a  b c"),
        ("\x9b2Ja", "2Ja"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("\u2066a\u2069", "a"),
        ("\ud800", "?"),
        ("👩‍👧", "👩‍👧"),
        ("a\u2028b", "a b"),
    ],
)
def test_cleaning_to_one_line(text: str, clean: str) -> None:
    assert clean == one_line(text)


def test_cleaning_can_keep_lines() -> None:
    assert many_lines("a\r\nb\tc\x1b\rd\x00") == "a\nb\tc\nd"


@given(wild)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert one_line(text) == one_line(one_line(text))
    assert many_lines(text) == many_lines(many_lines(text))
