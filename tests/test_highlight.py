"""Marked words and passages."""

from __future__ import annotations

from itertools import accumulate, pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from uniseg.graphemecluster import grapheme_cluster_boundaries

from heatseek.errors import QueryError
from heatseek.query.parser import parse
from heatseek.query.tree import Any, Phrase, Query
from heatseek.search import highlight
from heatseek.search.highlight import Highlighter, Positions
from heatseek.search.passage import ELLIPSIS, STRETCH
from heatseek.text.nfc import nfc
from strategies import queries, texts
from timing import check_time


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
        ("mail OR e", "an e-mail  by\tmail", "an [e-mail]  by\t[mail]"),
        ("fore*", "before the forecast", "before the [forecast]"),
        ("C++", "C and C++", "C and [C++]"),
        ("学習", "機械学習", "機械[学習]"),
        ("title:sea sun", "sea and sun", "sea and [sun]"),
        ("sun -rain", "sun and rain", "[sun] and rain"),
        ("sun OR (rain AND wind)", "rain wind sun", "[rain] [wind] [sun]"),
        ("zurich", "In Zürich!", "In [Zürich]!"),
        ("学 習", "機械学習", "機械[学習]"),
        ("nothing", "", ""),
        ("sea title:sea", "the sea", "the [sea]"),
        ('"machine learning" machine', "a machine learning", "a [machine learning]"),
        ("s?n", "sun, son and sunny soon", "[sun], [son] and sunny soon"),
        ("*phone*", "Telephones, a phone, phonetics", "[Telephones], a [phone], [phonetics]"),
        ("e-m?il", "Email and e-mail, mail", "[Email] and [e-mail], mail"),
        ("azure~", "Azure, azur, assure", "[Azure], [azur], assure"),
        ("azure~2", "assure or Asia", "[assure] or Asia"),
        ("Z?rich~0 Zurihc~2", "In Zürich!", "In [Zürich]!"),
        ('"sun wind"~1', "sun and wind, sun and the wind", "[sun] and [wind], [sun] and the wind"),
        ('"sun wind"~0', "wind sun wind rain sun", "[wind] [sun] [wind] rain sun"),
        (
            '"the the end"~2',
            "the end, and the very the end",
            "[the] [end], and [the] very [the] [end]",
        ),
        ("機械 学習", "機械学習の町", "[機械学習]の町"),
        ("機械学 学習", "機械学習", "[機械学習]"),
        ('"sun wind" "wind rain"', "sun wind rain", "[sun wind rain]"),
        ("हिन्दी", "यह हिन्दी है", "यह [हिन्दी] है"),
        ("Михаил", "друг Михаи́л!", "друг [Михаи́л]!"),
        ("人々", "人と人々が", "人と[人々]が"),
        ("กินข้าว", "เขากำลังกินข้าวที่", "เขากำลัง[กินข้าว]ที่"),
        ("AI時代", "AI時代の", "[AI時代]の"),
        ("ﾋﾞﾙ", "古いビル", "古い[ビル]"),
        ("2.0.1", "of v2.0.1, not v2.1", "of [v2.0.1], not v2.1"),
        ("v2.0.1", "2.0.1 and v2.0.1", "[2.0.1] and [v2.0.1]"),
        ("sun^2 (rain wind)^0", "sun rain wind", "[sun] [rain] [wind]"),
        ("sun quality:>5 date:2023", "sun 2023 quality", "[sun] 2023 quality"),
    ],
)
def test_marks(query: str, text: str, expected: str) -> None:
    assert shown(query, text) == expected


def test_a_passage_shows_the_place_with_most_of_the_query() -> None:
    text = "sun " + "word " * 100 + "the sun and the wind meet " + "word " * 100
    fragments = Highlighter(parse("sun wind")).passage("body", text, 80)
    assert [f.text for f in fragments if f.matched] == ["sun", "wind"]
    assert (fragments[0].text, fragments[-1].text) == (ELLIPSIS, ELLIPSIS)


def test_of_two_places_with_as_many_words_the_first() -> None:
    text = "word " * 50 + "sun sun " + "word " * 50 + "sun sun sun " + "word " * 50 + "sun sun sun"
    fragments = Highlighter(parse("sun")).passage("body", text, 60)
    assert "".join(f.text for f in fragments).count("sun") == 3
    assert fragments[-1].text == ELLIPSIS


@pytest.mark.parametrize("length", [20, 42, 160])
@pytest.mark.parametrize("before", [0, 1_000, 19_995, 20_005, 500_000, 989_000])
@pytest.mark.parametrize(
    ("query", "words"), [("walruses", "Walrus"), ("dying", "DIE"), ("字画", "字画")]
)
def test_a_passage_is_where_the_match_is(length: int, before: int, query: str, words: str) -> None:
    text = f"{'plain word ' * (before // 11)}{words}{' and more' * 1_000}"
    fragments = Highlighter(parse(query)).passage("body", text, length)
    assert [f.text for f in fragments if f.matched] == [words]
    assert sum(len(f.text) for f in fragments) <= length + 2


