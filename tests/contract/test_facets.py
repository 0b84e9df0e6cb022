"""Every engine counts what counting the matches by hand gives."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings

from heatseek.results import Facet
from heatseek.schema import FACETS
from heatseek.text.tokens import label
from strategies import archives, requests

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract.conftest import Fill, Make
    from heatseek.article import Article
    from heatseek.engines.base import Request


def values(article: Article, facet: str) -> list[str]:
    if facet == "topic":
        return list(article.topics)
    if facet == "provider":
        return [value for value in article.provider if value][:1]
    if facet == "year":
        return [str(article.published_at.year)] if article.published_at else []
    value = article.category if facet == "category" else article.type
    return [value] if value else []


def once_each(article: Article, facet: str) -> dict[str, str]:
    """What is compared to how it is written; of equal ones the first."""
    found: dict[str, str] = {}
    for value in values(article, facet):
        found.setdefault(label(value), value)
    found.pop("", None)
    return found


def spelling(archive: Iterable[Article], facet: str) -> dict[str, str]:
    """How each label is written most often."""
    written: dict[str, Counter[str]] = {}
    for article in archive:
        for compared, value in once_each(article, facet).items():
            written.setdefault(compared, Counter())[value] += 1
    return {c: min(found, key=lambda v: (-found[v], v)) for c, found in written.items()}


def counted(archive: list[Article], matches: list[Article], facet: str) -> list[tuple[str, int]]:
    shown = spelling(archive, facet)
    counts = Counter(shown[c] for article in matches for c in once_each(article, facet))
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


@settings(max_examples=60)
@given(archive=archives(), asked=requests)
def test_facets_equal_counting_by_hand(
    make: Make, filled: Fill, archive: list[Article], asked: Request
) -> None:
    request = asked._replace(limit=100, offset=0, facets=tuple(map(Facet, FACETS)))
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        filled(engine, archive)
        for long_lived in (False, True):
            with engine.open(long_lived=long_lived) as reader:
                page = reader.search(request)
                matches = [match.article for match in page.matches]
                for facet in FACETS:
                    expected = counted(archive, matches, facet)
                    assert list(page.facets[facet].values) == expected, facet
                    assert page.facets[facet].total == len(expected)
                few = reader.search(request._replace(facets=tuple(Facet(f, 2) for f in FACETS)))
                for facet, (values, total, chosen) in page.facets.items():
                    assert few.facets[facet] == (values[:2], total, chosen)
                    assert not chosen
                for facet in ("topic", "provider", "category", "type"):
                    check_summaries(reader.labels(facet), archive, facet)


def check_summaries(summaries, archive: list[Article], facet: str) -> None:  # noqa: ANN001
    assert [each[:2] for each in summaries] == counted(archive, archive, facet)
    for each in summaries:
        having = [a for a in archive if label(each.value) in once_each(a, facet)]
        dates = [a.published_at for a in having if a.published_at]
        qualities = [a.quality for a in having if a.quality is not None]
        assert each.newest == max(dates, default=None)
        assert each.quality == (sum(qualities) / len(qualities) if qualities else None)
