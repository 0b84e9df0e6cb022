"""Query text to query tree: the examples, what nobody should type, limits and time."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from heatseek.errors import QueryError
from heatseek.query.language import MAX_DEPTH, MAX_LEAVES, MAX_LENGTH, parse
from heatseek.query.printed import to_text
from heatseek.query.rewrite import relax, require
from heatseek.query.tree import All, Any, Everything, Not, Query, Term, Words
from query_examples import Example, examples, written

FRAGMENTS = st.sampled_from(
    [
        *("a", "b", "climate", "C++", ".NET", "GPT-4", "気候", "é", "🔥", "!!!", "5", "_", "x*"),
        *(" ", " ", " ", "\n", "(", ")", "((", "))", '"', "“", "”", "»", "-", "+", "--", "*", ":"),
        *(" AND ", " OR ", " NOT ", "AND", "OR", "NOT", "title:", "Topic:", "note:", "title", "^2"),
        *(
            "[1 TO 2]",
            "~",
            "\\",
            "/",
            "'",
            "\u2019",
            "\x00",
            "\x1b[31m",
            "\udcff",
            "\u00a0",
            "\u200b",
        ),
    ]
)
SYNTAX = st.lists(FRAGMENTS, max_size=40).map("".join)


@pytest.mark.parametrize("case", examples(), ids=lambda case: case.text.strip() or "(nothing)")
def test_example(case: Example) -> None:
    assert case.tree == written(parse(case.text))


@pytest.mark.parametrize("case", examples(), ids=lambda case: case.text.strip() or "(nothing)")
def test_example_prints_as_it_parses(case: Example) -> None:
    assert parse(case.text) == parse(to_text(parse(case.text)))


@given(st.text(max_size=200) | SYNTAX)
@example("--title:a")
@example('"a"-title:b')
@example('title:"title:-a')
@example('a:"b "c" d"')
@example("-(-(-a b) AND")
def test_any_text_parses_or_holds_no_word_and_prints_as_it_parses(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        tree, refusal = None, str(error)
    if tree is None:
        assert refusal.startswith("nothing to search for in")
        assert refusal.isprintable()
        return
    assert tree == parse(to_text(tree))


@given(SYNTAX)
def test_every_word_typed_without_syntax_is_in_the_tree(text: str) -> None:
    plain = " ".join(word for word in text.lower().split() if word.isalnum())
    if plain:
        words = [Term(word) for word in plain.split()]
        assert (Words(tuple(words)) if len(words) > 1 else words[0]) == parse(plain)


@given(SYNTAX)
def test_trees_are_in_normal_form(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError:
        return
    assert isinstance(tree, Everything) or _is_normal(tree)


def _is_normal(query: Query, *, within: type[Query] | None = None, negated: bool = False) -> bool:
    if isinstance(query, Not):
        return within is All and _is_normal(query.child, within=Not, negated=True)
    if not isinstance(query, Words | All | Any):
        return not isinstance(query, Everything)
    children = query.children
    if isinstance(query, All) and isinstance(children[0], Everything):
        children = children[1:]
        if not all(isinstance(child, Not) for child in children) or within not in (None, Any):
            return False
    excluding = [isinstance(child, Not) for child in children]
    return (
        len(query.children) > 1
        and within is not type(query)
        and not (negated and isinstance(query, Words))
        and sorted(excluding) == excluding
        and all(_is_normal(child, within=type(query), negated=negated) for child in children)
    )


# A query as nested tuples, and what it means, independent of how it is parsed.
FORMULAS = st.recursive(
    st.sampled_from("abcd"),
    lambda parts: st.tuples(st.sampled_from(["AND", "OR", " "]), parts, parts)
    | st.tuples(st.sampled_from(["-", "NOT ", "+"]), parts),
    max_leaves=12,
)
Formula = str | tuple["Formula", ...]


def _typed(formula: Formula) -> str:
    match formula:
        case str():
            return formula
        case (str(sign), part):
            return f"{sign}({_typed(part)})"
        case (str(operator), left, right):
            return f"({_typed(left)}) {operator} ({_typed(right)})"
    raise AssertionError


def _holds(formula: Formula, words: frozenset[str]) -> bool:
    match formula:
        case str():
            return formula in words
        case ("+", part):
            return _holds(part, words)
        case (_, part):
            return not _holds(part, words)
        case ("OR", left, right):
            return _holds(left, words) or _holds(right, words)
        case (_, left, right):
            return _holds(left, words) and _holds(right, words)
    raise AssertionError


def _matches(query: Query, words: frozenset[str]) -> bool:
    match query:
        case Term(text):
            return text in words
        case Not(child):
            return not _matches(child, words)
        case Any(children):
            return any(_matches(child, words) for child in children)
        case All(children):
            return all(_matches(child, words) for child in children)
        case Everything():
            return True
    raise AssertionError


ARTICLES = [
    frozenset(words)
    for size in range(5)
    for words in itertools.combinations(("a", "b", "c", "d"), size)
]


@given(FORMULAS)
def test_a_tree_means_what_the_query_says(formula: Formula) -> None:
    tree = parse(_typed(formula))
    strict, relaxed = require(tree), relax(tree)
    expected = [words for words in ARTICLES if _holds(formula, words)]
    assert expected == [words for words in ARTICLES if _matches(strict, words)]
    assert set(expected) <= {words for words in ARTICLES if _matches(relaxed, words)}


@pytest.mark.parametrize("text", ["!!!", "🔥", '""', '"', "()", "-", "*", "…", "“ ”", "\x00", ":)"])
def test_no_word_at_all(text: str) -> None:
    with pytest.raises(QueryError, match=r"nothing to search for in .*; type a word or a number"):
        parse(text)


def test_message_shows_the_text_printable_and_cut() -> None:
    with pytest.raises(QueryError) as caught:
        parse("\x1b[!" * 100)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


def test_too_long() -> None:
    assert Term("a" * MAX_LENGTH) == parse("a" * MAX_LENGTH)
    with pytest.raises(QueryError, match="10,001 characters, more than 10,000; search for"):
        parse("a" * (MAX_LENGTH + 1))


def test_too_many_words() -> None:
    tree = parse("a " * MAX_LEAVES)
    assert isinstance(tree, Words)
    assert tree.children == (Term("a"),) * MAX_LEAVES
    with pytest.raises(QueryError, match="1,025 words, more than 1,024; search for"):
        parse("a " * (MAX_LEAVES + 1))


@pytest.mark.parametrize("opening", ["(", "-(", "a OR (", "a (b OR -c -(", "title:(", "+("])
def test_too_deep(opening: str) -> None:
    with pytest.raises(QueryError, match="nested deeper than 100 levels; remove parentheses"):
        parse(opening * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1))


@pytest.mark.parametrize("opening", ["(", "-(", "+(", "title:(", "a AND (", "a (", "a OR ("])
def test_deep_enough(opening: str) -> None:
    tree = parse(opening * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    assert tree == parse(to_text(tree))


def test_the_deepest_tree_can_be_recursed_over() -> None:
    half = MAX_DEPTH // 2
    tree = parse("(a OR (b " * half + "c" + "))" * half)
    assert tree == parse(to_text(tree))
    assert hash(tree) == hash(parse(to_text(tree)))
    assert repr(tree).count("Term") == MAX_DEPTH + 1
    assert isinstance(require(tree), Any)
    assert isinstance(relax(tree), Any)


def test_parentheses_without_partner_are_not_deep() -> None:
    assert Term("a") == parse("(" * 9000 + "(a)")
    assert Term("a") == parse("(a)" + ")" * 9000)


BOMBS: list[str] = [
    *("(", ")", "(a", "a)", "()", "-(", "((a)", "-", "- ", "-a", '"', '"a ', 'a"', ' "', "“a ”"),
    *("a:", "title:", 'title:"', 'a:"!', "title:!", "title:(", "AND ", "NOT ", "OR(", "a AND "),
    *("*", "a*", "!", "a", "a ", " ", "🔥", "気", "\n", "\x00", "a_", '."', "AND", "+-", "-+ "),
]


def _wrapped(bomb: str) -> list[str]:
    """10,000 characters: the bomb alone, closed, inside quotes, after a word, before one."""
    full = bomb * (MAX_LENGTH // len(bomb))
    half = bomb * (MAX_LENGTH // 2 // len(bomb))
    closed = half + ")" * (MAX_LENGTH - len(half))
    return [full, closed, f'"{full}"'[:MAX_LENGTH], f"x {full}"[:MAX_LENGTH], full[:-2] + " x"]


@pytest.mark.parametrize("bomb", BOMBS, ids=ascii)
def test_time_does_not_explode(bomb: str) -> None:
    for text in _wrapped(bomb):
        assert _fastest(lambda text=text: _parse_or_refuse(text)) < 0.05  # type: ignore[misc]


def _parse_or_refuse(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - any other error shall escape


def _fastest(call: Callable[[], None]) -> float:
    """The best of up to five runs: other processes may be slow, the parser may not."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
        if best < 0.02:
            break
    return best
