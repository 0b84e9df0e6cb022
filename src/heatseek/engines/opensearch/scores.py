"""Exact scores of hits, and how they came about, of the counts that the server gives with them."""

from __future__ import annotations

from heatseek.definitions import NamedTuple
from heatseek.engines.opensearch.mapping import length_field, server_field
from heatseek.engines.opensearch.queries import accents
from heatseek.engines.opensearch.stored import article_of
from heatseek.engines.opensearch.words import (
    ALL_WORDS,
    TITLE,
    accent_name,
    different,
    name_of,
    of_title,
)
from heatseek.engines.shared.fields import UNKNOWN, field_name
from heatseek.ranking import explain, multiplier
from heatseek.ranking.bm25 import score, title_factor
from heatseek.schema import TEXT_FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from heatseek.article import Article
    from heatseek.engines.model import Request
    from heatseek.engines.opensearch.words import ScoredWord
    from heatseek.engines.shared.plan import Leaf
    from heatseek.explanation import Explanation, WordScore

    Hit = Mapping[str, Any]
    Parts = dict[str, tuple[int, float]]
    """Of a word, by field: how often it stands there, and its part of x."""

_TEXT = {spec.name: spec for spec in TEXT_FIELDS}


class Ranked(NamedTuple):
    """A hit, and its place in the order."""

    id: str
    text: float
    boost: float
    key: tuple[Any, ...]
    """Less of what comes first."""
    hit: Hit

    @property
    def score(self) -> float:
        """The score that is shown."""
        return self.text * self.boost

    @property
    def link(self) -> int | None:
        """The link of the article; None: it has none."""
        link: int | None = _value(self.hit, "link")
        return link

    @property
    def has_all(self) -> bool:
        """True if it matches all words, where hits tell."""
        return ALL_WORDS in _names(self.hit)

    @property
    def article(self) -> Article:
        """The article, where it came with the hit.

        Raises:
            IndexDamagedError: it is none of ours.
        """
        return article_of(self.hit)


