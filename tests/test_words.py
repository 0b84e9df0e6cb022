"""Which spellings find which (cases/words.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.engines import load
from heatseek.search.request import Matching
from indexes import fill
from searches import Asking

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = tomllib.loads((Path(__file__).parent / "cases/words.toml").read_text())["case"]
EXPECTED = [
    (case["text"], query, expected)
    for case in CASES
    for key, expected in (("finds", True), ("not", False))
    for query in case.get(key, [])
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    engine = load(tmp_path_factory.mktemp("index"))
    fill(engine, (Article(id=c["text"], title=c["text"]) for c in CASES), "/words")
    with engine.open() as reader:
        yield Asking(reader)


@pytest.mark.parametrize(("text", "query", "expected"), EXPECTED)
def test_query_finds_text(searcher: Asking, text: str, query: str, *, expected: bool) -> None:
    results = searcher.search(query, matching=Matching.ALL, limit=100)
    assert expected == (text in {hit.article.id for hit in results})
