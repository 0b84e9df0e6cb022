"""What articles of an archive mention of each other, worked out from the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.cross_references import packed
from heatseek.engines.base import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heatseek.indexer.ledger import Ledger


def notes(ledger: Ledger) -> Mapping[str, bytes]:
    """All notes of a generation: the ledger's own, and the one that searches look at."""
    own = ledger.notes()
    references = packed(_mentioned_by(ledger))
    return {**own, REFERENCES: references} if references else own


def _mentioned_by(ledger: Ledger) -> dict[str, set[str]]:
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
                for mentioned_by in owners[number]:
                    mentioned_by.add(id_)
    for id_, mentioned_by in found.items():
        mentioned_by.discard(id_)
    return found
