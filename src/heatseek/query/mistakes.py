"""Mistakes in a query that can be known, told in one line with their place."""

from __future__ import annotations

from heatseek.errors import QueryError


def mistake(problem: str, at: int, advice: str) -> QueryError:
    """The error to raise.

    Args:
        problem: what is wrong.
        at: the index in the query text where it is.
        advice: what to write instead.
    """
    return QueryError(f"{problem} at character {at + 1:,}; {advice}")


def shown(text: str) -> str:
    """The text in quotes on one printable line, cut where it gets long."""
    line = " ".join(text[:200].split())
    quoted = repr(line if len(line) <= 40 else f"{line[:39]}…")
    return quoted if len(quoted) <= 60 else f"{quoted[:59]}…"
