"""Explanations of scores as stacked bars: the numbers of their SVG."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from heatseek.cli.render.escapes import UNICODE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.explanation import Explanation, Meaning, Signal, WordScore
    from heatseek.results import Hit, Results

TIMES = UNICODE.times
WIDTH = 1_000.0
"""Units of a stacked bar."""
COLOURS = 6
"""Of words; more of them start again."""


class Segment(NamedTuple):
    """A part of a score."""

    name: str
    colour: str
    """A class of the stylesheet."""
    score: float
    detail: str
    """How it comes about."""
    start: float
    width: float


class Breakdown(NamedTuple):
    """A score as a bar, beside others of its page."""

    score: float
    boost: float
    segments: tuple[Segment, ...]
    """They add up to the score."""
    factors: tuple[tuple[str, float, str], ...]
    """What multiplies all of them: names, numbers, how they come about."""


def breakdowns(results: Results) -> dict[str, Breakdown]:
    """The explanations of a page's hits by their ids; the highest score fills its line."""
    highest = max((hit.score for hit in results), default=0.0) or 1.0
    return {
        hit.article.id: _breakdown(hit, hit.explanation, WIDTH / highest)
        for hit in results
        if hit.explanation is not None
    }


def _breakdown(hit: Hit, parts: Explanation, scale: float) -> Breakdown:
    factors = [signal for signal in parts.signals if signal.is_factor]
    times = math.prod(signal.effect for signal in factors)
    segments = []
    start = 0.0
    for name, colour, score, detail in _scores(parts):
        width = round(score * times * scale, 1)
        segments.append(Segment(name, colour, score * times, detail, round(start, 1), width))
        start += width
    named = tuple((each.name, each.effect, _aging(each)) for each in factors if each.weight)
    return Breakdown(hit.score, parts.boost, tuple(segments), named)


def _scores(parts: Explanation) -> Iterator[tuple[str, str, float, str]]:
    """Names, colours, scores before all factors, and how they come about."""
    base = parts.text
    for number, word in enumerate(parts.words):
        yield word.text, f"word{number % COLOURS}", word.score, _fields(word)
    if parts.meaning is not None:
        base += parts.meaning.effect
        yield "meaning", "meaning", parts.meaning.effect, _nearness(parts.meaning)
    for signal in parts.signals:
        if not signal.is_factor:
            yield signal.name, signal.name, base * signal.effect, _saturating(signal)


def _nearness(meaning: Meaning) -> str:
    best = f"best text {meaning.best:.3f}"
    return f"{meaning.weight:g} {TIMES} {best} {TIMES} nearness {meaning.nearness:.3f}"


def _fields(word: WordScore) -> str:
    sums = (
        f"{f.name} {f.score:.3f} ({f.times:,} {TIMES} weight {f.weight:g})" for f in word.fields
    )
    noun = "article" if word.articles == 1 else "articles"
    return (f"in {word.articles:,} {noun}: " if word.fields else "") + " + ".join(sums)


def _saturating(signal: Signal) -> str:
    if signal.value is None or signal.value <= 0:
        return "not known" if signal.value is None else f"{signal.value:g}"
    share = f"{signal.value:g}/({signal.value:g}+{signal.scale:g})"
    return f"{signal.weight:g} {TIMES} {share} of the text"


def _aging(signal: Signal) -> str:
    if signal.value is None:
        return f"no date: 1 - {signal.weight:g}"
    fading = f"2^(-{signal.value:.1f}/{signal.scale:g})"
    return f"1 - {signal.weight:g} + {signal.weight:g} {TIMES} {fading}"
