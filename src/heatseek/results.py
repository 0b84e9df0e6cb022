"""Results of a search, the same for every engine and every front end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from heatseek.article import Article

if TYPE_CHECKING:
    from heatseek.wire import ExplanationDocument, FragmentDocument, HitDocument, ResultsDocument


class Sort(StrEnum):
    """The orders of hits; each from best or newest down."""

    RELEVANCE = "relevance"
    DATE = "date"
    QUALITY = "quality"
    HEAT = "heat"


class Facet(NamedTuple):
    """A facet by which all matches are to be counted."""

    name: str
    """Of `schema.FACETS`, or a declared one."""
    limit: int | None = None
    """How many values to give, the most frequent; None: all."""


class FacetValue(NamedTuple):
    """How many of all matches have a value."""

    value: str
    articles: int


class FacetCounts(NamedTuple):
    """The values of a facet over all matches, the most frequent first."""

    values: tuple[FacetValue, ...]
    """As many as were asked for."""
    total: int
    """How many values there are."""
    chosen: frozenset[str] = frozenset()
    """Those that a filter of the search asks for."""


class WordScore(NamedTuple):
    """The part of a text score that one word, phrase or prefix of the query gave."""

    text: str
    score: float
    fields: tuple[tuple[str, float], ...]
    """The part of each field; they add up to `score`."""
    exact: bool | None = None
    """The article has it with the accents that were typed, and so comes before others of the same
    score; None where there are none."""


class Signal(NamedTuple):
    """The effect on a score of something beside the text."""

    name: str
    effect: float
    """Its part of the multiplier: added, or multiplied by."""
    is_factor: bool = False
    value: float | None = None
    """The article's, if it is known."""
    saturation: float | None = None
    """Of the value, before the weight: 0 to 1; None: it has none."""


class Explanation(NamedTuple):
    """How a score came about: `text * boost`.

    `boost` is 1 and what signals add, times those signals that are factors, in their order.
    """

    text: float
    """The BM25 text score."""
    boost: float
    """The whole multiplier."""
    signals: tuple[Signal, ...] = ()
    words: tuple[WordScore, ...] = ()
    """They add up to `text`."""
    bounds: tuple[float, float] = (1.0, 1.0)
    """The least and greatest multiplier that an article could get under these weights."""

    def to_dict(self) -> ExplanationDocument:
        """The explanation as in the documented JSON."""
        return {
            "text": self.text,
            **{signal.name: signal.effect for signal in self.signals},  # type: ignore[typeddict-item] # a key for each signal that there is
            "boost": self.boost,
            "saturation": {
                signal.name: signal.saturation
                for signal in self.signals
                if signal.saturation is not None
            },
            "bounds": list(self.bounds),
            "words": [
                {
                    "text": word.text,
                    "score": word.score,
                    "fields": dict(word.fields),
                    "exact": word.exact,
                }
                for word in self.words
            ],
        }


class Fragment(NamedTuple):
    """A piece of a snippet; `matched` says that the query asked for it."""

    text: str
    matched: bool = False

    def to_dict(self) -> FragmentDocument:
        """The fragment as in the documented JSON."""
        return {"text": self.text, "matched": self.matched}


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: an article, its place, and why it is there."""

    rank: int
    """1 for the first of all matches, whatever the offset."""
    article: Article
    score: float
    explanation: Explanation | None = None
    others: tuple[str, ...] = ()
    """Where hits are grouped: the ids of the others about the same story, best first."""
    title_marks: tuple[Fragment, ...] = ()
    """The title, matched words apart; empty if no marks were asked for, as the following."""
    snippet_marks: tuple[Fragment, ...] = ()
    """A passage of the excerpt, or of the body where only that has what was asked for."""

    @property
    def title(self) -> str:
        """The title of the article."""
        return self.article.title

    @property
    def snippet(self) -> str:
        """The passage that shows why the article is there."""
        return "".join(fragment.text for fragment in self.snippet_marks)

    def to_dict(self) -> HitDocument:
        """The hit as in the documented JSON."""
        from heatseek.wire import article_document  # noqa: PLC0415 - other formats do without

        return {
            "id": self.article.id,
            "rank": self.rank,
            **article_document(self.article),
            "snippet": self.snippet,
            "marks": {
                "title": [fragment.to_dict() for fragment in self.title_marks],
                "snippet": [fragment.to_dict() for fragment in self.snippet_marks],
            },
            "score": self.score,
            "others": list(self.others),
            "explanation": None if self.explanation is None else self.explanation.to_dict(),
        }


class Stories(NamedTuple):
    """How many hits there are when those about one story are one."""

    hits: int
    matches: int
    """How many were looked at: the best ones, if there are very many."""


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits and what there is to say about it."""

    query: str
    total: int
    """All matches, not only those on this page."""
    took_ms: float
    hits: tuple[Hit, ...]
    notices: tuple[str, ...] = ()
    understood: str = ""
    """The query as it was searched, in the query language; where an explanation was asked for."""
    facets: Mapping[str, FacetCounts] = field(default_factory=dict)
    """For each facet asked for, in the order of the request."""
    suggestion: str = ""
    """If nothing matched as typed: the text without its misspelt words, as it was searched."""
    stories: Stories | None = None
    """Where hits are grouped."""

    @property
    def size(self) -> int:
        """How many hits there are to page through."""
        return self.total if self.stories is None else self.stories.hits

    def to_dict(self) -> ResultsDocument:
        """The page as in the documented JSON."""
        from heatseek.wire import VERSION  # noqa: PLC0415 - other formats do without

        return {
            "version": VERSION,
            "query": self.query,
            "understood": self.understood or None,
            "total": self.total,
            "stories": None if self.stories is None else self.stories.hits,
            "took_ms": round(self.took_ms, 3),
            "hits": [hit.to_dict() for hit in self.hits],
            "facets": {
                name: [{"value": each.value, "count": each.articles} for each in counts.values]
                for name, counts in self.facets.items()
            },
            "suggestion": self.suggestion or None,
            "notices": list(self.notices),
        }

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)
