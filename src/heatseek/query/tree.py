"""The query tree: a query free of syntax and of any engine.

Text in a leaf is that of the query; each engine analyses it as it analysed the articles.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import tzinfo
    from typing import Never


_set = object.__setattr__


class Node:
    """A part of a query: unchangeable, and equal to one of its own kind with the same parts.

    Not dataclasses: making these took 4 ms of the 70 that a search takes.
    """

    __slots__: tuple[str, ...] = ()
    __match_args__: tuple[str, ...] = ()

    def _set(self, *parts: object) -> None:
        for name, part in zip(self.__match_args__, parts, strict=True):
            _set(self, name, part)

    def _parts(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._parts() == other._parts()  # type: ignore[attr-defined] # of the same type

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __reduce__(self) -> tuple[type[Node], tuple[object, ...]]:
        # For copies and pickles: what they do otherwise, setting the parts, is what no node allows.
        return type(self), self._parts()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._parts()))})"


class _Word(Node):
    """A text in a field."""

    __slots__ = __match_args__ = ("text", "field")
    text: str
    field: str | None

    def __init__(self, text: str, field: str | None = None) -> None:
        # Every query has some: without a step for each part.
        _set(self, "text", text)
        _set(self, "field", field)


class Term(_Word):
    """A word, in one field or, without one, in any text field."""

    __slots__ = ()


class Phrase(_Word):
    """Words side by side in this order, all in the same field."""

    __slots__ = ()


class Prefix(_Word):
    """Any word that begins with `text`."""

    __slots__ = ()


class Near(Node):
    """Words close together, in any order, all in the same field.

    They stand within as many words as there are in `text`, and `slop` more.
    """

    __slots__ = __match_args__ = ("text", "slop", "field")
    text: str
    slop: int
    field: str | None

    def __init__(self, text: str, slop: int, field: str | None = None) -> None:
        self._set(text, slop, field)


class Wildcard(_Word):
    """Any word of this form: `*` stands for any characters or none, `?` for one."""

    __slots__ = ()


class Fuzzy(Node):
    """Any word that up to `distance` insertions, deletions or replacements make of `text`."""

    __slots__ = __match_args__ = ("text", "distance", "field")
    text: str
    distance: int
    field: str | None

    def __init__(self, text: str, distance: int, field: str | None = None) -> None:
        self._set(text, distance, field)


class Synonyms(Node):
    """Names of one thing, words or phrases: the most frequent one counts, as one word."""

    __slots__ = __match_args__ = ("texts", "field")
    texts: tuple[str, ...]
    """The text of the query comes first."""
    field: str | None

    def __init__(self, texts: tuple[str, ...], field: str | None = None) -> None:
        self._set(texts, field)

    @property
    def text(self) -> str:
        """The name that stands in the query."""
        return self.texts[0]


class Range(Node):
    """Values of a field from `low` to `high`, both included; None is open.

    Dates are seconds since 1970 by the clocks of `zone`; None is UTC. The states `published` (not
    held back) and `related` (no file of its own) are 1 or 0. What an article has or lacks
    (`schema.PRESENCE`) has no ends: it is known or not. Unknown values are in no range. Ranges
    choose, and score nothing.

    Of declared fields numbers may have decimals, and booleans are 1 or 0.
    """

    __slots__ = __match_args__ = ("field", "low", "high", "zone")
    field: str
    low: float | None
    high: float | None
    zone: tzinfo | None

    def __init__(
        self,
        field: str,
        low: float | None = None,
        high: float | None = None,
        zone: tzinfo | None = None,
    ) -> None:
        self._set(field, low, high, zone)


class Path(Node):
    """Articles of the archive below a folder, or the one with this path; chooses, scores nothing.

    `*` stands for any characters or none, also for slashes, and `?` for one.
    """

    __slots__ = __match_args__ = ("text",)
    text: str
    """Relative to the archive, without a slash at either end."""

    def __init__(self, text: str) -> None:
        self._set(text)


class Boosted(Node):
    """A part of the query whose words count `weight` times as much."""

    __slots__ = __match_args__ = ("child", "weight")
    child: Query
    weight: float

    def __init__(self, child: Query, weight: float) -> None:
        self._set(child, weight)


class _Group(Node):
    """Several parts together."""

    __slots__ = __match_args__ = ("children",)
    children: tuple[Query, ...]

    def __init__(self, children: tuple[Query, ...]) -> None:
        _set(self, "children", children)


class Words(_Group):
    """Words one after another: articles with all of them come before those with some."""

    __slots__ = ()


class All(_Group):
    """Every child must match (`AND`)."""

    __slots__ = ()


class Any(_Group):
    """At least one child must match (`OR`)."""

    __slots__ = ()


class Not(Node):
    """The child must not match (`NOT`, `-`)."""

    __slots__ = __match_args__ = ("child",)
    child: Query

    def __init__(self, child: Query) -> None:
        self._set(child)


class Everything(Node):
    """All articles. A query that asks for no word scores 1 in each article that it matches."""

    __slots__ = ()


Leaf = Term | Phrase | Near | Prefix | Wildcard | Fuzzy | Synonyms
Choice = Range | Path
"""Parts that are no words: they choose articles, and score nothing."""
Group = Words | All | Any
Query = Leaf | Choice | Boosted | Group | Not | Everything


def leaves(query: Query) -> Iterator[Leaf]:
    """All leaves, in order; those that are excluded, too."""
    for part in _ends(query):
        if not isinstance(part, Range | Path | Everything):
            yield part


def paths(query: Query) -> Iterator[Path]:
    """All paths, in order; those that are excluded, too."""
    return (part for part in _ends(query) if isinstance(part, Path))


def _ends(query: Query) -> Iterator[Leaf | Choice | Everything]:
    """All parts that have none themselves."""
    match query:
        case Words(children) | All(children) | Any(children):
            for child in children:
                yield from _ends(child)
        case Not(child) | Boosted(child):
            yield from _ends(child)
        case _:
            yield query


def in_field(leaf: Leaf, field: str) -> Leaf:
    """The same words, in a field."""
    *parts, _ = (getattr(leaf, name) for name in leaf.__match_args__)
    make: Callable[..., Leaf] = type(leaf)
    return make(*parts, field)
