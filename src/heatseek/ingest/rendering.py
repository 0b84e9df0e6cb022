"""Bodies to HTML, as a page shows them; what comes out is as harmful as the body itself."""

from __future__ import annotations

from html import escape

import pyromark

from heatseek.ingest.front_matter import MAX_MARKUP
from heatseek.ingest.html import is_html
from heatseek.ingest.markup import OPTIONS, PIECE
from heatseek.ingest.templates import Dialect, without_templates
from heatseek.ingest.text import harmless

MAX_RENDERED = PIECE
"""Characters of Markdown; a longer body is shown as the text that it is."""
MAX_SHOWN = 1_000_000
"""Characters of such a text; what follows is left out."""


def body_html(body: str, name: str) -> str:
    """A body as HTML, by the kind of its file; nothing in it is made safe.

    Args:
        body: as it stands in the file.
        name: of the file; its ending tells the kind, as for `markup.body_text`.
    """
    source, ending = harmless(body[:MAX_MARKUP]), name.lower().rpartition(".")[2]
    if not source.strip():
        return ""
    if is_html(name):
        return without_templates(source[:MAX_SHOWN], Dialect.HTML)
    if ending in {"txt", "text"} or len(source) > MAX_RENDERED:
        return _as_typed(source)
    try:
        return pyromark.html(
            without_templates(source, Dialect.MDX if ending == "mdx" else Dialect.MARKDOWN),
            options=OPTIONS,
        )
    except BaseException as error:
        # A panic of Rust is no Exception, and its class can be imported from nowhere.
        if type(error).__name__ != "PanicException":
            raise
        return _as_typed(source)


def _as_typed(text: str) -> str:
    end = "\n…" if len(text) > MAX_SHOWN else ""
    return f"<pre>{escape(text[:MAX_SHOWN])}{end}</pre>"
