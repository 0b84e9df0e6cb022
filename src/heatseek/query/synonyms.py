"""Other names of words and phrases, put into a query.

A name is recognised as an article's words are: folded and stemmed. Words typed side by side are
recognised as the phrase that they make; the longest that begins at a word counts.
"""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from heatseek.errors import UsageError
from heatseek.query.rewriting import all_of, any_of, none_of, words_of
from heatseek.query.terms import QUOTES
from heatseek.query.tree import All, Any, Boosted, Not, Phrase, Query, Synonyms, Term, Words
from heatseek.schema import TEXT_FIELDS
from heatseek.text.languages import Analyzer
from heatseek.text.nfc import nfc
from heatseek.text.tokens import fold, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Key = tuple[str, ...]
    """The stems of a name: what it is recognised by."""

MAX_ADDED = 64
"""Names that a query may gain; many are phrases, each as dear as one of the query's own."""
MAX_NAME = 200
"""Characters."""
MAX_NAMES = 50_000
"""In all entries together."""
_TEXT = {None, *(spec.name for spec in TEXT_FIELDS)}
_NO_QUOTES = str.maketrans(dict.fromkeys(QUOTES, " "))


class _Word(NamedTuple):
    """A child of `Words` that may be part of a name."""

    key: Key
    text: str
    field: str | None
    weight: float | None


class SynonymMap:
    """Groups of names. Each name stands for all others; a name in two entries joins them.

    Args:
        entries: names, each with what else it is known as.
        analyzer: of the language of the index.

    Raises:
        UsageError: there are too many, or one is too long.
    """

    def __init__(self, entries: Mapping[str, Iterable[str]], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._groups: dict[Key, dict[Key, str]] = {}
        left = MAX_NAMES
        for name, others in entries.items():
            names = (name, *others)
            left -= len(names)
            if left < 0:
                raise UsageError(f"synonyms: more than {MAX_NAMES:,} names; leave some out")
            self._join(names)
        self._longest: dict[str, int] = {}
        for key in self._groups:
            self._longest[key[0]] = max(len(key), self._longest.get(key[0], 0))

    def apply(self, query: Query) -> tuple[Query, tuple[str, ...]]:
        """The query with names in place of words, and notices about it."""
        expanded = self._expanded(query)
        if _added(expanded) > MAX_ADDED:
            return query, (f"more than {MAX_ADDED} synonyms: searched for the words as typed",)
        return expanded, ()

    def _join(self, names: Iterable[str]) -> None:
        """Names of one thing, with the groups that have one of them already."""
        written = [_clean(nfc(_checked(name))) for name in names]
        new: dict[Key, str] = {}
        for name in written:
            if key := self._key(name):
                new.setdefault(key, name)
        groups = {id(group): group for key in new if (group := self._groups.get(key))}
        joined = max(groups.values(), key=len, default={})
        others = [group for group in groups.values() if group is not joined]
        for group in (*others, new):
            for key, name in group.items():
                joined.setdefault(key, name)
                self._groups[key] = joined

    def _key(self, text: str) -> Key:
        stem = self._analyzer.stem
        return tuple(map(stem, parts_of(text)))

    def _expanded(self, query: Query) -> Query:  # noqa: PLR0911 - one for each kind of node
        match query:
            case Words(children):
                return words_of(self._in_words(children))
            case All(children):
                return all_of(map(self._expanded, children))
            case Any(children):
                return any_of(self._alternatives(children))
            case Not(child):
                return none_of(self._expanded(child))
            case Boosted(child, weight):
                return Boosted(self._expanded(child), weight)
            case Term(text, field) | Phrase(text, field):
                return self._named(self._key(text), text, field) or query
        return query

    def _named(self, key: Key, text: str, field: str | None) -> Synonyms | None:
        """The names of the thing that the text names, the text first, if it has others."""
        group = self._groups.get(key, {}) if field in _TEXT else {}
        # One too many is enough to be told.
        others = list(islice((n for other, n in group.items() if other != key), MAX_ADDED + 1))
        return Synonyms((_clean(text), *others), field) if others else None

    def _alternatives(self, children: Iterable[Query]) -> Iterator[Query]:
        """Each child; of names of the same thing, which are alternatives anyway, the first."""
        met: set[object] = set()
        for child in map(self._expanded, children):
            leaf, weight = (child.child, child.weight) if isinstance(child, Boosted) else (child, 1)
            if isinstance(leaf, Synonyms):
                group = id(self._groups[self._key(leaf.text)])
                if (group, leaf.field, weight) in met:
                    continue
                met.add((group, leaf.field, weight))
            yield child

    def _in_words(self, children: Sequence[Query]) -> Iterator[Query]:
        """Each child, those together that make a name."""
        words = [self._word(child) for child in children]
        at = 0
        while at < len(children):
            size, named = self._first(words, at)
            yield named or self._expanded_word(children[at])
            at += size

    def _expanded_word(self, child: Query) -> Query:
        return child if self._word(child) else self._expanded(child)

    def _word(self, child: Query) -> _Word | None:
        term, weight = (child.child, child.weight) if isinstance(child, Boosted) else (child, None)
        if not isinstance(term, Term) or term.field not in _TEXT:
            return None
        return _Word(self._key(term.text), term.text, term.field, weight)

    def _first(self, words: Sequence[_Word | None], at: int) -> tuple[int, Query | None]:
        """The longest name that begins at a word, and of how many words it is."""
        first = words[at]
        if first is None or not first.key:
            return 1, None
        longest = self._longest.get(first.key[0], 0)
        run = list(takewhile(lambda word: _go_together(first, word), words[at : at + longest]))
        for size in range(len(run), 0, -1):
            parts = [word for word in run[:size] if word]
            if size == 1 < len(words) and self._is_function_word(first.text):
                break
            key = tuple(stem for word in parts for stem in word.key)
            text = " ".join(word.text for word in parts)
            if named := self._named(key, text, first.field):
                return size, named if first.weight is None else Boosted(named, first.weight)
        return 1, None

    def _is_function_word(self, text: str) -> bool:
        """In small letters `it` and `us` are hardly names, whatever IT and US stand for."""
        return text.islower() and self._analyzer.is_stopword(fold(text))


def _go_together(first: _Word, word: _Word | None) -> bool:
    return word is not None and (word.field, word.weight) == (first.field, first.weight)


def _checked(name: str) -> str:
    if len(name) > MAX_NAME:
        raise UsageError(
            f"a synonym has {len(name):,} characters, more than {MAX_NAME}: write a shorter one"
        )
    return name


def _clean(text: str) -> str:
    """As it can stand in quotes."""
    return " ".join(text.translate(_NO_QUOTES).split())


def _added(query: Query) -> int:
    match query:
        case Synonyms(texts):
            return len(texts) - 1
        case Words(children) | All(children) | Any(children):
            return sum(map(_added, children))
        case Not(child) | Boosted(child):
            return _added(child)
    return 0
