"""The ranking of a request: tiers, one hit for each link, the best of what is left, in order."""

from __future__ import annotations

from collections import Counter
from functools import partial

from heatseek.definitions import NamedTuple, cached_property
from heatseek.engines.model import Match, Tiers
from heatseek.engines.shared.fields import OWN_COLUMNS, UNKNOWN, own, typecode
from heatseek.engines.shared.plan import words
from heatseek.engines.whoosh.arrays import BoostColumns, Boosting
from heatseek.engines.whoosh.columns import PiecedColumn, unknown_in
from heatseek.engines.whoosh.matching import Matcher, Scorer, best, filtered
from heatseek.query.filters import NO_FILTERS
from heatseek.ranking import ascending, explain
from heatseek.results import Sort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from heatseek.engines.model import Request
    from heatseek.engines.shared.compiler import Compiler
    from heatseek.engines.shared.plan import Boosted, Node
    from heatseek.engines.whoosh.arrays import Arrays, Column, Documents
    from heatseek.engines.whoosh.duplicates import Duplicates
    from heatseek.engines.whoosh.lookup import TermCache
    from heatseek.engines.whoosh.segments import Segments
    from heatseek.query.filters import Filters
    from heatseek.query.tree import Query
    from heatseek.schema import DeclaredField

    Marked = tuple["Ranked", bool | None]
    """With `Match.has_all`."""

_FEW = 200
"""Documents with links of others that are ranked with all, and left out of the page after that."""


class Ranked(NamedTuple):
    """A document on the page."""

    document: int
    text: float
    boost: float


_ranked = partial(tuple.__new__, Ranked)
_match = partial(tuple.__new__, Match)
"""From a tuple of all its parts: a page has many, and this takes half the time."""


class Tier(NamedTuple):
    """Matches that are in one order."""

    matching: Documents
    documents: Documents
    """Of those with one link at most those that may be on a page."""
    repeated: list[int]
    """Those of them of which only the first of each link is on a page."""
    total: int
    """Links count once."""
    has_all: bool | None = None
    """See `Match.has_all`."""


