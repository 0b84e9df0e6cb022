"""All words first, then any of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.query.parser import parse
from heatseek.query.printing import to_text
from heatseek.query.rewriting import has_words, relax, require
from heatseek.query.tree import All, Any, Boosted, Everything, Not, Query, Range, Term, Words
from query_examples import written

A, B, C = Term("a"), Term("b"), Term("c")
HOT = Range("heat", 5)

REWRITTEN = [
    # typed, all words, any word
    ("a", "a", "a"),
    ("a b", "all(a, b)", "any(a, b)"),
    ("a b -c", "all(a, b, not(c))", "all(any(a, b), not(c))"),
    ("a -b", "all(a, not(b))", "all(a, not(b))"),
    ("a b NOT (c OR d)", "all(a, b, not(any(c, d)))", "all(any(a, b), not(any(c, d)))"),
    ("a b -(c d)", "all(a, b, not(all(c, d)))", "all(any(a, b), not(all(c, d)))"),
    ("+a b c", "all(a, b, c)", "all(a, any(b, c))"),
    ("+a b", "all(a, b)", "all(a, b)"),
    ("+a +b", "all(a, b)", "all(a, b)"),
    ("+(a b) c d", "all(a, b, c, d)", "all(a, b, any(c, d))"),
    ("a AND b c", "all(a, b, c)", "all(a, any(b, c))"),
    ("a b OR c", "any(all(a, b), c)", "any(a, b, c)"),
    ("a (b OR c)", "all(a, any(b, c))", "any(a, b, c)"),
    ("a (b -c)", "all(a, b, not(c))", "any(a, all(b, not(c)))"),
    ("title:(a b)", "all(title:a, title:b)", "any(title:a, title:b)"),
    ("-a", "all(everything, not(a))", "all(everything, not(a))"),
    ("a^2 b*", "all(a^2, b*)", "any(a^2, b*)"),
    ("(a b)^2 c", "all(a^2, b^2, c)", "any(a^2, b^2, c)"),
    ("a b heat:>5", "all(a, b, heat:[6, *])", "all(any(a, b), heat:[6, *])"),
    ("heat:>5 a", "all(a, heat:[6, *])", "all(a, heat:[6, *])"),
    ("heat:>5 date:*", "all(heat:[6, *], date:[*, *])", "all(heat:[6, *], date:[*, *])"),
    (
        "a b (heat:>5 OR quality:5)",
        "all(a, b, any(heat:[6, *], quality:[5, 5]))",
        "all(any(a, b), any(heat:[6, *], quality:[5, 5]))",
    ),
    ("a (b heat:>5)", "all(a, b, heat:[6, *])", "any(a, all(b, heat:[6, *]))"),
    ("", "everything", "everything"),
]


@pytest.mark.parametrize(("text", "required", "relaxed"), REWRITTEN)
def test_rewritten(text: str, required: str, relaxed: str) -> None:
    tree = parse(text)
    assert required == written(require(tree))
    assert relaxed == written(relax(tree))
    # Words make the difference, and nothing else does.
    assert (required != relaxed) == has_words(tree)


@pytest.mark.parametrize(
    ("tree", "relaxed"),
    [
        (Words((A, B, Not(C))), All((Any((A, B)), Not(C)))),
        (Words((A, Not(C))), All((A, Not(C)))),
        (Not(Words((A, B))), Not(All((A, B)))),
        (Words((A,)), A),
        (Words((A, B, HOT)), All((Any((A, B)), HOT))),
        (Words((HOT, HOT)), All((HOT, HOT))),
        (Boosted(Words((A, B)), 2.0), Boosted(Any((A, B)), 2.0)),
    ],
)
def test_trees_built_by_hand_are_relaxed_as_well(tree: Query, relaxed: Query) -> None:
    assert relaxed == relax(tree)


def test_has_words_counts_what_could_be_missing() -> None:
    assert has_words(Words((A, B)))
    assert has_words(Any((C, All((A, Words((B, C)))))))
    assert not has_words(Words((A, Not(B))))
    assert not has_words(Not(Words((A, B))))
    assert not has_words(Words((A, HOT)))
    assert has_words(All((HOT, Boosted(Words((A, B)), 2.0))))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  a   b ", "a b"),
        ("+a b c", "a AND (b c)"),
        ("a b OR c AND (d OR e)", "a b OR c AND (d OR e)"),
        ("NOT (Topic:“x  y” z*) q", 'q -(topics:"x y" AND z*)'),
        ('"a  b"~007^2.50', '"a b"~7^2.5'),
        ("(a^x b)^.5 c~", "(a^x)^0.5 b^0.5 c~1"),
        ("heat:>5 -quality:[1 TO 2] a AND c?t", "a AND c?t heat:6.. -quality:1..2"),
        ("(heat:5 OR heat:7) a", "a (heat:5 OR heat:7)"),
        ("heat:[* TO 5] quality:*", "heat:..5 quality:*"),
        (
            "date:2023-03 date:>2023-03-14T14:42",
            "date:2023-03-01..2023-03-31 date:2023-03-14T14:43:00..",
        ),
        ("", ""),
    ],
)
def test_printed(text: str, printed: str) -> None:
    assert printed == to_text(parse(text))


def test_everything_prints_as_nothing() -> None:
    assert not to_text(Everything())


@given(st.lists(st.sampled_from(("AND", "OR", "NOT", "or")) | st.from_regex(r"[a-zA-Z0-9]+\Z")))
def test_plain_words_are_read_as_words_among_syntax_are(words: list[str]) -> None:
    text = " ".join(("climate", *words))
    assert parse(f"{text} ()") == parse(text)
