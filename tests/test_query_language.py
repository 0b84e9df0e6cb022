"""Query text to query tree: the examples, what nobody should type, limits and time."""

from __future__ import annotations

import itertools
import pickle
import re
from datetime import UTC, datetime
from functools import partial

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from heatseek.errors import QueryError
from heatseek.query.parser import (
    MAX_DEPTH,
    MAX_LEAVES,
    MAX_LENGTH,
    MAX_PATTERNS,
    MAX_PHRASES,
    parse,
)
from heatseek.query.printing import to_text
from heatseek.query.rewriting import asks_for_words, relax, require
from heatseek.query.tree import (
    All,
    Any,
    Boosted,
    Everything,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Query,
    Range,
    Term,
    Words,
)
from query_examples import EPOCH, NOW, Example, Mistake, examples, mistakes, written
from timing import check_time

FRAGMENTS = st.sampled_from(
    [
        *("a", "b", "climate", "C++", ".NET", "GPT-4", "気候", "é", "🔥", "!!!", "5", "_", "x*"),
        *(" ", " ", " ", "\n", "(", ")", "((", "))", '"', "“", "”", "»", "-", "+", "--", "*", ":"),
        *(" AND ", " OR ", " NOT ", "AND", "OR", "NOT", "title:", "Topic:", "note:", "title", "^2"),
        *("?", "~", "~1", "~2", "~9", "^", "^0", "^.5", "^1", "^3", "^999", "a*b", "c?t", "ab~"),
        *("quality:", "Heat:", "date:", "2023", ">", "<=", "..", "[", "]", " TO ", "50", "2024-02"),
        *("quality:>5", "heat:[1 TO 5]", "date:2023..", "quality:*", '"a b"~2', ")^2", '"^2'),
        *("url:", "related:", "is:", "has:", "after:", "before:", "is:related", "has:site"),
        *("2w", "yesterday", '"last week"', "14-may-2023", "may", "topc:", "topic", "ago", "days"),
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
    assert case.tree == written(parse(case.text, NOW))


@pytest.mark.parametrize("case", examples(), ids=lambda case: case.text.strip() or "(nothing)")
def test_example_prints_as_it_parses(case: Example) -> None:
    tree = parse(case.text, NOW)
    # Printed, a date in words is the one that it named then.
    assert tree == parse(to_text(tree), EPOCH)


@pytest.mark.parametrize("case", mistakes(), ids=lambda case: case.text)
def test_mistake(case: Mistake) -> None:
    with pytest.raises(QueryError) as caught:
        parse(case.text, NOW)
    assert case.message == str(caught.value)


@settings(max_examples=1000)
@given(st.text(max_size=200) | SYNTAX)
@example("--title:a")
@example('"a"-title:b')
@example('title:"title:-a')
@example('a:"b "c" d"')
@example("-(-(-a b) AND")
@example("a^2^1")
@example("(a^b)^2")
@example("(QUALITY:)^0 (title:)^0 (title:--)^2 (title:*)^2 (note:x)^3")
@example("(^2)^3 ()^2 a)^2")
@example('12"^1 12"^2')
@example("(quality:>5 heat:*) OR -a")
@example("a (b OR quality:>5) (quality:<5 OR -c)")
@example('date:"9999" date:>9999 date:<0001 date:"9999-12-31T23:59-23:59" date:9999-12-31T23:59:59')
@example("date:0001-01-01T00:00+23:59 heat:>999999999999999999 heat:<-999999999999999999")
@example("*a?* a** ** a*~1 c?t~ ?a? a?b? +-*a")
@example('学"*')
def test_any_text_parses_or_is_refused_and_prints_as_it_parses(text: str) -> None:
    try:
        tree = parse(text)
    except QueryError as error:
        tree, refusal = None, str(error)
    if tree is None:
        assert refusal.startswith("nothing to search for in ") or re.search(
            r" at character [1-9]\d*; ", refusal
        )
        assert refusal.isprintable()
        return
    assert tree == parse(to_text(tree))


MISTAKES = [
    *("a~9", "a^1001", "heat:x", "date:3..2", "heat:(", "topc:a", 'topc:"a"', "topc:(a)", "url:a~"),
    *("is:x", "has:x", "after:x", "before:2023-13", "date:2w", "date:1/2/2023"),
]


@given(st.integers(0, 300), st.sampled_from(MISTAKES))
def test_a_mistake_is_told_with_its_place(before: int, wrong: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse("x" * before + " " + wrong)
    error = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert error.position is not None
    assert before < error.position <= before + len(wrong)
    assert f" at character {error.position + 1}; {error.advice}" in str(error)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("topc", "topic"), ("Topci", "topic"), ("titel", "title"), ("tilte", "title")),
        *(("excrept", "excerpt"), ("desciption", "description"), ("provder", "provider")),
        *(("catgory", "category"), ("realted", "related"), ("qualty", "quality")),
        *(("tpye", "type"), ("dates", "date"), ("sitte", "site"), ("bod", "body"), ("ulr", "url")),
        *(("otpic", "topic"), ("befor", "before"), ("afetr", "after"), ("ahs", "has")),
    ],
)
def test_a_misspelt_field_is_told(typed: str, meant: str) -> None:
    for value in ("x", '"x y"', "(x y)", ">5"):
        with pytest.raises(QueryError) as caught:
            parse(f"a {typed}:{value}")
        told = f"no field {typed} at character 3; did you mean {meant}? in quotes it is text"
        assert told == str(caught.value)
    assert Words((Term("a"), Term(f"{typed}:"))) == parse(f"a {typed}:")


