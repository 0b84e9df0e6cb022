"""Why an article matches, worked out when somebody looks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from heatseek.language import ENGLISH

if TYPE_CHECKING:
    from heatseek.article import Article
    from heatseek.highlight import Highlighter
    from heatseek.language import Language
    from heatseek.query.tree import Query
    from heatseek.results import Fragment


class LazyMarks:
    """Marks what a query asks for; see `results.Marks`.

    Args:
        query: as it was searched.
        length: of the passage, in characters.
        language: of the index.
    """

    def __init__(self, query: Query, length: int, language: Language = ENGLISH) -> None:
        self._query = query
        self._length = length
        self._language = language

    def __reduce__(self) -> tuple[type[LazyMarks], tuple[Query, int, Language]]:
        # For copies and pickles: the stemmer of what marks cannot be copied, and is made anew.
        return type(self), (self._query, self._length, self._language)

    def title(self, article: Article) -> tuple[Fragment, ...]:
        """See `results.Marks`."""
        return self._highlighter.whole("title", article.title)

    def snippet(self, article: Article) -> tuple[Fragment, ...]:
        """From the excerpt; from the body where only that has what was asked for."""
        shown = self._highlighter.passage("excerpt", article.excerpt, self._length)
        if article.body and not any(fragment.matched for fragment in shown):
            from_body = self._highlighter.passage("body", article.body, self._length)
            if not article.excerpt or any(fragment.matched for fragment in from_body):
                return from_body
        return shown

    @cached_property
    def _highlighter(self) -> Highlighter:
        # Most formats show no marks: their start-up does without.
        from heatseek.highlight import Highlighter  # noqa: PLC0415

        return Highlighter(self._query, self._language)
