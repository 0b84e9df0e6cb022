"""One writer at a time on a real server: a lease with a version, signs of life, and an end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from heatseek.article import Article
from heatseek.engines.opensearch import lease
from heatseek.errors import (
    IndexForeignError,
    IndexLockedError,
    LeaseLostError,
    Remedy,
)
from indexes import change, fill

if TYPE_CHECKING:
    from opensearch.cluster_index import ClusterIndex

pytestmark = pytest.mark.opensearch
ONE, TWO = Article("one.md", "one"), Article("two.md", "two")


def document(index: ClusterIndex) -> dict[str, Any]:
    found: dict[str, Any] = index.get(f"{index.name}-lease/_doc/lease")
    return found


def hurry(patch: pytest.MonkeyPatch, heartbeat: float, expiry: float) -> None:
    patch.setattr(lease, "HEARTBEAT", heartbeat)
    patch.setattr(lease, "EXPIRY", expiry)
    patch.setattr(lease, "_LOOKS", 0.05)


def test_a_lease_says_who_holds_it(index: ClusterIndex) -> None:
    with index.engine.writing() as writer:
        held = writer.lease
        said = document(index)["_source"]
        assert (said["process"], said["host"]) == (held.holder.process, held.holder.host)
        assert held.holder.process == os.getpid()
        assert (held.heartbeat, held.expiry) == (5.0, 30.0)
        with pytest.raises(IndexLockedError, match=f"process {os.getpid()}, since") as told:
            index.another().writing().__enter__()
        assert told.value.remedy is Remedy.WAIT
        assert "its lease ends within 30 s" in str(told.value)
    assert document(index)["found"] is False


def test_signs_of_life_keep_it(index: ClusterIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch, 0.1, 0.6)
    with index.engine.writing():
        version = document(index)["_version"]
        time.sleep(1.0)
        assert document(index)["_version"] > version + 2
        with pytest.raises(IndexLockedError), index.engine.writing():
            pass


def test_who_waits_gets_it_when_it_is_given_back(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch, 1, 10)
    told: list[str] = []
    with ExitStack() as first:
        first.enter_context(index.engine.writing())

        def tell(line: str) -> None:
            told.append(line)
            first.close()

        with index.engine.writing(timeout=5, tell=tell):
            pass
    assert len(told) == 1
    assert "is being written by" in told[0]
    assert "waiting up to 5 s" in told[0]


def test_a_dead_writers_lease_lapses(index: ClusterIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed says nothing more; until then nobody gets in."""
    fill(index.engine, [ONE])
    hurry(monkeypatch, 0.2, 1.0)
    script = f"""
import sys, time
from heatseek.engines import load
from heatseek.engines.opensearch import lease
from heatseek.article import Article
lease.HEARTBEAT, lease.EXPIRY = 0.2, 1.0
with load({index.location!r}, {{"replicas": 0}}).writing() as writer:
    with writer.replace([Article("x.md", "x")], archive="/archive"):
        print("ready", flush=True)
        time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
        time.sleep(1.2)
        with pytest.raises(IndexLockedError, match=f"process {process.pid}"):
            index.engine.writing().__enter__()
        process.send_signal(signal.SIGKILL)
        process.wait()
        begun = time.monotonic()
        assert len(index.drafts()) == 1
        with index.engine.writing(timeout=10):
            assert time.monotonic() - begun < 5
            assert index.drafts() == []
    assert index.ids() == ["one.md"]


def test_a_writer_that_lost_its_lease_never_switches(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paused for too long, it finds another writer's generation, and leaves it."""
    fill(index.engine, [ONE])
    hurry(monkeypatch, 60, 0.2)
    with index.engine.writing() as paused:
        with paused.change([TWO]) as draft:
            time.sleep(0.3)
            change(index.another(), [Article("other.md", "other")])
            with pytest.raises(LeaseLostError, match="has lapsed"):
                draft.commit(notes={}, mentions={})
        with pytest.raises(LeaseLostError), paused.change([TWO]):
            pass
    assert index.ids() == ["one.md", "other.md"]
    assert index.drafts() == []


def test_a_writer_whose_draft_another_one_removed_is_told(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it sends after that makes no index."""
    fill(index.engine, [ONE])
    hurry(monkeypatch, 60, 0.2)

    def slowly() -> Any:
        yield TWO
        time.sleep(0.3)
        with index.another().writing():
            assert index.drafts() == []
        before.extend(index.indexes())

    before: list[str] = []
    with (
        index.engine.writing() as paused,
        pytest.raises(LeaseLostError, match="has removed"),
        paused.change(slowly()),
    ):
        pass
    assert index.indexes() == before


def test_a_renewal_whose_answer_was_lost_is_no_loss(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch, 60, 60)
    fill(index.engine, [ONE])
    with index.engine.writing() as writer:
        said = document(index)["_source"]
        index.put(f"{index.name}-lease/_doc/lease", said)  # as it would have done itself
        with writer.change([TWO]) as draft:
            draft.commit(notes={}, mentions={})
    assert index.ids() == ["one.md", "two.md"]


def test_a_lease_that_somebody_removed_is_lost(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    with index.engine.writing() as writer, writer.change([TWO]) as draft:
        index.ask("DELETE", f"{index.name}-lease/_doc/lease")
        with pytest.raises(LeaseLostError):
            draft.commit(notes={}, mentions={})
    assert index.ids() == ["one.md"]


def test_a_place_of_leases_that_is_somebody_elses_is_left_alone(index: ClusterIndex) -> None:
    index.put(f"{index.name}-lease", {})
    with pytest.raises(IndexForeignError, match="cannot exclude each other"):
        index.engine.writing().__enter__()
    assert index.indexes() == [f"{index.name}-lease"]


def test_two_that_come_together_are_one_after_the_other(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch, 1, 10)
    script = f"""
import sys
from heatseek.engines import load
from heatseek.article import Article
from heatseek.engines.opensearch import lease
lease._LOOKS = 0.05
engine = load({index.location!r}, {{"replicas": 0}})
for number in range(3):
    with engine.writing(timeout=60) as writer:
        try:
            made = writer.generation
        except Exception:
            with writer.replace([], archive="/archive") as draft:
                draft.commit(notes={{}}, mentions={{}})
        with writer.change([Article(f"{{sys.argv[1]}}{{number}}.md", "x")]) as draft:
            draft.commit(notes={{}}, mentions={{}})
"""
    writers = [subprocess.Popen([sys.executable, "-c", script, name]) for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert index.ids() == sorted(f"{name}{number}.md" for name in "ab" for number in range(3))
