"""Hits for people, and counts of all matches: a block a facet, each value with its option."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from datetime import MAXYEAR
from typing import TYPE_CHECKING

from heatseek.article import Kind
from heatseek.cli.render.escapes import MARK, MATCH, QUIET, TITLE, UNICODE, one_line
from heatseek.cli.render.wrapping import Line, cut, flow, width, wrap
from heatseek.results import Fragment
from heatseek.schema import FACETS, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heatseek.article import Article
    from heatseek.cli.render.escapes import Style
    from heatseek.explanation import Explanation, Meaning, Signal, WordScore
    from heatseek.results import FacetCounts, Hit, Results


MOST_OF_LINE = 0.4
"""The part of a line that a value may take; its option has it whole."""
FILTERED = "*"
"""Stands before values that a filter has already."""
_PLAIN = re.compile(r"(?!=)[\w@%+=:,./-]+")
"""Text that a shell takes as it is, in words of any script; zsh looks for a program after `=`."""
_QUOTABLE = re.compile(r"[^\"$`\\!]+")
"""Text that a shell takes as it is between double quotes."""


def render_facets(facets: Mapping[str, FacetCounts], style: Style) -> str:
    """A blank line and a block for each facet.

    Lines with long options are longer than the terminal is wide: they are there to be copied.
    """
    blocks = []
    for name, counts in facets.items():
        lines = _block(name, counts, style) if counts.values else _none(name, style)
        blocks.append("".join(f"{line}\n" for line in lines))
    return "".join(f"\n{block}" for block in blocks)


def _none(name: str, style: Style) -> Iterator[str]:
    yield f"{style.paint(name, TITLE)}: none of the matches has one"


def _block(name: str, counted: FacetCounts, style: Style) -> Iterator[str]:
    values = counted.values
    marks = [FILTERED if each.value in counted.chosen else " " for each in values]
    remark = f" ({FILTERED} asked for)" if FILTERED in marks else ""
    yield style.paint(name, TITLE) + remark
    room = int(style.width * MOST_OF_LINE)
    texts = [cut(one_line(each.value), room, style.glyphs.ellipsis) for each in values]
    counts = [f"{each.articles:,}" for each in values]
    columns, digits = max(map(width, texts)), max(map(len, counts))
    for each, mark, text, count in zip(values, marks, texts, counts, strict=True):
        space = " " * (columns - width(text))
        filtering = style.paint(option(name, each.value), QUIET)
        yield f"{mark} {text}{space}  {count:>{digits}}  {filtering}"
    if more := counted.total - len(values):
        yield style.paint(f"  {style.glyphs.ellipsis} and {more:,} more", QUIET)


def option(facet: str, value: str) -> str:
    """The option that filters by a value, as it is typed."""
    if facet == YEAR:
        # No year follows the last one.
        year = int(value)
        return f"--after {year:04}" + (f" --before {year + 1:04}" if year < MAXYEAR else "")
    if facet in FACETS:
        return f"--{facet} {quoted(one_line(value))}"
    return f"--where {quoted(one_line(f'{facet}={value}'))}"


def quoted(value: str) -> str:
    """A value as one word for a shell."""
    if _PLAIN.fullmatch(value):
        return value
    return f'"{value}"' if _QUOTABLE.fullmatch(value) else shlex.quote(value)


TITLE_LINES = 3
TOPIC_LINES = 2
SNIPPET_LINES = 2


def render(results: Results, style: Style, *, new: bool = False) -> str:
    """The hits, a blank line between them, and how many there are; nothing for nothing.

    Args:
        results: of the search.
        style: the width and what the terminal can do.
        new: they are only the hits that are new; the count says so.
    """
    if not results.total:
        return ""
    digits = max((len(str(hit.rank)) for hit in results), default=1)
    titles = Counter(hit.title for hit in results)
    blocks = ["\n".join(_hit(hit, digits, style, alike=titles[hit.title] > 1)) for hit in results]
    border = _border(results)
    if border:
        blocks.insert(border, style.paint("\n".join(with_all(results)), QUIET))
    if results.understood:
        blocks.insert(0, style.paint("\n".join(_understood(results)), QUIET))
    footer = _footer(results, style, new=new, tiers=not border)
    return "\n\n".join([*blocks, footer]) + "\n"


def _border(results: Results) -> int:
    """How many hits of a page have all words, if others follow there; or else 0."""
    if not results.total_some:
        return 0
    with_all = sum(hit.words == "all" for hit in results)
    return with_all if with_all < len(results) else 0


def block(hit: Hit, style: Style) -> str:
    """One hit, whole lines."""
    return "".join(f"{line}\n" for line in _hit(hit, len(str(hit.rank)), style, alike=False))


def _understood(results: Results) -> Iterator[str]:
    """Lines before the hits where an explanation was asked for."""
    yield f"searched: {one_line(results.understood)}"
    if results.ages_from:
        yield f"ages count from {results.ages_from:%Y-%m-%d}, the newest article"


def _hit(hit: Hit, digits: int, style: Style, *, alike: bool) -> list[str]:
    """Its lines.

    Args:
        hit: what was found.
        digits: of the greatest rank.
        style: the width and what the terminal can do.
        alike: another hit of the page has the same title.
    """
    indent = " " * (digits + 2)
    columns = style.width - len(indent)
    body = [
        *_title(hit, columns, style),
        *_facts(hit.article, columns, style, alike=alike),
        *_marks(hit, columns, style),
        *_topics(hit.article, columns, style),
        *_snippet(hit.snippet_marks, columns, style),
        *explanation(hit, columns, style),
    ]
    rank = style.paint(f"{hit.rank:>{digits}}", QUIET)
    return [f"{rank}  {body[0]}", *(indent + line for line in body[1:])]


def _title(hit: Hit, columns: int, style: Style) -> list[str]:
    fragments = hit.title_marks or (Fragment(hit.title),)
    rows = wrap(fragments, columns, lines=TITLE_LINES, ellipsis=style.glyphs.ellipsis)
    # Without colour a title carries no marks: it stays as it can be copied and searched for.
    painted = ("".join(_paint(part, TITLE, style) for part in row) for row in rows)
    return [style.link(line, hit.article.url) for line in painted] or [style.glyphs.dash]


def _facts(article: Article, columns: int, style: Style, *, alike: bool) -> list[str]:
    """Provider, date, quality and heat, as far as they are known; the path where that says more."""
    parts = [
        article.provider.name or article.provider.domain or "",
        "" if article.published_at is None else style.day(article.published_at),
        "" if article.quality is None else f"quality {article.quality}",
        "" if article.heat is None else f"heat {article.heat}",
    ]
    known = [part for part in parts if part]
    if (alike or not known) and article.kind is Kind.ARTICLE:
        known.append(article.id)
    return _separated(known, columns, style)


def _marks(hit: Hit, columns: int, style: Style) -> list[str]:
    """Remarks for a reader before following the link."""
    article = hit.article
    marks = ["unpublished"] if article.published is False else []
    if article.kind is Kind.RELATED:
        first, *others = article.related_to or ("an article",)
        more = f" and {len(others)} more" if others else ""
        room = columns - len("related to ") - len(more)
        marks.append(f"related to {cut(first, room, style.glyphs.ellipsis)}{more}")
    if hit.others:
        marks.append(f"+{len(hit.others)} of the same story")
    return [style.paint(line, MARK) for line in _separated(marks, columns, style)]


def _separated(parts: list[str], columns: int, style: Style) -> list[str]:
    separator = f" {style.glyphs.dot} "
    fitting = [cut(part, columns, style.glyphs.ellipsis) for part in parts]
    return [separator.join(row) for row in flow(fitting, columns, separator)]


def _topics(article: Article, columns: int, style: Style) -> list[str]:
    text = Fragment(", ".join(article.topics))
    rows = wrap((text,), columns, lines=TOPIC_LINES, ellipsis=style.glyphs.ellipsis)
    return [style.paint(part.text, QUIET) for row in rows for part in row]


def _snippet(fragments: Iterable[Fragment], columns: int, style: Style) -> list[str]:
    marked = list(fragments) if style.color else _starred(fragments)
    ellipsis = style.glyphs.ellipsis
    rows = wrap(marked, columns, lines=SNIPPET_LINES, ellipsis=ellipsis)
    if not _shows_match(rows, marked):
        rows = wrap(_led(marked, columns), columns, lines=SNIPPET_LINES, ellipsis=ellipsis)
    if not style.color:
        rows = _closed(rows)
    return ["".join(_paint(part, "", style) for part in row) for row in rows]


def _starred(fragments: Iterable[Fragment]) -> list[Fragment]:
    """Matched words marked without colour, by the emphasis of Markdown and plain mail."""
    return [
        Fragment(f"*{one_line(part.text)}*", matched=True) if part.matched else part
        for part in fragments
    ]


def _closed(rows: list[Line]) -> list[Line]:
    """Lines whose last match has its second star, although it was cut off within."""
    matches = [part.text for row in rows for part in row if part.matched]
    if not "".join(matches).count("*") % 2:
        return rows
    last = list(rows[-1])
    at = next((at for at in reversed(range(len(last))) if last[at].matched), None)
    if at is not None:
        text = last[at].text
        last[at] = Fragment("" if text in {"*", f"*{text[-1]}"} else f"{text[:-1]}*", matched=True)
    return [*rows[:-1], tuple(last)]


def _shows_match(rows: Iterable[Iterable[Fragment]], fragments: list[Fragment]) -> bool:
    """The first matched word, if there is one, stands in the lines as a whole."""
    first = next((part.text for part in fragments if part.matched), "")
    shown = "".join(part.text for row in rows for part in row if part.matched)
    return "".join(shown.split()).startswith("".join(one_line(first).split()))


def _led(fragments: list[Fragment], columns: int) -> list[Fragment]:
    """Of what stands before the first match as much as leaves it on the first line."""
    first = next(at for at, part in enumerate(fragments) if part.matched)
    before = one_line("".join(part.text for part in fragments[:first]))
    room = max(columns // 4, columns - width(fragments[first].text) - 1)
    start = len(before)
    while start and width(before[start - 1 :]) < room:
        start -= 1
    cut_word, _, words = before[start:].partition(" ")
    lead = (words or cut_word) if start else before
    return [Fragment(UNICODE.ellipsis), Fragment(lead), *fragments[first:]]


def _paint(part: Fragment, code: str, style: Style) -> str:
    if part.matched:
        return style.paint(part.text, MATCH)
    return style.paint(part.text, code) if code else part.text


def _size(results: Results, *, new: bool) -> str:
    """The number of hits, in words."""
    noun = "match" if results.matches == 1 else "matches"
    total = f"{results.matches:,} {'new ' if new else ''}{noun}"
    if results.stories is None:
        return total
    hits, matches = results.stories
    stories = f"{hits:,} {'story' if hits == 1 else 'stories'}"
    if matches < results.matches:
        return f"{stories} in the best {matches:,} of {total}"
    return f"{stories} in {total}" if hits < matches else total


def with_all(results: Results) -> Iterator[str]:
    """How many have all words, in words; nothing where all of them have."""
    if results.total_some:
        first = "1 article has" if results.total == 1 else f"{results.total:,} articles have"
        verb = "has" if results.total_some == 1 else "have"
        yield f"{first} all words; {results.total_some:,} {verb} some"
    if results.with_all is not None:
        yield f"{results.with_all:,} with all words" if results.with_all else "none with all words"
    if results.near:
        yield f"{results.near:,} by meaning alone"


def _footer(results: Results, style: Style, *, new: bool, tiers: bool) -> str:
    parts = [_size(results, new=new)]
    if results.hits and len(results.hits) < results.size:
        first, last = results.hits[0].rank, results.hits[-1].rank
        parts[0] = f"{first:,}{style.glyphs.dash}{last:,} of {parts[0]}"
        # New hits are new only once: there is no next page of them.
        if last < results.size and not new:
            parts.append(f"next: --offset {last}")
    parts += with_all(results) if tiers else ()
    if style.live:
        parts.append(f"{results.took_ms:.0f} ms")
    return "\n".join(style.paint(line, QUIET) for line in _separated(parts, style.width, style))


def explanation(hit: Hit, columns: int, style: Style) -> list[str]:
    """The lines below a hit under `--explain`; none without an explanation."""
    if hit.explanation is None:
        return []
    # Of a single word each hit has all.
    tells = hit.words == "some" or (hit.words and len(hit.explanation.words) > 1)
    lines = [f"{hit.words} of the words"] if tells else []
    lines += _formula(hit.score, hit.explanation, columns, style)
    lines += _boost(hit.explanation, columns, style)
    if hit.explanation.meaning is not None:
        lines += _meaning(hit.explanation.meaning, columns, style)
    for word in hit.explanation.words:
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
