"""The names and parts of stored documents: which is of an article, and the article in it."""

from __future__ import annotations

from hashlib import blake2b

from heatseek.article import canonical, from_json
from heatseek.errors import SURPRISES, IndexDamagedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from heatseek.article import Article

SOURCE = ["id", "article"]
"""The parts of a document that an article is made of."""
LONGEST_ID = 512
"""Bytes that the server takes."""


def document_id(article_id: str) -> str:
    """The id of an article's document."""
    data = article_id.encode(errors="surrogatepass")
    if len(data) <= LONGEST_ID and article_id.isprintable():
        return article_id
    return f"#{blake2b(data, digest_size=16).hexdigest()}"


def link_digest(url: str) -> int:
    """A number for each link.

    Of those of a million articles two are the same by chance in one of 30 million archives.
    """
    digest = blake2b(canonical(url).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def article_of(hit: Mapping[str, Any]) -> Article:
    """The article of a hit that came with the parts `SOURCE`.

    Raises:
        IndexDamagedError: it is none of ours.
    """
    try:
        source = hit["_source"]
        return from_json(source["article"].encode(), source["id"])
    except SURPRISES as error:
        raise IndexDamagedError(f"document {hit.get('_id')} is none of ours") from error
