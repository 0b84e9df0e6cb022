"""Pages from a cluster equal those over a folder, also where its scores are too short to tell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from clusters import cluster
from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.model import Entrants, Request, Tiers
from heatseek.engines.opensearch import searches, windows
from heatseek.engines.opensearch.client import HttpClient
from heatseek.errors import QueryError
from heatseek.query import tree
from heatseek.query.filters import Filters
from heatseek.ranking import Boosts
from heatseek.results import Facet, Sort
from indexes import fill

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heatseek.engines.base import Reader

pytestmark = pytest.mark.opensearch
NOW = datetime(2024, 1, 1, tzinfo=UTC)
PLAIN = Boosts(quality=0.0, heat=0.0)
GREAT = 10**9
"""A quality near which the next one makes a difference in the twelfth digit of a score."""


def archive() -> Iterator[Article]:
    for number in range(400):
        # Ids go against qualities; every third title is spelt with its accent.
        spelling = "Bücher" if number % 3 == 0 and number > 200 else "Bucher"
        yield Article(
            f"{number:03}.md",
            f"alte {spelling}",
            body="sonne wind " * (1 + number % 2),
            category="kultur",
            quality=GREAT + number,
            published_at=NOW - timedelta(days=number % 5),
            url=f"https://example.com/{number // 2}" if number < 300 else None,
            topics=(f"thema {number % 7}",),
        )
    for number in range(60):
        words = ["sonne", *["und"] * (number % 4), "mond"] * (1 + number % 3)
        yield Article(f"n{number:02}.md", "himmel", body=" ".join(words))


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, Reader]]:
    """Of the same articles on a cluster in three shards, and in a folder."""
    folder: Path = tmp_path_factory.mktemp("pages")
    engines = cluster().engine(3), load(folder)
    for engine in engines:
        fill(engine, archive())
    with engines[0].open() as there, engines[1].open() as here:
        yield there, here


SUN, WIND, MOON = tree.Term("sonne"), tree.Term("wind"), tree.Term("mond")
QUERIES = {
    "scores that differ in the twelfth digit": tree.Term("wind"),
    "a label, by quality": tree.Term("kultur", "category"),
    "no word, by quality": tree.Everything(),
    "accents": tree.Term("Bücher"),
    "accents and nothing else": tree.Boosted(tree.Term("Bücher"), 0.0),
    "some without": tree.Any((WIND, tree.Boosted(tree.Term("himmel"), 0.0))),
    "words near each other": tree.Near("sonne mond", 1),
    "several": tree.Any((SUN, tree.All((WIND, tree.Not(tree.Range("quality", None, GREAT)))))),
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
@pytest.mark.parametrize(
    "boosts", [Boosts(), PLAIN, Boosts(recency=0.5)], ids=["quality", "plain", "recency"]
)
def test_every_page_is_the_same(
    readers: tuple[Reader, Reader], query: tree.Query, boosts: Boosts
) -> None:
    there, here = readers
    for offset in (0, 3, 95, 190, 245):
        for excluded in ((), ("003.md", "n07.md")):
            filters = Filters(excluded=excluded)
            request = Request(query, NOW, filters, boosts, limit=10, offset=offset, explain=True)
            assert there.search(request) == here.search(request), request


def test_all_hits_at_once_are_the_same(
    readers: tuple[Reader, Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, here = readers
    monkeypatch.setattr(windows, "MOST_ARTICLES", 70)
    monkeypatch.setattr(searches, "MOST_ARTICLES", 70)
    request = Request(tree.Everything(), NOW, limit=1_000)
    assert there.search(request) == here.search(request)


@pytest.mark.parametrize("tiers", Tiers)
@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.DATE, Sort.QUALITY])
def test_tiers_with_facets_and_entrants_are_the_same(
    readers: tuple[Reader, Reader], tiers: Tiers, sort: Sort
) -> None:
    there, here = readers
    some, every = tree.Any((SUN, MOON)), tree.All((SUN, MOON))
    for offset in (0, 55, 210):
        for facets in ((), (Facet("topic", 3), Facet("category"))):
            request = Request(
                some, NOW, sort=sort, offset=offset, all_words=every, tiers=tiers, facets=facets
            )
            assert there.search(request) == here.search(request), request
    entrants = Entrants(("n03.md", "010.md", "011.md", "nowhere.md"))
    request = Request(MOON, NOW, sort=sort, entrants=entrants, limit=80)
    found, expected = there.search(request), here.search(request)
    assert found._replace(entrants=()) == expected._replace(entrants=())
    assert {m.article.id: m for m in found.entrants} == {m.article.id: m for m in expected.entrants}


def test_a_search_is_two_requests_and_one_once_its_words_are_known(
    readers: tuple[Reader, Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    send = HttpClient.send

    def counted(client: HttpClient, method: str, path: str, *args: Any, **options: Any) -> Any:
        sent.append(path)
        return send(client, method, path, *args, **options)

    monkeypatch.setattr(HttpClient, "send", counted)
    some = tree.Any((tree.Term("himmel"), tree.Term("und")))
    every = tree.All((tree.Term("himmel"), tree.Term("und")))
    request = Request(some, NOW, limit=5, boosts=PLAIN)
    there, _ = readers
    numbers = []
    for each in (request, request, request._replace(all_words=every, tiers=Tiers.FIRST)):
        sent.clear()
        assert there.search(each).matches
        numbers.append(len(sent))
    assert numbers == [2, 1, 1]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (tree.Wildcard(f"*a{'?' * 14}b*"), r"many \? .* write more of its letters"),
        (tree.Any(tuple(tree.Term(f"w{n}") for n in range(1_024))), "more words .* ask for fewer"),
    ],
)
def test_what_is_beyond_the_server_is_told_in_one_line(
    readers: tuple[Reader, Reader], query: tree.Query, message: str
) -> None:
    with pytest.raises(QueryError, match=message) as raised:
        readers[0].search(Request(query, NOW))
    assert "\n" not in str(raised.value)


def test_two_hundred_words_are_not(readers: tuple[Reader, Reader]) -> None:
    words = tree.Any((SUN, *(tree.Term(f"w{n}") for n in range(200))))
    found, expected = (reader.search(Request(words, NOW)) for reader in readers)
    assert found == expected


def test_a_thread_that_waits_for_the_server_keeps_no_other_one(
    readers: tuple[Reader, Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    there, here = readers
    waiting, done = Event(), Event()
    send = HttpClient.send

    def slow(client: HttpClient, method: str, path: str, body: Any, **options: Any) -> Any:
        if "slow" in str(body):
            waiting.set()
            assert done.wait(30)
        return send(client, method, path, body, **options)

    monkeypatch.setattr(HttpClient, "send", slow)
    requests = [
        Request(query, NOW, offset=offset) for query in QUERIES.values() for offset in (0, 4)
    ]
    with ThreadPoolExecutor(8) as pool:
        late = pool.submit(there.search, Request(tree.Term("slow"), NOW))
        assert waiting.wait(30)
        found = list(pool.map(there.search, requests))
        assert not late.done()
        done.set()
        assert late.result(30).total == 0
    assert found == list(map(here.search, requests))
