"""The parser of the query language: a text becomes a query tree.

Two steps: `lexer` makes tokens in which every operator has its operands, then `parse` puts
them into the tree (its normal form is in `rewriting`). `docs/query-language.md` has the grammar.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from heatseek.errors import QueryError, quoted
from heatseek.query import lexer
from heatseek.query.lexer import Token, tokenize
from heatseek.query.rewriting import all_of, any_of, boosted, none_of, words_of
from heatseek.query.terms import MAX_WEIGHT, leaf_in, plain_run, word_leaf
from heatseek.query.tree import (
    All,
    Any,
    Choice,
    Everything,
    Fuzzy,
    Leaf,
    Near,
    Not,
    Path,
    Phrase,
    Prefix,
    Query,
    Range,
    Term,
    Wildcard,
    Words,
    in_field,
    leaves,
)
from heatseek.schema import BUILT_IN, LINKS, Names

MAX_LENGTH = 10_000
"""Characters in a query text."""
MAX_LEAVES = 1_024
"""Words, phrases, patterns and ranges in a query."""
MAX_PATTERNS = 8
"""Patterns (prefix*, wild?card, fuzzy~) and parts of links: each is held against many words."""
MAX_PHRASES = 32
"""Phrases, and words near each other: each compares positions in every article with the words."""
MAX_PATHS = 32
"""Folders and files: each is held against the path of every article."""
_OPERATORS = frozenset(lexer.OPERATORS)
_BEGUN = 2
"""Letters from which on a word that is being typed stands for those that begin so."""
MAX_DEPTH = 100
"""Levels of parentheses, and of groups in the tree: every later step may recurse over it."""


def parse(
    text: str, now: datetime | None = None, names: Names = BUILT_IN, *, unfinished: bool = False
) -> Query:
    """Parse a query text; what isn't syntax in it is text.

    Args:
        text: of a query. Empty: all articles.
        now: the instant that dates such as `yesterday` count from; the present one by default.
        names: what may stand before a colon: with declared fields, those of the index.
        unfinished: whether somebody is still typing: a word at the very end of the text stands
            for all that begin so, too.

    Raises:
        QueryError: if there is no word in the text, it is beyond one of the limits above, or
            something in it has one possible meaning only and cannot be done.
    """
    check_length(text)
    if not text.strip():
        return Everything()
    if not unfinished and (words := _plain_words(text)):
        return words
    tokens = tokenize(text, now or datetime.now(UTC), names)
    terms = [token.leaf for token in tokens if token.leaf]
    if not terms:
        raise QueryError(f"nothing to search for in {quoted(text)}; type a word or a number")
    _check_number(terms)
    query = _tree(_completed(tokens, text) if unfinished else tokens)
    if _levels(query) > MAX_DEPTH + 1:
        raise _too_deep()
    check_patterns((query,))
    return query


def _plain_words(text: str) -> Query | None:
    """The query of a text of ASCII words and nothing else, as most are; None of any other."""
    words = text.split()
    if (
        not text.isascii()
        or not "".join(words).isalnum()
        or len(words) > MAX_LEAVES
        or not _OPERATORS.isdisjoint(words)
    ):
        return None
    return words_of(map(Term, words))


def _completed(tokens: list[Token], text: str) -> list[Token]:
    """The tokens, a word at the end of the text also as the beginning of others.

    Not of what is excluded: half a word would exclude more than is going to be asked for.
    """
    last = tokens[-1]
    excluded = last.sign == "-" or lexer.NOT in (token.kind for token in tokens[-2:])
    patterns = sum(isinstance(token.leaf, Prefix | Wildcard | Fuzzy) for token in tokens)
    if not isinstance(last.leaf, Term) or excluded or patterns >= MAX_PATTERNS:
        return tokens
    word = last.leaf.text
    beginning = word_leaf(f"{word}*", last.at)
    ends_here = word[-1].isalnum() and text.endswith(word)
    if len(word) < _BEGUN or not ends_here or not isinstance(beginning, Prefix):
        return tokens
    return [
        *tokens[:-1],
        Token(lexer.OPEN, last.sign, last.field, at=last.at),
        Token(lexer.LEAF, leaf=last.leaf, weight=last.weight, at=last.at),
        Token(lexer.OR),
        Token(lexer.LEAF, leaf=beginning, weight=last.weight, at=last.at),
        Token(lexer.CLOSE),
    ]


def check_length(text: str) -> None:
    """Refuse a text that is too long, before anything else is done with it.

    Raises:
        QueryError: it has more than `MAX_LENGTH` characters.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query has {len(text):,} characters, more than {MAX_LENGTH:,};"
            " search for its most telling words"
        )


def places(text: str, now: datetime, names: Names = BUILT_IN) -> dict[Leaf, int]:
    """The index in a query text at which each leaf of its tree stands first.

    Arguments are those of `parse`.
    """
    places: dict[Leaf, int] = {}
    fields: list[str | None] = [None]
    for token in tokenize(text, now, names):
        field = token.field or fields[-1]
        if token.kind == lexer.OPEN:
            fields.append(field)
        elif token.kind == lexer.CLOSE:
            fields.pop()
        elif token.leaf and not isinstance(token.leaf, Range | Path):
            places.setdefault(in_field(token.leaf, field) if field else token.leaf, token.at)
    return places


