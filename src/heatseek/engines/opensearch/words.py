"""Words of a query as they are scored, and the names of the queries that count them in hits."""

from __future__ import annotations

from heatseek.engines.opensearch.queries import is_label
from heatseek.ranking.bm25 import Dilution, dilution, idf
from heatseek.schema import TEXT_FIELDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from heatseek.engines.opensearch.statistics import Statistics
    from heatseek.engines.shared.plan import Boosted, Leaf

ALL_WORDS = "all"
"""The name of the query that tells what matches all words."""
TITLE = "title"
_TEXT = {spec.name: spec for spec in TEXT_FIELDS}


def name_of(word: int, spelling: int, field: str) -> str:
    """The name of the query that counts a spelling of a word in a field."""
    return f"{word}.{spelling}.{field}"


def accent_name(word: int, number: int) -> str:
    """The name of the query that finds a word with the accents that were typed."""
    return f"{word}~{number}"


class ScoredWord:
    """A word of a query as it is scored.

    Args:
        boosted: the word, and what the query gives it.
        frequency: documents that have it.
        statistics: of all documents.
        articles: the documents that have it, of those with one link one.
    """

    def __init__(
        self, boosted: Boosted, frequency: int, statistics: Statistics, articles: int
    ) -> None:
        self.leaf, self.boost = boosted
        self.articles = articles
        self.frequency = frequency
        self.fields = self.leaf.fields
        self.weight = idf(statistics.documents, frequency) * self.boost
        self.dilutions: dict[str, Dilution] = {}
        """Of fields of text."""
        if not is_label(self.leaf):
            for name in self.fields:
                spec = _TEXT[name]
                average = statistics.average(name)
                self.dilutions[name] = dilution(spec.weight, spec.b, average)
        self.size = max((len(form.terms) for form in self.leaf.spellings), default=0)
        """The words that it is made of; of a pattern 0."""
        self.spellings = len(self.leaf.spellings) or 1
        """Of a pattern it is one."""
        self.is_anywhere = not self.leaf.pattern and len(self.fields) == len(_TEXT)
        """True if it is asked for in no one field."""
        self.has_slop = any(form.slop is not None for form in self.leaf.spellings)
        """True if the server cannot count it."""

    @property
    def plain(self) -> Leaf:
        """The word as it is looked up, however it was written."""
        return self.leaf._replace(text="")


def different(words: Iterable[ScoredWord]) -> list[ScoredWord]:
    """Words without those that are the same in small letters and in capitals."""
    return list({word.plain: word for word in words}.values())


def of_title(words: Iterable[ScoredWord], weight: float) -> list[ScoredWord]:
    """The words that a title has to have so that it counts more; none if no title can.

    Args:
        words: of the query.
        weight: of titles.
    """
    titled = different(words)
    return titled if weight and all(word.is_anywhere for word in titled) else []
