"""What the two lines at the foot of the screen say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.cli.render.clean import one_line
from heatseek.cli.tui.keys import HINT
from heatseek.query.printing import to_text
from heatseek.results import Sort
from heatseek.schema import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.cli.tui.session import Session
    from heatseek.query.filters import Filters

_BETWEEN = " · "


def state(session: Session) -> str:
    """How many there are, how long it took, the order, the filters."""
    question, results = session.question, session.results
    parts = ["no search yet"]
    if results is not None:
        noun = "match" if results.total == 1 else "matches"
        parts = [f"{results.total:,} {noun}", f"{results.took_ms:.1f} ms"]
    elif session.error:
        parts = ["not searched"]
    if question.sort is not Sort.RELEVANCE:
        parts.append(f"by {question.sort}")
    return one_line(_BETWEEN.join((*parts, *_filters(question.filters, session))))


def remark(session: Session, told: str) -> str:
    """What went wrong, what was just done, what is to be known; or else the keys.

    Args:
        session: the last search.
        told: of the last key, if there is anything to say.
    """
    if told or session.error:
        return one_line(told or session.error)
    return one_line(_BETWEEN.join((*_notices(session), *session.mismatches))) or HINT


def _notices(session: Session) -> Iterator[str]:
    results = session.results
    if results is None:
        return
    if not results.total:
        beside = " with these filters" if any(_filters(session.question.filters, session)) else ""
        yield f"nothing found{beside}"
    yield from results.notices


def _filters(filters: Filters, session: Session) -> Iterator[str]:
    labels = (filters.topics, filters.providers, filters.categories, filters.types)
    for name, values in zip(("topic", "provider", "category", "type"), labels, strict=True):
        if values:
            yield f"{name}: {' or '.join(values)}"
    if filters.after:
        yield f"after {filters.after:%Y-%m-%d}"
    if filters.before:
        yield f"before {filters.before:%Y-%m-%d}"
    if filters.published is not None:
        yield "published" if filters.published else "unpublished"
    if filters.related is not None:
        yield "related" if filters.related else "not related"
    names = Names(session.generation.fields)
    yield from (to_text(condition, names) for condition in filters.where)
