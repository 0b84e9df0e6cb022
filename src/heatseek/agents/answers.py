"""The tools at work, in a process that has the index open: arguments in, document and text out.

Each asks what an address asks; errors are the one line that an agent can mend its call by.
"""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from heatseek.agents import text
from heatseek.agents.instructions import instructions_of
from heatseek.agents.tools import (
    CHARS,
    FACET_VALUES,
    FROM_LINE,
    LEAST_CHARS,
    MAX_CHARS,
    TOOLS,
    pairs,
)
from heatseek.errors import ArgumentError, HeatseekError, NoArticleError, UsageError
from heatseek.search.arguments import count_of
from heatseek.web import api, messages
from heatseek.web.addresses import Address
from heatseek.web.messages import Ask, Content
from heatseek.web.parameters import NAMES, QUERY, count, message, values_of
from heatseek.wire import VERSION, article_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from heatseek.library import Index
    from heatseek.results import Results
    from heatseek.web.parameters import Pairs
    from heatseek.web.service import Service
    from heatseek.wire.archive import LabelsDocument
    from heatseek.wire.programs import StatusDocument, TextDocument

    Answer = tuple[Any, str]
    """A document, and its readable text."""

TEXT = "text/plain; charset=utf-8"
LISTED = 100
"""Resources in one answer."""
_NAMES = NAMES | {"query": "query", "similar_to": "id"}
_NEAREST = 3
"""Ids that are named where one is not there."""


def call(service: Service, ask: Ask) -> Content:
    """Call the tool that `ask.name` is with the arguments in `ask.query`, which are JSON."""
    try:
        document, shown = _TOOLS[ask.name](service, pairs(TOOLS[ask.name], json.loads(ask.query)))
    except HeatseekError as error:
        return Content(TEXT, _line(error), 400)
    answer = {"document": document, "text": shown}
    return Content(messages.JSON, json.dumps(answer, ensure_ascii=False))


def _line(error: HeatseekError) -> str:
    """The line on an error, with the names that arguments have in a tool."""
    if type(error) is ArgumentError:
        return error.message_for(_NAMES.get(error.argument, error.argument))
    return message(error) if isinstance(error, UsageError) else str(error)


def search(service: Service, given: Pairs) -> Answer:
    """`search`: see `/api/search`."""
    named = [(QUERY if name == "query" else name, value) for name, value in given]
    return _searched(service, named)


def similar(service: Service, given: Pairs) -> Answer:
    """`similar`: see `/api/similar/ID`."""
    article_id, rest = _taken("id", given)
    _known(service.index, article_id)
    return _searched(service, rest, similar_to=article_id)


def _searched(service: Service, given: Pairs, **more: Any) -> Answer:
    results = service.search(service.request(Ask("", Address("", tuple(given)).query), **more))
    return _without_marks(results), text.of_results(results)


def _without_marks(results: Results) -> Any:
    """The document without title and passage in pieces, which an agent would read twice."""
    document: Any = results.to_dict()
    hits = [{k: value for k, value in hit.items() if k != "marks"} for hit in document["hits"]]
    return {**document, "hits": hits}


def list_values(service: Service, given: Pairs) -> Answer:
    """`list_values`: see `/api/facets/NAME`."""
    facet, rest = _taken("facet", given)
    if not any(name == "limit" for name, _ in rest):
        rest = [*rest, ("limit", str(FACET_VALUES))]
    ask = Ask("", Address("", tuple(rest)).query, name=facet)
    document: LabelsDocument = json.loads(api.facets(service, ask).text)
    return document, text.of_labels(document)


def status(service: Service, _given: Pairs) -> Answer:
    """`status`: see `/api/status`."""
    document: StatusDocument = api.status_document(service)
    return document, text.of_status(document)


def fetch(service: Service, given: Pairs) -> Answer:
    """`fetch`: lines of an article, as many as go into so many characters."""
    parameters = TOOLS["fetch"].parameters
    values = values_of(given, dict(parameters))
    first = count_of(FROM_LINE, values.get(FROM_LINE, 1))
    most = count(values, dict(parameters), MAX_CHARS, CHARS)
    if most < LEAST_CHARS:
        raise ArgumentError(MAX_CHARS, most, f"at least {LEAST_CHARS:,}")
    document = _piece(service.index, values["id"], first, most)
    return document, text.of_text(document)


def _piece(index: Index, article_id: str, first: int, most: int) -> TextDocument:
    _known(index, article_id)
    found = index.article(article_id)
    article = found.article
    lines = text.lines_of(article.body)
    if not 0 < first <= max(len(lines), 1):
        raise ArgumentError(FROM_LINE, first, f"the text has {len(lines):,} lines")
    ends = accumulate(len(line) + 1 for line in lines[first - 1 :])
    taken = sum(end <= most + 1 for end in ends)
    following = first + taken
    is_cut = following <= len(lines)
    return {
        "version": VERSION,
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "text": "\n".join(lines[first - 1 : following - 1]),
        "from_line": first,
        "lines": len(lines),
        "truncated": is_cut,
        "next_line": following if is_cut else None,
        "article": {"id": article.id, **article_document(article)},
        "mentions": [story.id for story in article.related],
        "untrusted": True,
        "notices": list(found.notices),
    }


def _known(index: Index, article_id: str) -> None:
    """See that there is an article.

    Raises:
        NoArticleError: there is none; ids that are like it are named.
    """
    if index.get(article_id) is not None:
        return
    name = article_id.rstrip("/").rpartition("/")[2]
    words = " ".join(name.rpartition(".")[0].replace("-", " ").split()) or name
    ids: list[str] = []
    searches: tuple[dict[str, Any], ...] = ({"paths": [f"*{name}"]}, {"query": words})
    for search in searches:
        with suppress(UsageError):
            hits = index.search(**search, limit=_NEAREST, snippet_length=0)
            ids += [hit.article.id for hit in hits]
    near = f"; there is {', '.join(dict.fromkeys(ids[:_NEAREST]))}" if ids else ""
    raise NoArticleError(f"{article_id}: no such article{near}")


def _taken(name: str, given: Pairs) -> tuple[str, list[tuple[str, str]]]:
    """The value of a parameter, and the other ones."""
    values = dict(given)
    return values[name], [pair for pair in given if pair[0] != name]


def listed(service: Service, ask: Ask) -> Content:
    """Articles as resources, the newest first, from the one whose number `ask.query` is."""
    hits = service.index.search(limit=LISTED, offset=ask.query, snippet_length=0)
    known = [(hit.article.id, hit.article.title) for hit in hits]
    return Content(messages.JSON, json.dumps([hits.size, known], ensure_ascii=False))


def described(service: Service, _ask: Ask) -> Content:
    """The instructions, as the index is now."""
    return Content(TEXT, instructions_of(service.index))


_TOOLS: dict[str, Callable[[Service, Pairs], Answer]] = {
    "search": search,
    "fetch": fetch,
    "similar": similar,
    "list_values": list_values,
    "status": status,
}
