"""Results made up for the tests of the renderers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from heatseek.article import Article, Kind, Provider
from heatseek.explanation import Explanation, FieldScore, Signal, WordScore
from heatseek.results import (
    FacetCounts,
    FacetValue,
    Fragment,
    Hit,
    Results,
)

CLIMAX = Article(
    id="2023/climax.md",
    title="Microsoft Open-Sources Weather Forecasting Deep Learning Model ClimaX",
    excerpt="Researchers have open-sourced ClimaX, a model for weather and climate.",
    topics=("Machine Learning", "AI", "Microsoft AI"),
    provider=Provider("InfoQ", "infoq.com"),
    category="news",
    type="article",
    published_at=datetime(2023, 3, 14, 14, 42, tzinfo=UTC),
    url="https://www.infoq.com/news/2023/03/microsoft-climate-ai/",
    quality=56,
    heat=76,
    published=True,
)
BARE = Article(id="bare.md", title="Nothing but a title")
MENTIONED = Article(
    id="https://crn.com/layoffs",
    title="Layoffs Hit Supply Chain",
    url="https://crn.com/layoffs",
    kind=Kind.RELATED,
    related_to=("2023/climax.md", "2023/other.md", "2024/third.md"),
)
SNIPPET = (
    Fragment("Researchers have open-sourced ClimaX, a foundation model for weather and "),
    Fragment("climate", matched=True),
    Fragment(" modeling, which can be fine-tuned for prediction tasks of many kinds by "),
    Fragment("AI", matched=True),
    Fragment("."),
)
EXPLANATION = Explanation(
    text=8.1,
    boost=1.566,
    signals=(
        Signal("quality", 0.264, value=56, saturation=0.528, weight=0.5, scale=50.0),
        Signal("heat", 0.302, value=76, saturation=0.604, weight=0.5, scale=50.0),
        Signal("recency", 1.0, is_factor=True, value=3.5, scale=30.0),
    ),
    words=(
        WordScore(
            *("climate", 5.0, (FieldScore("title", 3.2, 1, 2.0), FieldScore("topics", 1.8))),
            articles=209,
            weight=2.0,
        ),
        WordScore("ai", 3.1, (FieldScore("excerpt", 3.1, 3),), None, 1),
    ),
    bounds=(1.0, 2.0),
)


def hit(article: Article = CLIMAX, rank: int = 1, **changes: Any) -> Hit:
    """A hit for an article, its title unmarked."""
    title = changes.pop("title", (Fragment(article.title),))
    snippet = changes.pop("snippet", ())
    made = Hit(rank, article, 12.685, title_marks=title, snippet_marks=snippet)
    return replace(made, **changes)


def results(*hits: Hit, total: int | None = None, **changes: Any) -> Results:
    """Results of these hits and, unless said, no others."""
    found = Results("climate ai", len(hits) if total is None else total, 3.14159, hits)
    return replace(found, **changes)


def counts(*values: FacetValue, more: int = 0) -> FacetCounts:
    """The values of a facet, and how many there are beside."""
    return FacetCounts(values, len(values) + more)


wild = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Mn", "Lo", "So"]),
        st.sampled_from("\x1b\x9b\x07\x08\r\n\t\u202e\u2066\u200d\ud800,\"\\'"),
    ),
    max_size=60,
)
"""Text from strangers who mean no good."""

_labels = st.lists(wild, max_size=3).map(tuple)
_counts = st.none() | st.integers(-5, 10**20)

articles = st.builds(
    Article,
    id=wild,
    title=wild,
    excerpt=wild,
    topics=_labels,
    provider=st.builds(Provider, st.none() | wild, st.none() | wild),
    category=st.none() | wild,
    type=st.none() | wild,
    published_at=st.none() | st.datetimes(timezones=st.just(UTC)),
    url=st.none() | wild | wild.map("https://x/{}".format),
    quality=_counts,
    heat=_counts,
    published=st.none() | st.booleans(),
    kind=st.sampled_from(Kind),
    related_to=_labels,
)
_fragments = st.lists(st.builds(Fragment, wild, st.booleans()), max_size=5).map(tuple)
hits = st.builds(
    Hit,
    rank=st.integers(1, 10**6),
    article=articles,
    score=st.floats(0, 1e9),
    title_marks=_fragments,
    snippet_marks=_fragments,
    explanation=st.none() | st.just(EXPLANATION),
)
wild_results = st.builds(
    Results,
    query=wild,
    total=st.integers(0, 10**7),
    took_ms=st.floats(0, 1e6),
    hits=st.lists(hits, max_size=3).map(tuple),
    notices=_labels,
)
