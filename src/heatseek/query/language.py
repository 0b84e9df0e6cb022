"""The query language: what people type, as a query tree.

Two steps: `syntax` makes tokens in which every operator has its operands, then `parse` puts
them into the tree (its normal form is in `normal`). `docs/query-language.md` has the grammar.
"""

from __future__ import annotations

from heatseek.errors import QueryError
from heatseek.query import syntax
from heatseek.query.normal import all_of, any_of, none_of, words_of
from heatseek.query.syntax import Token, tokenize
from heatseek.query.tree import All, Any, Everything, Not, Query, Words

MAX_LENGTH = 10_000
"""Characters in a query text."""
MAX_LEAVES = 1_024
"""Words, phrases and prefixes in a query."""
MAX_DEPTH = 100
"""Levels of parentheses, and of groups in the tree: every later step may recurse over it."""


def parse(text: str) -> Query:
    """Parse a query text; what isn't syntax in it is text.

    Args:
        text: what was typed. Empty: all articles.

    Raises:
        QueryError: if there is no word in the text, or it is beyond one of the limits above.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query has {len(text):,} characters, more than {MAX_LENGTH:,};"
            " search for its most telling words"
        )
    if not text.strip():
        return Everything()
    tokens = tokenize(text)
    leaves = sum(token.kind == syntax.LEAF for token in tokens)
    if not leaves:
        raise QueryError(f"nothing to search for in {_shown(text)}; type a word or a number")
    if leaves > MAX_LEAVES:
        raise QueryError(
            f"the query has {leaves:,} words, more than {MAX_LEAVES:,};"
            " search for its most telling ones"
        )
    query = _tree(tokens)
    if _levels(query) > MAX_DEPTH + 1:
        raise _too_deep()
    return query


def _shown(text: str) -> str:
    """The text on one line, cut where it gets long."""
    line = " ".join(text.split())
    return repr(line if len(line) <= 40 else f"{line[:39]}…")


def _tree(tokens: list[Token]) -> Query:
    """The tree, by an explicit stack of the groups that are open."""
    group = _Group()
    outer: list[_Group] = []
    for token in tokens:
        match token.kind:
            case syntax.LEAF:
                group.add(token.leaf(group.field), token.sign)
            case syntax.OPEN:
                if len(outer) == MAX_DEPTH:
                    raise _too_deep()
                outer.append(group)
                group = group.within(token)
            case syntax.CLOSE:
                query, sign = group.query(), group.sign
                group = outer.pop()
                group.add(query, sign)
            case syntax.AND:
                group.end_words()
            case syntax.OR:
                group.end_alternative()
            case syntax.NOT:
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
    """What stands between two parentheses: alternatives of conjuncts of words."""

    __slots__ = (
        "_alternatives",
        "_conjuncts",
        "_negated",
        "_optional",
        "_required",
        "_strict",
        "field",
        "sign",
    )

    def __init__(self, sign: str = "", field: str | None = None, *, strict: bool = False) -> None:
        self.sign = sign
        self.field = field
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
        return _Group(token.sign, token.field or self.field, strict=strict)

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
