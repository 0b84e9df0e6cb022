"""The language of an index: how its words are analysed, chosen when it is built."""

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """Stemming and function words; `tokens` applies them."""

    stemmer: str = "english"
    """A Snowball stemmer, by the name that PyStemmer lists it under, or `none`."""
    stopwords: bool = True
    """Whether the language's function words are left out of queries."""

    def __str__(self) -> str:
        return self.stemmer if self.stopwords else f"{self.stemmer} without stopwords"


ENGLISH = Language()
UNSTEMMED = "none"
"""The stemmer that leaves words as they are; for no language in particular."""
