"""Realistic queries: words that stand together in the titles and excerpts of an archive.

Each query is taken from one article, so that it has an answer: 1 to 5 words, next to each other
or near each other, lower case, in their order. Stopwords are left out: engines treat them
differently, and then no two of them would do the same work. Frequent words come often and rare
ones seldom, as they stand in the texts.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from heatseek.text.languages import stopwords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.article import Article

WARM_UP = 20
"""Queries to ask before any time is taken; other ones than those that are measured."""
LENGTHS = {1: 20, 2: 30, 3: 25, 4: 15, 5: 10}
"""How many of 100 queries have so many words."""
_FROM_TITLE = 0.6
"""The share of queries taken from a title; the others come from an excerpt."""
_STOPWORDS = stopwords("english")
_ADJACENT = 0.5
"""The share of queries whose words are neighbours; those of the others lie near."""
_NEAR = 8
"""Words in the stretch from which the near ones are drawn."""
_LINK = re.compile(r"\S+://\S+")
# Plain words only: C++, e-mail or O'Reilly would be one word here and three there.
_WORD = re.compile(r"(?<![\w'’.+#-])[A-Za-z0-9]{2,20}(?![\w'’+#-]|\.\w)")  # noqa: RUF001


def draw(articles: Sequence[Article], count: int, seed: int) -> list[str]:
    """Draw `count` different queries; the same archive and seed give the same ones."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    found: dict[str, None] = {}
    for _ in range(100 * count):
        if len(found) == count:
            break
        article = chance.choice(articles)
        text = article.title if chance.random() < _FROM_TITLE else article.excerpt
        query = _query(_words(text), chance)
        if query:
            found[query] = None
    return list(found)


def _words(text: str) -> list[str]:
    words = (match.group().lower() for match in _WORD.finditer(_LINK.sub(" ", text)))
    return [word for word in words if word not in _STOPWORDS]


def _query(words: list[str], chance: random.Random) -> str | None:
    length = chance.choices(list(LENGTHS), list(LENGTHS.values()))[0]
    if len(words) < length:
        return None
    stretch = length if chance.random() < _ADJACENT else min(_NEAR, len(words))
    stretch = max(stretch, length)
    start = chance.randrange(len(words) - stretch + 1)
    places = sorted(chance.sample(range(stretch), length))
    return " ".join(dict.fromkeys(words[start + place] for place in places))
