"""Links to articles: their form, and which are the same."""

from __future__ import annotations

import re

HTTP = re.compile(
    r"""
    (?P<scheme>https?)://
    (?P<user>[^\s/?\#@\\]*+@)?
    (?P<host>\[[0-9a-f:.]++\]|[^\s/?\#@:\\\[\]<>"]++)
    (?::(?P<port>[0-9]{0,5}))?
    (?P<rest>[/?][^\#]*+)?
    (?:\#.*)?
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
"""An http(s) link, in its parts."""
_DEFAULT_PORTS = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """The form in which equal links are equal text; `url` is an http(s) link.

    Scheme and host in lower case, default port and fragment dropped; nothing more, because
    case, slashes and parameters can make a difference to the server.
    """
    match = HTTP.fullmatch(url)
    if match is None:
        return url
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"] or _DEFAULT_PORTS[scheme])
    suffix = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{match['user'] or ''}{host}{suffix}{match['rest'] or ''}"
