"""How a score came about, as plain data; loaded only where an explanation is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from heatseek.wire.search import ExplanationDocument, MeaningDocument


class FieldScore(NamedTuple):
    """The part of a word's score that one field gave."""

    name: str
    score: float
    times: int = 1
    """How often the word stands in the field."""
    weight: float = 1.0
    """How much each time counts there."""


class WordScore(NamedTuple):
    """The part of a text score that one word, phrase or prefix of the query gave."""

    text: str
    score: float
    fields: tuple[FieldScore, ...]
    """They add up to `score`."""
    exact: bool | None = None
    """The article has it with the accents that were typed, and so comes before others of the same
    score; None where there are none."""
    articles: int = 0
    """How many articles have the word; the fewer, the more it counts."""
    weight: float = 1.0
    """That the query gives it."""


class Signal(NamedTuple):
    """The effect on a score of something beside the text."""

    name: str
    effect: float
    """Its part of the multiplier: added, or multiplied by."""
    is_factor: bool = False
    value: float | None = None
    """The article's, if it is known; of a date the days since then."""
    saturation: float | None = None
    """Of the value, before the weight: 0 to 1; None: it has none."""
    weight: float = 0.0
    """How much it counts."""
    scale: float = 1.0
    """The value that earns half of the weight; of a date the days after which half is lost."""


class Meaning(NamedTuple):
    """The part of a score that the nearness of vectors gave: `weight * best * nearness`."""

    effect: float
    """What it adds to the text score."""
    nearness: float
    """Its cosine, beside the greatest one of any article; 0 to 1."""
    weight: float
    """That the search gives it; 0 to 1."""
    best: float
    """The text score of the match that is best by words; 1 if there is none."""

    def to_dict(self) -> MeaningDocument:
        """The part as in the documented JSON."""
        return {
            "effect": self.effect,
            "nearness": self.nearness,
            "weight": self.weight,
            "best": self.best,
        }


class Explanation(NamedTuple):
    """How a score came about: `text * boost`, or with meaning `(text + meaning) * boost`.

    `boost` is 1 and what signals add, times those signals that are factors, in their order.
    """

    text: float
    """The BM25 text score."""
    boost: float
    """The whole multiplier."""
    signals: tuple[Signal, ...] = ()
    words: tuple[WordScore, ...] = ()
    """They add up to `text`."""
    bounds: tuple[float, float] = (1.0, 1.0)
    """The least and greatest multiplier that an article could get under these weights."""
    meaning: Meaning | None = None
    """Where a search asks for it, of the matches that vectors rank."""

    def to_dict(self) -> ExplanationDocument:
        """The explanation as in the documented JSON."""
        return {
            "text": self.text,
            **{signal.name: signal.effect for signal in self.signals},  # type: ignore[typeddict-item] # a key for each signal that there is
            "boost": self.boost,
            "saturation": {
                signal.name: signal.saturation
                for signal in self.signals
                if signal.saturation is not None
            },
            "bounds": list(self.bounds),
            "arithmetic": {
                signal.name: {
                    "value": signal.value,
                    "weight": signal.weight,
                    "scale": signal.scale,
                }
                for signal in self.signals
            },
            "meaning": None if self.meaning is None else self.meaning.to_dict(),
            "words": [
                {
                    "text": word.text,
                    "score": word.score,
                    "fields": {field.name: field.score for field in word.fields},
                    "exact": word.exact,
                    "articles": word.articles,
                    "weight": word.weight,
                    "times": {field.name: field.times for field in word.fields},
                    "weights": {field.name: field.weight for field in word.fields},
                }
                for word in self.words
            ],
        }


def title_score(words: tuple[WordScore, ...], factor: float) -> WordScore:
    """The part of a title that has all words: what its factor adds to them."""
    score = sum(word.score for word in words) * (factor - 1.0)
    return WordScore(ALL_IN_TITLE, score, ())


ALL_IN_TITLE = "(all words in the title)"
"""Stands among the words of the query where their article's title has them all."""
NO_WORD = WordScore("(no word)", 1.0, ())
"""The text score of a query that has nothing but filters and exclusions."""
