"""Facets, suggestions and look-ups of more values, words and articles than one answer holds."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice, product
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from clusters import cluster
from heatseek.article import Article
from heatseek.engines.model import Request
from heatseek.query.filters import Filters
from heatseek.query.tree import Everything, Term
from heatseek.results import Facet, Sort
from heatseek.schema import DeclaredField, FieldKind
from heatseek.text.tokens import label
from heatseek.zones import local
from indexes import fill
from labels_by_hand import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heatseek.engines.base import Reader
    from heatseek.results import FacetCounts

pytestmark = pytest.mark.opensearch
NOW = datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Tokyo"))
ARTICLES, TOPICS = 7_000, 10
"""Topics of an article: of all together more than the server gives buckets, 65,535."""
FIELDS = (
    DeclaredField("price", FieldKind.NUMBER, facet=True),
    DeclaredField("due", FieldKind.DATE, facet=True),
    DeclaredField("level", FieldKind.KEYWORD, facet=True),
)
EDGE = datetime(2023, 1, 1, tzinfo=UTC) - timedelta(hours=9)
"""Of the year 2023 in Tokyo the first second, if it is no whole day."""
INSTANTS = [EDGE + timedelta(seconds=n) for n in (-1, 0, 1)]
INSTANTS += [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)]
INSTANTS += [datetime(year, 1, 1, tzinfo=UTC) for year in (1969, 1970, 2023, 2024)]
LETTERS = "abcdefghijk"
WORDS = ["interv" + "".join(each) for each in islice(product(LETTERS, repeat=3), 1_200)]


def article(number: int) -> Article:
    """Every tenth is of wind, every thousandth has a link in common with the one before."""
    topics = [f"topic {number * TOPICS + each}" for each in range(TOPICS - 2)]
    topics += [("Climate", "climate", "CLIMATE")[number % 3], f"Few {number % 7}"]
    link = number - 1 if number % 1_000 == 501 else number
    return Article(
        f"{number:05}.md",
        f"{'wind' if number % 10 == 0 else 'sun'} {WORDS[number % len(WORDS)]}",
        url=f"https://example.com/{link}",
        topics=tuple(topics),
        quality=number % 5 if number % 2 else None,
        published_at=INSTANTS[number % len(INSTANTS)] if number % 11 else None,
        body="rain " * (number % 97),
        extra=(
            ("due", INSTANTS[-number % len(INSTANTS)]),
            ("level", (f"Level {number % 5}",)),
            ("price", number / 8),
        ),
    )


ARCHIVE = [article(number) for number in range(ARTICLES)]


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    engine = cluster().engine(3)
    fill(engine, ARCHIVE, fields=FIELDS)
    with engine.open(long_lived=True) as opened:
        yield opened


def facets(reader: Reader, request: Request, *names: str) -> dict[str, FacetCounts]:
    """All values of some facets; with a limit the first ones, and the number of all."""
    page = reader.search(request._replace(limit=0, facets=tuple(map(Facet, names))))
    few = reader.search(request._replace(limit=0, facets=tuple(Facet(n, 3) for n in names)))
    for name, (values, total, _) in page.facets.items():
        assert few.facets[name][:2] == (values[:3], total)
        assert total == len(values)
    return dict(page.facets)


def once(articles: Iterable[Article]) -> list[Article]:
    """Of articles with one link the newer one, then the one whose id comes first."""
    oldest = datetime.min.replace(tzinfo=UTC)
    found: dict[str | None, Article] = {}
    for each in articles:
        other = found.setdefault(each.url, each)
        if (each.published_at or oldest) > (other.published_at or oldest):
            found[each.url] = each
    return list(found.values())


everything = Request(Everything(), NOW, sort=Sort.DATE)
_counted = partial(counted, ARCHIVE)


def test_more_topics_than_one_answer_holds(reader: Reader) -> None:
    found = facets(reader, everything, "topic")["topic"]
    assert found.total > 50_000
    assert list(found.values) == _counted(once(ARCHIVE), "topic")


def test_topics_of_some_matches_are_shown_as_the_whole_index_writes_them(reader: Reader) -> None:
    wind = [each for each in ARCHIVE if "wind" in each.title]
    found = facets(reader, Request(Term("wind"), NOW, sort=Sort.DATE), "topic")["topic"]
    assert list(found.values) == _counted(once(wind), "topic")
    one = Filters(topics=(label("topic 12"),))
    values = facets(reader, Request(Everything(), NOW, one, sort=Sort.DATE), "topic", "level")
    assert [each.value for each in values["level"].values] == ["Level 1"]
    assert len(values["topic"].values) == TOPICS


def test_years_begin_where_they_do_in_a_zone(reader: Reader) -> None:
    for zone in (NOW.tzinfo, UTC, ZoneInfo("America/Lima")):
        assert zone
        asked = everything._replace(now=NOW.astimezone(zone))
        found = facets(reader, asked, "year", "due")
        matches = once(ARCHIVE)
        dates = [each.published_at for each in matches if each.published_at]
        assert dict(found["year"].values) == years(dates, zone)
        assert dict(found["due"].values) == years([dict(a.extra)["due"] for a in matches], zone)


def years(dates: Iterable[object], zone: object) -> Counter[str]:
    return Counter(f"{local(date, zone).year:04}" for date in dates)  # type: ignore[arg-type]


def test_numbers_in_any_number(reader: Reader) -> None:
    found = facets(reader, everything, "price")["price"]
    assert found.total == len(once(ARCHIVE))
    assert {float(each.value) for each in found.values} == {
        dict(each.extra)["price"] for each in once(ARCHIVE)
    }


def test_all_labels_of_the_index(reader: Reader) -> None:
    labels = reader.labels("topic")
    assert [each[:2] for each in labels] == _counted(ARCHIVE, "topic")
    few = next(each for each in labels if each.value == "Few 3")
    having = [each for each in ARCHIVE if "Few 3" in each.topics]
    known = [each.quality for each in having if each.quality is not None]
    assert few.quality == sum(known) / len(known)
    assert few.newest == max(each.published_at for each in having if each.published_at)


def test_more_words_that_begin_alike_than_the_server_tells_at_once(reader: Reader) -> None:
    used = Counter(WORDS[number % len(WORDS)] for number in range(ARTICLES))
    expected = sorted(used, key=lambda word: (-used[word], word))
    assert list(reader.suggest("interv")) == expected
    assert reader.suggest("intervabd")[0] == "intervadb"


def test_all_articles_come_once(reader: Reader) -> None:
    every = {each.id: each for each in reader.articles()}
    assert len(every) == ARTICLES
    assert every == {each.id: each for each in ARCHIVE}
