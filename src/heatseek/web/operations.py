"""The addresses of the server, declared once: routes and the description of the interface follow.

`openapi.json` and the tables of docs/http.md are made from them by `python tests/document_http.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.web.messages import ATOM, CSV, HTML, JSON, JSONL
from heatseek.web.parameters import (
    ARTICLE_PARAMETERS,
    CSV_PARAMETERS,
    FACET_PARAMETERS,
    IMAGE_PARAMETERS,
    NO_PARAMETERS,
    PAGE_PARAMETERS,
    PARAMETERS,
    SIMILAR_PARAMETERS,
    SUGGEST_PARAMETERS,
    Parameter,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_API = "heatseek.web.api"
_PAGES = "heatseek.web.pages"


class Operation(NamedTuple):
    """An address, or all those that one pattern stands for."""

    path: str
    """`{id}` stands for the id of an article, which may have slashes, `{facet}` for a facet."""
    handler: str
    """The function that answers in a reader, as `module:name`; empty: none does."""
    summary: str
    """A line on what it answers."""
    parameters: Mapping[str, Parameter]
    media_type: str
    document: str = ""
    """The type in `wire/` of a JSON answer."""
    is_of_generation: bool = True
    """The answer changes with the index alone, and by the hour, as dates such as `2w` do."""
    form: str = ""
    """`json`, `jsonl` or `csv`, where the address of a page ends so."""


OPERATIONS = (
    Operation(
        "/api/search",
        f"{_API}:search",
        "The articles that answer a query best: what `search --json` prints.",
        PARAMETERS,
        JSON,
        "ResultsDocument",
    ),
    Operation(
        "/api/articles/{id}",
        f"{_API}:article",
        "An article, as its file has it now: what `heatseek show --json` prints.",
        NO_PARAMETERS,
        JSON,
        "ShownDocument",
        is_of_generation=False,
    ),
    Operation(
        "/api/similar/{id}",
        f"{_API}:similar",
        "The articles most like one: what `search --similar` prints.",
        SIMILAR_PARAMETERS,
        JSON,
        "ResultsDocument",
    ),
    Operation(
        "/api/facets/{facet}",
        f"{_API}:facets",
        "The values of a facet over the whole index: what `heatseek topics --json` prints.",
        FACET_PARAMETERS,
        JSON,
        "LabelsDocument",
    ),
    Operation(
        "/api/suggest",
        f"{_API}:suggest",
        "Completions of the last word of a query, and topics and providers that begin so.",
        SUGGEST_PARAMETERS,
        JSON,
        "SuggestionsDocument",
    ),
    Operation(
        "/api/status",
        f"{_API}:status",
        "The state of the index, and how far its archive has gone on.",
        NO_PARAMETERS,
        JSON,
        "StatusDocument",
        is_of_generation=False,
    ),
    Operation(
        "/api/doctor",
        "",
        "Flaws of the archive's files: what `heatseek doctor --json` prints, once for each update.",
        NO_PARAMETERS,
        JSON,
        "DoctorDocument",
        is_of_generation=False,
    ),
    Operation("/", f"{_PAGES}:search", "The page of a search.", PAGE_PARAMETERS, HTML),
    Operation(
        "/search.json",
        f"{_API}:search",
        "The hits of that page, as of `/api/search`.",
        PARAMETERS,
        JSON,
        "ResultsDocument",
        form="json",
    ),
    Operation(
        "/search.jsonl",
        f"{_API}:search",
        "The same, a hit a line.",
        PARAMETERS,
        JSONL,
        form="jsonl",
    ),
    Operation(
        "/search.csv",
        f"{_API}:search",
        "The same as a table.",
        CSV_PARAMETERS,
        CSV,
        form="csv",
    ),
    Operation(
        "/feed.atom",
        "heatseek.web.feed:feed",
        "A search as an Atom feed, the newest first.",
        PARAMETERS,
        ATOM,
    ),
    Operation(
        "/a/{id}",
        f"{_PAGES}:article",
        "The page of an article; `/a/ID.json` is the same as `/api/articles/ID`.",
        ARTICLE_PARAMETERS,
        HTML,
        is_of_generation=False,
    ),
    Operation(
        "/stats",
        f"{_PAGES}:stats",
        "The page of what the index holds.",
        IMAGE_PARAMETERS,
        HTML,
        is_of_generation=False,
    ),
    Operation(
        "/stats.json",
        f"{_PAGES}:stats",
        "The same as JSON: what `heatseek stats --json` prints.",
        NO_PARAMETERS,
        JSON,
        "StatsDocument",
        is_of_generation=False,
        form="json",
    ),
)
"""Beside `/healthz`, `/openapi.json` and `/static/NAME`."""
MISSING = Operation("", f"{_PAGES}:problem", "A page that is not there.", NO_PARAMETERS, HTML)
