"""What of a query tells what it is about, and how much of that an article must have.

Short queries want all of their words. Long ones are questions: hardly an article has every word
of them, and an article that lacks one may answer best. `benchmarks/judged.py` measures it, and
docs/eval.md has the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from heatseek.query.rewriting import all_of, any_of, words_of
from heatseek.query.tree import All, Any, Boosted, Query, Term, Words
from heatseek.text.languages import Analyzer
from heatseek.text.tokens import fold, tokenize

SHORT = 3
"""Words, as typed, up to which all of them are wanted."""


def spoken(text: str, analyzer: Analyzer) -> str:
    """The text, in small letters if it is a question all in capitals.

    In that `AND`, `OR` and `NOT` are words like the others. Two of the other words without which
    nobody writes a sentence tell it from `NASA AND ESA NOT IBM`.
    """
    if not text.isupper():
        return text
    words = set(text.split()) - {"AND", "OR", "NOT"}
    is_sentence = len(words) > SHORT and sum(analyzer.is_stopword(fold(word)) for word in words) > 1
    return text.lower() if is_sentence else text


def telling_words(query: Query, analyzer: Analyzer, *, any_of_many: bool) -> Query:
    """Words typed one after another keep only those that tell something.

    What was asked for explicitly stays: phrases, AND, OR, NOT, `field:word`; and so do common
    words when there is nothing else, as in "the who".

    Args:
        query: as typed.
        analyzer: knows which words are common.
        any_of_many: of more than `SHORT` words, any may match.
    """

    def kept(part: Query) -> Query:
        return telling_words(part, analyzer, any_of_many=any_of_many)

    match query:
        case All(children):
            return all_of(map(kept, children))
        case Any(children):
            return any_of(map(kept, children))
        case Words(children):
            together = any_of if any_of_many and len(children) > SHORT else words_of
            return together(map(kept, _telling(children, analyzer)))
    return query


def _telling(typed: Sequence[Query], analyzer: Analyzer) -> Sequence[Query]:
    """Without function words; in a sentence also without what only says that it is a request."""
    telling = _without(analyzer.is_stopword, typed)
    is_sentence = SHORT < len(typed) != len(telling)
    return _without(analyzer.is_request_word, telling) if is_sentence else telling


def _without(is_common: Callable[[str], bool], typed: Sequence[Query]) -> Sequence[Query]:
    return [query for query in typed if not _consists_of(is_common, query)] or typed


def _consists_of(is_common: Callable[[str], bool], query: Query) -> bool:
    if isinstance(query, Boosted):
        return _consists_of(is_common, query.child)
    if not isinstance(query, Term) or query.field:
        return False
    parts = [part for token in tokenize(query.text) for part in token.forms.parts]
    return bool(parts) and all(map(is_common, parts))
