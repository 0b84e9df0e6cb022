"""Handlers of the pages: a search, an article, the contents of the index."""

from __future__ import annotations

import posixpath
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jinja2
from markupsafe import Markup

from heatseek.article import Kind
from heatseek.cli.page import mismatches, nothing_found
from heatseek.cli.render.stats import render_json
from heatseek.cli.stats import stats_of
from heatseek.definitions import replace
from heatseek.errors import NoArticleError, UsageError
from heatseek.results import Facet, Sort
from heatseek.schema import YEAR
from heatseek.web import api, messages
from heatseek.web.addresses import Address, pairs_of
from heatseek.web.messages import Content
from heatseek.web.parameters import NO_PARAMETERS, message, values_of
from heatseek.web.problems import problem_of
from heatseek.web.sanitising import article_html, link_of, web_link
from heatseek.web.service import hit_address, neighbours, way_of
from heatseek.web.views import chips, command, facet_views, hidden_fields
from heatseek.zones import local, zone_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from heatseek.library import Index
    from heatseek.results import FacetCounts, Results
    from heatseek.search.request import SearchRequest
    from heatseek.web.messages import Ask
    from heatseek.web.service import Service

FACET_VALUES = 10
"""Values of a facet that a page shows."""
SIMILAR = 5
"""Similar articles beside one."""
RELATED = 20
"""Articles that mention it."""
_JSON = ".json"
ARGUMENTS = {"topic": "topics", "provider": "providers", "category": "categories", "type": "types"}
"""The argument that each of these facets filters by."""


def search(service: Service, ask: Ask) -> Content:
    """`/`: a page of hits."""
    if ask.form:
        return api.search(service, ask)
    address = Address("/")
    try:
        address = Address.of("/", pairs_of(ask.query))
        request = service.request(ask, **_facets(address))
        results = service.search(request)
        facets = _widened(service, request, results)
    except UsageError as error:
        status = problem_of(error).status
        text = message(error)
        return _page(service, "search.html", status, address=address, problem=text, facets=[])
    beside = neighbours(address, request, results)
    return _page(
        service,
        "search.html",
        address=address,
        problem="",
        request=request,
        results=results,
        order=_order(request),
        remarks=[*mismatches(service.settings, service.index.generation), *results.notices],
        nothing=nothing_found(request, results),
        facets=facet_views(address, facets),
        chips=chips(address),
        hidden=hidden_fields(address),
        beside=beside,
        hit_address=partial(hit_address, address),
        command=command(address),
    )._replace(links=beside.links())


def _facets(address: Address) -> dict[str, Any]:
    if address.all("facet") or address.all("facets"):
        return {}
    return {"facets": ["all", f"{YEAR}:all"], "facet_limit": FACET_VALUES}


def _widened(
    service: Service, request: SearchRequest, results: Results
) -> Mapping[str, FacetCounts]:
    """The counts of each facet as if it were not filtered by itself: what choosing more brings."""
    facets = dict(results.facets)
    for name, argument in ARGUMENTS.items():
        if name in facets and getattr(request, argument):
            free: dict[str, Any] = {argument: ()}
            facet = Facet(name, FACET_VALUES)
            wide = replace(request, **free, limit=0, offset=0, group=False, facets=(facet,))
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
    try:
        found = index.article(ask.name)
        way = way_of(service, ask)
    except UsageError as error:
        title = "The address makes no sense"
        return _page(service, "problem.html", 400, title=title, detail=message(error))
    except NoArticleError as error:
        return _page(service, "problem.html", 404, title="No such article", detail=str(error))
    body = article_html(
        index.markup(found.article.id),
        images=service.settings.images,
        own=partial(_neighbour, index, found.article.id),
    )
    try:
        similar = list(index.similar(found.article.id, limit=SIMILAR, snippet_length=0))
    except UsageError:
        # It has no word that another one has.
        similar = []
    mentions = [index.get(each) for each in index.mentioned_by(found.article.id)[:RELATED]]
    return _page(
        service,
        "article.html",
        found=found,
        article=found.article,
        way=way,
        is_file=found.article.kind is Kind.ARTICLE,
        body=Markup(body),  # noqa: S704 - sanitised
        similar=similar,
        mentions=[each for each in mentions if each],
    )


def _neighbour(index: Index, article_id: str, link: str) -> str | None:
    """The page of the article that a link beside another one leads to, if there is one."""
    path = unquote(link.partition("#")[0].partition("?")[0])
    folder = "" if path.startswith("/") else posixpath.dirname(article_id)
    target = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    return str(Address(f"/a/{target}")) if path and index.get(target) else None


def stats(service: Service, ask: Ask) -> Content:
    """`/stats`: what `heatseek stats` shows."""
    values_of(pairs_of(ask.query), NO_PARAMETERS)
    counted = service.overview()
    measured = stats_of(service.index, service.settings, counted.contents)
    if ask.form:
        return Content(messages.JSON, render_json(measured))
    return _page(service, "stats.html", stats=measured, overview=counted)


def problem(service: Service, ask: Ask) -> Content:
    """A page that is not there."""
    detail = f"There is no page {ask.path}."
    return _page(service, "problem.html", 404, title="No such page", detail=detail)


def _page(service: Service, template: str, status: int = 200, **values: Any) -> Content:
    generation = service.index.generation
    text = (
        _environment(service.settings.time_zone)
        .get_template(template)
        .render(
            **values,
            generation=generation,
            images=service.settings.images,
            sorts=list(Sort),
        )
    )
    return Content(messages.HTML, text, status)


@cache
def _environment(time_zone: str | None) -> jinja2.Environment:
    """The templates; whatever they are given is escaped."""
    zone = zone_of(time_zone)
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("heatseek.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def day(moment: datetime | None) -> str:
        return "" if moment is None else f"{local(moment, zone):%Y-%m-%d}"

    environment.filters |= {
        "day": day,
        "weblink": web_link,
        "article_address": lambda article: Address(f"/a/{article.id}"),
        "link": link_of,
        "count": lambda number: f"{number:,}",
    }
    return environment
