"""How a score came about, for people: the lines below a hit under `--explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.cli.render.wrapping import cut, flow

if TYPE_CHECKING:
    from heatseek.cli.render.escapes import Style
    from heatseek.explanation import Explanation, Meaning, Signal, WordScore
    from heatseek.results import Hit


def explanation(hit: Hit, columns: int, style: Style) -> list[str]:
    """The lines on a hit; none without an explanation."""
    parts = hit.explanation
    if parts is None:
        return []
    # Of a single word each hit has all.
    tells = hit.words == "some" or (hit.words and len(parts.words) > 1)
    lines = [f"{hit.words} of the words"] if tells else []
    lines += _formula(hit.score, parts, columns, style)
    lines += _boost(parts, columns, style)
    if parts.meaning is not None:
        lines += _meaning(parts.meaning, columns, style)
    for word in parts.words:
        lines += _word(word, columns, style)
    return lines


def _formula(score: float, parts: Explanation, columns: int, style: Style) -> list[str]:
    times = style.glyphs.times
    added = [f"{s.name} {s.effect:.3f}" for s in parts.signals if not s.is_factor]
    factors = [f"{s.name} {s.effect:.3f}" for s in parts.signals if s.is_factor]
    terms = [f"score {score:.3f}", f"= text {parts.text:.3f}", f"{times} (1 + {added[0]}"]
    if parts.meaning is not None:
        terms[1] = f"= (text {parts.text:.3f} + meaning {parts.meaning.effect:.3f})"
    terms += [f"+ {each}" for each in added[1:]]
    terms[-1] += ")"
    terms += [f"{times} {each}" for each in factors]
    return _spaced(terms, columns, style)


def _boost(parts: Explanation, columns: int, style: Style) -> list[str]:
    """The multiplier, what it could be, and how it comes about."""
    low, high = parts.bounds
    terms = [f"boost {parts.boost:.3f}", f"of {low:g} to {high:g};"]
    worked_out = [
        f"{s.name} {_aging(s, style) if s.is_factor else _saturating(s, style)} = {s.effect:.3f}"
        for s in parts.signals
        if s.weight or not s.is_factor
    ]
    terms += [f"{each}," for each in worked_out[:-1]] + worked_out[-1:]
    return [f"  {line}" for line in _spaced(terms, columns - 2, style)]


def _meaning(meaning: Meaning, columns: int, style: Style) -> list[str]:
    """What meaning adds, and how that comes about."""
    times = style.glyphs.times
    factors = (
        f"{meaning.weight:g} {times} best text {meaning.best:.3f}",
        f"{times} nearness {meaning.nearness:.3f}",
    )
    terms = [f"meaning {meaning.effect:.3f} =", *factors]
    return [f"  {line}" for line in _spaced(terms, columns - 2, style)]


def _saturating(signal: Signal, style: Style) -> str:
    if signal.value is None or signal.value <= 0:
        return style.glyphs.dash if signal.value is None else f"{signal.value:g}"
    value = f"{signal.value:.15g}"
    return f"{signal.weight:g} {style.glyphs.times} {value}/({value}+{signal.scale:g})"


def _aging(signal: Signal, style: Style) -> str:
    if signal.value is None:
        return f"1 - {signal.weight:g}"
    fading = f"2^(-{signal.value:.1f}/{signal.scale:g})"
    return f"1 - {signal.weight:g} + {signal.weight:g} {style.glyphs.times} {fading}"


def _word(word: WordScore, columns: int, style: Style) -> list[str]:
    weight = "" if word.weight == 1 else f"^{word.weight:g}"
    text = cut(word.text, columns // 3, style.glyphs.ellipsis) + weight
    noun = "article" if word.articles == 1 else "articles"
    having = f" in {word.articles:,} {noun}" if word.fields else ""
    sums = [
        f"{name} {score:.3f} ({times:,} {style.glyphs.times} weight {each:g})"
        for name, score, times, each in word.fields
    ]
    terms = [
        f"{text} {word.score:.3f}{having}",
        *(f"{'+' if number else '='} {term}" for number, term in enumerate(sums)),
    ]
    if word.exact is not None:
        terms[-1] += ";"
        terms.append("spelt as typed" if word.exact else "with other accents")
    return [f"  {line}" for line in _spaced(terms, columns - 2, style)]


def _spaced(terms: list[str], columns: int, style: Style) -> list[str]:
    fitting = [cut(term, columns, style.glyphs.ellipsis) for term in terms]
    return [" ".join(row) for row in flow(fitting, columns, " ")]
