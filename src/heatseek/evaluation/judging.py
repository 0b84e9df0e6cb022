"""Judgments made by a person, hit by hit, into the files that `judgments` reads.

Each judgment is a line at the end of the file as soon as it is made: whoever stops keeps what was
done. Hits of several settings are pooled, so that the figures favour none of them (TREC's pooling).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from heatseek.errors import UsageError, reason
from heatseek.evaluation.judgments import read_qrels, read_queries
from heatseek.evaluation.runs import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from heatseek.evaluation.runs import Search
    from heatseek.results import Hit


def pool(text: str, searches: Iterable[Search]) -> list[Hit]:
    """The hits of several searches, each article once: all firsts, then all seconds, and so on.

    Their ranks are those in the pool.
    """
    rankings = [search(text).hits for search in searches]
    deepest = max(map(len, rankings), default=0)
    rows = (hits[place] for place in range(deepest) for hits in rankings if place < len(hits))
    pooled = {hit.article.id: hit for hit in reversed(list(rows))}
    best_first = reversed(pooled.values())
    return [replace(hit, rank=rank) for rank, hit in enumerate(best_first, start=1)]


class _Line(NamedTuple):
    """A judgment of this session."""

    name: str
    relevant: bool
    end_before: int
    """Bytes of the file before it was written."""


class JudgmentFile:
    """The judgments of one query, in their file.

    Attributes:
        query_id: of the query; the one that the file of queries has for this text, or a new one.

    Args:
        queries: the file of queries; a new query is added when its first judgment is made.
        qrels: the file of judgments; made if it is missing.
        text: of the query.

    Raises:
        UsageError: a file cannot be read, or a line of it is not as it should be.
    """

    def __init__(self, queries: Path, qrels: Path, text: str) -> None:
        self._queries, self._qrels = queries, qrels
        self._text = " ".join(text.split())
        if not self._text:
            raise UsageError("needs a query to judge the hits of")
        known = read_queries(queries) if queries.exists() else {}
        judged = read_qrels(qrels) if qrels.exists() else {}
        ids = [
            id_ for id_, known_text in known.items() if " ".join(known_text.split()) == self._text
        ]
        self._is_new = not ids
        self.query_id = ids[0] if ids else _new_id({*known, *judged})
        self._before = judged.get(self.query_id, {})
        self._made: list[_Line] = []

    @property
    def made(self) -> Sequence[bool]:
        """The judgments of this session: relevant or not."""
        return [line.relevant for line in self._made]

    def is_judged(self, hit: Hit) -> bool:
        """True if an earlier session judged it, by whichever name."""
        return any(name in self._before for name in names(hit.article))

    def add(self, hit: Hit, *, relevant: bool) -> None:
        """Write a judgment.

        Raises:
            UsageError: the file cannot be written, or the article has a name that no line can have.
        """
        name = hit.article.id
        if any(sign in name for sign in "\t\n\r") or name != name.strip():
            raise UsageError(f"{name}: no judgment can name it, for a tab or a space in its name")
        if self._is_new:
            _append(self._queries, f"{self.query_id}\t{self._text}\n")
            self._is_new = False
        end = _append(self._qrels, f"{self.query_id}\t{name}\t{int(relevant)}\n")
        self._made.append(_Line(name, relevant, end))

    def undo(self) -> bool:
        """Take the last judgment of this session back; False if there is none."""
        if not self._made:
            return False
        try:
            with self._qrels.open("r+b") as file:
                file.truncate(self._made[-1].end_before)
        except OSError as error:
            raise UsageError(f"{self._qrels}: cannot be written: {reason(error)}") from None
        self._made.pop()
        return True


def _new_id(taken: set[str]) -> str:
    return next(id_ for id_ in _numbered() if id_ not in taken)


def _numbered() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"q{number}"


def _append(path: Path, line: str) -> int:
    """Write a line at the end of a file, which may lack its last newline; gives where that was."""
    try:
        with path.open("a+b") as file:
            end = file.seek(0, 2)
            if end:
                file.seek(end - 1)
                if file.read(1) != b"\n":
                    line = f"\n{line}"
            file.write(line.encode())
            return end
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {reason(error)}") from None
