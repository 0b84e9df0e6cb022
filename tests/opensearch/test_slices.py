"""Slices of a generation on a real server: who is at work on which, and what is left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from heatseek.article import Article
from heatseek.engines.model import Origin, Slice
from heatseek.engines.opensearch import lease, slice_lease
from heatseek.errors import IndexLockedError, IndexWriteError, LeaseLostError
from indexes import change, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opensearch.cluster_index import ClusterIndex

pytestmark = pytest.mark.opensearch
ORIGIN = Origin("/archive")
ONE, TWO, THREE = (Article(f"{name}.md", name) for name in ("one", "two", "three"))


def complete(writer: Any) -> None:
    with writer.complete([THREE]) as draft:
        draft.commit(notes={"whole": b"1"}, mentions={})


def test_nothing_of_the_slices_is_left_when_all_are_one(index: ClusterIndex) -> None:
    for number, article in ((1, ONE), (2, TWO)):
        with index.engine.slicing(Slice(number, 2), ORIGIN) as writer:
            writer.take([article])
            if not writer.report({"files": b"x" * number}):
                complete(writer)
    assert index.ids() == ["one.md", "three.md", "two.md"]
    current = index.current()
    assert index.indexes() == sorted([current, f"{current}-notes", f"{index.name}-lease"])
    # Of the notes those of the whole are left.
    for name, found in (("whole.0", True), ("slice-1%2Ffiles.0", False)):
        assert index.get(f"{current}-notes/_doc/{name}")["found"] is found
    assert index.get(f"{current}/_alias")[current]["aliases"] == {
        index.name: {"is_write_index": True}
    }
    assert index.get(f"{index.name}-lease/_doc/lease")["found"] is False
    assert list(index.engine.check()) == []
    assert change(index.engine, [], ["one.md"]).documents == 2


def test_who_was_too_slow_writes_nothing_more_to_its_slice(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "HEARTBEAT", 60)
    monkeypatch.setattr(lease, "EXPIRY", 0.2)

    def slowly() -> Iterator[Article]:
        yield Article("old.md", "of the slow one")
        time.sleep(0.3)
        with index.another().slicing(Slice(1, 2), ORIGIN) as other:
            other.take([ONE])
            assert other.report({}) == (2,)

    with index.engine.slicing(Slice(1, 2), ORIGIN) as slow:
        with pytest.raises(LeaseLostError):
            slow.take(slowly())
        with pytest.raises(LeaseLostError):
            slow.report({})
    with index.engine.slicing(Slice(2, 2), ORIGIN) as writer:
        writer.take([TWO])
        assert writer.report({}) == ()
        complete(writer)
    assert index.ids() == ["one.md", "three.md", "two.md"]


def test_what_nobody_goes_on_with_lapses(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(index.engine, [ONE])
    with index.engine.slicing(Slice(1, 2), ORIGIN) as writer:
        writer.take([TWO])
        assert writer.report({"files": b"2"}) == (2,)
    with pytest.raises(IndexLockedError), index.engine.writing():
        pass
    monkeypatch.setattr(slice_lease, "EXPIRY", 0.1)
    with index.engine.slicing(Slice(1, 2), ORIGIN) as writer:
        assert writer.left == (2,)
    time.sleep(0.2)
    with index.engine.writing():
        assert index.drafts() == []
    assert index.ids() == ["one.md"]
    # The next slice begins another generation.
    with index.engine.slicing(Slice(2, 2), ORIGIN) as writer:
        assert writer.left == (1, 2)


def test_only_one_completes(index: ClusterIndex) -> None:
    with index.engine.slicing(Slice(1, 1), ORIGIN) as writer:
        writer.take([ONE])
        assert writer.report({}) == ()
        with pytest.raises(IndexLockedError), index.another().slicing(Slice(1, 1), ORIGIN):
            pass
        complete(writer)
    assert index.ids() == ["one.md", "three.md"]


def test_a_generation_whose_last_writer_died_after_the_switch_is_done(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "EXPIRY", 0.2)
    with monkeypatch.context() as killed:
        killed.setattr(slice_lease.SliceLease, "_release", lambda _: None)
        with index.engine.slicing(Slice(1, 1), ORIGIN) as writer:
            writer.take([ONE])
            assert writer.report({}) == ()
            complete(writer)
    time.sleep(0.3)
    with index.engine.slicing(Slice(1, 1), ORIGIN) as writer:
        assert writer.left == (1,)
        writer.take([TWO])
        assert writer.report({}) == ()
        complete(writer)
    assert index.ids() == ["three.md", "two.md"]


def test_a_slice_that_cannot_be_made_again_says_so(index: ClusterIndex) -> None:
    with index.engine.slicing(Slice(1, 2), ORIGIN) as writer:
        writer.take([ONE])
    (draft,) = index.drafts()
    index.put(f"{draft}/_settings", {"index.blocks.write": True})
    with index.engine.slicing(Slice(1, 2), ORIGIN) as writer:
        with pytest.raises(IndexWriteError, match="takes no writes"):
            writer.take([TWO])
        with pytest.raises(IndexLockedError, match="ends within 300 s"), index.engine.writing():
            pass
