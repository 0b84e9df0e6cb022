"""Pages from templates: what all of them are given, and the links that keep a choice of images."""

from __future__ import annotations

from functools import cache, partial
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import jinja2

from heatseek.ranking import saturation
from heatseek.web import messages
from heatseek.web.addresses import Address
from heatseek.web.messages import Content
from heatseek.web.parameters import IMAGE_PARAMETERS, IMAGES, values_of
from heatseek.web.sanitising import link_of, web_link
from heatseek.web.views import title_of
from heatseek.zones import local, zone_of

if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.article import Article
    from heatseek.web.service import Service

HEAT_PIVOT = 50.0
"""The heat of half a bar: there is no greatest one."""


class Links(NamedTuple):
    """Addresses of pages as one page has them: that no images are wanted goes along."""

    address: Address
    """Of the search, if there is one."""

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What goes along."""
        return tuple(pair for pair in self.address.pairs if pair[0] == IMAGES)

    def page(self, path: str, *pairs: tuple[str, str]) -> Address:
        """A page that is no part of this search."""
        return Address(path, (*pairs, *self.kept))

    def article(self, article: Article) -> Address:
        """The page of an article."""
        return self.page(f"/a/{article.id}")


def shows_images(service: Service, address: Address) -> bool:
    """True if a page may load images: the settings and its address allow it.

    Raises:
        UsageError: the address says neither yes nor no.
    """
    own = [pair for pair in address.pairs if pair[0] == IMAGES]
    wanted: bool = values_of(own, IMAGE_PARAMETERS).get(IMAGES, True)
    return wanted and service.settings.images


def page(
    service: Service, template: str, address: Address, status: int = 200, **values: Any
) -> Content:
    """A page.

    Args:
        service: answers.
        template: file of it.
        address: the search that the page is of, or came from.
        status: of HTTP.
        values: of the template.
    """
    images = status == 200 and shows_images(service, address)
    environment = _environment(service.settings.time_zone)
    text = environment.get_template(template).render(
        **values,
        address=address,
        links=Links(address),
        plain=_plain(address),
        generation=service.index.generation,
        images=images,
        can_have_images=status == 200 and service.settings.images,
        image_switch=address.with_(IMAGES, *(("0",) if images else ())),
    )
    return Content(messages.HTML, text, status)


def _plain(address: Address) -> Address:
    """The search alone, on the page that the address names: documents have no images."""
    return address._replace(pairs=tuple(pair for pair in address.pairs if pair[0] != IMAGES))


@cache
def _environment(time_zone: str | None) -> jinja2.Environment:
    """The templates; whatever they are given is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("heatseek.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "capital": lambda text: text[:1].upper() + text[1:],
        "count": lambda number: f"{number:,}",
        "cut": _cut,
        "day": partial(_day, zone=zone_of(time_zone)),
        "link": link_of,
        "saturated": lambda value: round(100 * saturation(value, HEAT_PIVOT), 1),
        "share": lambda value: min(100, max(0, value)),
        "title_of": title_of,
        "weblink": web_link,
    }
    environment.globals["static"] = _static
    return environment


@cache
def _static(name: str) -> str:
    """The address of a file beside the pages, which is another one when it changes."""
    contents = files("heatseek.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?{blake2b(contents, digest_size=4).hexdigest()}"


def _day(moment: datetime | None, *, zone: Any) -> str:
    return "" if moment is None else f"{local(moment, zone):%Y-%m-%d}"


def _cut(text: str, most: int) -> str:
    """A text no longer than a page takes."""
    return text if len(text) <= most else f"{text[:most]}…"
