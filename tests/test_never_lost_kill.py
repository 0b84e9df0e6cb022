"""A writer that is killed, at whatever instant, costs nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crash_at_step import Crashes
from heatseek.cli import ExitCode
from programs import SEARCH
from reading_processes import Readers
from two_states import AFTER, BEFORE, TwoStates, strays

if TYPE_CHECKING:
    from collections.abc import Iterable

MARK = "CRASH_TEST"
LOG = "stderr"
VERBS = ("update", "rebuild")
PROGRAM = """
import sys
from heatseek.cli.main import run
from heatseek.indexer import intake
assert intake.SHARE > 100 and intake._processors() > 0
intake.SHARE, intake._processors = 100, lambda: 2
sys.exit(run("heatseek", sys.argv[1:]))
"""
"""The command as on two processors, with others that read for it."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")


def environ(mark: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], MARK: mark}


def start(verb: str, cwd: Path) -> subprocess.Popen[bytes]:
    with (cwd / LOG).open("wb") as stderr:
        line = [sys.executable, "-c", PROGRAM, verb]
        return subprocess.Popen(line, cwd=cwd, env=environ(str(cwd)), stderr=stderr)


def duration(verb: str, states: TwoStates, cwd: Path) -> float:
    """Seconds that it takes undisturbed; it leads to `AFTER`."""
    states.set(AFTER)
    started = time.perf_counter()
    assert start(verb, cwd).wait(timeout=120) == 0
    return time.perf_counter() - started


def processes_of(cwd: Path) -> list[int]:
    """All that came of `start`, however they were orphaned."""
    mark = f"{MARK}={cwd}\0".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue  # gone, or not ours
    return found


def none_left(cwd: Path) -> bool:
    deadline = time.monotonic() + 60
    while processes_of(cwd):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


STALE = "gone: the index needs an update"
"""The end of a line on hits whose files the last writer would have taken out."""


def search(states: TwoStates) -> str:
    """What `search` prints, as a command of its own."""
    line = [SEARCH, "solar", "--format", "jsonl", "-n", "1000", "--now", "2026-01-01"]
    done = subprocess.run(
        line, cwd=states.index.parent, env=environ(""), capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if not line.endswith(STALE)]
    assert (done.returncode, told) == (0, [])
    return done.stdout


def kill_at_random(base: Path, files: int, kills: int, readers: int, seed: int) -> None:
    states = TwoStates(base, files)
    chance = random.Random(seed)  # noqa: S311
    printed = {BEFORE: search(states)}
    durations = {verb: duration(verb, states, base) for verb in VERBS}
    printed[AFTER] = search(states)
    now = AFTER
    with Readers(states.index, readers) as reading:
        for number in range(kills):
            verb = VERBS[number % 2]
            then = BEFORE if now == AFTER else AFTER
            states.set(then)
            writer = start(verb, base)
            time.sleep(chance.uniform(0, 1.1 * durations[verb]))
            writer.kill()
            writer.wait()
            state = states.indexed()
            assert state in {now, then}
            assert search(states) == printed[state]
            assert none_left(base)
            assert "Traceback" not in (base / LOG).read_text()
            states.update()
            assert (states.indexed(), strays(states.index)) == (then, set())
            now = then
    assert set(reading.seen) <= set(states.known.values()), reading.seen
    assert reading.seen.total() >= kills


def test_killed_at_random_instants_while_others_read(tmp_path: Path) -> None:
    kill_at_random(tmp_path, files=240, kills=3, readers=2, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_killed_at_200_random_instants_while_others_read(tmp_path: Path, seed: int) -> None:
    kill_at_random(tmp_path, files=600, kills=100, readers=4, seed=seed)


LEAST_STEPS = 30
"""That an update or a rebuild takes in the file system."""


def stop_at_steps(base: Path, verb: str, steps: Iterable[int], by: signal.Signals) -> None:
    """Send it a signal at each of these steps, until it has no more."""
    states = TwoStates(base, 45)
    states.set(AFTER)
    seen, stopped = set(), 0
    with Crashes("heatseek", verb, cwd=base, by=by) as crashes:
        for step in steps:
            states.restore()
            code = crashes.at(step)
            seen.add(states.indexed())
            if code == 0:
                break
            assert code == (-by if by == signal.SIGKILL else ExitCode.INTERRUPTED), step
            stopped = step
            states.update()
            assert (states.indexed(), strays(states.index)) == (AFTER, set()), step
    assert code == 0
    assert seen == {BEFORE, AFTER}
    assert stopped > LEAST_STEPS


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
def test_stopped_at_some_steps(tmp_path: Path, by: signal.Signals) -> None:
    stop_at_steps(tmp_path, "update", count(1, 7), by)


@pytest.mark.parametrize("verb", VERBS)
def test_one_that_is_terminated_leaves_nothing_behind(tmp_path: Path, verb: str) -> None:
    states = TwoStates(tmp_path, 3)
    states.set(AFTER)
    with Crashes("heatseek", verb, cwd=tmp_path, by=signal.SIGTERM) as crashes:
        states.restore()
        assert crashes.at(LEAST_STEPS // 2) == -signal.SIGTERM
    assert strays(states.index) == set()


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("verb", VERBS)
def test_stopped_at_every_step(tmp_path: Path, verb: str, by: signal.Signals) -> None:
    stop_at_steps(tmp_path, verb, count(1), by)


def kill_the_first_at_steps(base: Path, verb: str, steps: Iterable[int]) -> None:
    states = TwoStates(base, 3)
    shutil.rmtree(states.index)
    with Crashes("heatseek", verb, cwd=base) as crashes:
        for step in steps:
            if crashes.at(step) == 0:
                break
            states.update()
            assert (states.indexed(), strays(states.index)) == (BEFORE, set())
            shutil.rmtree(states.index)
    assert step > LEAST_STEPS


def test_the_very_first_writer_killed_at_some_steps(tmp_path: Path) -> None:
    kill_the_first_at_steps(tmp_path, "update", count(2, 6))


@pytest.mark.slow
@pytest.mark.parametrize("verb", VERBS)
def test_the_very_first_writer_killed_at_every_step(tmp_path: Path, verb: str) -> None:
    kill_the_first_at_steps(tmp_path, verb, count(1))
