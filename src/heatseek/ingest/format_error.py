"""How the parsers of front matter say where they failed."""

from __future__ import annotations

import re

from heatseek.ingest.problem import ProblemKind

_QUOTED = re.compile(r"""\s*(["'`])[^"'`]*\w[^"'`]*\1""")


def without_quotations(message: str) -> str:
    """A parser's words without what it quotes, which may be text of the file."""
    return _QUOTED.sub("", message)


class FormatError(Exception):
    """Front matter that is not well formed.

    Attributes:
        reason: why, without any text of the file.
        index: where, in characters from the start of the parsed text.
        kind: the category of the problem.
    """

    def __init__(self, reason: str, index: int, kind: ProblemKind = ProblemKind.SYNTAX) -> None:
        super().__init__(reason)
        self.reason = reason
        self.index = index
        self.kind = kind
