"""A query without words that no article has: tried when nothing matches as it was typed.

A word that is part of longer ones stands for these: `RawTransaction` for `eth_sendRawTransaction`,
`3.11` for `python3.11`, `Wasser` for `Grundwasser`. Else it may be misspelt.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from heatseek.query.rewriting import all_of, any_of, words_of
from heatseek.query.terms import word_leaf
from heatseek.query.tree import (
    All,
    Any,
    Boosted,
    Phrase,
    Prefix,
    Query,
    Term,
    Wildcard,
    Words,
    leaves,
)
from heatseek.schema import TEXT_FIELDS
from heatseek.text.edit_distance import edits
from heatseek.text.tokens import MAX_TERM, connected, fold, tokenize, without_marks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

_FIELDS = {None, *(spec.name for spec in TEXT_FIELDS)} - {"topics", "provider"}
"""Topics and providers are meant as they are; `unknown_labels` tells those that there are."""
_SHORTEST = 2
"""Letters of a word that was typed together with another one."""
_SHORTEST_PART = 4
"""Letters of a word that is looked for within others; shorter ones are in too many."""
_MOST = 5
"""Words that are looked into, each in the whole vocabulary; more are another language."""
_REMEMBERED = 1_000
"""Words that were looked into before."""
_NAMED = 3
"""Of more words so many are named."""


class Correction(NamedTuple):
    """A word, or two, and another word, two or a pattern in its place."""

    word: str
    replacement: str


class Corrector:
    """Finds the words that were probably meant.

    Args:
        count: gives how many articles match each of some queries.
        suggest: gives words of the archive that begin with one or are almost it, the likeliest
            first.
    """

    def __init__(
        self,
        count: Callable[[Sequence[Query]], Sequence[int]],
        suggest: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._count = count
        self._suggest = suggest
        self._replacements: dict[Term, str] = {}

    def corrections(self, query: Query, missing: Iterable[str], text: str) -> list[Correction]:
        """For words that no article has the likeliest ones that were meant.

        Never for whole numbers, phrases, patterns, or labels: these are meant as they are.

        Args:
            query: what found nothing.
            missing: words of it that no article has.
            text: what was typed.
        """
        words = list(_words(query))
        candidates = _candidates(words, missing)
        joined = list(_joinable(query, candidates, text))
        terms = [*map(Term, candidates), *(Term(each.replacement, field) for each, field in joined)]
        patterns = self._patterns(words, candidates)
        counts = self._counts([*terms, *patterns.values()])
        unknown = {word for word in candidates if not counts[Term(word)]}
        found: list[Correction] = []
        for each, field in joined if len(unknown) <= 2 * _MOST else ():
            if counts[Term(each.replacement, field)] and not unknown.isdisjoint(each.word.split()):
                found.append(each)
                unknown -= set(each.word.split())
        if len(unknown) <= _MOST:
            longer = _longer(patterns, counts)
            replacements = self._look_up([word for word in words if word.text in unknown], longer)
            proposed = {word.text: meaning for word, meaning in replacements.items()}
            found += [Correction(word, meaning) for word, meaning in proposed.items() if meaning]
        return found

    def unknown(self, query: Query, missing: Iterable[str]) -> Iterator[str]:
        """Notices about words that no article has, where others of the query found something."""
        # A word that is still being typed stands beside itself as a prefix.
        begun = {leaf.text for leaf in leaves(query) if isinstance(leaf, Prefix)}
        words = [word for word in _words(query) if word.text not in begun]
        candidates = _candidates(words, missing)
        patterns = self._patterns(words, candidates)
        counts = self._counts([*map(Term, candidates), *patterns.values()])
        unknown = {word for word in candidates if not counts[Term(word)]}
        misspelt = list({word.text: word for word in words if word.text in unknown}.values())
        if len(misspelt) > _MOST:
            first = ", ".join(f'"{word.text}"' for word in misspelt[:_NAMED])
            yield f"no article has {first} and {len(misspelt) - _NAMED:,} more of the words"
            return
        replacements = self._look_up(misspelt, _longer(patterns, counts))
        for word in misspelt:
            hint = f'; did you mean "{replacements[word]}"?' if replacements[word] else ""
            yield f'no article has "{word.text}"{hint}'

    def _look_up(self, words: Sequence[Term], longer: Mapping[Term, str]) -> dict[Term, str]:
        """For each word one that it surely is, else those that have it in them, else one it may be.

        That is a word with one mistake, else two words, else a word with more mistakes.
        """
        known = {word: self._replacements[word] for word in words if word in self._replacements}
        new = [word for word in dict.fromkeys(words) if word not in known]
        similar = {word: self._similar(word) for word in new}
        sure = {word for word, near in similar.items() if _is_sure(word.text, near)}
        longer = {word: longer[word] for word in new if word in longer and word not in sure}
        far = [
            word
            for word, near in similar.items()
            if word not in longer and not _is_near(word.text, near)
        ]
        known |= similar | {word: two for word, two in self._two_words(far).items() if two} | longer
        if len(self._replacements) + len(new) > _REMEMBERED:
            self._replacements.clear()
        self._replacements |= {word: known[word] for word in new}
        return known

    def _patterns(self, words: Sequence[Term], candidates: Collection[str]) -> dict[Term, Wildcard]:
        """For each of these words that was not looked into before those that have it in them."""
        new = [word for word in dict.fromkeys(words) if word.text in candidates]
        if len(new) > _MOST:
            return {}
        patterns = {word: _pattern(word) for word in new if word not in self._replacements}
        return {word: pattern for word, pattern in patterns.items() if pattern}

    def _counts(self, queries: Sequence[Query]) -> dict[Query, int]:
        return dict(zip(queries, self._count(queries), strict=True)) if queries else {}

    def _similar(self, word: Term) -> str:
        return (
            next(iter(self._suggest(word.text)), "") if without_marks(word.text).isalpha() else ""
        )

    def _two_words(self, words: Iterable[Term]) -> dict[Term, str]:
        """The two that stand side by side in the most articles, where a space was left out."""
        pairs = {word: _cuts(word) for word in words}
        phrases = [phrase for cuts in pairs.values() for phrase in cuts]
        counts = self._counts(phrases)
        found = {}
        for word, cuts in pairs.items():
            best = max(cuts, key=counts.__getitem__, default=None)
            found[word] = best.text if best and counts[best] else ""
        return found


def _candidates(words: Iterable[Term], missing: Iterable[str]) -> list[str]:
    """The words, once each, of those that no article has where they are looked for."""
    absent = set(missing)
    return [text for text in dict.fromkeys(word.text for word in words) if text in absent]


def _joinable(
    query: Query, candidates: Collection[str], text: str
) -> Iterator[tuple[Correction, str | None]]:
    """Words side by side that may be one, with their field: one at least is a candidate."""
    for one, other in _neighbours(query):
        if one.text in candidates or other.text in candidates:
            joined = one.text + other.text
            together = Correction(f"{one.text} {other.text}", joined)
            if without_marks(joined).isalpha() and _pattern_of([together]).search(text):
                yield together, one.field


def _is_near(word: str, similar: str) -> bool:
    """True if one mistake makes the one of the other, or the one is the beginning of the other."""
    if not similar:
        return False
    return _is_sure(word, similar) or edits(fold(word), similar) == 1


def _is_sure(word: str, similar: str) -> bool:
    """True if the one is the beginning of the other, or has its letters in another order."""
    return similar.startswith(fold(word)) or sorted(similar) == sorted(fold(word))


def _longer(patterns: Mapping[Term, Wildcard], counts: Mapping[Query, int]) -> dict[Term, str]:
    """The patterns by which something is found."""
    return {word: pattern.text for word, pattern in patterns.items() if counts[pattern]}


def _pattern(word: Term) -> Wildcard | None:
    """All words that have this one in them; None where it is too short, or a whole number."""
    letters = without_marks(connected(word.text))
    leaf = word_leaf(f"*{word.text}*", 0)
    if not isinstance(leaf, Wildcard) or letters.isdecimal() or len(letters) > MAX_TERM:
        return None
    if len(letters) < (_SHORTEST_PART if letters.isalpha() else _SHORTEST_PART - 1):
        return None
    return Wildcard(leaf.text, word.field)


def _cuts(word: Term) -> list[Phrase]:
    """A word in two, wherever it can be."""
    if not word.text.isalpha() or len(word.text) > MAX_TERM:
        return []
    cuts = range(_SHORTEST, len(word.text) - _SHORTEST + 1)
    return [Phrase(f"{word.text[:cut]} {word.text[cut:]}", word.field) for cut in cuts]


def corrected(query: Query, corrections: Iterable[Correction]) -> Query:
    """The query with words replaced; two words become a phrase."""
    replacements = {each.word: each.replacement for each in corrections}

    def replaced(part: Query) -> Query:
        match part:
            case Term(_, field) if (word := _word(part)) and word.text in replacements:
                return _leaf(replacements[word.text], field)
            case Boosted(child, weight):
                return Boosted(replaced(child), weight)
            case Words(children):
                return words_of(map(replaced, _joined(children, replacements)))
            case All(children):
                return all_of(map(replaced, _joined(children, replacements)))
            case Any(children):
                return any_of(map(replaced, _joined(children, replacements)))
        return part

    return replaced(query)


def _leaf(replacement: str, field: str | None) -> Term | Phrase | Wildcard:
    if " " in replacement:
        return Phrase(replacement, field)
    return Wildcard(replacement, field) if "*" in replacement else Term(replacement, field)


def retyped(text: str, corrections: Sequence[Correction]) -> str:
    """The text as it was typed, with words replaced."""
    replacements = {each.word: each.replacement for each in corrections}

    def written(found: re.Match[str]) -> str:
        words = replacements[" ".join(found[0].split())]
        return f'"{words}"' if " " in words else words

    return _pattern_of(corrections).sub(written, text)


def _pattern_of(corrections: Iterable[Correction]) -> re.Pattern[str]:
    """Finds the words to replace in a text."""
    words = "|".join(re.escape(each.word).replace(r"\ ", r"\s+") for each in corrections)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def _joined(children: Sequence[Query], replacements: Mapping[str, str]) -> Iterator[Query]:
    """The parts of a group, two words as one where that replaces them."""
    at = 0
    while at < len(children):
        pair = [_word(child) for child in children[at : at + 2]]
        together = " ".join(word.text for word in pair if word)
        if len(pair) == 2 and pair[0] and pair[1] and together in replacements:
            yield Term(replacements[together], pair[0].field)
            at += 2
        else:
            yield children[at]
            at += 1


def _neighbours(query: Query) -> Iterator[tuple[Term, Term]]:
    """Words side by side in one group and one field."""
    for group in _nodes(query):
        if isinstance(group, Words | All | Any):
            for one, other in pairwise(map(_word, group.children)):
                if one and other and one.field == other.field:
                    yield one, other


def _words(query: Query) -> Iterator[Term]:
    return filter(None, map(_word, _nodes(query)))


def _word(query: Query) -> Term | None:
    """The single word that may be misspelt, without the punctuation around it."""
    if not isinstance(query, Term) or query.field not in _FIELDS:
        return None
    tokens = tokenize(query.text)
    if len(tokens) != 1:
        return None
    return Term(query.text[tokens[0].start : tokens[0].end], query.field)


def _nodes(query: Query) -> Iterator[Query]:
    """The query and all parts of it, but for what is excluded."""
    yield query
    match query:
        case Boosted(child):
            yield from _nodes(child)
        case Words(children) | All(children) | Any(children):
            for child in children:
                yield from _nodes(child)
