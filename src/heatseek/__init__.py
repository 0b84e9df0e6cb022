"""heatseek: full-text search over a folder of articles.

    import heatseek

    heatseek.rebuild("seeds", "index")
    with heatseek.open_index("index") as index:
        for hit in index.search("climate AI", topics=["Machine Learning"]):
            print(hit.rank, hit.article.title, round(hit.score, 3))

The names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heatseek import whoosh as whoosh
    from heatseek.article import Article, Kind, Provider
    from heatseek.engines.base import LabelSummary
    from heatseek.errors import HeatseekError, IndexClosedError
    from heatseek.indexer import Changes, Summary
    from heatseek.ingest.problem import Problem
    from heatseek.library import Index, open_index, rebuild, update
    from heatseek.ranking import Boosts, Preset
    from heatseek.results import (
        Explanation,
        Facet,
        FacetCounts,
        FacetValue,
        Fragment,
        Hit,
        Results,
        Sort,
        WordScore,
    )
    from heatseek.schema import DeclaredField, FieldKind
    from heatseek.search.request import Matching, SearchRequest
    from heatseek.text.languages import Language

_HOMES = {
    "library": ("Index", "open_index", "rebuild", "update"),
    "article": ("Article", "Kind", "Provider"),
    "engines.base": ("LabelSummary",),
    "errors": ("HeatseekError", "IndexClosedError"),
    "indexer": ("Changes", "Summary"),
    "ingest.problem": ("Problem",),
    "ranking": ("Boosts", "Preset"),
    "results": (
        "Explanation",
        "Facet",
        "FacetCounts",
        "FacetValue",
        "Fragment",
        "Hit",
        "Results",
        "Sort",
        "WordScore",
    ),
    "schema": ("DeclaredField", "FieldKind"),
    "search.request": ("Matching", "SearchRequest"),
    "text.languages": ("Language",),
}
_MODULES = ("whoosh",)
"""Parts with names of their own, which bring in other libraries."""
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Article",
    "Boosts",
    "Changes",
    "DeclaredField",
    "Explanation",
    "Facet",
    "FacetCounts",
    "FacetValue",
    "FieldKind",
    "Fragment",
    "HeatseekError",
    "Hit",
    "Index",
    "IndexClosedError",
    "Kind",
    "LabelSummary",
    "Language",
    "Matching",
    "Preset",
    "Problem",
    "Provider",
    "Results",
    "SearchRequest",
    "Sort",
    "Summary",
    "WordScore",
    "open_index",
    "rebuild",
    "update",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"heatseek.{name}")
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"heatseek.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
