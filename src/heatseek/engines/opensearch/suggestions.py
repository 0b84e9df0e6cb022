"""Words of an index that begin like a word, or are written almost like it.

The server has them as the terms of one field. It tells which of them a query stands for, shard by
shard, where it is asked to explain that query; what stands in living documents only is counted.
"""

from __future__ import annotations

import re

from heatseek.definitions import cached_property
from heatseek.engines.opensearch.client import path_of
from heatseek.engines.opensearch.lookups import search_many
from heatseek.engines.opensearch.mapping import WRITTEN
from heatseek.engines.shared.corrections import begins_or_is_near, corrections
from heatseek.errors import EngineUnreachableError
from heatseek.schema import TEXT_FIELDS
from heatseek.text.languages import Analyzer, Language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from heatseek.engines.opensearch.client import Client

_TERMS = 500
"""That a query is explained to stand for, of each shard; with those of another one below the
number of clauses that the server takes."""
_COUNTS = 1_000
"""Searches in one request."""
_EXPLAINED = {"explain": "true", "rewrite": "true", "all_shards": "true"}
_TERM = re.compile(rf"\b{WRITTEN}:([^\s()]+)")


class Suggestions:
    """Proposes words of an index.

    Args:
        client: to its cluster.
        index: where the words are.
        language: by which they were analysed.
    """

    def __init__(self, client: Client, index: str, language: Language) -> None:
        self._client = client
        self._index = index
        self._language = language

    def similar(self, word: str) -> tuple[str, ...]:
        """See `Reader.suggest`."""
        return corrections(word, self._candidates)

    def _candidates(self, folded: str, distance: int) -> dict[str, int]:
        """Words, and in how many articles each stands, as it is or as a stem."""
        found = self._terms(_beginning(folded, ""), _near(folded, distance))
        if sum(term.startswith(folded) for term in found) >= _TERMS:
            found |= self._all_beginning(folded)
        return self._counted(sorted(t for t in found if begins_or_is_near(t, folded, distance)))

    def _all_beginning(self, prefix: str) -> set[str]:
        """All terms that begin so, letter by letter where they are too many for one answer."""
        known, letters = set[str](), ""
        while True:
            found = self._terms(_beginning(prefix, letters))
            known |= found
            if len(found) < _TERMS:
                return known
            new = {term[len(prefix)] for term in found if len(term) > len(prefix)}
            for letter in sorted(new):
                known |= self._all_beginning(prefix + letter)
            letters += "".join(sorted(new))

    def _terms(self, *queries: Mapping[str, Any]) -> set[str]:
        """Some of the terms that queries stand for: of each and of each shard up to `_TERMS`."""
        answer = self._client.send(
            "POST",
            path_of(self._index, "_validate", "query"),
            {"query": {"bool": {"should": queries}}},
            query=_EXPLAINED,
            retry=True,
        )
        if answer["_shards"]["failed"] or not answer.get("explanations"):
            raise EngineUnreachableError(
                "not all shards of the index tell their words: see that the cluster's nodes run,"
                " and try again"
            )
        every = (each.get("explanation", "") for each in answer["explanations"])
        return {term for explanation in every for term in _TERM.findall(explanation)}

    def _counted(self, words: list[str]) -> dict[str, int]:
        bodies = [_count(fields, word) for word in words for fields in (_TEXTS, (WRITTEN,))]
        totals = []
        for start in range(0, len(bodies), _COUNTS):
            some = search_many(self._client, self._index, bodies[start : start + _COUNTS])
            totals += [answer["hits"]["total"]["value"] for answer in some]
        counts = {}
        for word, having, writing in zip(words, totals[::2], totals[1::2], strict=True):
            if writing:
                # Where stemming changes a word no article has it as a term for that.
                is_stem = self._analyzer.stem(word) == word
                counts[word] = having + (0 if is_stem else writing)
        return counts

    @cached_property
    def _analyzer(self) -> Analyzer:
        return Analyzer(self._language)


_TEXTS = tuple(spec.name for spec in TEXT_FIELDS)


def _beginning(prefix: str, letters: str) -> dict[str, Any]:
    """A query for words that begin so, and not with one of some letters after that."""
    if not letters:
        return {"prefix": {WRITTEN: {"value": prefix, "rewrite": f"top_terms_boost_{_TERMS}"}}}
    pattern = f"{_literal(prefix)}[^{_literal(letters)}].*"
    regexp = {"value": pattern, "rewrite": f"top_terms_boost_{_TERMS}"}
    return {"regexp": {WRITTEN: regexp}}


def _literal(text: str) -> str:
    """A text as a pattern that nothing but it matches."""
    return "".join(each if each.isalnum() else f"\\{each}" for each in text)


def _near(word: str, distance: int) -> dict[str, Any]:
    """A query for words with so many mistakes, of which two letters swapped are one."""
    fuzzy = {
        "value": word,
        "fuzziness": distance,
        "max_expansions": _TERMS,
        "rewrite": f"top_terms_boost_{_TERMS}",
    }
    return {"fuzzy": {WRITTEN: fuzzy}}


def _count(fields: Iterable[str], word: str) -> dict[str, Any]:
    """A search for the number of documents that have a term in any of some fields."""
    terms = [{"term": {field: word}} for field in fields]
    query = {"bool": {"filter": [{"bool": {"should": terms}}]}}
    return {"query": query, "size": 0, "track_total_hits": True}
