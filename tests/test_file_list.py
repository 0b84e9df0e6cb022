"""Files that are to be read: a list of them over one text is what a list of objects would be."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.indexer import file_list
from heatseek.indexer.file_list import FileList
from heatseek.ingest.discover import ArticleFile

PLACES = st.none() | st.integers(-9, 9)


@given(count=st.integers(0, 7), start=PLACES, end=PLACES)
def test_files_are_those_of_a_plain_list(count: int, start: int | None, end: int | None) -> None:
    ids = [f"é {number}.md" for number in range(count)]
    expected = [ArticleFile(id_, Path("archive")) for id_ in ids][start:end]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_list, "_TOGETHER", 3)
        files = FileList(Path("archive"), ids)[start:end]
        assert [*files] == [files[place] for place in range(len(files))] == expected
        assert [*pickle.loads(pickle.dumps(files))] == expected  # noqa: S301 - our own
