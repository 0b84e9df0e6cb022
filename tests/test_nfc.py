"""Composed form: the library's to the last character, but in linear time."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.text.nfc import nfc
from timing import check_time

MARKS = [chr(code) for code in range(0x110000) if unicodedata.combining(chr(code))]
ODD_MARKS = ["\u0344", "\u0f73", "\u0f75", "\u0f81"]
"""They decompose to several, and some of them combine with nothing themselves."""
LETTERS = ["a", "Z", "ü", "\u1fa7", "\u1100", "\u1161", "\u11a8", "가", "字", "\u0cc6", " "]


@given(st.lists(st.sampled_from([*MARKS, *ODD_MARKS * 20, *LETTERS * 5]), max_size=200))
def test_as_the_library_has_it(characters: list[str]) -> None:
    text = "".join(characters)
    assert unicodedata.normalize("NFC", text) == nfc(text)


@given(st.text())
def test_any_text(text: str) -> None:
    assert unicodedata.normalize("NFC", text) == nfc(text)


@pytest.mark.parametrize(
    "marks", ["\u0345" * 50_000 + "\u0334" * 50_000, "\u0345\u0334" * 50_000, "\u0344" * 100_000]
)
def test_many_marks(marks: str) -> None:
    check_time(lambda: nfc(f"a{marks}"), 0.5)
