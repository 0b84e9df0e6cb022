"""Hits about one story together: the best of them, and how many more there are.

A later hit joins the first one before it that mentions it or that it mentions, that an article
mentions together with it, or that has nearly the same title; never a hit that joined another, so
that no chain of mentions makes one group of everything.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import tokenize

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from heatseek.engines.model import Budget, Match

WINDOW = 1_000
"""Matches that are grouped; the best ones."""
ALIKE = 0.8
"""Of two titles: the part of their words that both have (Jaccard), from which on they are one."""

_TITLE = 10
"""Steps to compare one with another."""


class Group(NamedTuple):
    """A story."""

    first: Match
    """The best of its matches."""
    others: tuple[str, ...]
    """The ids of the others, in order."""


class _Story:
    def __init__(self, match: Match, words: frozenset[str]) -> None:
        self.match = match
        self.words = words
        self.others: list[str] = []


def grouped(
    matches: Iterable[Match],
    mentioned_by: Mapping[str, Iterable[str]],
    language: Language = ENGLISH,
    *,
    budget: Budget,
) -> list[Group]:
    """Matches by story, each where its best match stands.

    Args:
        matches: the best first.
        mentioned_by: the ids of what mentions each match that has a file.
        language: of the index.
        budget: that of the search.

    Raises:
        QueryError: too many titles are too much alike for the budget.
    """
    analyzer = Analyzer(language)
    stories: list[_Story] = []
    # Places in `stories`, of what mentions or is the first of each, and of the words of its title.
    by_id: dict[str, int] = {}
    by_word: dict[str, list[int]] = {}
    for match in matches:
        article = match.article
        words = frozenset(
            analyzer.stem(part)
            for token in tokenize(article.title)
            for part in token.forms.parts
            if not analyzer.is_stopword(part)
        )
        names = (article.id, *article.related_to, *mentioned_by.get(article.id, ()))
        known = [by_id[name] for name in names if name in by_id]
        known += _alike(words, stories, by_word, budget)
        if known:
            stories[min(known)].others.append(article.id)
            continue
        for name in names:
            by_id.setdefault(name, len(stories))
        for word in words:
            by_word.setdefault(word, []).append(len(stories))
        stories.append(_Story(match, words))
    return [Group(story.match, tuple(story.others)) for story in stories]


def _alike(
    words: frozenset[str], stories: list[_Story], by_word: dict[str, list[int]], budget: Budget
) -> list[int]:
    """The first story with nearly the same title, if there is one.

    A title that is alike has at least the part `ALIKE` of the words, so it has one of any that are
    more than it can lack: the rarest of them lead to few stories.
    """
    by_rarity = sorted(words, key=lambda word: len(by_word.get(word, ())))
    rarest = by_rarity[: len(words) - ceil(ALIKE * len(words)) + 1]
    budget.spend(_TITLE * sum(len(by_word.get(word, ())) for word in rarest))
    for place in sorted({place for word in rarest for place in by_word.get(word, ())}):
        other = stories[place].words
        both = len(words & other)
        if both >= ALIKE * (len(words) + len(other) - both):
            return [place]
    return []
