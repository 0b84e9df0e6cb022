"""Handlers of the pages: a search, an article, the contents of the index."""

from __future__ import annotations

import posixpath
import re
from datetime import MAXYEAR, datetime
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from markupsafe import Markup

from heatseek.article import Kind
from heatseek.cli.page import mismatches, nothing_found
from heatseek.cli.render.stats import age, changes, render_json
from heatseek.cli.render.text import with_all
from heatseek.cli.stats import stats_of
from heatseek.definitions import replace
from heatseek.errors import NoArticleError, UsageError
from heatseek.ranking import Preset
from heatseek.results import Facet, Sort
from heatseek.schema import YEAR
from heatseek.web import api, messages
from heatseek.web.addresses import Address, pairs_of
from heatseek.web.breakdowns import breakdowns
from heatseek.web.figures import over_time, tables
from heatseek.web.histograms import month, with_heights, years
from heatseek.web.messages import Ask, Content
from heatseek.web.parameters import IMAGE_PARAMETERS, IMAGES, NO_PARAMETERS, message, values_of
from heatseek.web.problems import problem_of
from heatseek.web.rendering import Links, page, shows_images
from heatseek.web.sanitising import article_html
from heatseek.web.service import hit_address, neighbours, way_of
from heatseek.web.views import (
    border,
    chips,
    command,
    facet_views,
    hidden_fields,
    size,
    unfiltered,
)
from heatseek.web.weights import lines, weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heatseek.library import Index
    from heatseek.ranking import Boosts
    from heatseek.results import FacetCounts, Hit, Results
    from heatseek.search.request import SearchRequest
    from heatseek.web.histograms import Column
    from heatseek.web.service import Service

FACET_VALUES = 10
"""Values of a facet that a page shows."""
SIMILAR = 5
"""Similar articles beside one."""
RELATED = 20
"""Articles that mention it."""
_JSON = ".json"
_COUNTING: dict[str, Any] = {"limit": 0, "offset": 0, "group": False, "explain": False}
"""Arguments of a request of which only the counts matter."""
_YEAR = re.compile("(?!0000)[0-9]{4}")
ARGUMENTS = {"topic": "topics", "provider": "providers", "category": "categories", "type": "types"}
"""The argument that each of these facets filters by."""


def search(service: Service, ask: Ask) -> Content:
    """`/`: a page of hits."""
    if ask.form:
        return api.search(service, ask)
    address = Address("/")
    try:
        address = Address.of("/", pairs_of(ask.query))
        shows_images(service, address)
        request = service.request(_without_images(ask), **_facets(address))
        results = service.search(request)
        facets = _widened(service, request, results)
    except UsageError as error:
        found = problem_of(error)
        return _problem(service, address, found.status, error)
    beside = neighbours(address, request, results)
    return page(
        service,
        "search.html",
        address,
        problem="",
        request=request,
        results=results,
        size=size(results),
        border=border(results),
        tiers=list(with_all(results)),
        order=_order(request),
        sorts=list(Sort),
        title_by_id=partial(_title, service.index),
        remarks=[*mismatches(service.settings, service.index.generation), *results.notices],
        nothing=nothing_found(request, results) if not results.matches else "",
        facets=facet_views(address, facets),
        years=_years(service, address, request),
        months=_months(service, address, request),
        chips=chips(address),
        unfiltered=unfiltered(address),
        hidden=hidden_fields(address),
        beside=beside,
        hit_address=partial(hit_address, address),
        breakdowns=breakdowns(results),
        weights=weights(request.boosts, _as_set(service, address)),
        presets=[*Preset, *service.settings.presets],
        lines=lines(request.boosts),
        command=command(address),
    )._replace(links=beside.links())


def _as_set(service: Service, address: Address) -> Boosts:
    """The weights that a search has before its address changes single ones."""
    pairs = tuple(pair for pair in address.pairs if pair[0] in {"rank", "half-life"})
    return service.request(Ask("", query=Address("/", pairs).query)).boosts


def _title(index: Index, article_id: str) -> str:
    found = index.get(article_id)
    return (found and found.title.strip()) or article_id


def _problem(service: Service, address: Address, status: int, error: UsageError) -> Content:
    meant = getattr(error, "advice", None)
    link = (meant, address.with_("q", meant)) if meant else None
    return page(
        service,
        "search.html",
        address,
        status,
        problem=message(error),
        suggestion=link,
        chips=chips(address),
        unfiltered=unfiltered(address),
        hidden=hidden_fields(address, beside=False),
        sorts=list(Sort),
    )


def _without_images(ask: Ask) -> Ask:
    pairs = (pair for pair in pairs_of(ask.query) if pair[0] != IMAGES)
    return ask._replace(query=Address("", tuple(pairs)).query)


def _years(service: Service, address: Address, request: SearchRequest) -> list[Column]:
    """The years of all matches, whatever time is chosen: how many each has."""
    facet = Facet(YEAR)
    whole = replace(request, after=None, before=None, facets=(facet,), **_COUNTING)
    counts = service.index.search(whole).facets[YEAR].values
    return with_heights(years(address, {int(each.value): each.articles for each in counts}))


