"""A query ready to be looked up: its words as terms, its shape made plain; `compiler` makes it.

Leaf                    one word, phrase, pattern or label, as it is looked up and scored
Conjunction, Disjunction, Within, Chosen, Everything, Nothing
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from heatseek.definitions import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence as Positions

    from heatseek.engines.model import Budget


class TermSequence(NamedTuple):
    """Terms at given distances from the first; one term is a word, several are a phrase.

    With `slop`, in any order instead, within as many words as there are terms and `slop` more.
    """

    terms: tuple[tuple[int, str], ...]
    slop: int | None = None


class Beginning(NamedTuple):
    """Terms that begin so."""

    prefix: str


class Shape(NamedTuple):
    """Terms of this form: `*` any characters, `?` one."""

    shape: str


class Approximation(NamedTuple):
    """Terms within an edit distance (Levenshtein)."""

    word: str
    distance: int


Pattern = Beginning | Shape | Approximation
"""Stands for several terms of a vocabulary, and for words as they were written."""


class Leaf(NamedTuple):
    """One word of the query: any of its forms, in any of its fields."""

    text: str
    fields: tuple[str, ...]
    spellings: tuple[TermSequence, ...]
    """Ways of writing it, of which the most frequent counts; none for a pattern."""
    pattern: Pattern | None = None
    accented: tuple[str, ...] = ()
    """Its words as typed, where folding changed more than case."""


class Conjunction(NamedTuple):
    """All of `required`, none of `excluded`."""

    required: tuple[Node, ...]
    excluded: tuple[Node, ...]


class Disjunction(NamedTuple):
    """At least one."""

    children: tuple[Node, ...]


class Boosted(NamedTuple):
    """A leaf that counts more or less than others."""

    leaf: Leaf
    weight: float


class Within(NamedTuple):
    """Documents whose value lies between, both ends included."""

    column: str
    low: float
    high: float


class Chosen(NamedTuple):
    """Documents that have a leaf which is no word of the query: it scores nothing."""

    leaf: Leaf


class Everything:
    """All documents."""


class Nothing:
    """No document."""


Node = Leaf | Boosted | Conjunction | Disjunction | Within | Chosen | Everything | Nothing


def words(node: Node) -> list[Boosted]:
    """The different words of a query, by which documents are scored, with their weights.

    A word that occurs twice counts twice.
    """
    every = list(_words(node))
    if len({boosted.leaf.text for boosted in every}) == len(every):
        return every
    weights: dict[Leaf, float] = {}
    for leaf, weight in every:
        weights[leaf] = weights.get(leaf, 0.0) + weight
    return [Boosted(leaf, weight) for leaf, weight in weights.items()]


def _words(node: Node) -> Iterator[Boosted]:
    match node:
        case Leaf():
            yield Boosted(node, 1.0)
        case Boosted():
            yield node
        case Conjunction(children) | Disjunction(children):
            for child in children:
                # As nearly all are.
                if type(child) is Leaf:
                    yield Boosted(child, 1.0)
                else:
                    yield from _words(child)


WINDOW_STEPS = 12
"""Steps for each position of words that are to be near each other."""
Stands = dict[str, "Positions[int]"]
"""Term to its positions in a document's field, ascending."""


def occurrences(form: TermSequence, stands: Stands, budget: Budget) -> int:
    """How often a phrase, or words near each other, occur in a document's field.

    Raises:
        QueryError: it takes more than the budget.
    """
    return (_in_order if form.slop is None else _near)(form, stands, budget)


def _in_order(form: TermSequence, stands: Stands, budget: Budget) -> int:
    (_, first), *others = form.terms
    budget.spend(len(stands[first]))
    starts = set(stands[first])
    for offset, term in others:
        budget.spend(len(stands[term]))
        starts = starts.intersection(map((-offset).__add__, stands[term]))
        if not starts:
            return 0
    return len(starts)


def _near(form: TermSequence, stands: Stands, budget: Budget) -> int:
    """How many positions begin a window, with a word of the phrase, that has them all."""
    budget.spend(WINDOW_STEPS * sum(map(len, stands.values())))
    hits = sorted((at, term) for term, positions in stands.items() for at in positions)
    need = Counter(term for _, term in form.terms)
    length = len(form.terms) + (form.slop or 0)
    have = dict.fromkeys(need, 0)
    missing, end, before, windows = len(need), 0, -1, 0
    for start, term in hits:
        while end < len(hits) and hits[end][0] < start + length:
            entering = hits[end][1]
            have[entering] += 1
            missing -= have[entering] == need[entering]
            end += 1
        windows += not missing and start != before
        missing += have[term] == need[term]
        have[term] -= 1
        before = start
    return windows