def test_a_better_place_is_looked_for_beyond_the_first() -> None:
    text = f"{'walrus ' * 9}{'word ' * 9_000} a sleeping walrus {'word ' * 9_000}"
    fragments = Highlighter(parse("sleep walrus")).passage("body", text, 60)
    assert [f.text for f in fragments if f.matched] == ["sleeping", "walrus"]


@pytest.mark.parametrize("query", ["wal*", "w?lrus", "walrux~", "*lrus", "wal-rus", '"a walrus"'])
def test_patterns_are_found_far_in_a_text(query: str) -> None:
    text = f"{'plain words ' * 9_000}a walrus{' and more' * 900}"
    fragments = Highlighter(parse(query)).passage("body", text, 60)
    assert [f.text.split()[-1] for f in fragments if f.matched] == ["walrus"]


def test_no_part_of_a_word_is_taken_for_one() -> None:
    text = " ".join(["seashore"] * 9_000)
    fragments = Highlighter(parse("shore")).passage("body", text, 60)
    assert not [f.text for f in fragments if f.matched]


def test_of_a_word_longer_than_a_passage_the_beginning() -> None:
    text = "word " * 50 + "a" * 64 + "b" * 200 + " word" * 50
    fragments = Highlighter(parse("a" * 64)).passage("body", text, 60)
    assert [len(f.text) for f in fragments if f.matched] == [45]


def test_passages_begin_and_end_with_words_whatever_parts_them() -> None:
    text = "some\nplain\nwords\n" * 9 + "walrus\n" + "and\nmore\n" * 9
    first, *_, last, _ = Highlighter(parse("walrus")).passage("body", text, 50)[1:]
    assert first.text.split()[0] in {"some", "plain", "words"}
    assert last.text.split()[-1] in {"and", "more"}


@pytest.mark.parametrize("words", [20, 2_000])
def test_a_passage_without_a_match_ends_with_a_word(words: int) -> None:
    (shown, ellipsis) = Highlighter(parse("walrus")).passage("body", "lighthouse " * words, 160)
    assert set(shown.text.split()) == {"lighthouse"}
    assert ellipsis.text == ELLIPSIS


@pytest.mark.parametrize("beyond", [1, 39, 41])
def test_a_text_may_end_right_after_a_stretch_that_was_looked_at(beyond: int) -> None:
    text = "x" * (STRETCH + beyond)
    fragments = Highlighter(parse("walrus")).passage("body", text, 60)
    assert "".join(f.text for f in fragments).strip(ELLIPSIS) in text


def test_a_long_text_of_nothing_but_marks_takes_no_time() -> None:
    text = "sun wind rain " * 2000
    words = " ".join(f"w{n}" for n in range(900))
    queries = [
        f"*n* {words}",
        f'"sun wind rain {words}"~1000',
        '"' + "sun wind rain " * 300 + 'x"',
    ]
    check_time(lambda: [Highlighter(parse(q)).passage("body", text, 160) for q in queries], 0.6)


def test_a_short_text_is_shown_whole() -> None:
    assert shown("x", "all of it") == "all of it"


LETTERS = [
    *("a", "é", "и́", "हि", "न्दी", "ठ", "机", "械", "の", "々", "ｶﾞ", "กิ", "น", "ข้ำ", "ខ្មែ", "ကျွ"),
    *("ת֙", "ـمُ", "각", "\u200d", " ", "-", "\u2019", "."),
]
texts_of_letters = st.lists(st.sampled_from(LETTERS)).map("".join).map(nfc)


@given(texts_of_letters, texts_of_letters)
def test_marks_cover_whole_letters_and_join(query: str, text: str) -> None:
    try:
        highlighter = Highlighter(parse(query))
    except QueryError:
        assume(False)
    fragments = highlighter.whole("body", text)
    ends = set(accumulate(len(fragment.text) for fragment in fragments))
    assert ends <= set(grapheme_cluster_boundaries(text))
    assert not any(one.matched and other.matched for one, other in pairwise(fragments))


@given(query=queries, text=texts, length=st.integers(1, 40))
def test_a_passage_is_a_stretch_of_the_text(query: object, text: str, length: int) -> None:
    highlighter = Highlighter(query)  # type: ignore[arg-type]
    assert "".join(f.text for f in highlighter.whole("title", text)) == text
    passage = "".join(f.text for f in highlighter.passage("title", text, length))
    assert passage.strip(ELLIPSIS) in text


@given(query=queries, text=texts)
def test_words_alone_are_marked_as_beside_a_phrase(query: Query, text: str) -> None:
    absent = Phrase("no text has these words")
    alone, beside = Highlighter(query), Highlighter(Any((query, absent)))
    assert _marked(alone, text) == _marked(beside, text)


@given(given=st.lists(st.tuples(queries, texts), max_size=4), most=st.integers(1, 5))
def test_what_is_known_of_words_serves_any_query(given: list[tuple[Query, str]], most: int) -> None:
    known: Positions = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(highlight, "MOST_POSITIONS", most)
        for query, text in given:
            assert _marked(Highlighter(query, positions=known), text) == _marked(
                Highlighter(query), text
            )
            assert len(known) <= most


def _marked(highlighter: Highlighter, text: str) -> list[tuple[int, int]]:
    return [(mark.start, mark.end) for mark in highlighter.marks("body", text)]
