"""heatseek: full-text search over a folder of articles.

    import heatseek

    heatseek.rebuild("seeds", "index")
    with heatseek.open_index("index") as index:
        for hit in index.search("climate AI", topics="Machine Learning"):
            print(hit.rank, hit.title, round(hit.score, 3))

The names are loaded when they are first used, so that importing the package costs nothing.
docs/library.md shows them at work.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from heatseek import whoosh as whoosh
    from heatseek.article import Article, Kind, Provider
    from heatseek.config.model import Config
    from heatseek.conventions import Conventions
    from heatseek.engines.model import Generation, IndexUrl, LabelSummary, Origin, Slice
    from heatseek.errors import (
        ArchiveError,
        ArgumentError,
        ArticleError,
        CapabilityError,
        ConfigError,
        EngineRefusedError,
        EngineUnreachableError,
        GenerationGoneError,
        HeatseekError,
        IndexClosedError,
        IndexDamagedError,
        IndexForeignError,
        IndexLockedError,
        IndexMissingError,
        IndexOutdatedError,
        IndexWriteError,
        LeaseLostError,
        NoArticleError,
        OtherArchiveError,
        QueryError,
        Remedy,
        SemanticError,
        StoreError,
        UnknownSearchError,
        UsageError,
    )
    from heatseek.explanation import Explanation, FieldScore, WordScore
    from heatseek.health import Health, check
    from heatseek.indexer.scanning import Differences
    from heatseek.indexer.summary import Changes, Listener, SliceSummary, Summary
    from heatseek.ingest.problem import Problem
    from heatseek.library import Index, open_index, open_project
    from heatseek.maintenance import (
        build_missing,
        origin,
        rebuild,
        rebuild_slice,
        update,
        watch,
    )
    from heatseek.ranking import Boosts, Preset
    from heatseek.results import (
        Facet,
        FacetCounts,
        FacetValue,
        Fragment,
        Hit,
        Results,
        Sort,
        Stories,
    )
    from heatseek.schema import DeclaredField, FieldKind
    from heatseek.search.find import Found
    from heatseek.search.highlight import Highlights
    from heatseek.search.request import Matching, SearchRequest, request_of
    from heatseek.text.languages import Language
    from heatseek.vectors import Semantic

    __version__: str

_HOMES = {
    "article": "Article Kind Provider",
    "config.model": "Config",
    "conventions": "Conventions",
    "engines.model": "Generation IndexUrl LabelSummary Origin Slice",
    "errors": """
        ArchiveError ArgumentError ArticleError CapabilityError ConfigError
        EngineRefusedError EngineUnreachableError GenerationGoneError HeatseekError
        IndexClosedError IndexDamagedError IndexForeignError IndexLockedError
        IndexMissingError IndexOutdatedError IndexWriteError LeaseLostError NoArticleError
        OtherArchiveError QueryError Remedy SemanticError StoreError UnknownSearchError UsageError
    """,
    "explanation": "Explanation FieldScore WordScore",
    "indexer.scanning": "Differences",
    "indexer.summary": "Changes Listener SliceSummary Summary",
    "ingest.problem": "Problem",
    "library": "Index open_index open_project",
    "health": "Health check",
    "maintenance": "build_missing origin rebuild rebuild_slice update watch",
    "ranking": "Boosts Preset",
    "results": """
        Facet FacetCounts FacetValue Fragment Hit Results Sort Stories
    """,
    "schema": "DeclaredField FieldKind",
    "search.find": "Found",
    "search.highlight": "Highlights",
    "search.request": "Matching SearchRequest request_of",
    "text.languages": "Language",
    "vectors": "Semantic",
}
"""The names that each module has, which is loaded when one of them is used."""
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "ArchiveError",
    "ArgumentError",
    "Article",
    "ArticleError",
    "Boosts",
    "CapabilityError",
    "Changes",
    "Config",
    "ConfigError",
    "Conventions",
    "DeclaredField",
    "Differences",
    "EngineRefusedError",
    "EngineUnreachableError",
    "Explanation",
    "Facet",
    "FacetCounts",
    "FacetValue",
    "FieldKind",
    "FieldScore",
    "Found",
    "Fragment",
    "Generation",
    "GenerationGoneError",
    "Health",
    "HeatseekError",
    "Highlights",
    "Hit",
    "Index",
    "IndexClosedError",
    "IndexDamagedError",
    "IndexForeignError",
    "IndexLockedError",
    "IndexMissingError",
    "IndexOutdatedError",
    "IndexUrl",
    "IndexWriteError",
    "Kind",
    "LabelSummary",
    "Language",
    "LeaseLostError",
    "Listener",
    "Matching",
    "NoArticleError",
    "Origin",
    "OtherArchiveError",
    "Preset",
    "Problem",
    "Provider",
    "QueryError",
    "Remedy",
    "Results",
    "SearchRequest",
    "Semantic",
    "SemanticError",
    "Slice",
    "SliceSummary",
    "Sort",
    "StoreError",
    "Stories",
    "Summary",
    "UnknownSearchError",
    "UsageError",
    "WordScore",
    "__version__",
    "build_missing",
    "check",
    "open_index",
    "open_project",
    "origin",
    "rebuild",
    "rebuild_slice",
    "request_of",
    "update",
    "watch",
]

if not TYPE_CHECKING:  # so that a wrong name is an error to a type checker

    def __getattr__(name: str) -> Any:
        # Imported here, as importing the package costs nothing.
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415

            return version(__name__)
        # Of modules, too, it is asked first whether they are here.
        if name != "whoosh" and name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module  # noqa: PLC0415 - as above

        if name == "whoosh":
            return import_module(f"{__name__}.whoosh")
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
