"""A score taken apart as a reader would: the formula with its numbers, then the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.cli.render.wrapping import cut, flow

if TYPE_CHECKING:
    from heatseek.cli.render.escapes import Look
    from heatseek.results import Explanation, Hit, WordScore


def lines(hit: Hit, columns: int, look: Look) -> list[str]:
    """The lines below a hit under `--explain`; none without an explanation."""
    if hit.explanation is None:
        return []
    found = _formula(hit.score, hit.explanation, columns, look)
    found += _boost(hit, hit.explanation, columns, look)
    for word in hit.explanation.words:
        found += _word(word, columns, look)
    return found


def _formula(score: float, parts: Explanation, columns: int, look: Look) -> list[str]:
    times = look.glyphs.times
    terms = [
        f"score {score:.3f}",
        f"= text {parts.text:.3f}",
        f"{times} (1 + quality {parts.quality:.3f}",
        f"+ heat {parts.heat:.3f})",
        f"{times} recency {parts.recency:.3f}",
    ]
    return _in_lines(terms, columns, look)


def _boost(hit: Hit, parts: Explanation, columns: int, look: Look) -> list[str]:
    """The multiplier, what it could be, and what quality and heat are worth."""
    low, high = parts.bounds
    values = (("quality", hit.article.quality), ("heat", hit.article.heat))
    saturated = [
        f"{name} {look.glyphs.dash if value is None else value} saturates to {share:.3f}"
        for (name, value), share in zip(values, parts.saturation, strict=True)
    ]
    terms = [
        f"boost {parts.boost:.3f}",
        f"of {low:g} to {high:g};",
        f"{saturated[0]},",
        saturated[1],
    ]
    return [f"  {line}" for line in _in_lines(terms, columns - 2, look)]


def _word(word: WordScore, columns: int, look: Look) -> list[str]:
    sums = [f"{name} {value:.3f}" for name, value in word.fields]
    terms = [
        f"{cut(word.text, columns // 3, look.glyphs.ellipsis)} {word.score:.3f}",
        *(f"{'+' if number else '='} {term}" for number, term in enumerate(sums)),
    ]
    return [f"  {line}" for line in _in_lines(terms, columns - 2, look)]


def _in_lines(terms: list[str], columns: int, look: Look) -> list[str]:
    fitting = [cut(term, columns, look.glyphs.ellipsis) for term in terms]
    return [" ".join(row) for row in flow(fitting, columns, " ")]
