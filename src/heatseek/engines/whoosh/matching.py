"""Documents that match a plan and pass filters, with scores: whole sets, no call a document."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from types import MappingProxyType

from heatseek.definitions import cached_property
from heatseek.engines.shared.fields import (
    LENGTH,
    TERMS,
    WORDS,
    dates_of,
    labels_of,
    ranges_of,
)
from heatseek.engines.shared.plan import (
    Boosted,
    Chosen,
    Conjunction,
    Disjunction,
    Everything,
    Leaf,
    Node,
    TermSequence,
    Within,
)
from heatseek.engines.whoosh.arrays import Evidence, Word
from heatseek.ranking.bm25 import Dilution, dilution, idf, score
from heatseek.schema import TEXT_FIELDS, TextField
from heatseek.text.tokens import label

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from heatseek.engines.whoosh.arrays import Arrays, Column, Counts, Documents, Norms, Scores
    from heatseek.engines.whoosh.lookup import Occurrences
    from heatseek.engines.whoosh.segments import Segments

    Scored = Word[Documents, Counts, Norms, Scores]
    Titled = tuple[Documents, Scores]
    from heatseek.explanation import WordScore
    from heatseek.query.filters import Filters


class Matcher:
    """Evaluates the nodes of plans.

    Args:
        arrays: the operations.
        find: looks a leaf up.
        column: gives a column by name.
    """

    def __init__(
        self, arrays: Arrays, find: Callable[[Leaf], Occurrences], column: Callable[[str], Column]
    ) -> None:
        self._arrays = arrays
        self._find = find
        self._column = column

    def documents(self, node: Node) -> Documents:  # noqa: PLR0911 - one for each kind of node
        """All documents that match."""
        arrays = self._arrays
        match node:
            case Leaf():
                return self._find(node).documents
            case Boosted(leaf) | Chosen(leaf):
                return self._find(leaf).documents
            case Conjunction(required, excluded):
                matching = arrays.intersection(self._each(required))
                return arrays.difference(matching, self._each(excluded)) if excluded else matching
            case Disjunction(children):
                return arrays.union(self._each(children))
            case Within(column, low, high):
                return arrays.between(arrays.everything(), self._column(column), low, high)
            case Everything():
                return arrays.everything()
        return arrays.chosen(())

    def _each(self, nodes: Sequence[Node]) -> list[Documents]:
        # Nearly all are words.
        find = self._find
        return [find(n).documents if type(n) is Leaf else self.documents(n) for n in nodes]


def work(plans: Sequence[Node], page: int, segments: Segments) -> int:
    """Steps that plans take in sets and dictionaries, about: for postings, and more to score.

    Args:
        plans: of each tier; the last is of all that match.
        page: documents that are to be in order.
        segments: where.
    """
    having: dict[Leaf, int] = {}

    def most(node: Node) -> int:
        """Documents that match, at most."""
        match node:
            case Boosted(leaf) | Chosen(leaf):
                return most(leaf)
            case Leaf():
                if node not in having:
                    having[node] = _frequency(node, segments)
                return having[node]
            case Conjunction(required):
                return min(map(most, required))
            case Disjunction(children):
                return min(segments.size, sum(map(most, children)))
        return segments.size

    found = scored = 0
    for plan, matching in [(plan, most(plan)) for plan in plans]:
        # A tier is put in order only where those before do not fill the page.
        if found < page:
            found += matching
            has_all = isinstance(plan, Conjunction) and len(plan.required) > 1
            scored += matching // _SHARED if has_all else matching
    scored = min(segments.size, scored)
    read = (_reading(leaf, number, segments) for leaf, number in having.items())
    return sum(read) + _SCORING * scored


def _frequency(leaf: Leaf, segments: Segments) -> int:
    """Documents that have a leaf, at most; a phrase is in no more than its rarest word."""
    if leaf.pattern:
        fields = (TERMS, WORDS) if leaf.fields[0] in _TEXT else leaf.fields
        every = (segments.pattern_postings(field, leaf.pattern, keep=True) for field in fields)
        found = 0
        for _, each in chain.from_iterable(every):
            found += len(each)
            if found >= segments.size:
                return segments.size  # the first few words tell it, often
        return found
    return sum(
        min(sum(len(each) for _, each in segments.postings(TERMS, term)) for _, term in form.terms)
        for form in leaf.spellings
    )


def filtered(
    documents: Documents,
    filters: Filters,
    arrays: Arrays,
    find: Callable[[Leaf], Occurrences],
    column: Callable[[str], Column],
) -> Documents:
    """Those of `documents` that pass."""
    for field, values in labels_of(filters):
        leaves = (Leaf(v, (field,), (TermSequence(((0, label(v)),)),)) for v in values)
        bearing = arrays.union([find(leaf).documents for leaf in leaves])
        documents = arrays.intersection([documents, bearing])
    for stretch in dates_of(filters):
        parts = [arrays.between(documents, column("published_at"), *span) for span in stretch]
        documents = parts[0] if len(parts) == 1 else arrays.union(parts)
    for name, low, high in ranges_of(filters):
        documents = arrays.between(documents, column(name), low, high)
    return documents


def _reading(leaf: Leaf, documents: int, segments: Segments) -> int:
    """Steps to read the postings of a leaf that so many documents have."""
    if leaf.pattern:
        return documents
    phrases = (form.terms for form in leaf.spellings if len(form.terms) > 1)
    compared = sum(
        len(each)
        for terms in phrases
        for _, term in terms
        for _, each in segments.postings(TERMS, term)
    )
    return documents // _POSTINGS + _COMPARISON * compared


_TEXT = {spec.name: spec for spec in TEXT_FIELDS}
TITLE = "title"
_POSTINGS = 3
"""Of a word: so many are read in a step."""
_COMPARISON = 10
"""Steps to compare the positions of a word of a phrase in a document."""
_SHARED = 4
"""Of the documents of the rarest of several words one in so many has all, about; more seldom still
in the title, where the best are looked for first."""
_SCORING = 8
"""Steps to score a match."""
EXPLANATION = 50
"""Steps to explain one word of one article."""


class Scorer:
    """Scores by the statistics of all segments together; kept as long as they are open.

    Args:
        segments: where.
        arrays: the operations.
        find: looks a leaf up.
        total: how many hits some documents would be.
    """

    def __init__(
        self,
        segments: Segments,
        arrays: Arrays,
        find: Callable[[Leaf], Occurrences],
        total: Callable[[Documents], int],
    ) -> None:
        self._total = total
        self._segments = segments
        self._arrays = arrays
        self._find = find
        self._norms: dict[str, Norms] = {}
        self._length_columns: dict[str, Column] = {}

    def scores(self, words: Sequence[Boosted], documents: Documents, title: float) -> Scores:
        """The text score of each of `documents`, by a weight of titles."""
        scored = self.words(words)
        scores = self._arrays.scores(documents, scored)
        titled = self.titled(documents, words, scored, title)
        return self._arrays.raised(documents, scores, titled) if titled else scores

    def words(self, words: Sequence[Boosted]) -> list[Scored]:
        """Words as the arrays score them."""
        return [self._word(boosted) for boosted in words]

    def titled(
        self,
        documents: Documents,
        words: Sequence[Boosted],
        scored: Sequence[Scored],
        weight: float,
    ) -> Titled | None:
        """Those of the documents whose title has all words, and the factor that each gets."""
        if not words or not weight:
            return None
        if len({leaf.spellings for leaf, _ in words}) < len(words):
            # A word that is asked for in two forms stands in a title once.
            scored = [*{_unwritten(w.leaf): s for w, s in zip(words, scored, strict=True)}.values()]
        return self._arrays.titled(documents, scored, self._lengths(TITLE), weight)

    def explain(
        self, words: Sequence[Boosted], document: int, title: float
    ) -> tuple[WordScore, ...]:
        """The part of each word in the score of a document, and that of its title by a weight."""
        # Few searches explain.
        from heatseek.explanation import NO_WORD, title_score  # noqa: PLC0415

        if not words:
            return (NO_WORD,)
        parts = tuple(word for boosted in words if (word := self._explain(boosted, document)))
        alone = self._arrays.chosen((document,))
        titled = self.titled(alone, words, self.words(words), title)
        factor = dict(self._arrays.pairs(*titled)).get(document) if titled else None
        return parts if factor is None else (*parts, title_score(parts, factor))

    def _word(self, boosted: Boosted) -> Scored:
        leaf, weight = boosted
        occurrences = self._find(leaf)
        evidence = occurrences.evidence
        if evidence is None:
            counts = occurrences.fields
            fields = [(each, self._field(name)) for name, each in counts.items()]
            title = counts.get(TITLE) if _anywhere(leaf) else None
            evidence = Evidence(
                *(occurrences.documents, self._idf(occurrences), fields, title, _size(leaf))
            )
            occurrences.evidence = evidence
        return Word(evidence.idf * weight, evidence)

    def _idf(self, occurrences: Occurrences) -> float:
        return idf(self._arrays.live, self._arrays.total(occurrences.documents))

    def _explain(self, boosted: Boosted, document: int) -> WordScore | None:
        from heatseek.explanation import FieldScore, WordScore  # noqa: PLC0415 - as above

        occurrences = self._find(boosted.leaf)
        arrays = self._arrays
        parts: dict[str, float] = {}
        x = 0.0
        for name, counts in occurrences.fields.items():
            part = arrays.part_in(counts, self._field(name), document)
            if part:
                parts[name] = part
                x += part
        if not x:
            return None
        gain = score(self._idf(occurrences) * boosted.weight, x)
        fields = tuple(
            FieldScore(
                *(name, gain * part / x, arrays.count_in(occurrences.fields[name], document)),
                _TEXT[name].weight if name in _TEXT else 1.0,
            )
            for name, part in parts.items()
        )
        having = self._total(occurrences.documents)
        exact = self._is_exact(occurrences, document)
        return WordScore(boosted.leaf.text, gain, fields, exact, having, boosted.weight)

    def _is_exact(self, occurrences: Occurrences, document: int) -> bool | None:
        """True if a document has a word with the accents that were typed; None: it has none."""
        if occurrences.exact is None:
            return None
        both = self._arrays.intersection([occurrences.exact, self._arrays.chosen((document,))])
        return self._arrays.total(both) > 0

    def _field(self, name: str) -> Norms:
        norms = self._norms.get(name)
        if norms is None:
            norms = self._norms[name] = self._make_norms(name)
        return norms

    def _make_norms(self, name: str) -> Norms:
        spec = _TEXT.get(name)
        if spec is None:
            return self._arrays.constant_norms()
        return self._arrays.norms(self._dilution(spec), self._lengths(name))

    def _lengths(self, name: str) -> Column:
        lengths = self._length_columns.get(name)
        if lengths is None:
            parts = [segment.lengths(name) for _, segment in self._segments]
            lengths = self._length_columns[name] = self._arrays.column(parts, LENGTH)
            if len(parts) > 1:
                for _, segment in self._segments:
                    segment.release()
        return lengths

    def _dilution(self, spec: TextField) -> Dilution:
        words, having = self._totals[spec.name]
        return dilution(spec.weight, spec.b, words / having if having else 0.0)

    @cached_property
    def _totals(self) -> dict[str, tuple[int, int]]:
        every = [segment.statistics() for _, segment in self._segments]
        return {
            name: (sum(s[name][0] for s in every), sum(s[name][1] for s in every)) for name in _TEXT
        }


def _unwritten(leaf: Leaf) -> Leaf:
    """The leaf as it is looked up, however it was written."""
    return leaf._replace(text="")


def _size(leaf: Leaf) -> int:
    """The words of a leaf; of a pattern, which is none, 0."""
    if len(leaf.spellings) == 1:
        return len(leaf.spellings[0].terms)
    return max((len(form.terms) for form in leaf.spellings), default=0)


def _anywhere(leaf: Leaf) -> bool:
    """True if it is asked for in no one field."""
    return not leaf.pattern and len(leaf.fields) == len(_TEXT)


def best(
    values: Mapping[int, float],
    dates: Column,
    id_of: Callable[[int], str],
    window: slice,
    exact: Mapping[int, int] = MappingProxyType({}),
) -> list[int]:
    """The documents of `window` in order.

    Greatest value, most words spelt as typed, newest date, least id.
    """
    if len(set(values.values())) == len(values):
        return sorted(values, key=values.__getitem__, reverse=True)[window]
    keys = {
        document: (value, exact.get(document, 0), int(dates[document]))
        for document, value in values.items()
    }
    ranked = sorted(keys, key=keys.__getitem__, reverse=True)
    if window.stop < len(ranked):
        last = keys[ranked[window.stop - 1]] if window.stop else None
        ranked = [document for document in ranked if last and keys[document] >= last]
    level = Counter(map(keys.__getitem__, ranked))
    if len(level) < len(ranked):
        # Ids are read only where something depends on them.
        ids = {d: id_of(d) if level[keys[d]] > 1 else "" for d in sorted(ranked)}
        ranked = sorted(sorted(ranked, key=ids.__getitem__), key=keys.__getitem__, reverse=True)
    return ranked[window]
