"""Hits about one story together: the best of them, and the ids of the others.

Two articles are about one story if less than a week lies between them and their titles are alike;
if one mentions the other, less so will do; if one publisher has both, who seldom tells a story
twice and has many titles of one pattern, they have to be nearly the same. A hit joins the first
story before it with whose best hit it is of one story; never a story for the sake of another hit
that joined it, so that no chain leads from story to story. An article without a date is a story of
its own.

Titles are alike as vectors of their words are (cosine), each weighed by how few articles of the
index have it: "now available in the Marketplace" says less than a name. Titles that a number tells
apart ("Part 1" and "Part 2") are of two stories. All this hangs on two articles and the index, not
on what was searched for.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import forms, written_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from heatseek.article import Article
    from heatseek.engines.model import Budget, Match

WINDOW = 1_000
"""Matches that are grouped; the best ones."""
WEEK = 7 * 86_400
"""Seconds. Less lies between two articles of one story: a weekly column is a new one each time."""


class Likeness(NamedTuple):
    """How much alike two titles have to be.

    The three were chosen by reading some four hundred pairs of titles from two archives of news,
    one with mentions and one without.
    """

    part: float
    """Of all their words those that both have (Jaccard)."""
    cosine: float
    """Of the vectors of their words."""


ALONE = Likeness(0.35, 0.55)
LINKED = Likeness(0.2, 0.4)
"""Where one mentions the other."""
OWN = Likeness(0.6, 0.85)
"""Of one publisher, linked or not."""

_TITLE = 10
"""Steps to compare one with another."""
_COUNT = 400
"""Steps to look up how many articles have a word."""


class Group(NamedTuple):
    """A story."""

    first: Match
    """The best of its matches."""
    others: tuple[str, ...]
    """The ids of the others, in order."""


class Words(NamedTuple):
    """The words of an index, as far as titles need them."""

    articles: int
    """How many there are."""
    having: Callable[[Sequence[str]], Sequence[int]]
    """In how many articles each of some words is."""
    language: Language = ENGLISH


class _Pair(NamedTuple):
    """Two hits, by their places, that are of one story if their titles are alike enough."""

    earlier: int
    later: int
    likeness: Likeness


def grouped(
    matches: Sequence[Match],
    mentioned_by: Mapping[str, Iterable[str]],
    words: Words,
    *,
    budget: Budget,
) -> list[Group]:
    """Matches by story, each where its best match stands.

    Args:
        matches: the best first.
        mentioned_by: the ids of what mentions each match that has a file.
        words: of the index.
        budget: that of the search.

    Raises:
        QueryError: too many titles of one time are too much alike for the budget.
    """
    articles = [match.article for match in matches]
    titles = _Titles(articles, words.language)
    pairs = list(titles.pairs(_links(articles, mentioned_by), budget))
    squares = _squares(pairs, titles, words, budget)
    first: dict[int, int] = {}
    for pair in pairs:
        if pair.later not in first and pair.earlier not in first:
            one, other = titles.words[pair.earlier], titles.words[pair.later]
            if _cosine(one, other, squares) >= pair.likeness.cosine:
                first[pair.later] = pair.earlier
    others: dict[int, list[str]] = {n: [] for n in range(len(matches)) if n not in first}
    for later, earlier in sorted(first.items()):
        others[earlier].append(articles[later].id)
    return [Group(matches[place], tuple(ids)) for place, ids in others.items()]


class _Titles:
    """The titles of hits, by their places."""

    def __init__(self, articles: Sequence[Article], language: Language) -> None:
        self.forms: dict[str, str] = {}
        """Of each word one of the ways in which it is written: the first by letters."""
        self._analyzer = Analyzer(language)
        self._stems: dict[str, frozenset[str]] = {}
        dates = [article.published_at for article in articles]
        self._times = [None if date is None else int(date.timestamp()) for date in dates]
        self._publishers = [_publisher(article) for article in articles]
        self.words = [
            frozenset[str]() if article.published_at is None else self._analysed(article.title)
            for article in articles
        ]
        """Stems, function words left out; none where no date tells what they are near to."""

    def _analysed(self, title: str) -> frozenset[str]:
        found: set[str] = set()
        for word in written_words(title):
            stems = self._stems.get(word)
            found |= self._of_word(word) if stems is None else stems
        return frozenset(found)

    def _of_word(self, written: str) -> frozenset[str]:
        """The stems of a word's parts; kept, as titles share most of their words."""
        stems = set()
        for part in forms(written).parts:
            if not self._analyzer.is_stopword(part):
                stem = self._analyzer.stem(part)
                stems.add(stem)
                self.forms[stem] = min(part, self.forms.get(stem, part))
        self._stems[written] = frozenset(stems)
        return self._stems[written]

    def pairs(self, links: Sequence[set[int]], budget: Budget) -> Iterator[_Pair]:
        """Those that may be of one story, in order of the later and then of the earlier one."""
        near = _Neighbours(self.words, self._times, budget)
        for later, linked in enumerate(links):
            budget.spend(_TITLE * len(linked))
            for earlier in sorted(linked.union(near.before(later))):
                pair = _Pair(earlier, later, LINKED if earlier in linked else ALONE)
                if self._publishers[earlier] == self._publishers[later]:
                    pair = pair._replace(likeness=OWN)
                if self._may_be_one(pair):
                    yield pair

    def _may_be_one(self, pair: _Pair) -> bool:
        """Near in time, with enough words in common, and not told apart by a number."""
        one, other = self._times[pair.earlier], self._times[pair.later]
        if one is None or other is None or abs(one - other) >= WEEK:
            return False
        first, second = self.words[pair.earlier], self.words[pair.later]
        both = len(first & second)
        if not both or both < pair.likeness.part * len(first | second):
            return False
        return not (_has_number(first - second) and _has_number(second - first))


