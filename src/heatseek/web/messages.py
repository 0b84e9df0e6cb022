"""The values that travel between the process that listens and those that answer."""

from __future__ import annotations

from typing import NamedTuple


class Ask(NamedTuple):
    """A request to a reader."""

    handler: str
    """The function that answers it, as `module:name`; it takes a `Service` and this."""
    query: str = ""
    """The address behind its `?`, as it was sent."""
    path: str = "/"
    """The address before that, decoded."""
    name: str = ""
    """The part of the path that names something: the id of an article, a facet."""
    form: str = ""
    """`json`, `jsonl`, `csv` where the address ends so."""
    base: str = ""
    """Scheme and host under which the server was asked, for links that travel."""
    gzip: bool = False
    """The client takes compressed answers."""
    slice: float = 0.0
    """Seconds of a processor after which a reader gives it up; 0: none does."""
    trouble: str = ""
    """Why a newer generation cannot be opened."""
    epoch: int = 0
    """Newer generations that the listener has seen: a reader that has seen fewer looks first."""


class Content(NamedTuple):
    """An answer as a handler gives it."""

    media_type: str
    text: str
    status: int = 200
    links: tuple[tuple[str, str], ...] = ()
    """Relations and addresses, as in `Link: <address>; rel=relation`."""


class Answer(NamedTuple):
    """An answer, ready to be sent."""

    status: int
    media_type: str
    body: bytes
    links: tuple[tuple[str, str], ...]
    is_gzip: bool
    generation: str
    """That it was made from, in a word."""


JSON = "application/json"
JSONL = "application/jsonl; charset=utf-8"
CSV = "text/csv; charset=utf-8; header=present"
HTML = "text/html; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"
PROBLEM = "application/problem+json"
