"""Hits about one story together: the best of them, and how many more there are.

A later hit joins the first one before it that mentions it or that it mentions, that an article
mentions together with it, or that has nearly the same title; never a hit that joined another, so
that no chain of mentions makes one group of everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from heatseek.analysis import Analyzer, tokenize
from heatseek.language import ENGLISH, Language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.cross_references import CrossReferences
    from heatseek.engines.base import Match

WINDOW = 1_000
"""Matches that are grouped; the best ones."""
ALIKE = 0.8
"""Of two titles: the part of their words that both have (Jaccard), from which on they are one."""


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
    matches: Iterable[Match], references: CrossReferences, language: Language = ENGLISH
) -> list[Group]:
    """Matches by story, each where its best match stands.

    Args:
        matches: the best first.
        references: what articles of the archive mention of each other.
        language: of the index.
    """
    analyzer = Analyzer(language)
    stories: list[_Story] = []
    by_id: dict[str, _Story] = {}
    by_word: dict[str, list[_Story]] = {}
    for match in matches:
        article = match.article
        words = frozenset(
            analyzer.stem(part)
            for token in tokenize(article.title)
            for part in token.forms.parts
            if not analyzer.is_stopword(part)
        )
        names = (article.id, *article.related_to, *references.of(article.id))
        related = next((by_id[name] for name in names if name in by_id), None)
        story = related or _alike(words, by_word)
        if story:
            story.others.append(article.id)
            continue
        story = _Story(match, words)
        stories.append(story)
        for name in names:
            by_id.setdefault(name, story)
        for word in words:
            by_word.setdefault(word, []).append(story)
    return [Group(story.match, tuple(story.others)) for story in stories]


def _alike(words: frozenset[str], by_word: dict[str, list[_Story]]) -> _Story | None:
    shared: dict[int, int] = {}
    stories: dict[int, _Story] = {}
    for word in words:
        for story in by_word.get(word, ()):
            stories[id(story)] = story
            shared[id(story)] = shared.get(id(story), 0) + 1
    for key, story in stories.items():
        both = shared[key]
        if both >= ALIKE * (len(words) + len(story.words) - both):
            return story
    return None
