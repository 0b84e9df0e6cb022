"""Meaning: the ranking by words and the nearness of vectors, as one.

    score    = (text + meaning) * boost
    meaning  = weight * the text score of the best match * nearness
    nearness = cosine / the greatest cosine of any article, 0 to 1

The engine ranks by words; this stands above it. `WINDOW` of its matches, the best ones, and the
`NEAREST` articles get their scores by this formula; the other matches follow in the engine's order.
Of the nearest those that have no word of the query enter, if they keep what was asked for
explicitly (`condition`) and pass the filters: they are matches like the others, in total, facets
and pages. The weight is 1 at most, so an article without any word never has more than the text of
the best match gives that one; and no match is lost to make room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.definitions import cached_property
from heatseek.engines.model import Entrants, Tiers
from heatseek.errors import SURPRISES, IndexDamagedError, Remedy, SemanticError
from heatseek.explanation import Meaning
from heatseek.query.rewriting import all_of, any_of, asks_for_words, require
from heatseek.query.tree import (
    All,
    Any,
    Boosted,
    Everything,
    Near,
    Phrase,
    Query,
    Synonyms,
    Term,
    Words,
)
from heatseek.ranking import multiplier
from heatseek.results import Sort
from heatseek.search.request import Matching
from heatseek.vectors import TABLE
from heatseek.vectors.spaces import open_space
from heatseek.vectors.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.engines.base import Reader
    from heatseek.engines.model import Match, Page, Request
    from heatseek.search.interpreter import Interpretation
    from heatseek.search.request import SearchRequest
    from heatseek.vectors import Floats, VectorSpace
    from heatseek.vectors.table import Neighbour

WINDOW = 100
"""Matches by words, the best ones, that are ranked by their vectors too."""
NEAREST = 100
"""Articles that are ranked by their vectors whether they have a word of the query or not."""

LEAST = 0.5
"""The nearness of these, at least: beside the nearest one, others may not be near at all."""


class Wish(NamedTuple):
    """What is to be near, and what it counts."""

    weight: float
    """0 to 1."""
    text: str = ""
    """Of the query; empty where it has no words."""
    article_id: str = ""
    """Or the article that others are to be like."""
    condition: Query = Everything()
    """That articles have to match to enter."""


def wish_of(interpretation: Interpretation, request: SearchRequest) -> Wish | None:
    """What a request wants by meaning; None if it has another order, or no words to go by."""
    resolved, reading = interpretation.request, interpretation.reading
    if resolved.sort != Sort.RELEVANCE:
        return None
    if request.similar_to:
        return Wish(request.meaning, article_id=request.similar_to)
    text = meaning_of(reading.original)
    if not text:
        return None
    every_word = request.matching is Matching.ALL
    fitting = require(resolved.query) if every_word else condition(reading.original)
    return Wish(request.meaning, text, condition=fitting)


def rank(
    reader: Reader, vectors: Vectors, request: Request, wish: Wish
) -> tuple[Page, frozenset[str]]:
    """The page that answers a request by words and by meaning; who on it has none of the words.

    Raises:
        SemanticError: the vector of the query cannot be made.
    """
    cosines = vectors.cosines(wish)
    if cosines is None:
        return reader.search(request), frozenset()
    near = [each for each in cosines.nearest(NEAREST + 1) if each.id != wish.article_id][:NEAREST]
    greatest = near[0].cosine if near else 0.0
    ids = tuple(each.id for each in near if each.cosine >= LEAST * greatest)
    entrants = Entrants(ids, wish.condition)
    whole = request._replace(entrants=entrants, explain=False)
    page = reader.search(whole._replace(offset=0, limit=WINDOW))
    fused = _fused(page, whole, wish, cosines, greatest)
    window = fused[request.offset : request.offset + request.limit]
    tail = _tail(reader, request._replace(entrants=entrants), fused, page.total)
    if request.explain:
        matches = tuple(_explained(reader, whole, window))
    else:
        matches = tuple(each.match._replace(score=each.score) for each in window)
    by_words = (*(each.match for each in window), *tail)
    strangers = frozenset(m.article.id for m in by_words if not m.score and _boost(m, request))
    return page._replace(matches=(*matches, *tail), entrants=()), strangers


class _Scored(NamedTuple):
    """A match with what its vector adds."""

    score: float
    match: Match
    meaning: Meaning


def _fused(
    page: Page, request: Request, wish: Wish, cosines: Cosines, greatest: float
) -> list[_Scored]:
    """The matches that have their score by the formula, in order; of equals as they stood."""
    known = {match.article.id for match in page.matches}
    entrants = sorted(page.entrants, key=lambda match: match.article.id)
    candidates = [*page.matches, *(m for m in entrants if m.article.id not in known)]
    in_tiers = request.tiers is Tiers.BOTH and page.with_all
    if in_tiers:
        first = [match for match in candidates if match.has_all]
        # What has all words comes first, also what is beyond the window.
        candidates = first if len(first) < (page.with_all or 0) else candidates
    best = max((_text(match, request) for match in page.matches[:1]), default=0.0) or 1.0
    scored = []
    for match in candidates:
        nearness = min(1.0, max(0.0, cosines.of(match.article.id)) / greatest) if greatest else 0.0
        effect = wish.weight * best * nearness
        score = match.score + effect * _boost(match, request)
        scored.append(_Scored(score, match, Meaning(effect, nearness, wish.weight, best)))
    # Stable: matches are in the engine's order, which ends by date and id.
    return sorted(scored, key=lambda each: (bool(in_tiers) and not each.match.has_all, -each.score))


def _explained(reader: Reader, whole: Request, page: Sequence[_Scored]) -> Iterator[Match]:
    """The matches of a page with explanations, which only they need."""
    wanted = Entrants(tuple(each.match.article.id for each in page), whole.entrants.condition)
    one = whole._replace(offset=0, limit=0, facets=(), explain=True, entrants=wanted)
    explained = {match.article.id: match.explanation for match in reader.search(one).entrants}
    for score, match, meaning in page:
        explanation = explained.get(match.article.id)
        if explanation is not None:
            explanation = explanation._replace(meaning=meaning)
        yield match._replace(score=score, explanation=explanation)


def _tail(
    reader: Reader, request: Request, fused: Sequence[_Scored], total: int
) -> tuple[Match, ...]:
    """What the page has of the matches after those that vectors rank, in the engine's order."""
    end = min(request.offset + request.limit, total)
    if end <= len(fused) or not request.limit:
        return ()
    offset = max(0, request.offset - len(fused))
    ranked = tuple(scored.match.article.id for scored in fused)
    filters = request.filters._replace(excluded=(*request.filters.excluded, *ranked))
    limit = end - len(fused) - offset
    rest = request._replace(filters=filters, facets=(), offset=offset, limit=limit)
    return reader.search(rest).matches


