"""A query tree to a plan: words are analysed here as those of the articles were."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from heatseek.definitions import pattern
from heatseek.engines.shared.fields import (
    ARTICLE,
    HELD_BACK,
    OWN_COLUMNS,
    PUBLISHED,
    PUBLISHED_UNKNOWN,
    RELATED,
    UNKNOWN,
    own,
    own_presence,
)
from heatseek.engines.shared.plan import (
    Approximation,
    Beginning,
    Boosted,
    Chosen,
    Conjunction,
    Disjunction,
    Everything,
    Leaf,
    Node,
    Nothing,
    Pattern,
    Shape,
    TermSequence,
    Within,
)
from heatseek.query import tree
from heatseek.schema import (
    LABEL_FIELDS,
    LINKS,
    PATH,
    PRESENCE,
    TEXT_FIELDS,
    DeclaredField,
    FieldKind,
    link_words,
)
from heatseek.text.languages import ENGLISH, Analyzer, Language
from heatseek.text.tokens import Token, connected, label, runs, spellings, tokenize
from heatseek.zones import spans

Fields = tuple[str, ...]
PATTERNS = (tree.Prefix, tree.Wildcard, tree.Fuzzy)
_REMEMBERED = 1_000
"""Words."""
_LABELS = frozenset(spec.name for spec in LABEL_FIELDS)
_TEXT = tuple(spec.name for spec in TEXT_FIELDS)
_COLUMN_OF = {
    "date": "published_at",
    "updated": "updated_at",
    "quality": "quality",
    "heat": "heat",
}
_LINK_PATTERN = pattern(r"(?:[^\W_]|[*?])+")
_STATES = {
    tree.Range("published", 1, 1): Within("published", PUBLISHED, PUBLISHED_UNKNOWN),
    tree.Range("published", 0, 0): Within("published", HELD_BACK, HELD_BACK),
    tree.Range("related", 1, 1): Within("kind", RELATED, RELATED),
    tree.Range("related", 0, 0): Within("kind", ARTICLE, ARTICLE),
    **{tree.Range(name): Within(f"has_{name}", 1, 1) for name in PRESENCE},
}


class Compiler:
    """Compiles trees for an index of a language, with declared fields; keeps the stems of words."""

    def __init__(
        self, declared: Iterable[DeclaredField] = (), language: Language = ENGLISH
    ) -> None:
        self._analyzer = Analyzer(language)
        self._own = {field.name: field for field in declared}
        self._terms: dict[tuple[str, str | None], Node | None] = {}
        """Those that were compiled last: a search asks for all of its words, and for some."""

    def compile(self, query: tree.Query) -> Node:
        """The plan of a query. Text without a single word in it is left out."""
        if len(self._terms) > _REMEMBERED:
            self._terms.clear()
        return self._node(query) or Nothing()

    def _node(self, query: tree.Query) -> Node | None:  # noqa: PLR0911 - one for each kind
        if type(query) is tree.Term:
            return self._term(query)
        match query:
            case tree.Words(children) | tree.All(children):
                return self._all(children)
            case tree.Any(children):
                return _disjunction([node for node in map(self._node, children) if node])
            case tree.Not():
                return self._all((query,))
            case tree.Boosted(child, weight):
                return _boosted(self._node(child), weight)
            case tree.Range() | tree.Path() | tree.Everything():
                return self._unscored(query)
        return self._leaf(query)

    def _term(self, query: tree.Term) -> Node | None:
        key = query.text, query.field
        if key not in self._terms:
            self._terms[key] = self._leaf(query)
        return self._terms[key]

    def _unscored(self, query: tree.Choice | tree.Everything) -> Node:
        if isinstance(query, tree.Everything):
            return Everything()
        if isinstance(query, tree.Path):
            # Stories without a file have links for ids.
            path = Chosen(Leaf(query.text, (PATH,), ()))
            return Conjunction((path, Within("kind", ARTICLE, ARTICLE)), ())
        declared = self._own.get(query.field)
        return _within_own(query, declared) if declared else _within(query)

    def _leaf(self, query: tree.Leaf) -> Node | None:  # noqa: PLR0911 - one for each kind of leaf
        name = query.field or ""
        declared = self._own.get(name)
        if declared:
            name = own(declared)
        if name in _LABELS or (declared and declared.kind is FieldKind.KEYWORD):
            return _label_leaf(query, name)
        fields = (name,) if name else _TEXT
        text = query.text
        match query:
            case tree.Term():
                return _conjunction(list(self._words(text, fields)))
            case tree.Phrase():
                return self._phrase(tokenize(text), f'"{text}"', fields)
            case tree.Near(slop=slop):
                return self._phrase(tokenize(text), f'"{text}"~{slop}', fields, slop)
            case tree.Synonyms(texts):
                return self._synonyms(texts, fields)
            case tree.Prefix():
                return self._prefix(text, fields)
            case tree.Wildcard() | tree.Fuzzy():
                pattern = _pattern(query, connected(text))
                return Leaf(_shown(query), fields, (), pattern) if pattern else None

    def _all(self, children: tuple[tree.Query, ...]) -> Node | None:
        if not any(type(child) is tree.Not for child in children):
            return _conjunction([node for node in map(self._node, children) if node])
        without = [self._node(child.child) for child in children if isinstance(child, tree.Not)]
        nodes = [self._node(child) for child in children if not isinstance(child, tree.Not)]
        required = [node for node in nodes if node]
        excluded = tuple(node for node in without if node)
        if not excluded:
            return _conjunction(required)
        return Conjunction(tuple(required) or (Everything(),), excluded)

    def _words(self, text: str, fields: Fields) -> Iterator[Node]:
        for run in runs(tokenize(text)):
            if len(run) > 1:
                yield self._phrase(run, text, fields) or Nothing()
            else:
                yield self._word(run[0], text, fields)

    def _word(self, token: Token, text: str, fields: Fields) -> Leaf:
        sequences = [
            TermSequence(tuple(enumerate(map(self._stem, words))))
            for words in spellings(token.forms)
        ]
        word = text[token.start : token.end]
        return Leaf(word, fields, tuple(sequences), accented=token.forms.accented)

    def _phrase(
        self, tokens: list[Token], text: str, fields: Fields, slop: int | None = None
    ) -> Leaf | None:
        parts = [part for token in tokens for part in token.forms.parts]
        if not parts:
            return None
        terms = tuple((at, self._stem(part)) for at, part in enumerate(parts))
        accented = tuple(word for token in tokens for word in token.forms.accented)
        sequence = TermSequence(terms, slop if len(terms) > 1 else None)
        return Leaf(text, fields, (sequence,), accented=accented)

    def _synonyms(self, texts: Fields, fields: Fields) -> Leaf | None:
        """One word that is written as any of these words or phrases."""
        every = [self._phrase_or_word(text, fields) for text in texts]
        leaves = [leaf for leaf in every if leaf]
        spellings = dict.fromkeys(each for leaf in leaves for each in leaf.spellings)
        return Leaf(leaves[0].text, fields, tuple(spellings)) if leaves else None

    def _phrase_or_word(self, text: str, fields: Fields) -> Leaf | None:
        tokens = tokenize(text)
        if len(tokens) == 1:
            return self._word(tokens[0], text, fields)
        return self._phrase(tokens, f'"{text}"', fields)

    def _prefix(self, text: str, fields: Fields) -> Node | None:
        tokens = tokenize(text)
        if not tokens:
            return None
        *words, last = tokens
        before = list(self._words(text[: last.start], fields)) if words else []
        whole = (last.forms.variants or last.forms.parts)[0]
        return _conjunction([*before, Leaf(f"{text}*", fields, (), Beginning(whole))])

    def _stem(self, word: str) -> str:
        return self._analyzer.stem(word)


def _label_leaf(query: tree.Leaf, field: str) -> Leaf | None:
    if field == LINKS:
        return _link_leaf(query)
    value = label(query.text)
    pattern = _pattern(query, value)
    if not value or (not pattern and isinstance(query, PATTERNS)):
        return None
    spellings = () if pattern else (TermSequence(((0, value),)),)
    return Leaf(_shown(query), (field,), spellings, pattern)


def _link_leaf(query: tree.Leaf) -> Leaf | None:
    """Links that have the words of this one, or of a part, side by side in this order."""
    if isinstance(query, tree.Wildcard):
        words = f"/{'/'.join(_LINK_PATTERN.findall(query.text))}/"
    else:
        words = link_words(query.text)
    if not any(map(str.isalnum, words)):
        return None
    if isinstance(query, tree.Prefix):
        words = words.removesuffix("/")
    return Leaf(_shown(query), (LINKS,), (), Shape(f"*{label(words)}*"))


def _pattern(query: tree.Leaf, text: str) -> Pattern | None:
    if not any(map(str.isalnum, text)):
        return None
    match query:
        case tree.Prefix():
            return Beginning(text)
        case tree.Wildcard():
            return Shape(text)
        case tree.Fuzzy(distance=distance):
            return Approximation(text, distance)
    return None


def _shown(query: tree.Leaf) -> str:
    match query:
        case tree.Prefix(text):
            return f"{text}*"
        case tree.Fuzzy(text, distance):
            return f"{text}~{distance}"
    return query.text


def _within(query: tree.Range) -> Node:
    if query in _STATES:
        return _STATES[query]
    return _between(_COLUMN_OF[query.field], query, UNKNOWN + 1)


def _within_own(query: tree.Range, field: DeclaredField) -> Node:
    if not field.kind.is_ordered:
        return Within(own_presence(field), 1, 1)
    return _between(own(field), query, OWN_COLUMNS[field.kind].lowest)


def _between(column: str, query: tree.Range, lowest: float) -> Node:
    """The values of a range; those of a date by the clocks of its zone."""
    parts = [
        Within(column, lowest if low is None else low, math.inf if high is None else high)
        for low, high in spans(query.low, query.high, query.zone)
    ]
    return parts[0] if len(parts) == 1 else Disjunction(tuple(parts)) if parts else Nothing()


def _boosted(node: Node | None, weight: float) -> Node | None:
    match node:
        case Leaf():
            return Boosted(node, weight)
        case Boosted(leaf, before):
            return Boosted(leaf, before * weight)
        case Conjunction(required, excluded):
            return Conjunction(tuple(_boosted_all(required, weight)), excluded)
        case Disjunction(children):
            return Disjunction(tuple(_boosted_all(children, weight)))
    return node


def _boosted_all(nodes: tuple[Node, ...], weight: float) -> Iterator[Node]:
    return (boosted for node in nodes if (boosted := _boosted(node, weight)))


def _conjunction(nodes: list[Node]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return Conjunction(tuple(nodes), ())


def _disjunction(nodes: list[Node]) -> Node | None:
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    return Disjunction(tuple(nodes))
