"""Whoosh with heatseek's boosts: every match scored and boosted, nothing pruned, so exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whoosh.collectors import TopCollector
from whoosh.index import open_dir
from whoosh.scoring import BM25F

from contenders.base import Answer
from contenders.stock_whoosh import parser
from heatseek.ranking import Boosts, saturation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from contenders.base import Search
    from heatseek.article import Article

BUILDS = False
SCRIPT = None
_BOOSTS = Boosts()


class BoostedBM25F(BM25F):
    """BM25F times heatseek's multiplier, computed once for all documents."""

    use_final = True

    def __init__(self) -> None:
        super().__init__()
        self.multipliers: list[float] = []

    def final(self, searcher: Any, docnum: int, score: float) -> float:  # noqa: ARG002 - Whoosh's signature
        """Boost a score."""
        return score * self.multipliers[docnum]


def build(articles: Sequence[Article], folder: Path) -> None:
    """Nothing: it searches the index of `stock_whoosh`."""
    raise NotImplementedError


def searcher(folder: Path) -> Search:
    """No pruning (`usequality`, `replace`): with boosts it gives wrong hits."""
    index = open_dir(folder)
    weighting = BoostedBM25F()
    opened = index.searcher(weighting=weighting)
    weighting.multipliers = _multipliers(opened)
    parse = parser(index.schema)

    def search(text: str) -> Answer:
        collector = TopCollector(limit=10, usequality=False, replace=0)
        opened.search_with_collector(parse(text), collector)
        return Answer(collector.total, [hit["id"] for hit in collector.results()])

    return search


def settings() -> str:
    """It has no one-shot program."""
    return ""


def _multipliers(searcher: Any) -> list[float]:
    stored = (searcher.stored_fields(number) for number in range(searcher.doc_count_all()))
    return [
        1.0
        + _BOOSTS.quality * saturation(fields.get("quality"), _BOOSTS.quality_pivot)
        + _BOOSTS.heat * saturation(fields.get("heat"), _BOOSTS.heat_pivot)
        for fields in stored
    ]