@pytest.mark.parametrize(
    "word",
    [
        *("re:invent", "std:vector", "std::vector", "data:image/png", "size:10", "C:\\x", "hash:a"),
        *("note:this", "created:2023", "deleted:x", "https://x.org", "sites://x", "heart:beat"),
        *("suite:5", "head:x", "its:x", "i:s", "topics2:a", "to-pc:a", "equality:x", "types::a"),
    ],
)
def test_what_is_like_no_field_is_text(word: str) -> None:
    assert Term(word) == parse(word)


@given(
    st.sampled_from(["quality", "heat"]),
    st.none() | st.integers(-(10**18) + 1, 10**18 - 1),
    st.none() | st.integers(-(10**18) + 1, 10**18 - 1),
)
def test_ranges_of_numbers(field: str, one: int | None, other: int | None) -> None:
    ends = (one, other) if one is None or other is None else sorted((one, other))
    low, high = ("" if end is None else str(end) for end in ends)
    assert parse(f"{field}:[{low or '*'} TO {high or '*'}]") == Range(field, *ends)
    assert parse(to_text(Range(field, *ends))) == Range(field, *ends)
    if low or high:
        assert parse(f"{field}:{low}..{high}") == Range(field, *ends)


@given(st.datetimes(max_value=datetime(9999, 12, 30)), st.integers(0, 10**6))  # noqa: DTZ001
def test_ranges_of_dates(start: datetime, seconds: int) -> None:
    low = int((start.replace(tzinfo=UTC, microsecond=0) - EPOCH).total_seconds())
    if low + seconds < 253402300800:
        asked = Range("date", low, low + seconds)
        assert asked == parse(to_text(asked))


@given(st.floats(0, 1000).map(lambda weight: round(weight, 6)))
def test_weights_are_printed_as_they_are(weight: float) -> None:
    tree = Boosted(Term("a"), weight) if weight != 1 else Term("a")
    assert tree == parse(to_text(Boosted(Term("a"), weight)))


def test_weights_of_groups_built_by_hand_are_printed() -> None:
    tree = Boosted(Any((Term("a"), Term("b"))), 2.0)
    assert to_text(tree) == "(a OR b)^2"


def test_numbers_without_end() -> None:
    assert Near("a", 1000) == parse('"a"~' + "9" * 9000)
    assert Near("a", 7) == parse('"a"~' + "0" * 9000 + "7")
    assert Fuzzy("a", 2) == parse("a~" + "0" * 9000 + "2")
    assert Boosted(Term("a"), 0.0) == parse("a^." + "0" * 9000 + "1")
    for text in ("a~" + "9" * 9000, "a^" + "9" * 9000, "heat:" + "9" * 9000):
        with pytest.raises(QueryError) as caught:
            parse(text)
        assert len(str(caught.value)) < 200


@given(SYNTAX)
def test_every_word_typed_without_syntax_is_in_the_tree(text: str) -> None:
    plain = " ".join(word for word in text.lower().split() if word.isalnum())
    if plain:
        words = [Term(word) for word in plain.split()]
        assert (Words(tuple(words)) if len(words) > 1 else words[0]) == parse(plain)


@settings(max_examples=1000)
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
    if isinstance(query, Boosted):
        return isinstance(query.child, Leaf) and query.weight != 1 and 0 <= query.weight <= 1000
    if isinstance(query, Range) and within is Words:
        return False
    if not isinstance(query, Words | All | Any):
        return not isinstance(query, Everything)
    children = query.children
    if isinstance(query, All) and isinstance(children[0], Everything):
        children = children[1:]
        if not all(isinstance(child, Not) for child in children) or within not in (None, Any):
            return False
    order = [(isinstance(child, Not), not asks_for_words(child)) for child in children]
    return (
        len(query.children) > 1
        and within is not type(query)
        and not (isinstance(query, Words) and (negated or not all(map(asks_for_words, children))))
        and (not isinstance(query, All) or sorted(order) == order)
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


plain_words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=6)


