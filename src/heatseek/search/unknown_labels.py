"""Labels that are asked for and that no article has: told with their place and the nearest ones.

In the text of a query `topic:` and `provider:` ask for words of labels, other names for whole ones;
whatever no article has there is as unknown as the value of a filter.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from heatseek.engines.model import Count
from heatseek.query.filters import Filters
from heatseek.query.tree import Everything, Leaf, Phrase, Query, Term, leaves, paths
from heatseek.schema import FACET_OF, PATH, FieldKind
from heatseek.text.tokens import label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from heatseek.engines.base import Reader
    from heatseek.engines.model import LabelSummary, Request

_ALIKE = 0.7
"""Of `difflib`'s ratio: what is hardly the same word stays unsaid."""
_MOST = 3
"""Labels that are proposed."""
_FEW = 8
"""Labels of a facet that are all named if none is like the one that was typed."""
_NAMED = 5
"""Unknown labels that are told one by one."""


class _Label(NamedTuple):
    """A label that a search asks for."""

    facet: str
    value: str
    query: Query
    """Together with `filters`: finds the articles that have it."""
    filters: Filters = Filters()
    leaf: Leaf | None = None
    """As it was typed, if it stands in the text of the query."""


def unknown_labels(
    request: Request,
    leaves: Iterable[tuple[Leaf, Query]],
    places: Callable[[], Mapping[Leaf, int]],
    reader: Reader,
    *,
    found: bool,
) -> Iterator[str]:
    """A notice about each label that no article has.

    Args:
        request: the search.
        leaves: those of its query as typed, each with what is searched for in its place.
        places: gives the index in the text at which each leaf of it stands.
        reader: the archive.
        found: whether the search found anything.
    """
    own = (field for field in reader.generation.fields if field.kind is FieldKind.KEYWORD)
    facets = {**FACET_OF, **{field.name: field.name for field in own}}
    every = (
        *_in_text(leaves, facets),
        *_in_filters(request.filters, facets, found=found),
        *(() if found else _paths(request)),
    )
    labels = list(dict.fromkeys(every))
    if not labels:
        return
    counts = reader.count([Count(one.query, one.filters) for one in labels], request.budget)
    unknown = [one for one, count in zip(labels, counts, strict=True) if count == 0]
    at_of = places() if any(one.leaf for one in unknown) else {}
    for one in unknown[:_NAMED]:
        if one.facet == PATH:
            hint = _inner(one.value, reader.generation.archive)
        else:
            hint = _hint(one.value, reader.labels(one.facet))
        at = "" if one.leaf is None else f" at character {at_of[one.leaf] + 1:,}"
        yield f'no {one.facet} "{one.value}"{at}{hint}'
    if (left := len(unknown) - _NAMED) > 0:
        yield f"{left:,} more of the labels are unknown"


def _hint(value: str, known: tuple[LabelSummary, ...]) -> str:
    near = nearest(value, known)
    if near:
        return f"; did you mean {_listed(near, 'or')}?"
    if 0 < len(known) <= _FEW:
        verb = "is" if len(known) == 1 else "are"
        return f"; there {verb} {_listed([each.value for each in known], 'and')}"
    return ""


def _inner(path: str, archive: str) -> str:
    """A path that begins with the archive's own folder, as it is in the archive."""
    parts = path.split("/")
    for count in range(1, len(parts)):
        if archive.endswith("/" + "/".join(parts[:count])):
            return f'; did you mean "{"/".join(parts[count:])}"?'
    return ""


def _listed(labels: Sequence[str], joint: str) -> str:
    *others, last = (f'"{each}"' for each in labels)
    return f"{', '.join(others)} {joint} {last}" if others else last


def nearest(value: str, known: tuple[LabelSummary, ...]) -> list[str]:
    """Labels that are written alike, that have what was typed among their words, or nearly so.

    Args:
        value: what was typed.
        known: the most frequent first.
    """
    folded = label(value)
    written = {label(each.value): each.value for each in known}
    words: dict[str, list[str]] = {}
    for each in written:
        for word in each.split():
            words.setdefault(word, []).append(each)
    alike = get_close_matches(folded, written, n=_MOST, cutoff=_ALIKE)
    for word in get_close_matches(folded, words, n=1, cutoff=_ALIKE):
        alike += words[word]
    return [written[each] for each in list(dict.fromkeys(alike))[:_MOST]]


def _in_text(leaves: Iterable[tuple[Leaf, Query]], facets: Mapping[str, str]) -> Iterator[_Label]:
    for leaf, query in leaves:
        if facet := _facet(leaf, facets):
            yield _Label(facet, leaf.text, query, leaf=leaf)


def _in_filters(filters: Filters, facets: Mapping[str, str], *, found: bool) -> Iterator[_Label]:
    everything = Everything()
    for value in _doubtful(filters.topics, found=found):
        yield _Label("topic", value, everything, Filters(topics=(value,)))
    for value in _doubtful(filters.providers, found=found):
        yield _Label("provider", value, everything, Filters(providers=(value,)))
    for value in _doubtful(filters.categories, found=found):
        yield _Label("category", value, everything, Filters(categories=(value,)))
    for value in _doubtful(filters.types, found=found):
        yield _Label("type", value, everything, Filters(types=(value,)))
    for condition in filters.where:
        for leaf in leaves(condition):
            if facet := _facet(leaf, facets):
                yield _Label(facet, leaf.text, leaf)


def _paths(request: Request) -> Iterator[_Label]:
    for query in (request.query, *request.filters.where):
        for path in paths(query):
            yield _Label(PATH, path.text, path)


def _doubtful(values: tuple[str, ...], *, found: bool) -> tuple[str, ...]:
    """Those that may be unknown: without a single one nothing would have been found."""
    return () if found and len(values) == 1 else values


def _facet(leaf: Leaf, facets: Mapping[str, str]) -> str:
    """The facet of which the leaf names a value; empty if there is none. Patterns name none."""
    return facets.get(leaf.field or "", "") if isinstance(leaf, Term | Phrase) else ""
