"""What queries cost, in steps: twice as long is at most about twice as dear, whatever they hold.

Where the cost hangs on what articles hold, a search has a budget; these articles exhaust it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heatseek.article import Article, Provider
from heatseek.engines import load
from heatseek.engines.model import Budget, Match, Request
from heatseek.errors import ArgumentError, HeatseekError, QueryError, UsageError
from heatseek.query.filters import Filters, parse_conditions
from heatseek.query.parser import MAX_LENGTH, parse
from heatseek.query.synonyms import SynonymMap
from heatseek.schema import BUILT_IN
from heatseek.search.grouping import Words, grouped
from heatseek.search.highlight import Highlighter
from heatseek.text.languages import ENGLISH, Analyzer
from indexes import fill
from searches import Asking
from steps import check_growth, cost_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from heatseek.engines.base import Engine

NOW = datetime(2024, 1, 1, tzinfo=UTC)
SYLLABLES = "ba de ko la mi no ra se tu vo".split()
TOO_LONG = "this search takes too long in this archive"


def word(number: int) -> str:
    """A word for each number; those of the articles are below 1,000."""
    return "".join(SYLLABLES[int(digit)] for digit in f"{number:04}")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Sixty articles, each with some of a thousand words."""
    engine = load(tmp_path_factory.mktemp("plain"))
    fill(engine, (article(number) for number in range(60)))
    return engine


