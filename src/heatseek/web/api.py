"""Handlers of `/api/…`: the documents of the command line under addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from heatseek.cli.facet_values import Sort, beginning, ordered
from heatseek.cli.render.article import render_json
from heatseek.cli.render.tables import FacetValues, labels_document, render_csv
from heatseek.errors import HeatseekError
from heatseek.search.arguments import choice_of
from heatseek.web import messages
from heatseek.web.addresses import Address, pairs_of
from heatseek.web.messages import Content
from heatseek.web.parameters import (
    CSV_PARAMETERS,
    FACET_PARAMETERS,
    MAX_PAGE,
    NO_PARAMETERS,
    QUERY,
    SAFE_CSV,
    SIMILAR_PARAMETERS,
    SUGGEST_PARAMETERS,
    count,
    values_of,
)
from heatseek.web.service import neighbours
from heatseek.wire import VERSION, dump, timestamp

if TYPE_CHECKING:
    from heatseek.library import Index
    from heatseek.results import Results
    from heatseek.web.messages import Ask
    from heatseek.web.service import Service
    from heatseek.wire.archive import DifferencesDocument
    from heatseek.wire.documents import Document
    from heatseek.wire.programs import StatusDocument, SuggestionsDocument

SUGGESTIONS = 8


def search(service: Service, ask: Ask) -> Content:
    """`/api/search`, and every page of hits as JSON, JSON lines or CSV."""
    form = ask.form or "json"
    pairs = pairs_of(ask.query)
    safe = False
    if form == "csv":
        own = [pair for pair in pairs if pair[0] == SAFE_CSV]
        safe = values_of(own, CSV_PARAMETERS).get(SAFE_CSV, False)
        ask = ask._replace(query=Address("", tuple(p for p in pairs if p not in own)).query)
    request = service.request(ask, **({"snippet_length": 0} if form == "csv" else {}))
    results = service.search(request)
    links = neighbours(Address.of(ask.path, pairs), request, results).links()
    return _written(results, form, safe=safe)._replace(links=links)


def _written(results: Results, form: str, *, safe: bool) -> Content:
    match form:
        case "csv":
            return Content(messages.CSV, render_csv(results, safe=safe))
        case "jsonl":
            lines = "".join(dump(hit.to_dict(), indent=None) for hit in results)
            return Content(messages.JSONL, lines)
        case _:
            return _json(results.to_dict())


def article(service: Service, ask: Ask) -> Content:
    """`/api/articles/ID`: what `heatseek show --json` has."""
    values_of(pairs_of(ask.query), NO_PARAMETERS)
    return Content(messages.JSON, render_json(service.index.article(ask.name)))


def similar(service: Service, ask: Ask) -> Content:
    """`/api/similar/ID`: articles most like one."""
    values_of(pairs_of(ask.query), SIMILAR_PARAMETERS)
    index = service.index
    like = index.get(ask.name) or index.article(ask.name).article
    request = service.request(ask, similar_to=like.id)
    results = service.search(request)
    links = neighbours(Address.of(ask.path, pairs_of(ask.query)), request, results).links()
    return _json(results.to_dict())._replace(links=links)


def facets(service: Service, ask: Ask) -> Content:
    """`/api/facets/NAME`: the values of a facet over the whole index."""
    values = values_of(pairs_of(ask.query), FACET_PARAMETERS)
    order = choice_of("sort", values.get("sort", Sort.COUNT), Sort)
    most = count(values, FACET_PARAMETERS, "limit", MAX_PAGE)
    every = service.index.labels(ask.name)
    matches = ordered(beginning(every, values.get("prefix", "")), order)
    return _json(labels_document(FacetValues(ask.name, len(matches), matches[:most])))


def suggest(service: Service, ask: Ask) -> Content:
    """`/api/suggest`: completions of the last word, and topics and providers that have it."""
    values = values_of(pairs_of(ask.query), SUGGEST_PARAMETERS)
    most = count(values, SUGGEST_PARAMETERS, "limit", SUGGESTIONS)
    text = values.get(QUERY, "")
    return _json(suggestions(service.index, text, most))


def suggestions(index: Index, text: str, most: int) -> SuggestionsDocument:
    """What may follow on a text that somebody types."""
    word = _last_word(text)
    return {
        "version": VERSION,
        "query": text,
        "words": list(index.completions(word)[:most]) if word else [],
        "topics": _labels(index, "topic", word, most),
        "providers": _labels(index, "provider", word, most),
    }


def _last_word(text: str) -> str:
    return "" if text != text.rstrip() else text.split()[-1] if text.split() else ""


def _labels(index: Index, facet: str, word: str, most: int) -> list[Any]:
    if not word:
        return []
    found = beginning(index.labels(facet), word)[:most]
    return [{"value": each.value, "count": each.articles} for each in found]


def status(service: Service, ask: Ask) -> Content:
    """`/api/status`: the state of the index, and how far its archive has gone on."""
    values_of(pairs_of(ask.query), NO_PARAMETERS)
    return _json(status_document(service, ask.trouble or None))


def status_document(service: Service, trouble: str | None = None) -> StatusDocument:
    """The state of an index, and what is in the way of a newer one."""
    generation = service.index.generation
    differences = None
    try:
        differences = service.differences()
    except HeatseekError as error:
        trouble = trouble or str(error)
    changes: DifferencesDocument | None = None
    if differences is not None:
        changes = {
            "new": differences.new,
            "changed": differences.changed,
            "gone": differences.gone,
        }
    return {
        "version": VERSION,
        "program": version("heatseek"),
        "documents": generation.documents,
        "generation": generation.number,
        "created_at": timestamp(generation.created_at),
        "age_seconds": max(0, int((datetime.now(UTC) - generation.created_at).total_seconds())),
        "language": {
            "stemmer": generation.language.stemmer,
            "stopwords": generation.language.stopwords,
        },
        "differences": changes,
        "trouble": trouble,
    }


def _json(document: Document) -> Content:
    return Content(messages.JSON, dump(document, indent=None))
