"""Whoosh's own searcher and query parser over our index."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.qparser import FuzzyTermPlugin, QueryParser
from whoosh.query import Every
from whoosh.sorting import FieldFacet

import heatseek.whoosh
from engines_at_work import ENGINES
from heatseek.engines import load
from heatseek.engines.model import Request
from heatseek.query import tree
from heatseek.query.filters import Filters
from heatseek.results import Facet
from strategies import EPOCH, archives, labels
from whoosh_queries import EVERYWHERE, queries, whoosh_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.article import Article
    from heatseek.engines.base import Reader

LABELS = {
    "topic": "topic_label",
    "provider": "provider_label",
    "category": "category",
    "type": "type",
}
some_queries = st.lists(queries, min_size=5, max_size=10)


@pytest.fixture(scope="module", params=ENGINES["whoosh"].ways.values(), ids=ENGINES["whoosh"].ways)
def filled(request: pytest.FixtureRequest) -> Iterator[Callable[..., object]]:
    """Fills an engine in one of the ways to an index."""
    with request.param() as fill:
        yield fill


@settings(max_examples=15)
@given(archive=archives(), asked=some_queries, label=labels)
def test_whoosh_finds_what_heatseek_finds(
    filled: Callable[..., object],
    archive: list[Article],
    asked: list[tree.Query],
    label: str,
) -> None:
    check(filled, archive, asked, label)


@pytest.mark.slow
@settings(max_examples=300)
@given(archive=archives(), asked=some_queries, label=labels)
def test_the_same_for_thousands_of_archives(
    filled: Callable[..., object],
    archive: list[Article],
    asked: list[tree.Query],
    label: str,
) -> None:
    check(filled, archive, asked, label)


def check(
    fill: Callable[..., object], archive: list[Article], asked: list[tree.Query], label: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = load(Path(folder))
        # Heatseek shows one of several articles with the same link; Whoosh knows no such rule.
        fill(engine, [replace(a, url=f"https://example.com/{a.id}") for a in archive])
        ix = heatseek.whoosh.open_index(folder)
        parser = QueryParser(EVERYWHERE, ix.schema)
        parser.add_plugin(FuzzyTermPlugin())
        with engine.open() as reader, ix.searcher() as searcher:
            for query in asked:
                typed = whoosh_text(query)
                # Unsimplified: to Whoosh, everything that has a word would be everything.
                parsed = parser.parse(typed, normalize=False)
                assert ids(reader, query) == found(searcher, parsed), typed
            for field, filters in (
                ("topic_label", Filters(topics=(label,))),
                ("provider_label", Filters(providers=(label,))),
            ):
                expected = ids(reader, tree.Everything(), filters)
                assert expected == found(searcher, parser.parse(f'{field}:"{label}"'))
            check_groups(reader, searcher)


def check_groups(reader: Reader, searcher: Any) -> None:
    page = reader.search(Request(tree.Everything(), now=EPOCH, facets=tuple(map(Facet, LABELS))))
    groups = searcher.search(
        Every(), limit=None, groupedby=[FieldFacet(f, allow_overlap=True) for f in LABELS.values()]
    )
    for facet, field in LABELS.items():
        counts = {value: len(hits) for value, hits in groups.groups(field).items() if value}
        assert {found.value: found.articles for found in page.facets[facet].values} == counts


def ids(reader: Reader, query: tree.Query, filters: Filters = Filters()) -> set[str]:
    page = reader.search(Request(query, now=EPOCH, filters=filters, limit=100))
    return {match.article.id for match in page.matches}


def found(searcher: Any, query: Any) -> set[str]:
    """The ids of all hits; no word of the query scores above the bound that Whoosh is given.

    By these bounds it leaves out documents where only the best few are wanted. Which these are
    then is not compared: Whoosh takes the greatest bound of the words of an OR for their sum.
    """
    for leaf, _ in searcher.leaf_searchers():
        for field, text in query.existing_terms(leaf.reader(), expand=True):
            matcher = leaf.postings(field, text)
            assert max(scores(matcher)) <= matcher.max_quality() * (1 + 1e-9), text
    return {hit["id"] for hit in searcher.search(query, limit=None)}


def scores(matcher: Any) -> Iterator[float]:
    while matcher.is_active():
        yield matcher.score()
        matcher.next()
