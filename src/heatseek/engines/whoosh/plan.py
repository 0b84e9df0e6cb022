"""A query tree, compiled: its words analysed as the articles were, its shape made plain.

Leaf                    one word, phrase, prefix or label: what is looked up and scored
Conjunction, Disjunction, Everything, Nothing
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from heatseek.analysis import Analyzer, Token, label, runs, tokenize
from heatseek.query import tree
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS

_LABELS = frozenset(spec.name for spec in LABEL_FIELDS)
_TEXT = tuple(spec.name for spec in TEXT_FIELDS)
Fields = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """Terms at given distances from the first; one term is a word, several are a phrase."""

    terms: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Beginning:
    """Every term and every word as written that begins so."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """What counts as one word of the query: any of its forms, in any of its fields."""

    text: str
    fields: tuple[str, ...]
    forms: tuple[Sequence | Beginning, ...]


@dataclass(frozen=True, slots=True)
class Conjunction:
    """All of `wanted`, none of `unwanted`."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction:
    """At least one."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


Node = Leaf | Conjunction | Disjunction | Everything | Nothing


def leaves(node: Node) -> Iterator[Leaf | Everything]:
    """What a document is scored by: all that is asked for, in order, not what is excluded."""
    match node:
        case Leaf() | Everything():
            yield node
        case Conjunction(wanted):
            for child in wanted:
                yield from leaves(child)
        case Disjunction(children):
            for child in children:
                yield from leaves(child)


class Compiler:
    """Compiles trees; keeps the stems of words it has met."""

    def __init__(self) -> None:
        self._analyzer = Analyzer()

    def compile(self, query: tree.Query) -> Node:
        """The plan of a query. Text without a single word in it is left out."""
        return self._node(query) or Nothing()

    def _node(self, query: tree.Query) -> Node | None:
        match query:
            case tree.Words(children) | tree.All(children):
                return self._all(children)
            case tree.Any(children):
                return _disjunction([node for node in map(self._node, children) if node])
            case tree.Not():
                return self._all((query,))
            case tree.Everything():
                return Everything()
            case _ if query.field in _LABELS:
                return _label_leaf(query, query.field)
        return self._text(query, _TEXT if query.field is None else (query.field,))

    def _text(self, query: tree.Term | tree.Phrase | tree.Prefix, fields: Fields) -> Node | None:
        text = query.text
        match query:
            case tree.Term():
                return _conjunction(list(self._words(text, fields)))
            case tree.Phrase():
                return self._phrase(tokenize(text), f'"{text}"', fields)
            case tree.Prefix():
                return self._prefix(text, fields)

    def _all(self, children: tuple[tree.Query, ...]) -> Node | None:
        unwanted = [self._node(child.child) for child in children if isinstance(child, tree.Not)]
        wanted = [self._node(child) for child in children if not isinstance(child, tree.Not)]
        known = [node for node in wanted if node]
        excluded = tuple(node for node in unwanted if node)
        if not excluded:
            return _conjunction(known)
        return Conjunction(tuple(known) or (Everything(),), excluded)

    def _words(self, text: str, fields: Fields) -> Iterator[Node]:
        for run in runs(tokenize(text)):
            if len(run) > 1:
                yield self._phrase(run, text, fields) or Nothing()
            else:
                yield self._word(run[0], text, fields)

    def _word(self, token: Token, text: str, fields: Fields) -> Leaf:
        parts = token.forms.parts
        sequences = [Sequence(tuple((at, self._stem(part)) for at, part in enumerate(parts)))]
        if len(parts) > 1:
            sequences += [Sequence(((0, self._stem(token.forms.variants[0])),))]
        return Leaf(text[token.start : token.end], fields, tuple(sequences))

    def _phrase(self, tokens: list[Token], text: str, fields: Fields) -> Leaf | None:
        parts = [part for token in tokens for part in token.forms.parts]
        if not parts:
            return None
        terms = tuple((at, self._stem(part)) for at, part in enumerate(parts))
        return Leaf(text, fields, (Sequence(terms),))

    def _prefix(self, text: str, fields: Fields) -> Node | None:
        tokens = tokenize(text)
        if not tokens:
            return None
        *words, last = tokens
        before = list(self._words(text[: last.start], fields)) if words else []
        whole = (last.forms.variants or last.forms.parts)[0]
        return _conjunction([*before, Leaf(f"{text}*", fields, (Beginning(whole),))])

    def _stem(self, word: str) -> str:
        return self._analyzer.stem(word)


def _label_leaf(query: tree.Term | tree.Phrase | tree.Prefix, field: str) -> Leaf | None:
    value = label(query.text)
    if not value:
        return None
    if isinstance(query, tree.Prefix):
        return Leaf(f"{query.text}*", (field,), (Beginning(value),))
    return Leaf(query.text, (field,), (Sequence(((0, value),)),))


def _conjunction(nodes: list[Node]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return Conjunction(tuple(nodes), ())


def _disjunction(nodes: list[Node]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return Disjunction(tuple(nodes))
