"""Slices of a generation on a real server: who is at work on which, and what is left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from heatseek.article import Article
from heatseek.conventions import Conventions
from heatseek.engines.model import Origin, Slice
from heatseek.engines.opensearch import lease, slice_lease
from heatseek.errors import IndexLockedError, IndexWriteError, LeaseLostError, Remedy
from heatseek.schema import DeclaredField
from heatseek.text.languages import Language
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
        with pytest.raises(IndexLockedError, match="waits for slices 1, 2"), index.engine.writing():
            pass


def test_whoever_is_kept_out_learns_which_slices_are_awaited(index: ClusterIndex) -> None:
    clock = r"\d\d:\d\d:\d\d UTC"
    go_on = f"it is given up at {clock}"
    told: list[str] = []
    with index.engine.slicing(Slice(1, 3), ORIGIN) as writer:
        writer.take([ONE])
        with (
            pytest.raises(
                IndexLockedError,
                match=rf"in 3 slices and waits for slices 1, 2, 3; the last sign of life from slice"
                rf" 1 came at {clock}; without another one {go_on}$",
            ),
            index.engine.writing(),
        ):
            pass
        with (
            pytest.raises(
                IndexLockedError,
                match=rf"slice 1/3 being written by another process, .* at {clock}; .* 30 s after",
            ),
            index.another().slicing(Slice(1, 3), ORIGIN),
        ):
            pass
        assert writer.report({}) == (2, 3)
    with (
        pytest.raises(IndexLockedError, match=rf"2, 3; nobody .* since {clock}; {go_on}$") as kept,
        index.engine.writing(timeout=0.1, tell=told.append),
    ):
        pass
    assert kept.value.remedy is Remedy.SLICES
    assert len(told) == 1
    assert told[0].endswith("UTC: waiting up to 0.1 s")
    assert "process" not in told[0]


def test_what_awaits_only_its_completion_says_so(index: ClusterIndex) -> None:
    with index.engine.slicing(Slice(1, 1), ORIGIN) as writer:
        writer.take([ONE])
        assert writer.report({}) == ()
    with (
        pytest.raises(IndexLockedError, match="in 1 slice and waits for its completion; nobody"),
        index.engine.writing(),
    ):
        pass


def test_a_slice_that_does_not_fit_is_told_why_at_once(index: ClusterIndex) -> None:
    with index.engine.slicing(Slice(1, 2), ORIGIN) as writer:
        writer.take([ONE])
    for of, origin, words in (
        (3, ORIGIN, "is of 2 slices, not of 3"),
        (2, Origin("/elsewhere"), "is of the archive /archive, not /elsewhere"),
        (2, ORIGIN._replace(language=Language("german")), "is in another language"),
        (2, ORIGIN._replace(fields=(DeclaredField("isbn"),)), "is with other fields"),
        (2, ORIGIN._replace(conventions=Conventions(None, "UTC")), "is with other conventions"),
        (3, Origin("/x"), "of 2 slices, not of 3 and of the archive /archive, not /x"),
    ):
        with (
            pytest.raises(
                IndexLockedError, match=rf"{words}: make it fit, .* given up at "
            ) as told,
            index.engine.slicing(Slice(2, of), origin, timeout=60, tell=pytest.fail),
        ):
            pass
        assert str(told.value).startswith(f"slice 2/{of} does not fit ")
        assert told.value.remedy is None
