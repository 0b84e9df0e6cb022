"""Words near each other, counted in the articles of hits: the server has no such number."""

from __future__ import annotations

from collections import defaultdict

from heatseek.definitions import cached_property
from heatseek.engines.opensearch.stored import article_of
from heatseek.engines.shared.fields import VALUE_GAP
from heatseek.engines.shared.plan import occurrences
from heatseek.schema import TEXT_FIELDS
from heatseek.text.languages import Analyzer
from heatseek.text.tokens import forms, written_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from heatseek.engines.model import Budget
    from heatseek.engines.shared.plan import Leaf, Stands
    from heatseek.text.languages import Language

_TEXT = {spec.name: spec for spec in TEXT_FIELDS}


class Proximity:
    """Counts words near each other in articles.

    Args:
        language: of the index.
        budget: of the search.
    """

    def __init__(self, language: Language, budget: Budget) -> None:
        self._language = language
        self._budget = budget
        self._stands: dict[tuple[str, str], Stands] = {}
        """By document and field."""

    @cached_property
    def _analyzer(self) -> Analyzer:
        return Analyzer(self._language)

    def count(self, leaf: Leaf, field: str, hit: Mapping[str, Any]) -> int:
        """How often the words of a leaf are near each other in a field of an article."""
        stands = self._positions(field, hit)
        most = 0
        for form in leaf.spellings:
            terms = {term for _, term in form.terms}
            if terms <= stands.keys():
                these = {term: stands[term] for term in terms}
                most = max(most, occurrences(form, these, self._budget))
        return most

    def _positions(self, field: str, hit: Mapping[str, Any]) -> Stands:
        key = str(hit["_id"]), field
        if key not in self._stands:
            self._stands[key] = self._worked_out(field, hit)
        return self._stands[key]

    def _worked_out(self, field: str, hit: Mapping[str, Any]) -> Stands:
        """Each term of a field, and its positions."""
        stands: defaultdict[str, list[int]] = defaultdict(list)
        stem = self._analyzer.stem
        at = 0
        for text in _TEXT[field].values(article_of(hit)):
            for word in written_words(text):
                parts, variants, *_ = forms(word)
                if not parts:
                    continue
                first = dict.fromkeys(map(stem, (parts[0], *variants)))
                for term in first:
                    stands[term].append(at)
                for place, part in enumerate(parts[1:], at + 1):
                    stands[stem(part)].append(place)
                at += len(parts)
            at += VALUE_GAP
        return dict(stands)
