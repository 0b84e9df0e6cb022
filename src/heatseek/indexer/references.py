"""What articles of an archive mention of each other, worked out from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from heatseek.indexer.ledger import Ledger


def mentioned_by(ledger: Ledger) -> dict[str, set[str]]:
    """By article the others that mention its URL, which several can have."""
    found: dict[str, set[str]] = {}
    by_url: dict[str, list[set[str]]] = {}
    for id_, entry in ledger.files.items():
        if entry.indexed and entry.url:
            found[id_] = set()
            by_url.setdefault(entry.url, []).append(found[id_])
    owners = [by_url.get(url, ()) for url in ledger.mentions.story_ids] if by_url else []
    for id_, entry in ledger.files.items():
        if entry.indexed and owners:
            for number in entry.mentions:
                for others in owners[number]:
                    others.add(id_)
    for id_, others in found.items():
        others.discard(id_)
    return found
