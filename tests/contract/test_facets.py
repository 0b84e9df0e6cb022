"""Every engine counts what counting the matches by hand gives."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given, settings

from clusters import examples
from heatseek.engines.model import Tiers
from heatseek.results import Facet
from heatseek.schema import FACETS
from heatseek.text.tokens import label
from labels_by_hand import counted, once_each
from strategies import archives, requests

if TYPE_CHECKING:
    from contract.conftest import Fill, Make
    from heatseek.article import Article
    from heatseek.engines.model import Request


@settings(max_examples=examples(20))
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
                in_tiers = request.tiers is not Tiers.NONE
                first = page.matches[: (in_tiers and page.with_all) or None]
                matches = [match.article for match in first]
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