class Scores:
    """Scores hits of one request.

    Args:
        request: it.
        words: those that are scored.
        column: of its order; None: relevance.
        near: counts words that are near each other, in the article of a hit.
    """

    def __init__(
        self,
        request: Request,
        words: Sequence[ScoredWord],
        column: str | None,
        near: Callable[[Leaf, str, Hit], int],
    ) -> None:
        self._request = request
        self._words = words
        self._column = server_field(column) if column else None
        self._near = near
        self._now = request.now.timestamp()
        self.needs_articles = any(word.has_slop for word in words)
        """True if hits cannot be scored without."""
        self._counting = {
            (number, field): [name_of(number, place, field) for place in range(word.spellings)]
            for number, word in enumerate(words)
            for field in word.dilutions
        }
        """The names of the queries that count a word in a field."""
        self._titled = of_title(words, request.boosts.title)
        self._accented = [
            (words.index(word), len(typed))
            for word in different(words)
            if (typed := accents(word.leaf))
        ]

    def ranked(self, hit: Hit) -> Ranked:
        """A hit with its score and its place."""
        text = self._text(hit)
        boost = self._boost(hit)
        id_ = str(hit["sort"][-1])
        date = _value(hit, "published_at")
        newest = -(UNKNOWN if date is None else date)
        if self._column is None:
            exact = sum(self._is_exact(hit, *each) for each in self._accented)
            return Ranked(id_, text, boost, (-(text * boost), -exact, newest, id_), hit)
        value = _value(hit, self._column)
        signed = 0 if value is None else value if self._request.ascending else -value
        return Ranked(id_, text, boost, (value is None, signed, newest, id_), hit)

    def _text(self, hit: Hit) -> float:
        if not self._words:
            return 1.0
        text = 0.0
        for number, word in enumerate(self._words):
            parts = self._parts(number, hit)
            if parts:
                text += score(word.weight, _sum(parts))
        factor = self._title_factor(hit)
        return text if factor is None else text * factor

    def _boost(self, hit: Hit) -> float:
        quality, heat, date = (_value(hit, name) for name in ("quality", "heat", "published_at"))
        return multiplier(quality, heat, date, self._now, self._request.boosts)

    def _parts(self, number: int, hit: Hit) -> Parts:
        word = self._words[number]
        if not word.dilutions:
            return {word.fields[0]: (1, 1.0)} if f"{number}" in _names(hit) else {}
        parts: Parts = {}
        for name, (base, slope) in word.dilutions.items():
            count = self._count(number, name, hit)
            if count:
                length = _value(hit, length_field(name)) if slope else 0
                parts[name] = count, count / (base + slope * length if slope else base)
        return parts

    def _count(self, number: int, field: str, hit: Hit) -> int:
        """How often a word stands in a field."""
        word, names = self._words[number], _names(hit)
        most = max([names.get(name, 0.0) for name in self._counting[number, field]])
        if most and word.has_slop:
            return self._near(word.leaf, field, hit)
        return round(most)

    def _title_factor(self, hit: Hit) -> float | None:
        """What the score is multiplied by as the title has all words; None: it has not."""
        if not self._titled:
            return None
        size = sum(word.size for word in self._titled)
        numbers = map(self._words.index, self._titled)
        if not all(self._count(number, TITLE, hit) for number in numbers):
            return None
        length = int(_value(hit, length_field(TITLE)))
        if size == 1 and length != 1:
            return None
        return title_factor(size, length, self._request.boosts.title)

    def _is_exact(self, hit: Hit, number: int, accented: int) -> bool:
        """True if a document has a word with all accents that were typed."""
        names = _names(hit)
        having = all(accent_name(number, place) in names for place in range(accented))
        return having and bool(self._parts(number, hit))

    def missing(self) -> Iterator[str]:
        """Words that no article has."""
        return (word.leaf.text for word in self._words if not word.frequency)

    def explanation(self, ranked: Ranked, article: Article) -> Explanation:
        """The score taken apart."""
        parts = self._explained(ranked.hit)
        return explain(ranked.text, parts, article, self._request.now, self._request.boosts)

    def _explained(self, hit: Hit) -> tuple[WordScore, ...]:
        # Few searches explain.
        from heatseek.explanation import NO_WORD, title_score  # noqa: PLC0415

        if not self._words:
            return (NO_WORD,)
        parts = tuple(self._word_scores(hit))
        factor = self._title_factor(hit)
        return parts if factor is None else (*parts, title_score(parts, factor))

    def _word_scores(self, hit: Hit) -> Iterator[WordScore]:
        from heatseek.explanation import FieldScore, WordScore  # noqa: PLC0415 - as above

        accented = dict(self._all_accented())
        for number, word in enumerate(self._words):
            parts = self._parts(number, hit)
            if not parts:
                continue
            x = _sum(parts)
            gain = score(word.weight, x)
            fields = tuple(
                FieldScore(
                    *(field_name(name), gain * part / x, count),
                    _TEXT[name].weight if name in _TEXT else 1.0,
                )
                for name, (count, part) in parts.items()
            )
            exact = None
            if number in accented:
                exact = self._is_exact(hit, number, accented[number])
            yield WordScore(word.leaf.text, gain, fields, exact, word.articles, word.boost)

    def _all_accented(self) -> Iterable[tuple[int, int]]:
        for number, word in enumerate(self._words):
            if typed := accents(word.leaf):
                yield number, len(typed)


def _names(hit: Hit) -> Mapping[str, float]:
    """The queries with a name that a hit matches, and the score of each."""
    return hit.get("matched_queries") or {}


def _value(hit: Hit, field: str) -> Any:
    """The value of a column; None if it is unknown."""
    values = hit.get("fields", {}).get(field)
    return values[0] if values else None


def _sum(parts: Parts) -> float:
    x = 0.0
    for _, part in parts.values():
        x += part
    return x
