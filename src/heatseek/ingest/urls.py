"""Links: which ones are usable."""

from __future__ import annotations

import re

from heatseek.article import HTTP
from heatseek.ingest.text import harmless

MAX_URL = 2_000
"""Characters; a longer link is not usable, because a cut one leads elsewhere."""

_READ = 2 * MAX_URL
"""Characters that may be a link with what is cleaned away."""

_SPACE = re.compile(r"\s")


def link(text: str) -> str | None:
    """The link as it can be shown and opened, or None if it is no usable http(s) link."""
    if len(text) > _READ:
        return None
    # Not composed: to a server these are two links.
    candidate = harmless(text).strip().replace("\n", "").replace("\t", "")
    if len(candidate) > MAX_URL or HTTP.fullmatch(candidate) is None:
        return None
    return _SPACE.sub("%20", candidate)
