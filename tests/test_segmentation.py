"""Where words begin and end: as Unicode has it (UAX #29), told by another implementation."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uniseg.graphemecluster import grapheme_cluster_boundaries
from uniseg.linebreak import line_break
from uniseg.wordbreak import word_break, words

from heatseek.text.nfc import nfc
from heatseek.text.scripts import is_mark, is_unspaced
from heatseek.text.tokens import tokenize

ASSIGNED = [
    character
    for character in map(chr, range(0x110000))
    if unicodedata.category(character) not in {"Cn", "Co", "Cs"}
]
LETTERS = {"ALetter", "Hebrew_Letter", "Numeric"}
ATTACHED = {"Extend", "Format", "ZWJ"}
SPACED = [c for c in ASSIGNED if c.isalnum() and word_break(c).value in LETTERS]
SPACED = [c for c in SPACED if not is_unspaced(c) and nfc(c) == c]
SAMPLES = "aZ9é ßıİđ жйё́ α ا ב ç हिी ்த Ա ა ሀ Ꭰ ᠠ ệ \u0301\u0361\u200d\u200c\u0651\u05b8"  # noqa: RUF001 - of many scripts
UNSPACED = "機々ーｶﾞ각 กิเขำ้ ລາວ កខ្ក ကျွ\u1039က"
ASCII = re.compile(
    r"""(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])
      | (?<!\w)\.[nN][eE][tT]\b
      | (?<!\w)[a-zA-Z]\#(?!\w) | [a-zA-Z0-9]+\+\+
      | [a-zA-Z0-9]+(?:[-'&._][a-zA-Z0-9]+)*""",
    re.VERBOSE,
)


def spans(text: str) -> list[tuple[int, int]]:
    return [(token.start, token.end) for token in tokenize(text)]


def unicode_spans(text: str) -> list[tuple[int, int]]:
    """The words of a text by Unicode, but for those that hold no letter or digit."""
    ends = [0, *accumulate(map(len, words(text)))]
    return [(a, b) for a, b in pairwise(ends) if any(map(str.isalnum, text[a:b]))]


letters = st.text(st.sampled_from(SAMPLES) | st.sampled_from(SPACED), max_size=12).map(nfc)
of_any_script = st.text(
    st.sampled_from(SAMPLES + UNSPACED + " -.,:'’·\"_+#")  # noqa: RUF001 - what people type
    | st.sampled_from([c for c in ASSIGNED if c.isalnum()]),
    max_size=12,
).map(nfc)


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_text_is_cut_by_one_expression(text: str) -> None:
    assert [match.span() for match in ASCII.finditer(text)] == spans(text)


@given(letters)
def test_words_of_letters_marks_and_spaces_are_those_of_unicode(text: str) -> None:
    assert unicode_spans(text) == spans(text)


@pytest.mark.parametrize(
    "text", ["don't", "l\u2019été", "3.11", "example.com", "col·lecció", 'צה"ל', "צה״ל"]
)
def test_signs_inside_words(text: str) -> None:
    assert unicode_spans(text) == spans(text) == [(0, len(text))]


@given(of_any_script)
def test_no_word_begins_or_ends_within_a_grapheme_cluster(text: str) -> None:
    boundaries = set(grapheme_cluster_boundaries(text))
    assert {place for span in spans(text) for place in span} <= boundaries


def test_marks_are_what_unicode_attaches() -> None:
    differ = {c for c in ASSIGNED if is_mark(c) != (word_break(c).value in ATTACHED)}
    tones_and_stress = {c for c in differ if unicodedata.category(c) in {"Sk", "Po"}}
    assert all(word_break(c).value == "ALetter" for c in tones_and_stress if is_mark(c))
    # Letters of half width follow as letters; a space of no width is dropped from articles.
    assert differ - tones_and_stress - numbers_signs() == {"\uff9e", "\uff9f", "\u200b"}


def numbers_signs() -> set[str]:
    """Signs that stand before numbers or words; behind a letter they belong to it."""
    return {
        c for c in ASSIGNED if unicodedata.category(c) == "Cf" and word_break(c).value in LETTERS
    }


def test_scripts_without_spaces_are_those_that_unicode_does_not_cut() -> None:
    uncut = {
        c
        for c in ASSIGNED
        if c.isalpha()
        and (
            word_break(c).value in {"Other", "Katakana"}
            or line_break(c).value in {"H2", "H3", "SA"}
        )
    }
    more = {c for c in ASSIGNED if c.isalpha() and is_unspaced(c)} - uncut
    assert all(is_unspaced(c) for c in uncut)
    # Signs for sounds and for repeating, and Hangul that is written letter by letter.
    assert re.fullmatch("[々〻〼\u3105-\u318e\u31a0-\u31bf\uff9e-\uffdc]*", "".join(sorted(more)))
