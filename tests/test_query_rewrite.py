"""All words first, then any of them."""

from __future__ import annotations

import pytest

from heatseek.query.language import parse
from heatseek.query.printed import to_text
from heatseek.query.rewrite import has_words, relax, require
from heatseek.query.tree import All, Any, Everything, Not, Query, Term, Words
from query_examples import written

A, B, C = Term("a"), Term("b"), Term("c")

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
    ],
)
def test_trees_built_by_hand_are_relaxed_as_well(tree: Query, relaxed: Query) -> None:
    assert relaxed == relax(tree)


def test_has_words_counts_what_could_be_missing() -> None:
    assert has_words(Words((A, B)))
    assert has_words(Any((C, All((A, Words((B, C)))))))
    assert not has_words(Words((A, Not(B))))
    assert not has_words(Not(Words((A, B))))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("  a   b ", "a b"),
        ("+a b c", "a AND (b c)"),
        ("a b OR c AND (d OR e)", "a b OR c AND (d OR e)"),
        ("NOT (Topic:“x  y” z*) q", 'q -(topics:"x y" AND z*)'),
        ("", ""),
    ],
)
def test_printed(text: str, printed: str) -> None:
    assert printed == to_text(parse(text))


def test_everything_prints_as_nothing() -> None:
    assert not to_text(Everything())
