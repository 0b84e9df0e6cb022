"""Which judged articles an index has at all: those that it lacks lower every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heatseek.evaluation.measures import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heatseek.engines.base import Reader
    from heatseek.evaluation.judgments import Question

_SHOWN = 60
"""Characters of an article's name."""


def remarks(questions: Iterable[Question], reader: Reader) -> Iterator[str]:
    """What to say of judged articles that are not in the index."""
    judged = dict.fromkeys(name for question in questions for name in question.grades)
    missing = _missing(judged, reader)
    if missing:
        first = missing[0] if len(missing[0]) <= _SHOWN else f"{missing[0][: _SHOWN - 1]}…"
        told = f"{len(missing):,} of {len(judged):,} judged articles"
        if len(missing) == 1:
            yield f"{told} is not in the index: {first}"
        else:
            yield f"{told} are not in the index, such as {first}"


def _missing(judged: Iterable[str], reader: Reader) -> list[str]:
    """Those that no article goes by, in the order of the judgments."""
    left = dict.fromkeys(judged)
    # One look at all articles, not one for each name.
    for article in reader.articles():
        for name in names(article):
            left.pop(name, None)
        if not left:
            break
    return list(left)
