"""The fields of an index: names of inverted fields and columns, and the values of columns.

The same in every engine that keeps articles by these names.
"""

from __future__ import annotations

import math
import sys
from datetime import UTC

from heatseek.definitions import NamedTuple
from heatseek.schema import PRESENCE, DeclaredField, FieldKind
from heatseek.zones import spans, wall_second

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.query.filters import Filters

COLUMNS = {
    "published_at": "q",
    "updated_at": "q",
    "quality": "q",
    "heat": "q",
    "published": "B",
    "kind": "B",
    "link": "I",
    **{f"has_{name}": "B" for name in PRESENCE},
}
"""Column to array typecode; beside these, one of field lengths per text field."""
LENGTH = "I"
"""Typecode of the columns of field lengths."""
UNKNOWN = -(2**63)
"""In the signed columns: no value."""
HELD_BACK, PUBLISHED, PUBLISHED_UNKNOWN = 0, 1, 2
ARTICLE, RELATED = 0, 1


TERMS = "terms"
"""The inverted field of all text fields' stems; which field a term stands in is in its postings."""
WORDS = "words"
"""Beside it: words as written, where stemming changed them.

Patterns are looked up here too, so that `computing*` finds "computing" though its stem is
"comput".
"""


ACCENTED = "accented"
"""And words with their accents and all else that folding takes away.

Of articles with equal scores those come first that have a word of the query as it was typed.
"""


WRITTEN = 7
"""In the masks of `TERMS`, beside the numbers of fields: the document has the term as a word.

Other terms are stems that nobody writes.
"""


REFERENCES = "references"
"""Beside the fields: the note of what mentions each article that has a file; see `references`."""


VALUE_GAP = 2_000
"""Positions between two values of a field, so that nothing near reaches across."""
SPELLING = "\0"
"""Between the two parts of a label's term: what it is compared by, and how it was written."""
AFTER_ANY_UTF8 = b"\xff"
"""Behind all terms that begin with what stands before it."""


class OwnColumn(NamedTuple):
    """How the values of a declared field stand in a column."""

    typecode: str
    unknown: float
    """No value; less than all."""
    lowest: float


OWN_COLUMNS = {
    FieldKind.NUMBER: OwnColumn("d", -math.inf, -sys.float_info.max),
    FieldKind.DATE: OwnColumn("q", UNKNOWN, UNKNOWN + 1),
    FieldKind.BOOLEAN: OwnColumn("b", -1, 0),
}
_HAS = "has"


def own(field: DeclaredField) -> str:
    """The column or inverted field of a declared field. Names of others have no dot."""
    return f"{field.kind}.{field.name}"


def own_words(field: str) -> str:
    """Beside the inverted field of a declared text: words as written, as `WORDS` has them."""
    return f"{WORDS}.{field.partition('.')[2]}"


def own_presence(field: DeclaredField) -> str:
    """The column that says whether a document has any keyword or text."""
    return f"{_HAS}.{field.name}"


def own_kind(name: str) -> FieldKind | None:
    """The kind of the declared field of this inverted field; None if it is of no declared one."""
    kind, dot, _ = name.partition(".")
    return FieldKind(kind) if dot else None


def has_positions(field: str) -> bool:
    """True for an inverted field of which it is known where in a document its terms stand."""
    return field == TERMS or field.startswith(f"{FieldKind.TEXT}.")


def field_name(name: str) -> str:
    """The name of an inverted field outside the engine."""
    return name.rpartition(".")[2]


def typecode(column: str) -> str:
    """The typecode of a column's array."""
    kind, dot, _ = column.partition(".")
    if not dot:
        return COLUMNS[column]
    return "B" if kind == _HAS else OWN_COLUMNS[FieldKind(kind)].typecode


def length_column(name: str) -> str:
    """The number of words that a document has in a text field."""
    return f"{name}_length"


def labels_of(filters: Filters) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The labels of which one must be there, for each field that is filtered by."""
    for field, values in (
        ("topic_label", filters.topics),
        ("provider_label", filters.providers),
        ("category", filters.categories),
        ("type", filters.types),
    ):
        if values:
            yield field, values


def dates_of(filters: Filters) -> Iterator[list[tuple[float, float]]]:
    """The spans in which a date must lie, for each bound; an unknown one lies in none."""
    for moment, is_low in ((filters.after, True), (filters.before, False)):
        if moment is not None:
            second = wall_second(moment)
            low, high = (second, None) if is_low else (None, second - 1)
            found = spans(low, high, None if moment.tzinfo is UTC else moment.tzinfo)
            yield [
                (UNKNOWN + 1 if first is None else first, math.inf if last is None else last)
                for first, last in found
            ]


def ranges_of(filters: Filters) -> Iterator[tuple[str, float, float]]:
    """Each other filter over a column, as column and bounds."""
    if filters.published is not None:
        shown = (PUBLISHED, PUBLISHED_UNKNOWN) if filters.published else (HELD_BACK, HELD_BACK)
        yield "published", *shown
    if filters.related is not None:
        kind = RELATED if filters.related else ARTICLE
        yield "kind", kind, kind
