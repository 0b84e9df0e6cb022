"""A query tree as query text: the one spelling among those that mean the same."""

from __future__ import annotations

from heatseek.definitions import pattern
from heatseek.query.lexer import OPERATORS
from heatseek.query.ranges import range_text
from heatseek.query.rewriting import asks_for_words
from heatseek.query.tree import (
    All,
    Any,
    Boosted,
    Choice,
    Everything,
    Fuzzy,
    Group,
    Leaf,
    Near,
    Not,
    Path,
    Phrase,
    Prefix,
    Query,
    Range,
    Synonyms,
    Term,
    Wildcard,
    Words,
)
from heatseek.schema import BUILT_IN, PATH, Names

_PLAIN_PATH = pattern(r"[\w./*?+#&'@=,-]+")
_PLAIN = pattern(r"[^\W_][\w+#&'.-]*")


def to_text(query: Query, names: Names = BUILT_IN) -> str:
    """Print a tree; `parse(to_text(tree)) == tree` for every tree that `parse` made.

    (Unless the text gets longer than a query may be: `title:(a b)` is `title:a title:b`.)

    Args:
        query: the tree.
        names: those that it was parsed with.
    """
    return _Printer(names).text(query)


class _Printer:
    """Prints trees that were parsed with these names."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def text(self, query: Query) -> str:
        if isinstance(query, Group):
            return self._group(query)
        match query:
            case Everything():
                return ""
            case Range() | Path():
                return self._choice(query)
            case Not(child):
                return f"-{self._operand(child, Words, All, Any)}"
            case Boosted(child, weight):
                return f"{self._weighed(child)}^{weight:.6f}".rstrip("0").rstrip(".")
        return _leaf(query)

    def _choice(self, choice: Choice) -> str:
        if isinstance(choice, Range):
            return range_text(choice, self._names)
        text = choice.text
        return f"{PATH}:{text}" if _PLAIN_PATH.fullmatch(text) else f'{PATH}:"{text}"'

    def _group(self, group: Group) -> str:
        match group:
            case Words(children):
                return " ".join(self._operand(child, All, Any) for child in children)
            case Any(children):
                return " OR ".join(self.text(child) for child in children)
            case All(children):
                return self._conjunction(children)

    def _conjunction(self, children: tuple[Query, ...]) -> str:
        """`a AND (b c) quality:>5 -d`; what only chooses needs no operator."""
        words = [child for child in children if asks_for_words(child)]
        # Beside AND, parentheses around words are for the reader; alone, words go without.
        grouped = (Any, Words) if len(words) > 1 else (Any,)
        joined = " AND ".join(self._operand(child, *grouped) for child in words)
        others = (c for c in children if not asks_for_words(c) and c != Everything())
        return " ".join(
            [*([joined] if joined else ()), *(self._operand(child, Any) for child in others)]
        )

    def _operand(self, query: Query, *grouped: type[Query]) -> str:
        """The query's text, in parentheses if it is of one of these kinds."""
        text = self.text(query)
        return f"({text})" if isinstance(query, grouped) else text

    def _weighed(self, query: Query) -> str:
        """The text before a weight; right after a caret or a colon a weight would be text."""
        text = self.text(query)
        alone = isinstance(query, Leaf) and not set("^:") & set(query.text)
        return text if alone else f"({text})"


def _leaf(leaf: Leaf) -> str:
    text = _bare(leaf)
    return f"{leaf.field}:{text}" if leaf.field else text


def _bare(leaf: Leaf) -> str:
    match leaf:
        case Term(text) | Wildcard(text):
            return text
        case Phrase(text):
            return f'"{text}"'
        case Near(text, slop):
            return f'"{text}"~{slop}'
        case Prefix(text):
            return f"{text}*"
        case Fuzzy(text, distance):
            return f"{text}~{distance}"
        case Synonyms(texts):
            return f"({' OR '.join(map(_name, texts))})"


def _name(text: str) -> str:
    """A name that can be read as syntax, or is of several words, goes into quotes."""
    bare = _PLAIN.fullmatch(text) and text not in OPERATORS
    return text if bare else f'"{text}"'
