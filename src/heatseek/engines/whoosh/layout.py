"""Names and numbers of the files that the codec writes and the segment reads."""

from __future__ import annotations

import sys

from heatseek.engines.shared.fields import COLUMNS
from heatseek.schema import LABEL_FIELDS, TEXT_FIELDS
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


def fingerprint() -> str:
    """Fields and analysis that an index was written by, besides the format."""
    text = ",".join(spec.name for spec in TEXT_FIELDS)
    labels = ",".join(spec.name for spec in LABEL_FIELDS)
    columns = ",".join(COLUMNS)
    return (
        f"text={text} labels={labels} columns={columns} "
        f"analysis={ANALYSIS_VERSION} byteorder={sys.byteorder}"
    )
