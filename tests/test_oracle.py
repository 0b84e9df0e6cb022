"""What the oracle says of queries whose answer is plain."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from heatseek.article import Article, Provider
from heatseek.engines.model import Request
from heatseek.query import tree
from heatseek.ranking import Boosts
from oracle import Oracle

NOW = datetime(2023, 6, 1, tzinfo=UTC)
TEXT_ALONE = Boosts(quality=0.0, heat=0.0, recency=0.0, title=0.0)
DAY = datetime(2023, 3, 14, tzinfo=UTC)
START = int(DAY.timestamp())
ARTICLES = [
    Article("cat", "the cat sat", excerpt="an e-mail about Zürich", quality=50, published_at=DAY),
    Article("cot", "the cot stood", body="a b x x c", heat=7, category="Machine Learning"),
    Article("cart", "a cart sat there", body="c x b a", provider=Provider("Catalogue")),
    Article("twice", "climate climate model", excerpt="models", quality=0),
]
CAT, COT, CART, TWICE = ("cat", "cot", "cart", "twice")


def found(query: tree.Query) -> set[str]:
    _, hits = Oracle(ARTICLES).search(Request(query, NOW, boosts=TEXT_ALONE))
    return {id_ for id_, _ in hits}


def score(query: tree.Query, wanted: str) -> float:
    _, hits = Oracle(ARTICLES).search(Request(query, NOW, boosts=TEXT_ALONE))
    return dict(hits)[wanted]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (tree.Wildcard("c?t"), {CAT, COT}),
        (tree.Wildcard("c*t", "title"), {CAT, COT, CART, TWICE}),  # climat is a stem
        (tree.Wildcard("cat*"), {CAT, CART}),
        (tree.Wildcard("e?mail"), set()),
        (tree.Wildcard("e-m?il"), {CAT}),
        (tree.Wildcard("climat?"), {TWICE}),
        (tree.Wildcard("z*ü?ich"), {CAT}),
        (tree.Wildcard("m*ing", "category"), {COT}),
        (tree.Wildcard("machine", "category"), set()),
        (tree.Wildcard("*"), set()),
        (tree.Fuzzy("caat", 1), {CAT, CART}),
        (tree.Fuzzy("cat", 0), {CAT}),
        (tree.Fuzzy("cat", 1, "title"), {CAT, COT, CART}),
        (tree.Fuzzy("zurihc", 1), set()),
        (tree.Fuzzy("zurihc", 2), {CAT}),
        (tree.Fuzzy("machine lerning", 1, "category"), {COT}),
        (tree.Near("c a", 1), set()),
        (tree.Near("c a", 2), {CART}),
        (tree.Near("c a", 3), {COT, CART}),
        (tree.Near("b a", 0), {COT, CART}),
        (tree.Near("x x", 0), {COT}),
        (tree.Near("x x", 9), {COT}),
        (tree.Near("model excerpt", 9), set()),
        (tree.Near("?!", 3), set()),
        (tree.Near("machine learning", 3, "category"), {COT}),
        (tree.Range("quality", 0), {CAT, TWICE}),
        (tree.Range("quality", 1, 50), {CAT}),
        (tree.Range("heat"), {COT}),
        (tree.Range("date", START, START), {CAT}),
        (tree.Range("date", None, START - 1), set()),
        (tree.Not(tree.Range("heat")), {CAT, CART, TWICE}),
        (tree.Boosted(tree.Term("cat"), 0.0), {CAT}),
        (tree.Boosted(tree.Term("!"), 2.0), set()),
    ],
)
def test_found(query: tree.Query, expected: set[str]) -> None:
    assert expected == found(query)


def test_what_asks_for_no_word_scores_one() -> None:
    assert score(tree.Everything(), CAT) == 1
    assert score(tree.Range("quality"), CAT) == 1
    assert score(tree.Any((tree.Range("quality"), tree.Not(tree.Term("x")))), CAT) == 1
    assert score(tree.Boosted(tree.Range("quality"), 3.0), CAT) == 1


def test_beside_words_it_scores_nothing() -> None:
    word = tree.Term("cat")
    assert score(tree.All((tree.Range("quality"), word)), CAT) == score(word, CAT)
    assert score(tree.Any((tree.Everything(), word)), CAT) == score(word, CAT)
    assert score(tree.Any((tree.Everything(), word)), COT) == 0


def test_weights_multiply() -> None:
    cat, sat = tree.Term("cat"), tree.Term("sat")
    inner = tree.Boosted(tree.Words((cat, tree.Boosted(sat, 0.5))), 4.0)
    assert score(inner, CAT) == pytest.approx(4 * score(cat, CAT) + 2 * score(sat, CAT))


def test_near_words_count_each_beginning() -> None:
    # "climate climate model" begins at both; one more word in between does not add any.
    near = tree.Near("model climate", 1, "title")
    word = tree.Term("climate", "title")
    assert score(near, TWICE) == score(word, TWICE)