def _publisher(article: Article) -> str:
    """Empty where nothing is said, as in an archive of one writer."""
    return (article.provider.domain or article.provider.name or "").casefold()


def _has_number(words: Iterable[str]) -> bool:
    return any(map(str.isdecimal, words))


def _links(
    articles: Sequence[Article], mentioned_by: Mapping[str, Iterable[str]]
) -> list[set[int]]:
    """For each place the earlier ones that mention it or that it mentions."""
    places = {article.id: place for place, article in enumerate(articles)}
    links: list[set[int]] = [set() for _ in articles]
    for place, article in enumerate(articles):
        for name in (*article.related_to, *mentioned_by.get(article.id, ())):
            other = places.get(name, place)
            if other != place:
                links[max(place, other)].add(min(place, other))
    return links


class _Neighbours:
    """Titles by their words and weeks, so that few have to be compared.

    A title that is alike has at least the part `ALONE.part` of the words, so it has one of any that
    are more than it can lack: the rarest of them lead to few titles.
    """

    def __init__(
        self, words: Sequence[frozenset[str]], times: Sequence[int | None], budget: Budget
    ) -> None:
        self._words = words
        self._times = times
        self._budget = budget
        self._having = Counter(word for title in words for word in title)
        self._places: dict[tuple[str, int], list[int]] = {}

    def before(self, place: int) -> Iterator[int]:
        """The places up to now that may be near and alike; from now on this one is, too."""
        time, words = self._times[place], self._words[place]
        if time is None:
            return
        week = time // WEEK
        by_rarity = sorted((self._having[word], word) for word in words)
        for having, word in by_rarity[: len(words) - math.ceil(ALONE.part * len(words)) + 1]:
            # Most words are in no other title.
            if having > 1:
                for each in (week - 1, week, week + 1):
                    if places := self._places.get((word, each)):
                        self._budget.spend(_TITLE * len(places))
                        yield from places
                self._places.setdefault((word, week), []).append(place)


def _squares(
    pairs: Iterable[_Pair], titles: _Titles, words: Words, budget: Budget
) -> dict[str, float]:
    """The square of the weight of each word of some titles."""
    places = {place for pair in pairs for place in (pair.earlier, pair.later)}
    every = sorted({word for place in places for word in titles.words[place]})
    budget.spend(_COUNT * len(every))
    counts = words.having([titles.forms[word] for word in every])
    return {
        word: math.log(1.0 + words.articles / max(count, 1)) ** 2
        for word, count in zip(every, counts, strict=True)
    }


def _cosine(one: frozenset[str], other: frozenset[str], squares: Mapping[str, float]) -> float:
    # `fsum` is exact in any order, and that of a set is another in each process.
    both, first, second = (
        math.fsum(squares[word] for word in words) for words in (one & other, one, other)
    )
    return both / math.sqrt(first * second)