def _check_number(terms: list[Leaf | Choice]) -> None:
    if len(terms) > MAX_LEAVES:
        raise QueryError(
            f"the query has {len(terms):,} words, more than {MAX_LEAVES:,};"
            " search for its most telling ones"
        )
    phrases = sum(isinstance(leaf, Phrase | Near) for leaf in terms)
    if phrases > MAX_PHRASES:
        raise QueryError(
            f"the query has {phrases:,} phrases, more than {MAX_PHRASES}; ask for fewer of them"
        )
    check_paths("the query has", sum(isinstance(leaf, Path) for leaf in terms))


def check_paths(what: str, number: int) -> None:
    """Refuse more than `MAX_PATHS` paths.

    Raises:
        QueryError: there are more.
    """
    if number > MAX_PATHS:
        raise QueryError(
            f"{what} {number:,} paths, more than {MAX_PATHS}; ask for folders above them"
        )


def check_patterns(queries: Iterable[Query], what: str = "the query has") -> None:
    """Refuse more than `MAX_PATTERNS` patterns in all of several queries.

    Raises:
        QueryError: there are more.
    """
    patterns = sum(
        leaf.field == LINKS or isinstance(leaf, Prefix | Wildcard | Fuzzy)
        for query in queries
        for leaf in leaves(query)
    )
    if patterns > MAX_PATTERNS:
        raise QueryError(
            f"{what} {patterns:,} words with * ? ~ or url:, more than {MAX_PATTERNS};"
            " write some of them out"
        )


def _tree(tokens: list[Token]) -> Query:
    """The tree, by an explicit stack of the groups that are open."""
    group = _Group()
    outer: list[_Group] = []
    for token in tokens:
        if token.leaf:
            group.add(group.leaf(token, token.leaf), token.sign)
        match token.kind:
            case lexer.OPEN:
                if len(outer) == MAX_DEPTH:
                    raise _too_deep()
                outer.append(group)
                group = group.within(token)
            case lexer.CLOSE:
                query, sign = group.query(), group.sign
                group = outer.pop()
                group.add(query, sign)
            case lexer.AND:
                group.end_words()
            case lexer.OR:
                group.end_alternative()
            case lexer.NOT:
                group.negate()
    return group.query()


def _levels(query: Query) -> int:
    """How many groups are nested in one another; up to three for a level of parentheses."""
    levels, level = 0, [query]
    while level := [group for group in level if isinstance(group, Words | All | Any | Not)]:
        levels += 1
        level = [
            child
            for group in level
            for child in ((group.child,) if isinstance(group, Not) else group.children)
        ]
    return levels


def _too_deep() -> QueryError:
    return QueryError(f"the query is nested deeper than {MAX_DEPTH} levels; remove parentheses")


class _Group:
    """The part between two parentheses: alternatives of conjuncts of words."""

    __slots__ = (
        "_alternatives",
        "_conjuncts",
        "_negated",
        "_optional",
        "_required",
        "_strict",
        "field",
        "sign",
        "weight",
    )

    def __init__(
        self,
        sign: str = "",
        field: str | None = None,
        weight: float = 1.0,
        *,
        strict: bool = False,
    ) -> None:
        self.sign = sign
        self.field = field
        self.weight = weight
        self._strict = strict
        self._alternatives: list[Query] = []
        self._conjuncts: list[Query] = []
        self._required: list[Query] = []
        self._optional: list[Query] = []
        self._negated = False

    def within(self, token: Token) -> _Group:
        """A group that begins in this one.

        Under `+`, `-` or `NOT` it is strict: any word in place of all of them would ask for
        less than what must be there, or exclude more than what must not.
        """
        strict = self._strict or bool(token.sign) or self._negated
        weight = self.weight * token.weight
        return _Group(token.sign, token.field or self.field, weight, strict=strict)

    def leaf(self, token: Token, leaf: Leaf | Choice) -> Query:
        """The leaf with the field and weight that hold for it here."""
        if isinstance(leaf, Range | Path):
            return leaf
        field, weight = token.field or self.field, self.weight * token.weight
        if field:
            leaf = leaf_in(field, leaf, token.at)
        leaf = plain_run(leaf)
        if weight > MAX_WEIGHT:
            raise QueryError(
                f"weights multiplied to more than {MAX_WEIGHT:,}", token.at, "write smaller ones"
            )
        return boosted(leaf, weight)

    def negate(self) -> None:
        self._negated = not self._negated

    def add(self, query: Query, sign: str) -> None:
        if self._negated != (sign == "-"):
            self._required.append(none_of(query))
        elif sign == "+":
            self._required.append(query)
        else:
            self._optional.append(query)
        self._negated = False

    def end_words(self) -> None:
        together = all_of if self._strict else words_of
        self._conjuncts.append(all_of((*self._required, together(self._optional))))
        self._required, self._optional = [], []

    def end_alternative(self) -> None:
        self.end_words()
        self._alternatives.append(all_of(self._conjuncts))
        self._conjuncts = []

    def query(self) -> Query:
        self.end_alternative()
        return any_of(self._alternatives)
