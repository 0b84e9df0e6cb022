"""Counts of many queries in one call are the totals of as many searches."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import examples
from heatseek.article import Article
from heatseek.engines.model import COUNT_STEPS, Budget, Count
from heatseek.errors import QueryError
from heatseek.query import tree
from indexes import fill
from strategies import archives, plain_requests

if TYPE_CHECKING:
    from contract.conftest import Fill, Make
    from heatseek.engines.model import Request


@settings(max_examples=examples(15))
@given(archive=archives(), asked=st.lists(plain_requests, max_size=8))
def test_counts_are_totals(
    make: Make, filled: Fill, archive: list[Article], asked: list[Request]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        filled(engine, archive)
        with engine.open() as reader:
            totals = tuple(reader.search(each._replace(limit=0)).total for each in asked)
            queries = [Count(each.query, each.filters) for each in asked]
            assert reader.count(queries) == totals
            assert reader.count(iter(queries), Budget()) == totals


def test_a_count_that_takes_too_long_is_unknown_and_the_others_are_told(
    make: Make, tmp_path: Path
) -> None:
    engine = make(tmp_path)
    fill(engine, [Article(f"{n}.md", "sun wind", body="sun wind " * 9_000) for n in range(6)])
    near, plain = tree.Near("sun wind", 3), tree.Term("wind")
    with engine.open() as reader:
        assert reader.count(map(Count, (plain, near, plain))) == (6, None, 6)
        with pytest.raises(QueryError, match="takes too long"):
            reader.count(map(Count, (plain, near)), Budget(COUNT_STEPS))
