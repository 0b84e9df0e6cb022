"""Query trees in normal form, and what a search makes of words typed one after another.

The normal form is kept by the five functions that build inner nodes:

- A group has two children or more: a single child stands for itself.
- No group holds one of its own kind: `(a b) c` is `a b c`.
- `All` lists what asks for words first, then what only chooses (ranges), then its `Not`s. With
  `Not`s alone it begins with `Everything`, which stands nowhere else, except for a whole query
  without text.
- `Not` stands in `All` only: `a OR -b` is `a OR (everything AND NOT b)`. Nothing is negated twice.
- `Words` holds what any word may stand in for: nothing required, nothing that asks for no word;
  it is never in a `Not`.
- `Boosted` is around single leaves, and its weight is not 1.

An engine never needs to know `Words`: a search takes the `content_words` of a query and, if it
`has_words`, asks for what `require` makes of it first and for what `relax` makes of it after that.
Short queries want all of their words. Long ones are questions: hardly an article has every word of
them, and an article that lacks one may answer best. `benchmarks/judged.py` measures it, and
docs/eval.md has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from heatseek.definitions import pattern
from heatseek.query.lexer import OPERATORS
from heatseek.query.terms import QUOTES
from heatseek.query.tree import (
    All,
    Any,
    Boosted,
    Everything,
    Leaf,
    Not,
    Path,
    Query,
    Range,
    Term,
    Words,
)
from heatseek.text.tokens import fold, parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeGuard

    from heatseek.text.languages import Analyzer

SHORT = 3
"""Words, as typed, up to which all of them are wanted."""
_LEAVES = frozenset(Leaf.__args__)
_OPERATOR = rf"\b(?:{'|'.join(OPERATORS)})\b"
_GROUPED = pattern(rf"\([^()]*{_OPERATOR}|{_OPERATOR}\s*\(|\)\s*{_OPERATOR}")
"""An operator in parentheses or beside one."""
_QUOTES = frozenset(QUOTES)
_PUNCTUATION = ".,;:!?()"
_DECIMALS = 6
"""Of a weight; so it can be printed as it was typed, without an exponent."""


def all_of(children: Iterable[Query]) -> Query:
    """Every child, of which some may be `Not`s."""
    words: list[Query] = []
    choices: list[Query] = []
    exclusions: list[Query] = []
    for child in children:
        for part in child.children if isinstance(child, All) else (child,):
            if isinstance(part, Not):
                exclusions.append(part)
            elif not isinstance(part, Everything):
                (words if asks_for_words(part) else choices).append(part)
    positive = words + choices
    if len(positive) == 1 and not exclusions:
        return positive[0]
    if not positive and not exclusions:
        return Everything()
    return All((*(positive or (Everything(),)), *exclusions))


def words_of(children: Iterable[Query]) -> Query:
    """Every child if possible, any of them otherwise; ranges and exclusions hold either way."""
    every = tuple(children)
    if len(every) > 1 and _LEAVES.issuperset(map(type, every)):  # as nearly always
        return Words(every)
    optional: list[Query] = []
    required: list[Query] = []
    for child in every:
        for part in child.children if isinstance(child, Words) else (child,):
            (optional if asks_for_words(part) else required).append(part)
    words = Words(tuple(optional)) if len(optional) > 1 else all_of(optional)
    return all_of((words, *required)) if required else words


def any_of(children: Iterable[Query]) -> Query:
    """At least one child."""
    alternatives: list[Query] = []
    for child in children:
        alternatives.extend(child.children if isinstance(child, Any) else (all_of((child,)),))
    return alternatives[0] if len(alternatives) == 1 else Any(tuple(alternatives))


def none_of(child: Query) -> Query:
    """Not the child; of two negations nothing is left."""
    if isinstance(child, Not):
        return child.child
    if isinstance(child, All) and excludes_only(child):
        return any_of(part.child for part in child.children if isinstance(part, Not))
    return Not(child)


def boosted(child: Leaf, weight: float) -> Query:
    """A leaf that counts `weight` times as much."""
    weight = round(weight, _DECIMALS)
    return child if weight == 1 else Boosted(child, weight)


def asks_for_words(query: Query) -> bool:
    """True if there is a word to match and score: ranges, paths and exclusions only choose."""
    if type(query) in _LEAVES:
        return True
    match query:
        case Words(children) | All(children) | Any(children):
            return any(map(asks_for_words, children))
        case Boosted(child):
            return asks_for_words(child)
    return not isinstance(query, Not | Range | Path | Everything)


def excludes_only(query: Query) -> bool:
    """True if the query names only what must not match."""
    if isinstance(query, All):
        return isinstance(query.children[0], Everything)
    return isinstance(query, Not)


def lowered(text: str, analyzer: Analyzer) -> str:
    """The text, in small letters if it is a title or a question all in capitals.

    In that `AND`, `OR` and `NOT` are words like the others. A function word beside another word
    tells it (`DEMETER DOES NOT REMEMBER`) from `NASA AND ESA NOT IBM`; one alone between operators
    may be a name (`IT AND HR`), and who writes quotes, or parentheses for operators, means these.
    """
    if not text.isupper() or not _QUOTES.isdisjoint(text) or _GROUPED.search(text):
        return text
    runs: list[list[str]] = [[]]
    for word in text.split():
        if word in OPERATORS:
            runs.append([])
        else:
            runs[-1].append(fold(word.strip(_PUNCTUATION)))
    is_sentence = any(len(run) > 1 and any(map(analyzer.is_stopword, run)) for run in runs)
    return text.lower() if is_sentence else text


def content_words(query: Query, analyzer: Analyzer, *, any_of_many: bool) -> Query:
    """The query in which words typed one after another are without function words.

    What was asked for explicitly stays: phrases, AND, OR, NOT, `field:word`; and so do function
    words when there is nothing else, as in "the who".

    Args:
        query: as it was parsed.
        analyzer: of the language of the index.
        any_of_many: of more than `SHORT` words, any may match.
    """

    def part(child: Query) -> Query:
        return content_words(child, analyzer, any_of_many=any_of_many)

    match query:
        case All(children):
            return all_of(map(part, children))
        case Any(children):
            return any_of(map(part, children))
        case Words(children):
            together = any_of if any_of_many and len(children) > SHORT else words_of
            return together(map(part, _content(children, analyzer)))
    return query


def has_many(query: Query) -> bool:
    """True if there are more than `SHORT` words one after another."""
    match query:
        case Words(children) if len(children) > SHORT:
            return True
        case Words(children) | All(children) | Any(children):
            return any(has_many(child) for child in children if type(child) not in _LEAVES)
    return False


def require(query: Query) -> Query:
    """The query with every word of `Words` required."""
    return All(query.children) if _is_plain(query) else _replace_words(query, all_of)


def relax(query: Query) -> Query:
    """The query with any word of `Words` enough.

    What is joined by `AND`, marked by `+`, excluded or a range holds as before.
    """
    return Any(query.children) if _is_plain(query) else _replace_words(query, _any_word)


def has_words(query: Query) -> bool:
    """True if relaxing changes anything: somewhere there are two words, and one could do."""
    if _is_plain(query):
        return True
    if isinstance(query, Words):
        optional = sum(map(asks_for_words, query.children))
        return optional > 1 or any(map(has_words, query.children))
    if isinstance(query, Boosted):
        return has_words(query.child)
    return isinstance(query, All | Any) and any(map(has_words, query.children))


def _is_plain(query: Query) -> TypeGuard[Words]:
    """True of nothing but words one after another, as most queries are."""
    if not isinstance(query, Words) or len(query.children) < 2:
        return False
    return _LEAVES.issuperset(map(type, query.children))


def _content(words: Sequence[Query], analyzer: Analyzer) -> Sequence[Query]:
    """Without function words; in a sentence also without those that only make it a request."""
    content = _without(analyzer.is_stopword, words)
    is_sentence = SHORT < len(words) != len(content)
    return _without(analyzer.is_request_word, content) if is_sentence else content


def _without(is_common: Callable[[str], bool], words: Sequence[Query]) -> Sequence[Query]:
    return [query for query in words if not _consists_of(is_common, query)] or words


def _consists_of(is_common: Callable[[str], bool], query: Query) -> bool:
    if isinstance(query, Boosted):
        return _consists_of(is_common, query.child)
    if not isinstance(query, Term) or query.field:
        return False
    parts = parts_of(query.text)
    return bool(parts) and all(map(is_common, parts))


def _any_word(children: Iterable[Query]) -> Query:
    words = tuple(children)
    optional = [word for word in words if asks_for_words(word)]
    required = [word for word in words if not asks_for_words(word)]
    return all_of((*([any_of(optional)] if optional else ()), *required))


def _replace_words(query: Query, words_become: Callable[[Iterable[Query]], Query]) -> Query:
    if isinstance(query, Not):
        # Always all of them: any word would exclude more than was asked for.
        return none_of(_replace_words(query.child, all_of))
    if isinstance(query, Boosted):
        return Boosted(_replace_words(query.child, words_become), query.weight)
    if not isinstance(query, Words | All | Any):
        return query
    children = [_replace_words(child, words_become) for child in query.children]
    if isinstance(query, Words):
        return words_become(children)
    return all_of(children) if isinstance(query, All) else any_of(children)
