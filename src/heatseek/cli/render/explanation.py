"""A score taken apart as a reader would: the formula with its numbers, then the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.cli.render.layout import cut, flow

if TYPE_CHECKING:
    from heatseek.cli.render.look import Look
    from heatseek.results import Explanation, Hit, WordScore


def lines(hit: Hit, columns: int, look: Look) -> list[str]:
    """The lines below a hit under `--explain`; none without an explanation."""
    if hit.explanation is None:
        return []
    found = _formula(hit.score, hit.explanation, columns, look)
    for word in hit.explanation.words:
        found += _word(word, columns, look)
    return found


def _formula(score: float, parts: Explanation, columns: int, look: Look) -> list[str]:
    times = look.glyphs.times
    terms = [
        f"score {score:.3f} = text {parts.text:.3f}",
        f"{times} (1 + quality {parts.quality:.3f} + heat {parts.heat:.3f})",
        f"{times} recency {parts.recency:.3f}",
    ]
    return [" ".join(row) for row in flow(terms, columns, " ")]


def _word(word: WordScore, columns: int, look: Look) -> list[str]:
    indent = "  "
    sums = [f"{name} {value:.3f}" for name, value in word.fields]
    terms = [
        f"{cut(word.text, columns // 2, look.glyphs.ellipsis)} {word.score:.3f}",
        *(f"{'=' if number == 0 else '+'} {term}" for number, term in enumerate(sums)),
    ]
    rows = flow(terms, columns - len(indent), " ")
    return [indent + " ".join(row) for row in rows]
