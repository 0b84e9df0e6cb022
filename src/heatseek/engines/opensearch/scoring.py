"""The score of a search as a query of the server: the formula of `ranking` in its scripts.

It orders what matches. The server works in single precision, so the scores that are shown, and the
order of the page, are worked out again of the counts that come with each hit (`scores`): how often
each spelling of a word stands in each field, by named queries.
"""

from __future__ import annotations

from heatseek.engines.opensearch.mapping import length_field, server_field
from heatseek.engines.opensearch.queries import (
    NUMBERS,
    accents,
    all_of,
    any_of,
    constant,
    frequency,
    in_text,
    is_label,
)
from heatseek.engines.opensearch.words import ALL_WORDS, TITLE, accent_name, name_of, of_title
from heatseek.engines.shared import plan
from heatseek.engines.shared.fields import own
from heatseek.engines.shared.plan import Boosted
from heatseek.ranking import LARGEST
from heatseek.ranking.bm25 import K1
from heatseek.results import Sort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from heatseek.engines.model import Request
    from heatseek.engines.opensearch.matching import Matches, Matching
    from heatseek.engines.opensearch.queries import Query
    from heatseek.engines.opensearch.words import ScoredWord
    from heatseek.engines.shared.plan import Leaf, Node
    from heatseek.ranking import Boosts
    from heatseek.schema import DeclaredField

_PART = "_score / (params.base + params.slope * doc[params.length].value)"
_WORD = f"params.weight * _score / ({K1} + _score)"
_IN_TITLE = """
    double share = Math.min(params.size / (double) doc[params.length].value, 1.0);
    return params.size > 1 || share == 1.0 ? 1.0 + params.weight * share : 1.0;
"""
# Operation by operation as `ranking.multiplier` has it.
_MULTIPLIER = """
    double q = doc['quality'].size() == 0 ? 0L : doc['quality'].value;
    double h = doc['heat'].size() == 0 ? 0L : doc['heat'].value;
    q = Math.min(Math.max(q, 0.0), params.largest);
    h = Math.min(Math.max(h, 0.0), params.largest);
    double m = 1.0 + params.quality * (q / (q + params.quality_pivot))
        + params.heat * (h / (h + params.heat_pivot));
    if (params.recency > 0.0) {
        if (doc['published_at'].size() == 0) {
            m *= 1.0 - params.recency;
        } else {
            double age = Math.max(0.0, params.now - doc['published_at'].value) / 86400.0;
            m *= 1.0 - params.recency + params.recency * Math.pow(2.0, -age / params.half_life);
        }
    }
"""
_TAIL = ({"published_at": {"order": "desc", "missing": "_last"}}, {"id": "asc"})
"""What comes first of equals."""
_SORT_COLUMNS = {
    Sort.DATE: "published_at",
    Sort.UPDATED: "updated_at",
    Sort.QUALITY: "quality",
    Sort.HEAT: "heat",
}


def sort_column(sort: Sort | str, fields: Iterable[DeclaredField]) -> str | None:
    """The column of an order, as it is called here; None: relevance."""
    if sort == Sort.RELEVANCE:
        return None
    declared = next((field for field in fields if field.name == sort), None)
    return own(declared) if declared else _SORT_COLUMNS[Sort(sort)]


