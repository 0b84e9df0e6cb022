"""Lists of small numbers in few bytes, and stored bodies that are read when they are asked for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import heatseek
from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.whoosh import stored
from heatseek.engines.whoosh.arrays.numpy_lists import numbers_of
from heatseek.engines.whoosh.coding import BYTES, ONES, Coded
from heatseek.engines.whoosh.encoding import ByteLists, Lists, encoded
from heatseek.engines.whoosh.positions import Positions
from indexes import fill

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NUMBERS = st.one_of(
    st.sampled_from([1, 14, 15, 223, 224, 238, 239, 8_159, 8_160, 8_174, 8_175, 2**32 - 1]),
    st.integers(0, 20),
    st.integers(0, 10_000),
)
LISTS = st.lists(st.lists(NUMBERS, max_size=20) | st.lists(st.just(1), max_size=9), min_size=1)


@given(LISTS)
def test_lists_are_read_as_they_were_written(lists: list[list[int]]) -> None:
    made = Lists(*flat(lists), ones=True)
    out = np.zeros(int(made.sizes.sum()), np.uint8)
    made.put(out, np.cumsum(made.sizes) - made.sizes)
    end = 0
    for numbers, form in zip(lists, made.forms.tolist(), strict=True):
        coded = Coded(memoryview(out), end, len(numbers), form)
        assert list(coded.numbers()) == numbers
        assert form == ONES or numbers_of(coded).tolist() == numbers
        end = coded.end
    assert end == len(out)


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=9), min_size=1), st.data())
def test_positions_of_some_documents(documents: list[list[int]], data: st.DataObject) -> None:
    gaps = [gap for own in documents for gap in own]
    coded = memoryview(ByteLists(*flat([gaps])).data())
    positions = Positions(coded, 0, len(gaps))
    assert positions.end == len(coded)
    ends = np.cumsum([0, *map(len, documents)]).tolist()
    places = [slice(*pair) for pair in pairwise(ends)]
    for number in data.draw(st.lists(st.integers(0, len(documents) - 1))):
        assert list(positions[places[number]]) == np.cumsum(documents[number]).tolist()


@given(NUMBERS)
def test_one_number_is_a_list_of_one(value: int) -> None:
    assert encoded(value) == ByteLists(*flat([[value]])).data()
    assert Coded(memoryview(encoded(value)), 0, 1, BYTES).numbers()[0] == value


def flat(lists: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    numbers = [number for each in lists for number in each]
    return np.array(numbers, np.int64), np.array(list(map(len, lists)))


def test_bodies_of_hits_are_read_when_they_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = [f"solar {number} " * 50 for number in range(10)]
    fill(load(tmp_path), [Article(f"{n}.md", "wind", body=body) for n, body in enumerate(bodies)])
    read: list[object] = []
    inflate = stored.Body.__call__
    monkeypatch.setattr(stored.Body, "__call__", lambda self: read.append(self) or inflate(self))
    with heatseek.open_index(tmp_path) as index:
        hits = index.search("wind", snippet_length=0).hits
    assert (len(hits), read) == (10, [])
    assert sorted(hit.article.body for hit in hits) == sorted(bodies)
    assert hits[0].article.body in bodies
    assert len(read) == len(bodies)


def test_a_word_that_no_article_has_can_be_asked_for_again(tmp_path: Path) -> None:
    topics = [("rare",), *[()] * 59]
    archive = [Article(f"{n}.md", "solar wind", topics=own) for n, own in enumerate(topics)]
    fill(load(tmp_path), archive)
    with heatseek.open_index(tmp_path) as index:
        assert index.search("solar OR unheard OR wind").total == 60
        assert index.search("solar OR unheard OR wind", topics=["rare"]).total == 1
