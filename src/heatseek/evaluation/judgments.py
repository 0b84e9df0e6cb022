"""Queries and relevance judgments from files, in the forms of BEIR and TREC.

    queries     {"_id": "q1", "text": "..."} a line, or `q1<TAB>text`
    judgments   `q1<TAB>article<TAB>1`, or TREC's `q1 0 article 1`

A line that is neither is an error that names it: a figure from half a file would mislead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heatseek.errors import UsageError, reason

_HEADERS = {"query-id", "query_id", "queryid", "query", "qid", "id", "_id", "topic"}
"""First cells, in lower case, by which a first line names the columns."""
_GRADE = re.compile(r"[+-]?[0-9]{1,6}(?:\.0+)?")
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """A judged query."""

    id: str
    text: str
    grades: Mapping[str, int]
    """The relevance of each judged article, by id, path or link; 0 and below: none."""

    @property
    def relevant(self) -> int:
        """The number of relevant articles."""
        return sum(grade > 0 for grade in self.grades.values())


@dataclass(frozen=True, slots=True)
class Collection:
    """The queries that can be measured, and notices about their files."""

    queries: tuple[JudgedQuery, ...]
    notices: tuple[str, ...] = ()


def load(query_file: Path, qrels_file: Path) -> Collection:
    """Read queries and judgments; those without a counterpart are left out and counted.

    Raises:
        UsageError: a file or a line cannot be read, or no query has a relevant article.
    """
    texts, judged = read_queries(query_file), read_qrels(qrels_file)
    queries = tuple(
        JudgedQuery(name, text, judged[name])
        for name, text in texts.items()
        if any(grade > 0 for grade in judged.get(name, {}).values())
    )
    if not queries:
        raise UsageError(f"no query of {query_file} has a relevant article in {qrels_file}")
    return Collection(queries, tuple(_left_out(texts, judged, len(queries))))


def read_queries(path: Path) -> dict[str, str]:
    """The texts by query id, in the order of the file.

    Raises:
        UsageError: the file or a line of it is not as it should be.
    """
    texts: dict[str, str] = {}
    for where, line in _lines(path):
        name, text = _from_json(where, line) if line.startswith("{") else _from_table(where, line)
        if name in texts:
            raise UsageError(f"{where}: query {_cut(name)} stands here a second time")
        texts[name] = text
    return texts


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """The grades of articles, by query id.

    Raises:
        UsageError: the file or a line of it is not as it should be.
    """
    judged: dict[str, dict[str, int]] = {}
    for where, line in _lines(path):
        name, article, grade = _judgment(where, line)
        grades = judged.setdefault(name, {})
        if grades.setdefault(article, grade) != grade:
            raise UsageError(f"{where}: another judgment of {_cut(article)} for {_cut(name)}")
    return judged


def _left_out(texts: Mapping[str, str], judged: Mapping[str, Any], kept: int) -> Iterator[str]:
    if unjudged := len(texts) - kept:
        one, many = "query has no relevant article", "queries have no relevant article"
        yield f"{unjudged:,} {_left(unjudged, one, many)}"
    if unknown := len(judged.keys() - texts.keys()):
        one, many = "judged query has no text", "judged queries have no text"
        yield f"{unknown:,} {_left(unknown, one, many)}"


def _left(count: int, one: str, many: str) -> str:
    return f"{one} and is left out" if count == 1 else f"{many} and are left out"


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """Each line with something on it, after `file:line`; not the one that names the columns."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {reason(error)}") from None
    for number, piece in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        where = f"{path}:{number}"
        try:
            line = piece.decode("utf-8").strip()
        except UnicodeDecodeError:
            raise UsageError(f"{where}: is not UTF-8") from None
        names_columns = number == 1 and re.split(r"\s", line)[0].lower() in _HEADERS
        if line and not names_columns:
            yield where, line


def _from_json(where: str, line: str) -> tuple[str, str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise UsageError(f"{where}: is not JSON") from None
    name, text = record.get("_id", record.get("id")), record.get("text")
    if type(name) not in (str, int) or not str(name).strip():
        raise UsageError(f'{where}: has no "_id"')
    if not isinstance(text, str):
        raise UsageError(f'{where}: has no "text"')
    return str(name).strip(), text


def _from_table(where: str, line: str) -> tuple[str, str]:
    name, tab, text = line.partition("\t")
    if not tab:
        raise UsageError(f"{where}: needs a query id, a tab and the text, or JSON")
    return name.strip(), text.strip()


def _judgment(where: str, line: str) -> tuple[str, str, int]:
    # With tabs, as ids may have spaces; TREC's files have either.
    cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split())]
    if len(cells) not in (3, 4) or not all(cells):
        raise UsageError(f"{where}: needs query id, article and grade (or TREC's four columns)")
    if not _GRADE.fullmatch(cells[-1]):
        raise UsageError(f"{where}: {_cut(cells[-1])} is no whole number to grade with")
    return cells[0], cells[-2], int(float(cells[-1]))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
