"""What strangers wrote, made harmless for a page: HTML of articles, and links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import nh3

from heatseek.search.find import link_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["article_html", "link_of", "web_link"]

_TAGS = frozenset(
    """
    a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption
    figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span
    strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr
    """.split()
)
_WITH_CONTENT = frozenset(
    "script style title head iframe noscript template svg math object".split()
)
"""Tags of which the text goes, too; of all others that are not above it stays."""
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
}
_WEB = re.compile(r"https?://[^\s\\]+", re.IGNORECASE)


def article_html(
    markup: str, *, images: bool = True, own: Callable[[str], str | None] = lambda _: None
) -> str:
    """The body of an article without anything that runs, styles, submits or embeds.

    Links and images lead to the web (http, https).

    Args:
        markup: as `Index.markup` gives it.
        images: whether a browser may load them.
        own: gives the address here of a link within its site; None: the link goes.
    """
    return nh3.clean(
        markup,
        tags=set(_TAGS if images else _TAGS - {"img"}),
        clean_content_tags=set(_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        set_tag_attribute_values={"img": {"loading": "lazy", "decoding": "async"}},
        url_schemes={"http", "https"},
        url_relative=own,
        link_rel="noopener noreferrer nofollow",
    )


def web_link(text: str | None) -> str | None:
    """A link that a browser may follow; None if it is none, or leads elsewhere than to the web."""
    return text if text and _WEB.fullmatch(text) else None
