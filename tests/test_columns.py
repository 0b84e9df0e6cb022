"""Columns as narrow as their values, frequent words as bytes, mentions as they stand in a note."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.model import Request
from heatseek.engines.shared.fields import UNKNOWN
from heatseek.engines.shared.references import CrossReferences, packed
from heatseek.engines.whoosh.arrays import plain_counts, plain_dense
from heatseek.engines.whoosh.arrays.numpy_arrays import NumpyArrays
from heatseek.engines.whoosh.arrays.plain import PlainArrays
from heatseek.engines.whoosh.coding import Coded
from heatseek.engines.whoosh.columns import forms, least_in, narrowed, unknown_in
from heatseek.engines.whoosh.encoding import Lists
from heatseek.query.parser import parse
from heatseek.text.tokens import label
from indexes import change, fill

SIZE = 9_000
"""Documents of a segment: further apart than two bytes of a list say."""

numbers = st.one_of(st.none(), st.integers(0, 127), st.integers(0, 40_000), st.integers(-5, 2**40))
columns = st.lists(numbers, min_size=1, max_size=12)


def written(values: list[int | None]) -> memoryview:
    stored = array("q", [UNKNOWN if value is None else value for value in values])
    return memoryview(narrowed("quality", stored))


@given(columns)
def test_a_narrow_column_has_the_same_numbers_in_the_same_order(values: list[int | None]) -> None:
    column = written(values)
    unknown = unknown_in(column)
    assert [None if value == unknown else value for value in column] == values
    assert all(unknown < value for value in column if value != unknown)
    assert forms("quality")[column.itemsize] == column.format
    least = least_in(column, UNKNOWN + 1)
    assert [value >= least for value in column] == [value is not None for value in values]


def test_a_column_is_no_wider_than_its_greatest_number() -> None:
    sizes = {100: 1, 127: 1, 128: 2, 32_767: 2, 32_768: 4, 2**31: 8, -2: 8}
    assert {value: written([value, None, 0]).itemsize for value in sizes} == sizes
    lengths = {255: 1, 256: 2, 65_536: 4}
    assert {n: narrowed("title_length", array("I", [0, n])).itemsize for n in lengths} == lengths


@given(st.lists(columns, min_size=1, max_size=3))
def test_columns_of_segments_are_joined_whatever_their_widths(
    segments: list[list[int | None]],
) -> None:
    parts = list(map(written, segments))
    every = [value for values in segments for value in values]
    for arrays in (PlainArrays(len(every)), NumpyArrays(len(every))):
        joined: Any = arrays.column(parts, "q")
        unknown = unknown_in(joined)
        assert [None if value == unknown else value for value in joined] == every


ids = st.integers(0, 40) | st.integers(0, SIZE - 1)
documents = st.dictionaries(ids, st.integers(1, 255), min_size=1, max_size=40)


def postings(masks: dict[int, int], size: int) -> Any:
    """As much of a record as is read of its documents."""
    ids = sorted(masks)
    gaps = np.array([one - other for one, other in zip(ids, [0, *ids], strict=False)])
    made = Lists(gaps, np.array([len(gaps)]), ones=False)
    out = np.zeros(int(made.sizes.sum()), np.uint8)
    made.put(out, np.array([0]))
    return Listed(
        documents=Coded(memoryview(out.tobytes()), 0, len(gaps), int(made.forms[0])),
        masks=bytes(masks[id_] for id_ in ids),
        behind=lambda base: [base + id_ for id_ in ids],
        size=size,
    )


class Listed(SimpleNamespace):
    def __len__(self) -> int:
        return len(self.masks)


@given(st.lists(documents, min_size=1, max_size=2), st.data())
def test_records_as_bytes_say_what_records_as_lists_say(
    segments: list[dict[int, int]], data: st.DataObject
) -> None:
    parts = [(SIZE * n, postings(masks, SIZE)) for n, masks in enumerate(segments)]
    every = [base + id_ for (base, _), masks in zip(parts, segments, strict=True) for id_ in masks]
    deleted = frozenset(data.draw(st.sets(st.sampled_from(every))))
    size = SIZE * len(segments)
    sparse = plain_counts.Record(parts, deleted, b"".join(part.masks for _, part in parts))
    dense = plain_dense.dense_record(parts, deleted, size)
    asked = data.draw(st.sets(st.integers(0, size - 1), max_size=30)) | set(every[:2])
    some = plain_counts.Documents(members=asked)
    assert dense.documents.ids == sparse.documents.ids == sorted(set(every) - deleted)
    assert dense.masks_of(some) == sparse.masks_of(some)
    assert dense.documents.among(asked) == sparse.documents.among(asked)
    for ids in (asked, asked & set(dense.documents)):
        flags = bytearray(size)
        for id_ in ids:
            flags[id_] = 1
        number = plain_counts.Documents(number=plain_counts.number_of(flags))
        assert dense.masks_of(number) == sparse.masks_of(plain_counts.Documents(members=ids))
    for field in range(8):
        assert list(dense.in_field(field)) == list(sparse.in_field(field))
        assert list(dense.all_ids(field)) == list(sparse.all_ids(field))
        assert dense.ranks(field, some) == sparse.ranks(field, some)


def mentions(letters: str) -> st.SearchStrategy[dict[str, set[str]]]:
    ids = st.text(letters, min_size=1, max_size=4)
    return st.dictionaries(ids, st.sets(ids, max_size=3), max_size=5)


@given(mentions("aAb") | mentions("aB\u00e9 \t/\0"))
def test_mentions_are_found_from_both_ends(mentioned_by: dict[str, set[str]]) -> None:
    references = CrossReferences(packed(mentioned_by))
    assert {id_: set(by) for id_, by in references.items()} == {
        id_: by for id_, by in mentioned_by.items() if by
    }
    for id_, by in mentioned_by.items():
        assert references.of(id_) == sorted(by)
    for one in {one for by in mentioned_by.values() for one in by}:
        found = {
            id_ for place in references.places(label(one)) for id_ in references.mentioned_by(place)
        }
        assert found == {
            id_
            for id_, by in mentioned_by.items()
            if any(label(other) == label(one) for other in by)
        }


def test_frequent_words_as_bytes_answer_as_numpy_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heatseek.engines.whoosh.arrays.plain.LEAST", 0)
    words = ("solar", "wind", "tide", "rare")
    articles = [
        Article(
            f"{n:03}.md",
            title=" ".join(w for at, w in enumerate(words) if n % (at * at * 8 + 2) == 0) or "none",
            excerpt=" ".join(w * (n % 3 > at) for at, w in enumerate(words)),
            url=f"https://example.com/{n // 2}",
            quality=n,
            heat=n * n,
        )
        for n in range(200)
    ]
    engine = load(str(tmp_path / "index"))
    fill(engine, articles[:120])
    change(engine, articles[120:], ["003.md", "004.md"])
    now = datetime(2024, 1, 1, tzinfo=UTC)
    for text in (
        "solar",
        "solar wind",
        "solar OR rare",
        "tide -wind",
        "title:wind",
        "solar wind tide",
    ):
        request = Request(parse(text), now, explain=True, limit=7)
        with engine.open() as plain, engine.open(long_lived=True) as vectorised:
            assert plain.search(request) == vectorised.search(request), text