@given(
    st.lists(plain_words | st.sampled_from(["AND", "OR", "NOT", "x"]), min_size=1, max_size=6),
    st.sampled_from([" ", "   "]),
)
def test_plain_words_are_read_as_beside_a_stray_sign(words: list[str], gap: str) -> None:
    """Words alone are read by a pattern of their own, anything else by that of all syntax."""
    text = gap.join(words)
    assert parse(f"{text} ;", NOW) == parse(text, NOW)


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


def test_too_many_patterns() -> None:
    parse("a* b?c d~ " * (MAX_PATTERNS // 3))
    with pytest.raises(QueryError, match=rf"{MAX_PATTERNS + 1} words with .* or url:, more than"):
        parse("a* " * (MAX_PATTERNS + 1))
    with pytest.raises(QueryError, match=rf"{MAX_PATTERNS + 1} words with .* or url:, more than"):
        parse(f"url:({'a ' * (MAX_PATTERNS + 1)})")


def test_too_many_phrases() -> None:
    parse('"a b" "c d"~2 ' * (MAX_PHRASES // 2))
    with pytest.raises(QueryError, match=f"{MAX_PHRASES + 1} phrases, more than {MAX_PHRASES};"):
        parse('"a b" ' * (MAX_PHRASES + 1))


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
    *(
        "^",
        "^1",
        "a^1",
        ")^1",
        "(a)^1 ",
        "^1.",
        "~",
        "~1",
        "a~",
        "a~1 ",
        '"a"~1',
        '"a"~1 ',
        '"a"^1',
    ),
    *("?", "a?", "?a", "*a", "a*b ", "**", "date:", "date:[", "heat:[ TO ", "heat:[1 TO 2]", "]"),
    *("heat:1 ", "heat:1..", "heat:>", "heat:*^1 ", "date:2023 ", "heat:(", 'heat:"', "..", "TO "),
    *("(heat:1 OR ", "-(heat:1 ", "((a b) OR (", "^9", "a^00000", "after:2w ", "is:related "),
    *("after:", 'after:"', "topc: ", "descrixxxon:a ", "date:may ", "has:", "url:a ", "date:1/"),
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
        check_time(partial(_parse_or_refuse, text), 0.15)


def _parse_or_refuse(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017 - any other error shall escape


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("kube", "any(kube, kube*)"),
        ("cloud kube", "words(cloud, any(kube, kube*))"),
        ("cloud kube ", "words(cloud, kube)"),
        ("title:kube", "any(title:kube, title:kube*)"),
        ("cloud AND +kube^2", "all(cloud, kube^2)"),  # the weight ends the word
        ("cloud +kube", "all(any(kube, kube*), cloud)"),
        ("cloud -kube", "all(cloud, not(kube))"),  # half a word would exclude too much
        ("cloud NOT kube", "all(cloud, not(kube))"),
        ("(cloud kube)", "words(cloud, kube)"),
        ("(cloud kube", "words(cloud, any(kube, kube*))"),
        ('"cloud kube', "words(cloud, any(kube, kube*))"),
        ('"cloud kube"', '"cloud kube"'),
        ("cloud AND", "words(cloud, and)"),
        ("cloud ku* kub~ 50% c++ k", "words(cloud, ku*, kub~1, 50%, c++, k)"),
        ("path:blo", "path:blo"),
        ("re:inv", "any(re:inv, re:inv*)"),
        ("", "everything"),
        (" ".join(["a*"] * MAX_PATTERNS) + " kube", None),
    ],
)
def test_the_last_word_of_somebody_who_is_typing(text: str, tree: str | None) -> None:
    query = parse(text, NOW, unfinished=True)
    assert written(query) == (tree or written(parse(text)))
    assert parse(text + " ", NOW, unfinished=True) == parse(text, NOW)


@settings(max_examples=300)
@given(SYNTAX)
def test_unfinished_text_is_refused_only_where_it_would_be_finished(text: str) -> None:
    def outcome(*, unfinished: bool) -> str:
        try:
            query = parse(text, NOW, unfinished=unfinished)
        except QueryError as error:
            return str(error)
        assert query == parse(to_text(query), EPOCH)
        return ""

    assert outcome(unfinished=True) == outcome(unfinished=False)