def _months(service: Service, address: Address, request: SearchRequest) -> list[Column]:
    """The months of the year that is chosen, or of the one that the chosen month is in."""
    text = address.get("after")[:4]
    if not _YEAR.fullmatch(text) or not _is_within(address.get("before"), int(text)):
        return []
    number = int(text)
    firsts = [datetime(number, each, 1, tzinfo=request.zone) for each in range(1, 13)]
    firsts.append(datetime(number + 1, 1, 1, tzinfo=request.zone))
    counts = [
        service.index.search(
            replace(request, after=first, before=end, facets=(), **_COUNTING)
        ).total
        for first, end in pairwise(firsts)
    ]
    return with_heights(month(address, number, n, count) for n, count in enumerate(counts, 1))


def _is_within(before: str, number: int) -> bool:
    return number < MAXYEAR and (before[:4] == f"{number:04}" or before[:7] in _ends(number))


def _ends(number: int) -> tuple[str, str]:
    return f"{number + 1:04}", f"{number + 1:04}-01"


def _facets(address: Address) -> dict[str, Any]:
    if address.all("facet") or address.all("facets"):
        return {}
    return {"facets": ["all"], "facet_limit": FACET_VALUES}


def _widened(
    service: Service, request: SearchRequest, results: Results
) -> Mapping[str, FacetCounts]:
    """The counts of each facet as if it were not filtered by itself: what choosing more brings."""
    facets = dict(results.facets)
    for name, argument in ARGUMENTS.items():
        if name in facets and getattr(request, argument):
            free: dict[str, Any] = {argument: ()}
            facet = Facet(name, FACET_VALUES)
            wide = replace(request, **(free | _COUNTING), facets=(facet,))
            counts = service.index.search(wide).facets[name]
            facets[name] = _with_chosen(counts, facets[name], getattr(request, argument))
    return facets


def _with_chosen(wide: FacetCounts, narrow: FacetCounts, chosen: tuple[str, ...]) -> FacetCounts:
    """The values that are chosen too, though others are more frequent."""
    names = frozenset(chosen) | narrow.chosen
    there = {each.value for each in wide.values}
    missing = tuple(v for v in narrow.values if v.value in names and v.value not in there)
    return wide._replace(values=(*missing, *wide.values), chosen=names)


def _order(request: SearchRequest) -> str:
    by_date = not request.query.strip() and not request.similar_to
    return request.sort or (Sort.DATE if by_date else Sort.RELEVANCE)


def article(service: Service, ask: Ask) -> Content:
    """`/a/ID`: an article, what it is related to, and what is like it; `/a/ID.json`."""
    index = service.index
    if ask.name.endswith(_JSON) and index.get(ask.name) is None:
        return api.article(service, ask._replace(name=ask.name.removesuffix(_JSON)))
    address = Address("/")
    try:
        found = index.article(ask.name)
        way = way_of(service, ask)
        address = Address.of("/", pairs_of(ask.query))
        images = shows_images(service, address)
    except UsageError as error:
        title, detail = "The address makes no sense", message(error)
        return page(service, "problem.html", address, 400, title=title, detail=detail)
    except NoArticleError as error:
        detail = str(error)
        return page(service, "problem.html", address, 404, title="No such article", detail=detail)
    body = article_html(
        index.markup(found.article.id),
        images=images,
        own=partial(_neighbour, index, found.article.id, Links(address)),
    )
    mentions = [index.get(each) for each in index.mentioned_by(found.article.id)[:RELATED]]
    return page(
        service,
        "article.html",
        address,
        found=found,
        article=found.article,
        is_file=found.article.kind is Kind.ARTICLE,
        body=Markup(body),  # noqa: S704 - sanitised
        similar=_similar(index, found.article.id),
        mentions=[each for each in mentions if each],
        way=way,
    )


def _similar(index: Index, article_id: str) -> list[Hit]:
    try:
        return list(index.similar(article_id, limit=SIMILAR, snippet_length=0))
    except UsageError:
        # It has no word that another one has.
        return []


def _neighbour(index: Index, article_id: str, links: Links, link: str) -> str | None:
    """The page of the article that a link beside another one leads to, if there is one."""
    path = unquote(link.partition("#")[0].partition("?")[0])
    folder = "" if path.startswith("/") else posixpath.dirname(article_id)
    target = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    return str(links.page(f"/a/{target}")) if path and index.get(target) else None


def stats(service: Service, ask: Ask) -> Content:
    """`/stats`: what `heatseek stats` shows, with plots."""
    address = Address.of("/", pairs_of(ask.query))
    values_of(address.pairs, NO_PARAMETERS if ask.form else IMAGE_PARAMETERS)
    counted = service.overview()
    measured = stats_of(service.index, service.settings, counted.contents)
    if ask.form:
        return Content(messages.JSON, render_json(measured))
    name, spans = over_time(counted.months)
    busiest = max(spans, key=lambda each: each.articles, default=None)
    return page(
        service,
        "stats.html",
        address,
        stats=measured,
        contents=measured.contents,
        age=age((measured.now - measured.generation.created_at).total_seconds()),
        changes=changes(measured.archive),
        period=name,
        spans=spans,
        busiest="" if busiest is None else busiest.text,
        tables=tables(counted),
    )


def problem(service: Service, ask: Ask) -> Content:
    """A page that is not there."""
    detail = f"There is no page {ask.path}."
    return page(service, "problem.html", Address("/"), 404, title="No such page", detail=detail)