class Scoring:
    """Bodies of searches for the hits of one request.

    Args:
        request: it.
        words: those that are scored.
        column: of its order; None: relevance.
        all_words: what matches them, if hits are to tell whether they do.
    """

    def __init__(
        self,
        request: Request,
        words: Sequence[ScoredWord],
        column: str | None,
        matching: Matching,
        all_words: Query | None = None,
    ) -> None:
        self._boosts = request.boosts
        self._now = request.now.timestamp()
        self._words = words
        self._matching = matching
        self._all_words = all_words
        self._column = column
        self._ascending = request.ascending
        self.is_scored = column is None
        self.is_exact = all(is_label(word.leaf) for word in words)
        """True if equal scores of the server are equal: they are of few different numbers."""
        self.has_accents = any(word.leaf.accented for word in words)
        has_boosts = any((request.boosts.quality, request.boosts.heat, request.boosts.recency))
        self._multiplier = self._parameters() if has_boosts else None

    @property
    def sorts_by_score(self) -> bool:
        """False if all scores are 1, or the order is another one."""
        return self.is_scored and bool(self._words or self._multiplier)

    def _parameters(self) -> dict[str, float]:
        boosts: Boosts = self._boosts
        names = ("quality", "heat", "recency", "half_life", "quality_pivot", "heat_pivot")
        values = {name: float(getattr(boosts, name)) for name in names}
        return {**values, "now": self._now, "largest": float(LARGEST)}

    def hits(self, matches: Matches, start: int, size: int, *, is_titled: bool) -> dict[str, Any]:
        """The body of a search for some hits in the order of the request.

        Args:
            matches: what may be among them.
            start: hits before them.
            size: how many.
            is_titled: whether titles may have all words.
        """
        order: list[dict[str, Any]]
        query = self._text(matches)
        if self._column:
            direction = "asc" if self._ascending else "desc"
            order = [{server_field(self._column): {"order": direction, "missing": "_last"}}]
        elif self.is_exact:
            order = list(self._exact_order())
        else:
            query = self._raised(query, is_titled=is_titled)
            order = [{"_score": "desc"}]
        return {
            "query": query,
            "sort": [*order, *_TAIL],
            "from": start,
            "size": size,
            "docvalue_fields": list(self._columns()),
            "_source": False,
            "track_scores": self.sorts_by_score,
        }

    def _columns(self) -> Iterator[str]:
        """What hits have to tell."""
        lengths = {n: None for word in self._words for n in word.fields if n in NUMBERS}
        yield from ("published_at", "quality", "heat", "link")
        yield from (length_field(name) for name in lengths)
        if self._column and self._column not in ("published_at", "quality", "heat"):
            yield server_field(self._column)

    def _exact_order(self) -> Iterator[dict[str, Any]]:
        score = "_score" if self._words else "1.0"
        if self._multiplier:
            source = f"{_MULTIPLIER} return {score} * m;"
            script = {"source": source, "params": self._multiplier}
            yield {"_script": {"type": "number", "script": script, "order": "desc"}}
        elif self._words:
            yield {"_score": "desc"}

    def _text(self, matches: Matches) -> Query:
        """The text score of what matches; titles apart."""
        marks = [
            constant(query, 0.0, accent_name(number, place))
            for number, word in enumerate(self._words)
            for place, query in enumerate(accents(word.leaf))
        ]
        if self._all_words:
            marks.append(constant(self._all_words, 0.0, ALL_WORDS))
        if not self._words and not marks:
            return matches.query
        whole = self._whole(matches)
        if whole and not marks:
            return whole
        if whole:
            return {"bool": {"must": [whole], "should": marks}}
        words = [self._word(number) for number in range(len(self._words))]
        return {"bool": {"filter": [matches.query], "should": [*words, *marks]}}

    def _whole(self, matches: Matches) -> Query | None:
        """A query in which words are scored where they stand; None: not as it has to be.

        Spares looking each word up twice. A word must be scored also in documents that match
        without it, so words stand in alternatives only if nothing else does.
        """
        node = matches.node
        if node is None or not self._words:
            return None
        numbers = {word.leaf: number for number, word in enumerate(self._words)}
        met: list[Leaf] = []

        def scored(part: Node) -> Query | None:
            match part:
                case plan.Leaf() | Boosted():
                    leaf = part.leaf if isinstance(part, Boosted) else part
                    met.append(leaf)
                    return self._word(numbers[leaf]) if leaf in numbers else None
                case plan.Disjunction(children):
                    if all(isinstance(child, plan.Leaf | Boosted) for child in children):
                        several = list(map(scored, children))
                        return any_of([each for each in several if each])
            return None

        parts = node.required if isinstance(node, plan.Conjunction) else (node,)
        required = {part: query for part in parts if (query := scored(part))}
        if len(met) != len(set(met)) or set(met) != set(numbers):
            return None
        unscored = [self._matching.node(part) for part in parts if part not in required]
        unscored += matches.filters
        excluded = node.excluded if isinstance(node, plan.Conjunction) else ()
        without = [*map(self._matching.node, excluded), *matches.excluded]
        if len(required) == 1 and not unscored and not without:
            return next(iter(required.values()))
        lists = {"must": list(required.values()), "filter": unscored, "must_not": without}
        return {"bool": {name: queries for name, queries in lists.items() if queries}}

    def _word(self, number: int) -> Query:
        """A query that scores one word."""
        word = self._words[number]
        leaf = word.leaf
        if is_label(leaf):
            return constant(self._matching.leaf(leaf), word.weight / (1.0 + K1), f"{number}")
        parts = [
            _script(
                self._count(number, name),
                _PART,
                base=dilution.base,
                slope=dilution.slope,
                length=length_field(name),
            )
            for name, dilution in word.dilutions.items()
        ]
        return _script(any_of(parts), _WORD, weight=float(word.weight))

    def _count(self, number: int, field: str) -> Query:
        """A query that scores how often a word stands in a field."""
        leaf = self._words[number].leaf
        if leaf.pattern:
            return constant(in_text(leaf, field), 1.0, name_of(number, 0, field))
        every = [
            frequency(form, field, name_of(number, place, field))
            for place, form in enumerate(leaf.spellings)
        ]
        return every[0] if len(every) == 1 else {"dis_max": {"queries": every}}

    def _raised(self, query: Query, *, is_titled: bool) -> Query:
        """A text score, times what a title and boosts make of it."""
        functions = list(self._functions(is_titled=is_titled))
        if not functions:
            return query
        modes = {"score_mode": "multiply", "boost_mode": "multiply"}
        return {"function_score": {"query": query, "functions": functions, **modes}}

    def _functions(self, *, is_titled: bool) -> Iterator[dict[str, Any]]:
        weight = self._boosts.title
        if is_titled and (titled := of_title(self._words, weight)):
            size = sum(word.size for word in titled)
            parameters = {"size": size, "weight": float(weight), "length": length_field(TITLE)}
            script = {"source": _IN_TITLE, "params": parameters}
            having = all_of([in_text(word.leaf, TITLE) for word in titled])
            yield {"filter": having, "script_score": {"script": script}}
        if self._multiplier:
            script = {"source": f"{_MULTIPLIER} return m;", "params": self._multiplier}
            yield {"script_score": {"script": script}}


def _script(query: Query, source: str, **parameters: Any) -> Query:
    script: Mapping[str, Any] = {"source": source, "params": parameters}
    return {"script_score": {"query": query, "script": script}}
