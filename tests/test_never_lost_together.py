"""Many readers beside a writer, and two writers."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli_runs import Ran, run
from crash_at_step import Crashes
from programs import HEATSEEK, SEARCH
from reading_processes import Readers
from two_states import AFTER, BEFORE, TwoStates, strays

if TYPE_CHECKING:
    from collections.abc import Iterator

HOLDING = """
import sys
from pathlib import Path
from heatseek.engines import load
sys.argv = ["heatseek", "rebuild"]
with load(Path("index")).writing():
    print("held", flush=True)
    sys.stdin.read()
"""
REPLACING = """
import sys
from pathlib import Path
from heatseek.article import Article
from heatseek.engines import load
from heatseek.errors import HeatseekError

def pause(here):
    if here == sys.argv[1]:
        print("paused", flush=True)
        sys.stdin.readline()

def articles():
    yield Article(id="a.md", title="of the first writer")
    pause("articles")

try:
    with load(Path("index")).writing() as writer:
        pause("lock")
        with writer.replace(articles(), archive="/elsewhere") as draft:
            pause("notes")
            draft.commit(notes={}, mentions={})
except HeatseekError as error:
    sys.exit(str(error))
"""
"""A writer that pauses when it has the lock, among the articles, or when they are written."""
DEAD = 2**22 + 1
"""No process: beyond the largest number that Linux gives."""


def update_beside_readers(base: Path, readers: int, updates: int) -> None:
    states = TwoStates(base, 120)
    with Readers(states.index, readers) as reading:
        for number in range(updates):
            states.set((AFTER, BEFORE)[number % 2])
            states.update()
    assert set(reading.seen) == set(states.known.values())
    assert reading.seen.total() > updates
    assert strays(states.index) == set()


def test_readers_during_updates(tmp_path: Path) -> None:
    update_beside_readers(tmp_path, readers=3, updates=16)


@pytest.mark.slow
def test_eight_readers_during_100_updates(tmp_path: Path) -> None:
    update_beside_readers(tmp_path, readers=8, updates=100)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> TwoStates:
    return TwoStates(tmp_path_factory.mktemp("built"), 60)


@pytest.fixture
def states(built: TwoStates) -> TwoStates:
    """The index is in `BEFORE`, the archive in `AFTER`."""
    built.set(AFTER)
    built.restore()
    return built


@contextmanager
def a_writer(cwd: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that writes the index, until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING],
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_says_who_is_at_it(states: TwoStates) -> None:
    cwd = states.index.parent
    with a_writer(cwd) as holder:
        for verb in ("update", "rebuild"):
            ran = run("heatseek", verb, "--lock-timeout", "0", cwd=cwd)
            assert ran.code == 3
            (line,) = ran.err.splitlines()
            assert f"is being written by heatseek rebuild (process {holder.pid}, since" in line
            assert "--lock-timeout SECONDS" in line
        assert states.indexed() == BEFORE


def test_a_second_writer_waits_no_longer_than_it_may(states: TwoStates) -> None:
    cwd = states.index.parent
    with a_writer(cwd) as holder:
        started = time.monotonic()
        ran = run("heatseek", "update", "--lock-timeout", "0.5", cwd=cwd)
        assert 0.5 <= time.monotonic() - started < 30
        waits, gives_up = ran.err.splitlines()
        assert ran.code == 3
        for line in (waits, gives_up):
            assert f"(process {holder.pid}, since" in line
        assert "waiting up to 0.5 s" in waits


@pytest.mark.parametrize("ends", [signal.SIGKILL, signal.SIGTERM, None])
def test_a_second_writer_goes_on_when_the_first_ends(
    states: TwoStates, ends: signal.Signals | None
) -> None:
    with (
        a_writer(states.index.parent) as holder,
        subprocess.Popen(
            [HEATSEEK, "update", "--lock-timeout", "60"],
            cwd=states.index.parent,
            stderr=subprocess.PIPE,
            text=True,
        ) as second,
    ):
        assert second.stderr
        assert "waiting up to 60 s" in second.stderr.readline()
        if ends is None:
            assert holder.stdin
            holder.stdin.close()
        else:
            holder.send_signal(ends)
        assert second.wait(timeout=60) == 0
    assert (states.indexed(), strays(states.index)) == (AFTER, set())


HOLDERS = (
    json.dumps({"pid": DEAD, "host": socket.gethostname(), "since": 0, "command": "heatseek x"}),
    json.dumps({"pid": 1, "host": "elsewhere", "since": 0, "command": "heatseek update"}),
    "",
    "[]",
    "\0" * 100,
)


@pytest.mark.parametrize("said", HOLDERS)
def test_what_a_dead_writer_left_keeps_nobody_waiting(states: TwoStates, said: str) -> None:
    (states.index / "LOCK").write_text(said)
    (states.index / "LOCK.holder").write_text(said)
    ran = run("heatseek", "update", "--lock-timeout", "0", cwd=states.index.parent)
    assert ran.code == 0, ran
    assert (states.indexed(), strays(states.index)) == (AFTER, set())


@pytest.mark.parametrize("said", ["", "[]", "\0" * 100, '{"pid": "x"}', "\x1b[31m"])
def test_a_holder_who_cannot_be_read(states: TwoStates, said: str) -> None:
    cwd = states.index.parent
    with a_writer(cwd):
        (states.index / "LOCK.holder").write_text(said)
        ran = run("heatseek", "update", "--lock-timeout", "0", cwd=cwd)
    assert ran == Ran(3, "", ran.err)
    assert "is being written by another process" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_two_writers_at_once_are_two_writers_in_a_row(states: TwoStates) -> None:
    writers = [
        subprocess.Popen([HEATSEEK, verb], cwd=states.index.parent, stderr=subprocess.DEVNULL)
        for verb in ("update", "rebuild", "update", "update")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0] * len(writers)
    assert (states.indexed(), strays(states.index)) == (AFTER, set())


# A lock that somebody removes


@pytest.mark.parametrize("pause", ["lock", "articles", "notes"])
@pytest.mark.parametrize("is_replaced", [True, False])
def test_a_writer_whose_lock_is_removed_changes_nothing_any_more(
    pause: str, states: TwoStates, *, is_replaced: bool
) -> None:
    """Be it while another one writes, or when that is done."""
    first = subprocess.Popen(
        [sys.executable, "-c", REPLACING, pause],
        cwd=states.index.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with first:
        assert first.stdout
        assert first.stdout.readline() == "paused\n"
        (states.index / "LOCK").unlink()
        if is_replaced:
            assert run("heatseek", "update", cwd=states.index.parent).code == 0
        said = first.communicate("\n", timeout=60)[1]
    assert first.returncode == 1
    assert "index/LOCK was removed meanwhile" in said
    assert len(said.splitlines()) == 1
    assert (states.indexed(), strays(states.index)) == (AFTER if is_replaced else BEFORE, set())


def test_a_writer_that_is_stopped_loses_nothing_of_the_next_one(states: TwoStates) -> None:
    """With its lock removed: it finds out at the last step before it would switch."""
    with Crashes("heatseek", "rebuild", cwd=states.index.parent, by=signal.SIGSTOP) as crashes:
        for step in (12, 30):
            states.restore()
            process = crashes.stopped_at(step)
            (states.index / "LOCK").unlink()
            assert run("heatseek", "update", cwd=states.index.parent).code == 0
            assert crashes.go_on(process) == 3
            assert (states.indexed(), strays(states.index)) == (AFTER, set())


# Nothing indexed yet


@pytest.mark.parametrize("left", ["nothing", "outdated"])
def test_first_searches_at_once_build_one_index(states: TwoStates, left: str) -> None:
    (manifest,) = states.index.rglob("manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))
    if left == "nothing":
        shutil.rmtree(states.index)
    searches = [
        subprocess.Popen(
            [SEARCH, "solar", "--format", "paths"],
            cwd=states.index.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    ran = [process.communicate(timeout=60) for process in searches]
    assert {process.returncode for process in searches} == {0}
    assert len({out for out, _ in ran}) == 1
    assert sum("indexed " in err for _, err in ran) == 1
    assert (states.indexed(), strays(states.index)) == (AFTER, set())