def _boost(match: Match, request: Request) -> float:
    article = match.article
    date = None if article.published_at is None else article.published_at.timestamp()
    now = request.now.timestamp()
    return multiplier(article.quality, article.heat, date, now, request.boosts)


def _text(match: Match, request: Request) -> float:
    """A match's score without the boosts; 0 where these leave nothing."""
    boost = _boost(match, request)
    return match.score / boost if boost else 0.0


class Cosines:
    """How near the articles of a table are to one vector."""

    def __init__(self, table: Table, vector: Floats) -> None:
        self._table = table
        self._values = table.cosines(vector)

    def nearest(self, count: int) -> list[Neighbour]:
        """See `Table.nearest`."""
        return self._table.nearest(self._values, count)

    def of(self, article_id: str) -> float:
        """The cosine of an article; 0 if it has no vector."""
        place = self._table.place(article_id)
        return 0.0 if place is None else float(self._values[place])


class Vectors:
    """The vectors of an open generation, and what makes one of a query.

    Args:
        reader: the generation.

    Raises:
        SemanticError: it has none.
        IndexDamagedError: they are not as they were written.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        data = reader.view(TABLE)
        if not data:
            raise SemanticError("the index has no vectors to search by meaning", Remedy.VECTORS)
        try:
            self._table = Table.load(data)
        except SURPRISES as error:
            raise IndexDamagedError("the note of its vectors holds none") from error

    def cosines(self, wish: Wish) -> Cosines | None:
        """How near all articles are to what a search is after; None if that says nothing.

        Raises:
            SemanticError: the vector of the query cannot be made.
        """
        # Once more: files that were cut short since must not be read.
        self._reader.view(TABLE)
        if wish.article_id:
            vector = self._table.vector(wish.article_id)
        else:
            vector = self._space.of_text(wish.text) if wish.text else None
        return Cosines(self._table, vector) if vector is not None and vector.any() else None

    @cached_property
    def _space(self) -> VectorSpace:
        space = open_space(self._table, self._reader.view, self._reader.generation.language)
        if space.dimensions != self._table.dimensions:
            raise SemanticError(
                f"the vectors of the index have {self._table.dimensions:,} numbers, and those of"
                f" {self._table.semantic} {space.dimensions:,}",
                Remedy.VECTORS,
            )
        return space


def condition(query: Query) -> Query:
    """What articles without the words of a query have to match to enter.

    Words one after another are what meaning stands in for. All else holds as it was asked for:
    phrases, patterns, fields, ranges, exclusions, and what `AND` joins.

    Args:
        query: as it was typed, function words included.
    """
    match query:
        case Term(_, None) | Synonyms(_, None):
            return Everything()
        case Boosted(child):
            return condition(child)
        case Words(children):
            return all_of(map(condition, children))
        case Any(children):
            some = [condition(child) for child in children]
            return Everything() if Everything() in some else any_of(some)
        case All(children):
            return all_of(_required(children))
    return query


def _required(children: tuple[Query, ...]) -> Iterator[Query]:
    """What of the parts that `AND` joins has to hold; beside what only chooses words are alone."""
    are_joined = sum(map(asks_for_words, children)) > 1
    for child in children:
        is_free = isinstance(child, Words) or (asks_for_words(child) and not are_joined)
        yield condition(child) if is_free else require(child)


def meaning_of(query: Query) -> str:
    """The words of a query that stand for what it is about, in order."""
    match query:
        case Words(children) | All(children) | Any(children):
            return " ".join(filter(None, map(meaning_of, children)))
        case Boosted(child):
            return meaning_of(child)
        case Term() | Phrase() | Near() | Synonyms():
            return query.text
    return ""
