"""How the parsers of front matter say where they failed."""

from __future__ import annotations

from heatseek.ingest.problem import ProblemKind


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
