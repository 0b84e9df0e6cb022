"""Values of labels that the index holds, as candidates."""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

from heatseek import engines
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.config import Config

    Candidates = Iterable[tuple[str, str]]
    """Values with their descriptions."""


def indexed_values(facet: str, prefix: str, settings: Config) -> Candidates:
    """The values of a label, the most frequent first.

    An index that is missing or cannot be used is not built.

    Args:
        facet: topic, provider, category, type or a declared field of keywords.
        prefix: what the values begin with, without regard to case and accents; if none does, what
            a later word of them begins with.
        settings: where the index is.

    Raises:
        StoreError: there is no index that can be used.
    """
    with engines.load("whoosh", settings.index).open() as reader:
        known = [(each.value, f"{each.articles:,}") for each in reader.labels(facet)]
    start = label(prefix)
    compared = [(pair, label(pair[0])) for pair in known]
    first = [pair for pair, text in compared if text.startswith(start)]
    return first or _distinguishable([pair for pair, text in compared if f" {start}" in text])


def _distinguishable(pairs: list[tuple[str, str]]) -> Candidates:
    """Those that bash can propose: it replaces the word by what all of several begin with."""
    several = len(pairs) > 1
    return () if several and commonprefix([value.casefold() for value, _ in pairs]) else pairs
