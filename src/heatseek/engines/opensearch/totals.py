"""Numbers of documents: how many match, links counted once; how many have a word."""

from __future__ import annotations

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.queries import near_words, terms_of
from heatseek.engines.shared import plan
from heatseek.engines.shared.plan import WINDOW_STEPS
from heatseek.errors import QueryError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from heatseek.engines.model import Budget
    from heatseek.engines.opensearch.matching import Matching
    from heatseek.engines.opensearch.queries import Query
    from heatseek.engines.shared.plan import Leaf, Node

    Body = dict[str, Any]
    Ask = Callable[[Sequence[Body]], list[Any]]
    """Sends several searches in one request."""

TWINS = "(twins)"
"""An aggregation; no facet is called so."""
_MOST_LINKS = 65_000
"""In one answer; the server gives up to 65,535."""
_REMEMBERED = 10_000
"""Words of which the numbers are kept."""


class Total(NamedTuple):
    """How many documents match."""

    total: int
    """Links count once."""
    links: Mapping[int, int]
    """Of links that several documents of the index have, how many of those match."""

    @property
    def repeated(self) -> list[int]:
        """The links of several documents that match."""
        return [link for link, documents in self.links.items() if documents > 1]


def total_body(query: Query, twins: Sequence[int]) -> Body:
    """The search for the total of a query.

    Args:
        query: it.
        twins: the links that several documents of the index have.
    """
    return {"size": 0, "query": query, **total_part(twins)}


def total_part(twins: Sequence[int]) -> Body:
    """The part of any search that tells the total."""
    body: Body = {"track_total_hits": True}
    if twins:
        size = min(len(twins), _MOST_LINKS)
        links = {"terms": {"field": "link", "size": size, "min_doc_count": 1}}
        body["aggs"] = {TWINS: {"filter": terms_of("link", twins), "aggs": {"links": links}}}
    return body


def total_of(answer: Any) -> Total:
    """The total that an answer tells.

    Raises:
        QueryError: too many links are in question.
    """
    total = answer["hits"]["total"]["value"]
    if TWINS not in answer.get("aggregations", {}):
        return Total(total, {})
    found = answer["aggregations"][TWINS]["links"]
    if found["sum_other_doc_count"]:
        raise QueryError(
            f"more than {_MOST_LINKS:,} links of several articles each match: ask for less"
        )
    links = {bucket["key"]: bucket["doc_count"] for bucket in found["buckets"]}
    return Total(total - sum(links.values()) + len(links), links)


class KnownNumbers(NamedTuple):
    """Numbers that were asked for; kept as long as a reader is open, for all of its threads."""

    frequencies: dict[Leaf, int]
    """Documents that have a word."""
    near: dict[Leaf, int]
    """Positions at which words stand, in fields that have all that are to be near each other."""

    def forget(self) -> None:
        """Forget all, if they are too many."""
        if len(self.frequencies) + len(self.near) > _REMEMBERED:
            self.frequencies.clear()
            self.near.clear()


class Numbers:
    """The numbers that one search needs.

    Args:
        known: those that need not be asked for.
        matching: what matches a word.
        words: those that are scored.
        nodes: all plans of the search.
        twins: the links that several documents have, if articles are to be told, too.

    Attributes:
        questions: searches for all that is not known.
    """

    def __init__(
        self,
        known: KnownNumbers,
        matching: Matching,
        words: Iterable[Leaf],
        nodes: Iterable[Node],
        twins: Sequence[int] = (),
    ) -> None:
        known.forget()
        self._known = known
        wanted = dict.fromkeys(words)
        near = dict.fromkeys(leaf for node in nodes for leaf in near_leaves(node))
        # Of its own: other threads may forget what is known.
        self._frequencies = {x: n for x in wanted if (n := known.frequencies.get(x)) is not None}
        self._near = {x: n for x in near if (n := known.near.get(x)) is not None}
        self._articles: dict[Leaf, int] = {}
        self._new = [leaf for leaf in wanted if twins or leaf not in self._frequencies]
        self._new_near = [leaf for leaf in near if leaf not in self._near]
        self.questions: list[Body] = [
            *(total_body(matching.leaf(leaf), twins) for leaf in self._new),
            *map(_near_body, self._new_near),
        ]

    def learn(self, answers: Sequence[Any]) -> None:
        """Take the answers to the questions."""
        size = len(self._new)
        for leaf, answer in zip(self._new, answers[:size], strict=True):
            self._frequencies[leaf] = answer["hits"]["total"]["value"]
            self._articles[leaf] = total_of(answer).total
        for leaf, answer in zip(self._new_near, answers[size:], strict=True):
            self._near[leaf] = round(answer["aggregations"]["words"]["value"])
        self._known.frequencies.update(self._frequencies)
        self._known.near.update(self._near)

    def frequency(self, leaf: Leaf) -> int:
        """Documents that have a word."""
        return self._frequencies[leaf]

    def articles(self, leaf: Leaf) -> int:
        """The same with one for each link, if that was asked for."""
        return self._articles.get(leaf, self._frequencies[leaf])

    def spend(self, budget: Budget, *nodes: Node) -> None:
        """Take off what words near each other cost in some of the plans.

        Raises:
            QueryError: it is more than the budget.
        """
        for leaf in dict.fromkeys(leaf for node in nodes for leaf in near_leaves(node)):
            budget.spend(WINDOW_STEPS * self._near[leaf])


def _near_body(leaf: Leaf) -> Body:
    """How many positions words have in fields that have them all."""
    words = {"sum": {"script": {"source": "_score"}}}
    return {
        "size": 0,
        "track_total_hits": False,
        "query": near_words(leaf),
        "aggs": {"words": words},
    }


def near_leaves(node: Node) -> Iterator[Leaf]:
    """The words of a plan that are to be near each other."""
    match node:
        case plan.Leaf():
            if near_words(node):
                yield node
        case plan.Boosted(leaf) | plan.Chosen(leaf):
            yield from near_leaves(leaf)
        case plan.Conjunction(required, excluded):
            for child in (*required, *excluded):
                yield from near_leaves(child)
        case plan.Disjunction(children):
            for child in children:
                yield from near_leaves(child)
