"""What a search gives back, the same for every engine and every front end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from heatseek.article import Article


class Sort(StrEnum):
    """What the hits are ordered by; each from best or newest down."""

    RELEVANCE = "relevance"
    DATE = "date"
    QUALITY = "quality"
    HEAT = "heat"


class FacetValue(NamedTuple):
    """How many of all matches have a value."""

    value: str
    articles: int


class WordScore(NamedTuple):
    """What one word, phrase or prefix of the query gave to a text score."""

    text: str
    score: float
    fields: tuple[tuple[str, float], ...]
    """The part of each field; they add up to `score`."""


class Explanation(NamedTuple):
    """How a score came about: `text * boost`, and `boost = (1 + quality + heat) * recency`."""

    text: float
    """The BM25 text score."""
    quality: float
    """Quality weight times saturated quality."""
    heat: float
    """Heat weight times saturated heat."""
    recency: float
    """Factor for the age."""
    boost: float
    """The whole multiplier."""
    words: tuple[WordScore, ...] = ()
    """They add up to `text`."""
    saturation: tuple[float, float] = (0.0, 0.0)
    """Of quality and heat, before their weights: 0 to 1."""
    bounds: tuple[float, float] = (1.0, 1.0)
    """The least and greatest multiplier that an article could get under these weights."""


class Fragment(NamedTuple):
    """A piece of a snippet; `matched` says that the query asked for it."""

    text: str
    matched: bool = False


class Marks(Protocol):
    """Shows why an article matches; only when asked, because it takes more time than searching."""

    def title(self, article: Article) -> tuple[Fragment, ...]:
        """The whole title, what was asked for marked."""

    def snippet(self, article: Article) -> tuple[Fragment, ...]:
        """The passage that shows most of what was asked for."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer: an article, its place, and why it is there."""

    rank: int
    """1 for the first of all matches, whatever the offset."""
    article: Article
    score: float
    marks: Marks = field(repr=False, compare=False)
    explanation: Explanation | None = None
    others: tuple[str, ...] = ()
    """Where hits are grouped: the ids of the others about the same story, best first."""

    @property
    def title(self) -> tuple[Fragment, ...]:
        """The title, matched words marked."""
        return self.marks.title(self.article)

    @property
    def snippet(self) -> tuple[Fragment, ...]:
        """A passage of the excerpt or the body, matched words marked."""
        return self.marks.snippet(self.article)


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
    facets: Mapping[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    """For each facet asked for, the values of all matches; the most frequent first."""
    suggestion: str = ""
    """If nothing matched as typed: the text without its misspelt words, as it was searched."""
    stories: Stories | None = None
    """Where hits are grouped."""

    @property
    def size(self) -> int:
        """How many hits there are to page through."""
        return self.total if self.stories is None else self.stories.hits

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)
