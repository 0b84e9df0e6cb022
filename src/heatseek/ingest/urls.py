"""Links: which ones are usable, and which ones are the same."""

from __future__ import annotations

import re

from heatseek.ingest.text import clean

MAX_URL = 2_000
"""Characters; a longer link is not usable, because a cut one leads elsewhere."""

_HTTP = re.compile(
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
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SPACE = re.compile(r"\s")


def link(text: str) -> str | None:
    """The link as it can be shown and opened, or None if it is no usable http(s) link."""
    candidate = clean(text).strip().replace("\n", "").replace("\t", "")
    if len(candidate) > MAX_URL or _HTTP.fullmatch(candidate) is None:
        return None
    return _SPACE.sub("%20", candidate)


def canonical(url: str) -> str:
    """The form in which equal links are equal text; `url` comes from `link`.

    Scheme and host in lower case, default port and fragment dropped; nothing more, because
    case, slashes and parameters can make a difference to the server.
    """
    match = _HTTP.fullmatch(url)
    if match is None:
        return url
    scheme, host = match["scheme"].lower(), match["host"].lower()
    port = int(match["port"] or _DEFAULT_PORTS[scheme])
    suffix = "" if port == _DEFAULT_PORTS[scheme] else f":{port}"
    return f"{scheme}://{match['user'] or ''}{host}{suffix}{match['rest'] or ''}"