def article(number: int) -> Article:
    body = " ".join(word(number * step % 1_000) for step in range(1, 60))
    return Article(
        id=f"{number}.md",
        title=f"the {word(number)} of azure",
        excerpt=body,
        topics=(word(number), "energy"),
        provider=Provider(f"{word(number)}.com", None),
        url=f"https://example.com/{word(number)}/{number}",
        related_to=(f"{number}",) if number % 2 else (),
        published_at=NOW,
        quality=number,
    )


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Ten articles of a few words, each said two thousand times."""
    engine = load(tmp_path_factory.mktemp("dense"))
    body = "the of and " * 2_000
    fill(
        engine, (Article(f"{n}.md", "the of", excerpt="the " * 5_000, body=body) for n in range(10))
    )
    return engine


def outcome(engine: Engine, text: str, **options: Any) -> str:
    """Search, look at all marks, and tell what came of it."""
    synonyms = options.pop("synonyms", {})
    with engine.open() as reader:
        try:
            results = Asking(reader, synonyms, now=NOW).search(text, **options)
        except HeatseekError as error:
            return str(error)
        for hit in results:
            assert hit.title
            assert hit.snippet is not None
        return f"{results.total} found"


TEXTS: dict[str, tuple[int, Callable[[int], str]]] = {
    "words": (200, lambda n: " ".join(map(word, range(n)))),
    "words that no article has": (200, lambda n: " ".join(word(2_000 + i) for i in range(n))),
    "all of the words": (200, lambda n: " AND ".join(map(word, range(n)))),
    "alternatives": (200, lambda n: " OR ".join(map(word, range(n)))),
    "exclusions": (200, lambda n: " ".join(f"-{word(i)}" for i in range(n))),
    "groups in groups": (40, lambda n: "(azure OR " * n + "the" + ")" * n),
    "exclusions in exclusions": (24, lambda n: "-(azure " * n + "the" + ")" * n),
    "weights": (40, lambda n: "(" * n + "azure" + ")^1.01" * n),
    "ranges": (200, lambda n: " ".join(f"heat:..{i}" for i in range(n))),
    "numbers of many digits": (4_000, lambda n: f"quality:>{'9' * n}"),
    "years": (150, lambda n: " ".join(f"after:99{i:03}" for i in range(n))),
    "dates": (150, lambda n: " ".join(f"date:2023-01-{i % 28 + 1:02}" for i in range(n))),
    "states": (150, lambda n: "-is:related has:url " * (n // 2)),
    "a phrase of function words": (1_000, lambda n: f'"{"the of " * (n // 2)}"'),
    "phrases": (16, lambda n: " ".join(f'"the {word(i)} of"' for i in range(n))),
    "words near each other": (16, lambda n: " ".join(f'"azure {word(i)}"~9' for i in range(n))),
    "a word of many parts": (2_000, lambda n: "the-" * n + "the"),
    "Chinese": (500, lambda n: "気候" * (n // 2)),
    "stars": (1_000, lambda n: "*a" * (n // 2)),
    "stars within words": (
        4,
        lambda n: " ".join(f"{word(i)[:2]}*{word(i)[-2:]}" for i in range(n)),
    ),
    "a long fuzzy word": (4_000, lambda n: f"{'ab' * (n // 2)}~2"),
    "fuzzy words": (2, lambda n: " ".join(f"{word(i)}~2" for i in range(n))),
    "parts of links": (4, lambda n: " ".join(f"url:*{word(i)}*" for i in range(n))),
    "what mentions": (4, lambda n: " OR ".join(f"related:{word(i)}" for i in range(n))),
    "unknown labels": (200, lambda n: " ".join(f"topic:{word(2_000 + i)}" for i in range(n))),
    "almost fields": (150, lambda n: "dexxrixtion:a " * n),
    "combining marks": (2_000, lambda n: "a" + "\u0345" * n + "\u0334" * n),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_twice_the_query_costs_about_twice_as_much(plain: Engine, kind: str) -> None:
    size, text = TEXTS[kind]
    check_growth(lambda n: outcome(plain, text(n)), size, idle=20_000)


OPTIONS: dict[str, tuple[int, Callable[[int], dict[str, Any]]]] = {
    "labels": (200, lambda n: {"topics": tuple(map(word, range(n)))}),
    "names of one thing": (
        150,
        lambda n: {
            "text": " ".join(["azure"] * n),
            "synonyms": {"azure": [word(i) for i in range(n)]},
        },
    ),
}


@pytest.mark.parametrize("kind", OPTIONS)
def test_twice_the_options_cost_about_twice_as_much(plain: Engine, kind: str) -> None:
    size, options = OPTIONS[kind]
    check_growth(lambda n: outcome(plain, **{"text": "azure", **options(n)}), size, idle=20_000)


def test_a_facet_is_counted_once_however_often_it_is_asked_for(plain: Engine) -> None:
    once, often = (
        cost_of(lambda n=n: outcome(plain, "azure", facets=("topic",) * n)).steps for n in (1, 500)
    )
    assert often < once + 1_000


def test_length_is_checked_before_anything_else(plain: Engine) -> None:
    marks = "a" + "\u0345" * 2_000_000 + "\u0334" * 2_000_000
    told = cost_of(lambda: outcome(plain, marks), seconds=2).value
    assert f"4,000,001 characters, more than {MAX_LENGTH:,}" in told


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ({"topics": ("x",) * 1_025}, "1,025 labels, more than 1,024"),
        ({"topics": ("x",) * 1_000, "types": ("y",) * 100_000}, "101,000 labels"),
        ({"providers": ("x" * 9_000,), "types": ("x" * 1_001,)}, "10,001 characters"),
        ({"categories": ("a" + "\u0345" * 500_000 + "\u0334" * 500_000,)}, "1,000,001 char"),
    ],
)
def test_labels_are_counted_before_anything_else(
    plain: Engine, filters: dict[str, tuple[str, ...]], told: str
) -> None:
    assert told in cost_of(lambda: outcome(plain, "", **filters), seconds=3).value


def conditions(*typed: str) -> str:
    try:
        return repr(parse_conditions(typed, BUILT_IN, NOW))
    except ArgumentError as error:
        return str(error)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["title=x" + " " * 300_000 + "y"], "more than 10,000 characters"),
        (["title=" + "x" * 6_000] * 2, "more than 10,000 characters"),
        (["title=a" + "\u0345" * 40_000 + "\u0334" * 40_000], "more than 10,000 characters"),
        ([f"title={word(i)}*" for i in range(9)], "where: the conditions have 9 words with *"),
    ],
)
def test_conditions_are_bounded(typed: list[str], told: str) -> None:
    assert told in cost_of(lambda: conditions(*typed), seconds=3).value


def test_conditions_are_composed_as_articles_are() -> None:
    assert conditions("title=caf\u00e9") == conditions("title=cafe\u0301")


@pytest.mark.parametrize(
    ("synonyms", "told"),
    [
        ({"azure": ["x" * 201]}, "201 characters, more than 200"),
        ({word(i): [f"{i} {j}" for j in range(20)] for i in range(2_500)}, "more than 50,000"),
    ],
)
def test_synonyms_are_bounded(plain: Engine, synonyms: dict[str, list[str]], told: str) -> None:
    assert told in outcome(plain, "azure", synonyms=synonyms)


def test_a_name_of_very_many_is_searched_as_typed() -> None:
    names = SynonymMap({"azure": map(word, range(9_000))}, Analyzer(ENGLISH))
    typed = parse("azure " * 1_000)

    def notices() -> tuple[str, ...]:
        query, told = names.apply(typed)
        assert typed == query
        return told

    told = cost_of(notices, memory=40_000_000).value
    assert told == ("more than 64 synonyms: searched for the words as typed",)


def within_budget(engine: Engine, steps: int, text: str, **options: Any) -> str:
    with engine.open() as reader:
        try:
            page = reader.search(Request(parse(text), NOW, budget=Budget(steps), **options))
        except QueryError as error:
            return str(error)
        return f"{page.total} found"


@pytest.mark.parametrize(
    "text",
    [
        f'"{"the of and " * 600}of"',
        " ".join(f'"{"the of and " * (n % 9)}the of"' for n in range(32)),
        " ".join(f'"the of and"~{n}' for n in range(900, 932)),
        f"{'the-of-and-' * 600}of",
    ],
)
def test_positions_compared_are_bounded(dense: Engine, text: str) -> None:
    few = cost_of(lambda: within_budget(dense, 50_000, text))
    more = cost_of(lambda: within_budget(dense, 100_000, text))
    assert TOO_LONG in few.value
    assert TOO_LONG in more.value
    assert more.steps - few.steps < 100_000


def test_a_phrase_of_large_articles_is_found(dense: Engine) -> None:
    assert outcome(dense, '"the of and the"', limit=1) == "10 found"


def test_explanations_are_bounded_before_they_are_made(plain: Engine) -> None:
    text = " OR ".join(map(word, range(300)))
    assert within_budget(plain, 50 * 300 * 60, text, explain=True, limit=60) == "60 found"
    refused = cost_of(lambda: within_budget(plain, 50 * 300 * 30, text, explain=True, limit=60))
    unexplained = cost_of(lambda: within_budget(plain, 0, text, limit=60))
    assert TOO_LONG in refused.value
    assert unexplained.value == "60 found"
    assert refused.steps < unexplained.steps + 1_000


def test_a_long_phrase_is_marked_in_a_long_text_of_the_same_word() -> None:
    marker = Highlighter(parse(f'"{"the " * 2_400}of"'))
    text = "the " * 4_900 + "of"
    found = cost_of(lambda: marker.marks("body", text), seconds=3).value
    assert [(mark.start, mark.end) for mark in found] == [(4 * 2_500, len(text))]


def test_words_of_a_query_are_not_gone_through_for_each_text() -> None:
    few, many = (Highlighter(parse(" ".join(map(word, range(n))))) for n in (10, 1_000))

    def mark(marker: Highlighter) -> None:
        for _ in range(200):
            marker.whole("title", "azure sky")

    for marker in (few, many):
        marker.whole("title", "sky")
    assert cost_of(lambda: mark(many)).steps < 1.5 * cost_of(lambda: mark(few)).steps


def stories(titles: list[str], budget: Budget) -> int:
    day = datetime(2023, 3, 14, tzinfo=UTC)
    articles = [Article(str(n), title, published_at=day) for n, title in enumerate(titles)]
    words = Words(len(titles), lambda some: [1 for _ in some])
    return len(grouped([Match(each, 1.0) for each in articles], {}, words, budget=budget))


def test_titles_with_a_word_in_common_are_grouped_in_linear_time() -> None:
    small, _ = check_growth(
        lambda n: stories([f"azure {word(i)} {word(i + n)}" for i in range(n)], Budget()), 500
    )
    assert small.value == 500


def test_titles_that_are_nearly_alike_are_bounded() -> None:
    titles = [f"solar wind tide grid {number}" for number in range(200)]
    assert stories(titles, Budget()) == 200
    with pytest.raises(QueryError, match=TOO_LONG):
        stories(titles, Budget(100_000))


def test_labels_of_an_ordinary_search_are_not_refused() -> None:
    Filters(topics=tuple(map(word, range(1_000)))).check()
    with pytest.raises(UsageError):
        Filters(topics=tuple(map(word, range(1_300)))).check()
