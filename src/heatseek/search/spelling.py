"""A query without its misspelt words: what is tried when nothing matches as it was typed."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from heatseek.query.rewriting import all_of, any_of, words_of
from heatseek.query.tree import All, Any, Boosted, Phrase, Query, Term, Words
from heatseek.schema import TEXT_FIELDS
from heatseek.text.edit_distance import edits
from heatseek.text.tokens import MAX_TERM, fold, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_FIELDS = {None, *(spec.name for spec in TEXT_FIELDS)} - {"topics", "provider"}
"""Topics and providers are meant as they are; `unknown_labels` tells those that there are."""
_SHORTEST = 2
"""Letters of a word that was typed together with another one."""
_MOST = 5
"""Words that are looked into, each in the whole vocabulary; more are another language."""
_REMEMBERED = 1_000
"""Words that were looked into before."""
_TOLD = 3
"""Of more words so many are named."""


class Correction(NamedTuple):
    """What was typed, and what was very probably meant: each a word, or two."""

    typed: str
    meant: str


class Corrector:
    """Finds what was meant.

    Args:
        articles: gives how many articles match a query.
        similar: gives words of the archive that are written almost like one, the likeliest first.
    """

    def __init__(
        self, articles: Callable[[Query], int], similar: Callable[[str], tuple[str, ...]]
    ) -> None:
        self._articles = articles
        self._similar = similar
        self._meant = lru_cache(_REMEMBERED)(self._look_up)

    def corrections(self, query: Query, missing: Iterable[str], text: str) -> list[Correction]:
        """For words that no article has the likeliest ones that were meant.

        Never for numbers, phrases, patterns, or labels: these are meant as they are.

        Args:
            query: what found nothing.
            missing: words of it that no article has.
            text: what was typed.
        """
        words = list(_words(query))
        unknown = self._lacking(words, missing)
        found: list[Correction] = []
        for one, other in _neighbours(query) if len(unknown) <= 2 * _MOST else ():
            if not unknown.isdisjoint({one.text, other.text}):
                together = Correction(f"{one.text} {other.text}", one.text + other.text)
                known = together.meant.isalpha() and self._articles(Term(together.meant, one.field))
                if known and _typed([together]).search(text):
                    found.append(together)
                    unknown -= {one.text, other.text}
        if len(unknown) <= _MOST:
            proposed = {word.text: self._meant(word) for word in words if word.text in unknown}
            found += [Correction(typed, meant) for typed, meant in proposed.items() if meant]
        return found

    def unknown(self, query: Query, missing: Iterable[str]) -> Iterator[str]:
        """What to say of words that no article has, where others of the query found something."""
        words = list(_words(query))
        unknown = self._lacking(words, missing)
        told = list({word.text: word for word in words if word.text in unknown}.values())
        if len(told) > _MOST:
            first = ", ".join(f'"{word.text}"' for word in told[:_TOLD])
            yield f"no article has {first} and {len(told) - _TOLD:,} more of the words"
            return
        for word in told:
            meant = self._meant(word)
            hint = f'; did you mean "{meant}"?' if meant else ""
            yield f'no article has "{word.text}"{hint}'

    def _lacking(self, words: Iterable[Term], missing: Iterable[str]) -> set[str]:
        """Those that no article has in any field, of those that none has where they are wanted."""
        wanted = set(missing).intersection(word.text for word in words)
        return {text for text in wanted if not self._articles(Term(text))}

    def _look_up(self, term: Term) -> str:
        """A word with one mistake, else two words, else a word with more mistakes."""
        if not term.text.isalpha():
            return ""
        similar = next(iter(self._similar(term.text)), "")
        if similar and edits(fold(term.text), similar) == 1:
            return similar
        return self._two_words(term) or similar

    def _two_words(self, term: Term) -> str:
        """The two that stand side by side in the most articles, if a space was left out."""
        if len(term.text) > MAX_TERM:
            return ""
        cuts = range(_SHORTEST, len(term.text) - _SHORTEST + 1)
        pairs = (f"{term.text[:cut]} {term.text[cut:]}" for cut in cuts)
        counts = {pair: self._articles(Phrase(pair, term.field)) for pair in pairs}
        return max(counts, key=counts.__getitem__) if any(counts.values()) else ""


def corrected(query: Query, corrections: Iterable[Correction]) -> Query:
    """The query with words replaced; two words become a phrase."""
    meant = {each.typed: each.meant for each in corrections}

    def replaced(part: Query) -> Query:
        match part:
            case Term(_, field) if (word := _word(part)) and word.text in meant:
                make = Phrase if " " in meant[word.text] else Term
                return make(meant[word.text], field)
            case Boosted(child, weight):
                return Boosted(replaced(child), weight)
            case Words(children):
                return words_of(map(replaced, _joined(children, meant)))
            case All(children):
                return all_of(map(replaced, _joined(children, meant)))
            case Any(children):
                return any_of(map(replaced, _joined(children, meant)))
        return part

    return replaced(query)


def retyped(text: str, corrections: Sequence[Correction]) -> str:
    """What was typed, with words replaced."""
    meant = {each.typed: each.meant for each in corrections}

    def written(found: re.Match[str]) -> str:
        words = meant[" ".join(found[0].split())]
        return f'"{words}"' if " " in words else words

    return _typed(corrections).sub(written, text)


def _typed(corrections: Iterable[Correction]) -> re.Pattern[str]:
    """Finds what was typed wrong in a text."""
    words = "|".join(re.escape(each.typed).replace(r"\ ", r"\s+") for each in corrections)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)")


def _joined(children: Sequence[Query], meant: Mapping[str, str]) -> Iterator[Query]:
    """The parts of a group, two words as one where that was meant."""
    at = 0
    while at < len(children):
        pair = [_word(child) for child in children[at : at + 2]]
        together = " ".join(word.text for word in pair if word)
        if len(pair) == 2 and pair[0] and pair[1] and together in meant:
            yield Term(meant[together], pair[0].field)
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
