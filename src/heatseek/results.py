"""Results of a search, the same for every engine and every front end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from heatseek.article import Article
from heatseek.definitions import NamedTuple, dataclass, field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from heatseek.explanation import Explanation
    from heatseek.wire.search import FragmentDocument, HitDocument, ResultsDocument


class Sort(StrEnum):
    """The orders of hits; each from best or newest down."""

    RELEVANCE = "relevance"
    DATE = "date"
    QUALITY = "quality"
    HEAT = "heat"
    UPDATED = "updated"


DIRECTIONS = ("asc", "desc")
"""After the name of an order and a colon: the least first, or the greatest, as without it."""


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
    words: str | None = None
    """`all` or `some` of the words that were asked for; None where that is not told."""

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
            "words": self.words,
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
    """All matches, not only those on this page; in two tiers those of the first."""
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
    ages_from: datetime | None = None
    """The date of the newest article, if ages are counted from there: where they have a weight and
    no other instant was named."""
    with_all: int | None = None
    """How many of these matches have all words of the query, where some of them are enough."""
    total_some: int | None = None
    """How many more articles have some of the words, and come after all of these; None: no others
    are looked for."""

    @property
    def matches(self) -> int:
        """How many articles there are in all tiers."""
        return self.total + (self.total_some or 0)

    near: int | None = None
    """How many of the matches have none of the words, and are there by their meaning; None: nobody
    asked for these."""

    @property
    def size(self) -> int:
        """How many hits there are to page through."""
        return self.matches if self.stories is None else self.stories.hits

    def to_dict(self) -> ResultsDocument:
        """The page as in the documented JSON."""
        from heatseek.wire import VERSION, timestamp  # noqa: PLC0415 - other formats do without

        return {
            "version": VERSION,
            "query": self.query,
            "understood": self.understood or None,
            "total": self.total,
            "total_some": self.total_some,
            "with_all": self.with_all,
            "near": self.near,
            "ages_from": timestamp(self.ages_from),
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
