"""`/feed.atom`: the hits of a search as an Atom feed (RFC 4287), the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET

from heatseek.results import Sort
from heatseek.web import messages
from heatseek.web.addresses import Address, pairs_of
from heatseek.web.messages import Content
from heatseek.web.sanitising import link_of
from heatseek.wire import timestamp

if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.results import Hit, Results
    from heatseek.web.messages import Ask
    from heatseek.web.service import Service

_ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", _ATOM)
_UNKNOWN = "1970-01-01T00:00:00Z"
"""Atom wants a date of each entry."""


def feed(service: Service, ask: Ask) -> Content:
    """The feed of a search; without an order the newest come first."""
    address = Address.of("/", pairs_of(ask.query))
    more = {} if address.all("sort") or address.all("oldest") else {"sort": Sort.DATE}
    results = service.search(service.request(ask, **more))
    made = service.index.generation.created_at
    return Content(messages.ATOM, _written(results, address, ask.base, made))


def _written(results: Results, address: Address, base: str, made: datetime) -> str:
    root = ET.Element(f"{{{_ATOM}}}feed")
    query = " ".join(value for _, value in address.pairs)
    _add(root, "title", f"heatseek: {query}" if query else "heatseek")
    _add(root, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'heatseek:{address}')}")
    _add(root, "updated", timestamp(made) or _UNKNOWN)
    _add(root, "link", rel="self", href=f"{base}{address.at('/feed.atom')}")
    _add(root, "link", rel="alternate", type="text/html", href=f"{base}{address}")
    for hit in results:
        _entry(root, hit, base)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _entry(root: ET.Element, hit: Hit, base: str) -> None:
    article = hit.article
    entry = _add(root, "entry")
    here = f"{base}{Address(f'/a/{article.id}')}"
    _add(entry, "title", hit.title)
    _add(entry, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'heatseek:{article.id}')}")
    _add(entry, "link", rel="alternate", href=link_of(article) or here)
    _add(entry, "link", rel="related", href=here)
    published = timestamp(article.published_at)
    _add(entry, "updated", timestamp(article.updated_at) or published or _UNKNOWN)
    if published:
        _add(entry, "published", published)
    author = _add(entry, "author")
    _add(author, "name", article.provider.name or article.provider.domain or "unknown")
    for topic in article.topics:
        _add(entry, "category", term=topic)
    _add(entry, "summary", hit.snippet or article.excerpt)


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes)
    element.text = text or None
    return element
