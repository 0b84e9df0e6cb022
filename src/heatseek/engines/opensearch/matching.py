"""Which documents match a plan, and pass filters."""

from __future__ import annotations

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.mapping import PATH, server_field
from heatseek.engines.opensearch.queries import (
    EVERYTHING,
    NOTHING,
    all_of,
    any_of,
    documents_of,
    in_text,
    is_label,
    pattern,
    terms_of,
    within,
)
from heatseek.engines.opensearch.stored import document_id
from heatseek.engines.shared import plan
from heatseek.engines.shared.fields import dates_of, labels_of, own_kind, ranges_of
from heatseek.engines.shared.plan import Leaf, Shape
from heatseek.schema import PATH as ITS_PATH
from heatseek.schema import RELATED as MENTIONED
from heatseek.schema import FieldKind
from heatseek.text.tokens import fold, label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from heatseek.engines.opensearch.queries import Query
    from heatseek.engines.shared.compiler import Compiler
    from heatseek.engines.shared.plan import Node
    from heatseek.query.filters import Filters

_FEW_LINKS = 8
"""Documents of which links are looked up by the server, one after another."""


class Matches(NamedTuple):
    """The documents that a search is about."""

    query: Query
    """All of it."""
    node: Node | None = None
    """The plan that they match, if all of them do."""
    filters: tuple[Query, ...] = ()
    """That they pass besides."""
    excluded: tuple[Query, ...] = ()
    """What is left out."""

    def among(self, query: Query) -> Matches:
        """Those of them that another query matches, too."""
        return self._replace(query=all_of([self.query, query]), filters=(*self.filters, query))

    def without(self, *excluded: Query) -> Matches:
        """Those of them that other queries do not match."""
        query = all_of([self.query], excluded)
        return self._replace(query=query, excluded=(*self.excluded, *excluded))


class Matching:
    """Which documents match a plan, and pass filters.

    Args:
        index: that is searched.
        compiler: of its queries.
        mentioned: gives the ids of the articles with a file that `related:` finds.
        links: gives the links of many articles; None: no two articles have the same.
    """

    def __init__(
        self,
        index: str,
        compiler: Compiler,
        mentioned: Callable[[Leaf], Iterable[str]],
        links: Callable[[tuple[str, ...]], list[int]] | None,
    ) -> None:
        self._index = index
        self._compiler = compiler
        self._mentioned = mentioned
        self._links = links

    def node(self, node: Node) -> Query:  # noqa: PLR0911 - one for each kind of node
        """The documents that match a plan; nothing is scored."""
        match node:
            case Leaf():
                return self.leaf(node)
            case plan.Boosted(leaf) | plan.Chosen(leaf):
                return self.leaf(leaf)
            case plan.Conjunction(required, excluded):
                return all_of(list(map(self.node, required)), list(map(self.node, excluded)))
            case plan.Disjunction(children):
                return any_of(list(map(self.node, children)))
            case plan.Within(column, low, high):
                return within(column, low, high)
            case plan.Everything():
                return EVERYTHING
        return NOTHING

    def leaf(self, leaf: Leaf) -> Query:
        """The documents that have a leaf."""
        name = leaf.fields[0]
        if name == ITS_PATH:
            return _path(leaf.text)
        if name == MENTIONED:
            named = documents_of(sorted(self._mentioned(leaf)))
            return any_of([_label(leaf), named]) if named["ids"]["values"] else _label(leaf)
        if is_label(leaf) and own_kind(name) is not FieldKind.TEXT:
            return _label(leaf)
        return any_of([in_text(leaf, each) for each in leaf.fields])

    def matches(self, node: Node, filters: Filters) -> Matches:
        """The documents that match a plan and pass filters."""
        passing, excluded = tuple(self._filters(filters)), tuple(self._excluded(filters.excluded))
        query = all_of([self.node(node), *passing], excluded)
        return Matches(query, node, passing, excluded)

    def either(self, one: Matches, other: Query) -> Matches:
        """The documents of one, and others that pass the same filters."""
        wanted = any_of([self.node(one.node or plan.Nothing()), other])
        return one._replace(query=all_of([wanted, *one.filters], one.excluded), node=None)

    def _filters(self, filters: Filters) -> Iterator[Query]:
        for field, values in labels_of(filters):
            yield {"terms": {field: list(map(label, values))}}
        for spans in dates_of(filters):
            yield any_of([within("published_at", *span) for span in spans])
        for interval in ranges_of(filters):
            yield within(*interval)
        for condition in filters.where:
            yield self.node(self._compiler.compile(condition))

    def _excluded(self, article_ids: tuple[str, ...]) -> Iterator[Query]:
        """Articles, and all with the link of one of them."""
        if article_ids:
            yield documents_of(article_ids)
        if self._links and len(article_ids) > _FEW_LINKS:
            yield terms_of("link", self._links(article_ids))
        elif self._links:
            for each in filter(None, article_ids):
                place = {"index": self._index, "id": document_id(each), "path": "link"}
                yield {"terms": {"link": place}}


def _label(leaf: Leaf) -> Query:
    name = server_field(leaf.fields[0])
    if leaf.pattern:
        return pattern(name, leaf.pattern)
    return {"term": {name: leaf.spellings[0].terms[0][1]}}


def _path(text: str) -> Query:
    """Articles below a folder, or with this path."""
    folded = fold(text)
    if "*" in folded or "?" in folded:
        return any_of([pattern(PATH, Shape(shape)) for shape in (folded, f"{folded}/*")])
    return any_of([{"term": {PATH: folded}}, {"prefix": {PATH: f"{folded}/"}}])
