"""`--slice`: what several machines fill together is what one rebuild makes."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli_runs import run
from heatseek import indexer
from heatseek.engines import load
from heatseek.engines.model import Slice
from heatseek.errors import ArchiveError, CapabilityError
from heatseek.indexer import SliceSummary, Summary
from heatseek.indexer.slicing import is_of
from memory_engine import MemoryEngine
from test_update import NAMES, texts

if TYPE_CHECKING:
    from heatseek.ingest.problem import Problem

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DATES = ("03/04/2023", "13/04/2023", "2023-04-13")


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def dated(text: str, date: str) -> str:
    return text.replace("title:", f"date: {date}\ntitle:", 1)


files = st.dictionaries(
    st.sampled_from(NAMES), st.builds(dated, texts(), st.sampled_from(DATES)), max_size=6
)


def fill(
    root: Path, engine: MemoryEngine, order: list[int]
) -> tuple[list[Summary | SliceSummary], list[Problem]]:
    problems: list[Problem] = []
    outcomes = [
        indexer.rebuild_slice(root, engine, Slice(number, len(order)), report=problems.append)
        for number in order
    ]
    return outcomes, problems


@settings(max_examples=25)
@given(files, st.integers(1, 4).flatmap(lambda of: st.permutations(range(1, of + 1))))
def test_slices_are_what_one_rebuild_makes(some: dict[str, str], order: list[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "archive")
        write(root, {"always.md": "# solar", **some})
        engine, whole = MemoryEngine(root), MemoryEngine(root)
        outcomes, problems = fill(root, engine, order)
        expected: list[Problem] = []
        last = indexer.rebuild(root, whole, report=expected.append)
        assert [each.left for each in outcomes if isinstance(each, SliceSummary)] == [
            tuple(sorted(order[place:])) for place in range(1, len(order))
        ]
        assert isinstance(outcomes[-1], Summary)
        assert outcomes[-1].articles == last.articles
        assert outcomes[-1].related == last.related
        assert set(map(str, problems)) == set(map(str, expected))
        assert engine.current().articles == whole.current().articles
        assert engine.current().mentions == whole.current().mentions
        after = indexer.update(root, engine, report=lambda problem: None)  # noqa: ARG005 - seen
        assert after.changes
        assert not after.changes.total


def test_a_slice_that_was_made_is_not_made_again(tmp_path: Path) -> None:
    write(tmp_path, {name: f"# {name}" for name in NAMES})
    engine = MemoryEngine(tmp_path)
    part = Slice(1, 2)
    indexer.rebuild_slice(tmp_path, engine, part, report=lambda problem: None)  # noqa: ARG005
    read: list[tuple[int, int]] = []
    again = indexer.rebuild_slice(
        *(tmp_path, engine, part),
        report=lambda problem: None,  # noqa: ARG005 - there is none
        progress=lambda done, total: read.append((done, total)),
    )
    assert isinstance(again, SliceSummary)
    assert (again.left, again.is_new) == ((2,), False)
    assert not read


def test_every_file_is_of_one_slice() -> None:
    for id_ in (*NAMES, "\u00e4.md", "a" * 300):
        assert sum(is_of(Slice(number, 7), id_) for number in range(1, 8)) == 1


def test_an_archive_without_articles_replaces_nothing(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    root.mkdir()
    engine = MemoryEngine(root)
    with pytest.raises(ArchiveError, match="no articles in"):
        fill(root, engine, [1])
    assert engine.state is None


def test_a_folder_takes_no_slices(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": "# a"})
    with pytest.raises(CapabilityError, match="cannot be filled by several machines at once"):
        indexer.rebuild_slice(
            *(tmp_path, load(tmp_path / "index"), Slice(1, 2)),
            report=lambda problem: None,  # noqa: ARG005 - nothing is read
        )
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize("text", ["3", "0/2", "3/2", "1/9999", "a/b", "1/2/3", "-1/2"])
def test_a_slice_that_is_none_is_told(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"seeds/a.md": "# a"})
    result = run("heatseek", "rebuild", "--slice", text, cwd=tmp_path)
    assert result.code == 2
    assert result.err.startswith(f"rebuild: --slice {text}: must be which of how many slices")
    assert not (tmp_path / "index").exists()