class Ranking:
    """Kept with the words that were looked up, as long as a generation is open.

    Args:
        segments: where.
        arrays: the operations on sets of documents.
        compiler: makes plans of queries.
        find: looks a leaf up.
        column: gives a column by name.
        duplicates: documents with the same link.
        fields: declared ones.
        long_lived: whether many searches are to come.
    """

    def __init__(  # noqa: PLR0913 - parts of an open generation
        self,
        segments: Segments,
        arrays: Arrays,
        compiler: Compiler,
        find: TermCache,
        column: Callable[[str], Column],
        duplicates: Duplicates,
        fields: Sequence[DeclaredField],
        *,
        long_lived: bool,
    ) -> None:
        self._segments = segments
        self._arrays = arrays
        self._compiler = compiler
        self._find = find
        self._column = column
        self._duplicates = duplicates
        self._fields = fields
        self._long_lived = long_lived
        self._matcher = Matcher(arrays, find, column)
        self._scorer = Scorer(segments, arrays, find, duplicates.total)

    def first_tier(self, request: Request) -> tuple[list[Boosted], Tier]:
        """The words of a request, and what comes first of all that matches."""
        if request.all_words is None or request.tiers is Tiers.NONE:
            plan, documents = self._every(request)
            terms = words(plan)
            return terms, self._tier(request, terms, documents)
        plan, documents = self.matching(request.all_words, request.filters)
        has_all = self._arrays.total(documents) > 0
        if not has_all:
            plan, documents = self._every(request)
        terms = words(plan)
        return terms, self._tier(request, terms, documents, has_all=has_all)

    def second_tier(
        self, request: Request, terms: list[Boosted], first: Tier
    ) -> tuple[int, list[Ranked]]:
        """How many match in both tiers, and what the page has of the second one."""
        _, documents = self._every(request)
        total = self._duplicates.total(documents)
        left = request.offset + request.limit - first.total
        if left <= 0 or not request.limit or total == first.total:
            return total, []
        offset = max(0, request.offset - first.total)
        tier = self._rest(request, terms, documents, first)
        return total, self.page(request._replace(limit=left - offset), terms, tier, offset)

    def _rest(
        self, request: Request, terms: list[Boosted], documents: Documents, first: Tier
    ) -> Tier:
        """The second tier: of all that match what is outside of the first one."""
        rest = self._arrays.difference(documents, [self._duplicates.with_links(first.matching)])
        return self._tier(request, terms, rest, has_all=False)

    def _tier(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        *,
        has_all: bool | None = None,
    ) -> Tier:
        matching = documents
        repeated = self._duplicates.repeated(documents)
        if repeated and (request.facets or request.entrants.ids or len(repeated) > _FEW):
            documents = self._first_of_duplicates(request, terms, documents, repeated, has_all)
            repeated = []
        total = self._arrays.total(documents) - self._duplicates.surplus(repeated)
        return Tier(matching, documents, repeated, total, has_all)

    def entered(self, request: Request, terms: list[Boosted], first: Tier) -> list[Marked]:
        """The entrants of a request that match, wherever in the order."""
        if not request.entrants.ids:
            return []
        tiers = [(first.documents, first.has_all)]
        if first.has_all and request.tiers is Tiers.BOTH:
            rest = self._rest(request, terms, self._every(request)[1], first)
            tiers.append((rest.documents, False))
        arrays = self._arrays
        named = arrays.chosen(self._segments.documents(request.entrants.ids))
        entered: list[Marked] = []
        for documents, mark in tiers:
            some = arrays.intersection([documents, named])
            title = _title_weight(request, has_all=mark)
            texts = sorted(arrays.pairs(some, self._scorer.scores(terms, some, title)))
            boosts = self._boosts((document for document, _ in texts), request)
            entered += ((Ranked(d, text, boosts[d]), mark) for d, text in texts)
        return entered

    def matching(self, query: Query, filters: Filters) -> tuple[Node, Documents]:
        """The plan of a query, and all that match it and pass filters."""
        plan = self._compiler.compile(query)
        return plan, self._filtered(self._matcher.documents(plan), filters)

    def _every(self, request: Request) -> tuple[Node, Documents]:
        """The plan of a request's query, and all that match in any tier."""
        plan, documents = self.matching(request.query, request.filters)
        if not request.entrants.ids:
            return plan, documents
        ids, condition = request.entrants
        _, fitting = self.matching(condition, request.filters)
        named = self._arrays.chosen(self._segments.documents(ids))
        entering = self._arrays.intersection([named, fitting])
        return plan, self._arrays.union([documents, entering])

    def _filtered(self, documents: Documents, filters: Filters) -> Documents:
        if filters == NO_FILTERS:  # as mostly
            return documents
        arrays = self._arrays
        documents = filtered(documents, filters, arrays, self._find, self._column)
        for condition in filters.where:
            holding = self._matcher.documents(self._compiler.compile(condition))
            documents = arrays.intersection([documents, holding])
        if filters.excluded:
            same = self._duplicates.of_links(self._segments.documents(filters.excluded))
            unwanted = arrays.chosen(same)
            documents = arrays.difference(documents, [unwanted])
        return documents

    def page(self, request: Request, terms: list[Boosted], tier: Tier, offset: int) -> list[Ranked]:
        """The documents of a tier from a place on in order, of each link the first alone."""
        window = slice(offset, offset + request.limit)
        if not tier.repeated:
            return self._ranked(request, terms, tier.documents, window, tier.has_all)
        surplus = self._duplicates.surplus(tier.repeated)
        begin = slice(0, window.stop + surplus) if request.limit else slice(0, 0)
        ranked = self._ranked(request, terms, tier.documents, begin, tier.has_all)
        others = set(self._duplicates.others(each.document for each in ranked))
        return [each for each in ranked if each.document not in others][window]

    def _first_of_duplicates(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        repeated: list[int],
        has_all: bool | None,
    ) -> Documents:
        """Of documents with the same link only the one that ranks first."""
        arrays = self._arrays
        everyone = slice(0, len(repeated))
        ranked = self._ranked(request, terms, arrays.chosen(repeated), everyone, has_all)
        others = self._duplicates.others(each.document for each in ranked)
        return arrays.difference(documents, [arrays.chosen(others)])

    def _ranked(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        window: slice,
        has_all: bool | None,
    ) -> list[Ranked]:
        """The documents of a window of the ranking, in order."""
        if window.start == window.stop:
            return []
        if request.sort == Sort.RELEVANCE:
            title = _title_weight(request, has_all=has_all)
            return self._most_relevant(request, terms, documents, window, title)
        dates = self._column("published_at")
        name, unknown = self._sorting[request.sort]
        column = self._column(name)
        if unknown == UNKNOWN:
            unknown = unknown_in(column)
        least = unknown if request.ascending else None
        leading = self._arrays.leading(documents, column, dates, window.stop, unknown=least)
        # Floats hold all of them exactly.
        values = {d: float(column[d]) for d in leading}
        if request.ascending:
            values = {d: ascending(value, unknown) for d, value in values.items()}
        page = best(values, dates, self._segments.id, window)
        chosen = self._arrays.chosen(page)
        scores = self._scorer.scores(terms, chosen, request.boosts.title)
        texts = dict(self._arrays.pairs(chosen, scores))
        boosts = self._boosts(page, request)
        return [Ranked(document, texts[document], boosts[document]) for document in page]

    def _most_relevant(
        self,
        request: Request,
        terms: list[Boosted],
        documents: Documents,
        window: slice,
        title: float,
    ) -> list[Ranked]:
        scored = self._scorer.words(terms)
        boosting = self._boosting(request)
        titled = self._scorer.titled(documents, terms, scored, title)
        likely = self._arrays.contenders(documents, scored, window.stop, boosting, titled)
        texts = dict(likely)
        boosts = self._arrays.multipliers(texts, boosting)
        boosted = {document: text * boosts[document] for document, text in texts.items()}
        exact = self._exact(terms, texts)
        dates = boosting.columns.published_at
        page = best(boosted, dates, self._segments.id, window, exact)
        return [_ranked((document, texts[document], boosts[document])) for document in page]

    def _exact(self, terms: list[Boosted], documents: Iterable[int]) -> Mapping[int, int]:
        """How many words of the query each document has with the accents that were typed."""
        # A word counts once, also in small letters and in capitals.
        different = {leaf._replace(text=""): leaf for leaf, _ in terms if leaf.accented}
        if not different:
            return {}
        arrays = self._arrays
        numbers: Counter[int] = Counter()
        for leaf in different.values():
            having = self._find(leaf).exact
            if having is not None:
                both = arrays.intersection([having, arrays.chosen(documents)])
                numbers.update(arrays.numbers(both))
        return numbers

    def matches(
        self, request: Request, terms: list[Boosted], page: Sequence[Marked]
    ) -> tuple[Match, ...]:
        """The documents of a page as they are answered, explained if the request asks for that."""
        article = self._segments.article
        if request.explain:
            return tuple(self._explained(request, terms, *each) for each in page)
        return tuple(
            [
                _match((article(document), text * boost, None, has_all))
                for (document, text, boost), has_all in page
            ]
        )

    def _explained(
        self, request: Request, terms: list[Boosted], ranked: Ranked, has_all: bool | None
    ) -> Match:
        document, text, boost = ranked
        article = self._segments.article(document)
        parts = self._scorer.explain(terms, document, request.boosts.title)
        explanation = explain(text, parts, article, request.now, request.boosts)
        return Match(article, text * boost, explanation, has_all)

    def _boosts(self, documents: Iterable[int], request: Request) -> dict[int, float]:
        """The multiplier of each document."""
        return self._arrays.multipliers(documents, self._boosting(request))

    def _boosting(self, request: Request) -> Boosting[Column]:
        columns = self._boost_columns
        if request.boosts.recency:
            columns = columns._replace(published_at=self._column("published_at"))
        return Boosting(request.boosts, columns, request.now.timestamp())

    @cached_property
    def _boost_columns(self) -> BoostColumns[Column]:
        return BoostColumns(self._dates, self._column("quality"), self._column("heat"))

    @cached_property
    def _dates(self) -> Column:
        """Those of publication, for few documents, unless many searches are to come."""
        if self._long_lived:
            return self._column("published_at")
        every = [(base, segment.pieces("published_at")) for base, segment in self._segments]
        bases, pieces = zip(*every, strict=True) if every else ((), ())
        return PiecedColumn(bases, pieces, typecode("published_at"))

    @cached_property
    def _sorting(self) -> dict[str, tuple[str, float]]:
        """The column of each order but relevance, and its value of what is unknown."""
        built_in = {
            Sort.DATE: "published_at",
            Sort.UPDATED: "updated_at",
            **{sort: str(sort) for sort in (Sort.QUALITY, Sort.HEAT)},
        }
        columns: dict[str, tuple[str, float]] = {s: (name, UNKNOWN) for s, name in built_in.items()}
        declared = [field for field in self._fields if field.kind.is_ordered]
        return columns | {f.name: (own(f), OWN_COLUMNS[f.kind].unknown) for f in declared}


def _title_weight(request: Request, *, has_all: bool | None) -> float:
    """That of the request; 0 where it makes no difference: no title has a word that is missing."""
    return 0.0 if has_all is False else request.boosts.title
