"""An open index as the handlers of requests have it: searches in, results and their pages out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from heatseek.definitions import replace
from heatseek.web.addresses import Address, pairs_of
from heatseek.web.overview import overview
from heatseek.web.parameters import (
    ARTICLE_PARAMETERS,
    HIT,
    PAGE,
    check_size,
    count,
    search_arguments,
    values_of,
)

if TYPE_CHECKING:
    from heatseek import Differences, Generation
    from heatseek.config import Config
    from heatseek.library import Index
    from heatseek.results import Hit, Results
    from heatseek.search.request import SearchRequest
    from heatseek.web.messages import Ask
    from heatseek.web.overview import Overview

GLANCE_EVERY = 5.0
"""Seconds; a glance at 7,000 files takes a fifth of one."""


@dataclass(slots=True)
class Service:
    """What a reader answers from.

    Attributes:
        index: of one generation, until the reader refreshes it.
        settings: of the project.
    """

    index: Index
    settings: Config
    _counted: tuple[Generation, Overview] | None = field(default=None, init=False)
    _glanced: tuple[float, Differences | None] | None = field(default=None, init=False)

    def request(self, ask: Ask, **more: Any) -> SearchRequest:
        """The search that an address is.

        Args:
            ask: has the address.
            more: arguments of `request_of` in place of those that the address has.

        Raises:
            UsageError: it makes no sense.
        """
        given = search_arguments(pairs_of(ask.query)) | more
        page = given.pop(PAGE, 1)
        request = self.index.request(**given)
        check_size(request)
        return replace(request, offset=(page - 1) * request.limit) if page > 1 else request

    def search(self, request: SearchRequest) -> Results:
        """Its results, with a line on each hit whose file is gone."""
        results = self.index.search(request)
        if not results.hits:
            # How far the archive has gone on takes a look at all of it: see the status.
            return results
        changes = self.index.changes_since(results)
        return replace(results, notices=(*results.notices, *changes)) if changes else results

    def overview(self) -> Overview:
        """The contents of the generation, counted once: it takes a look at every article."""
        generation = self.index.generation
        if self._counted is None or self._counted[0] != generation:
            self._counted = generation, overview(self.index.articles())
        return self._counted[1]

    def differences(self) -> Differences | None:
        """How far the archive has gone on, by a glance that is a few seconds old at most.

        Raises:
            HeatseekError: the archive cannot be read.
        """
        now = time.monotonic()
        if self._glanced is None or now - self._glanced[0] > GLANCE_EVERY:
            self._glanced = now, self.index.differences(thorough=False)
        return self._glanced[1]


class Way(NamedTuple):
    """The search that led to an article, and the hits before and after it; None: there is none."""

    back: Address
    """The page of hits that it is on."""
    rank: int
    size: int
    """How many hits there are."""
    previous: Address | None
    next: Address | None


def hit_address(address: Address, hit: Hit) -> Address:
    """The page of a hit, which knows of the search that led there."""
    path, place = f"/a/{hit.article.id}", (HIT, str(hit.rank))
    return address.without("offset", HIT).at(path).and_(*place)


def way_of(service: Service, ask: Ask) -> Way | None:
    """The search that led to an article; None if there was none, or it does not lead there now.

    Raises:
        UsageError: it makes no sense.
    """
    pairs = pairs_of(ask.query)
    values = values_of(pairs, ARTICLE_PARAMETERS)
    if HIT not in values:
        return None
    rank = max(1, count(values, ARTICLE_PARAMETERS, HIT, 1))
    address = Address.of("/", pairs).without(HIT, "facet", "facets", "explain")
    request = service.request(ask._replace(query=address.query), snippet_length=0)
    window = replace(request, offset=max(0, rank - 2), limit=3)
    results = service.index.search(window)
    hits = {hit.rank: hit for hit in results}
    if rank not in hits or hits[rank].article.id != ask.name:
        return None
    before, after = hits.get(rank - 1), hits.get(rank + 1)
    return Way(
        address.page((rank - 1) // max(1, request.limit) + 1),
        rank,
        results.size,
        None if before is None else hit_address(address, before),
        None if after is None else hit_address(address, after),
    )


class Neighbours(NamedTuple):
    """The pages before and after one; None where there is none."""

    previous: Address | None
    next: Address | None

    def links(self) -> tuple[tuple[str, str], ...]:
        """As relations of a `Link` header."""
        named = (("prev", self.previous), ("next", self.next))
        return tuple((name, str(address)) for name, address in named if address is not None)


def neighbours(address: Address, request: SearchRequest, results: Results) -> Neighbours:
    """The pages beside the one that an address is of."""
    limit, offset = request.limit, request.offset
    if not limit:
        return Neighbours(None, None)
    has_next = offset + limit < results.size
    if offset % limit:
        before = address.without("offset")
        at = [before.with_("offset", str(n)) for n in (max(0, offset - limit), offset + limit)]
        return Neighbours(at[0], at[1] if has_next else None)
    number = offset // limit + 1
    return Neighbours(
        address.page(number - 1) if number > 1 else None,
        address.page(number + 1) if has_next else None,
    )
