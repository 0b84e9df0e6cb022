"""Names and numbers that the codec writes by and the segment reads by."""

from __future__ import annotations

import math
import sys
from typing import NamedTuple

from heatseek.schema import LABEL_FIELDS, PRESENCE, TEXT_FIELDS, DeclaredField, FieldKind
from heatseek.text.tokens import VERSION as ANALYSIS_VERSION

FORMAT = 11
"""Of our files; to be raised when their layout changes."""
WHOOSH_FORMAT = -111
"""Whoosh's own index version (`whoosh.index._CURRENT_TOC_VERSION`; a test compares them)."""

DOCUMENTS_FILE = ".doc"
TERMS_FILE = ".trm"
DELETIONS_FILE = ".del"
REFERENCES = "references"
"""The note of what mentions each article that has a file; see `references`."""
NOTE_FILE = ".note"
ID_FIELD = "id"
RECORD_FIELD = "record"

COLUMNS = {
    "published_at": "q",
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


WRITTEN = 7
"""In the masks of `TERMS`, beside the numbers of fields: the document has the term as a word.

Other terms are stems that nobody writes.
"""


SPELLING = "\0"
"""Between the two parts of a label's term: what it is compared by, and how it was written."""


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


def field_name(name: str) -> str:
    """What an inverted field is called outside the engine."""
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


def fingerprint() -> str:
    """What an index was written by, besides the format: fields and analysis."""
    text = ",".join(spec.name for spec in TEXT_FIELDS)
    labels = ",".join(spec.name for spec in LABEL_FIELDS)
    columns = ",".join(COLUMNS)
    return (
        f"text={text} labels={labels} columns={columns} "
        f"analysis={ANALYSIS_VERSION} byteorder={sys.byteorder}"
    )
