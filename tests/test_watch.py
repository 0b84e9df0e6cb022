"""`heatseek watch`: the index follows the archive, whatever happens to either."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import pytest

from heatseek import indexer
from heatseek.engines import load
from heatseek.errors import HeatseekError
from heatseek.indexer import watching
from heatseek.indexer.watching import Pace
from searches import Asking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.base import Engine
    from heatseek.indexer import Summary

BIN = Path(sys.executable).parent
PROGRAM = """
import signal
# A shell without job control starts background processes deaf to Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
from heatseek.cli.main import heatseek
heatseek()
"""
PATIENCE = 60.0
"""Seconds until something that should have happened counts as missing."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    for name in ("a", "b"):
        write(tmp_path, name)
    return tmp_path


def write(home: Path, name: str, front: str | None = None) -> None:
    path = home / "seeds" / f"{name}.md"
    path.write_text(f"---\n{front or f'title: {name} solar'}\n---\n")


def ids(home: Path) -> set[str]:
    with load(home / "index").open() as reader:
        return {hit.article.id for hit in Asking(reader).search("solar", limit=1_000).hits}


class Watching:
    """`heatseek watch` in a process of its own, and the lines that it says."""

    def __init__(self, home: Path, *args: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "watch", *args],
            cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.lines: SimpleQueue[str] = SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.put(line.rstrip("\n"))

    def until(self, *texts: str) -> list[str]:
        """The lines up to the one that has all of `texts` in it."""
        seen: list[str] = []
        while not seen or not all(text in seen[-1] for text in texts):
            try:
                seen.append(self.lines.get(timeout=PATIENCE))
            except Empty:
                raise AssertionError(f"no {texts} in {seen}") from None
        return seen

    def rest(self, seconds: float = 0.0) -> list[str]:
        """The lines that are said, now and in the next seconds."""
        time.sleep(seconds)
        seen = []
        with suppress(Empty):
            while True:
                seen.append(self.lines.get_nowait())
        return seen

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code


@contextmanager
def watch(home: Path, *args: str) -> Iterator[Watching]:
    watching = Watching(home, *args)
    try:
        yield watching
    finally:
        watching.process.kill()
        watching.process.wait()
        watching._reader.join(PATIENCE)
        assert watching.process.stderr is not None
        watching.process.stderr.close()


# As a program


def test_it_updates_first_and_then_after_each_change(home: Path) -> None:
    with watch(home) as watching:
        first, second = watching.until("watching seeds; Ctrl-C ends it")
        assert first[:2].isdecimal()
        assert first[8:].startswith("  indexed 2 articles and 0 related, ")
        assert ids(home) == {"a.md", "b.md"}
        write(home, "c")
        assert watching.until("1 added: 3 articles")[-1][2] == ":"
        write(home, "c", "title: c wind")
        watching.until("1 changed: 3 articles")
        (home / "seeds/b.md").rename(home / "seeds/d.md")
        watching.until("1 renamed: 3 articles")
        (home / "seeds/a.md").unlink()
        watching.until("1 removed: 2 articles")
        assert ids(home) == {"d.md"}
        assert second[:2].isdecimal()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_signals_end_it_quietly(number: int, code: int, home: Path) -> None:
    with watch(home) as watching:
        watching.until("watching seeds")
        assert watching.end(number) == code
        assert watching.rest() == []
    assert ids(home) == {"a.md", "b.md"}


@pytest.mark.slow
def test_signals_in_the_middle_of_anything_lose_nothing(home: Path) -> None:
    for number in range(300):
        write(home, f"n{number}")
    indexer.rebuild(home / "seeds", load(home / "index"), report=print)
    before = ids(home)
    for round_ in range(6):
        for number in range(300):
            write(home, f"n{number}", f"title: n{number} solar\nquality: {round_}")
        with watch(home) as watching:
            time.sleep(0.15 + 0.1 * round_)
            sent = signal.SIGINT if round_ % 2 else signal.SIGTERM
            # Before Python has taken over, the system ends it.
            assert watching.end(sent) in {0, 130, -signal.SIGTERM, -signal.SIGINT}
            assert not any("Traceback" in line or "rror" in line for line in watching.rest())
        engine = load(home / "index")
        assert list(engine.check()) == []
        assert ids(home) == before
    with watch(home) as watching:
        watching.until("watching seeds")


def test_rules_of_git_are_followed(home: Path) -> None:
    with watch(home) as watching:
        watching.until("watching seeds")
        (home / "seeds/.gitignore").write_text("b.md\n")
        watching.until("1 removed: 1 article")
        (home / "seeds/.gitignore").unlink()
        watching.until("1 added: 2 articles")


def test_problems_are_told_once_while_they_stand(home: Path) -> None:
    with watch(home) as watching:
        watching.until("watching seeds")
        (home / "seeds/c.md").write_bytes(b"\0")
        write(home, "d", "title: d\nquality: high")
        seen = watching.until("1 added: 3 articles", "1 skipped")
        told = [line for line in seen if line.endswith(".md") or ".md:" in line]
        assert told[0] == "c.md: no text: it has binary data"
        assert told[1:] == ["d.md:3: warning: quality is not a number"]
        write(home, "e")
        assert len(watching.until("1 added: 4 articles")) == 1
        write(home, "d", "title: d solar\nquality: high")
        assert len(watching.until("1 changed: 4 articles")) == 1
        # Put right, and wrong again.
        write(home, "c")
        write(home, "d")
        assert len(watching.until("2 changed: 5 articles")) == 1
        (home / "seeds/c.md").write_bytes(b"\0")
        write(home, "d", "title: d solar\nquality: high")
        seen = watching.until("changed: 5 articles", "1 skipped")
        assert [line.split(":")[0] for line in seen[:-1]] == ["c.md", "d.md"]


@pytest.mark.slow
def test_the_folder_vanishes_and_comes_back(home: Path) -> None:
    with watch(home) as watching:
        watching.until("watching seeds")
        (home / "seeds").rename(home / "away")
        watching.until("cannot read the archive", "waiting for seeds to come back")
        assert watching.rest(2) == []
        assert ids(home) == {"a.md", "b.md"}
        (home / "away").rename(home / "seeds")
        write(home, "c")
        watching.until("watching seeds")
        watching.until("1 added: 3 articles")
        write(home, "d")
        watching.until("1 added: 4 articles")
        assert ids(home) == {"a.md", "b.md", "c.md", "d.md"}


@pytest.mark.slow
def test_an_archive_that_is_emptied_loses_nothing(home: Path) -> None:
    with watch(home) as watching:
        watching.until("watching seeds")
        # All at once: between two files being removed there could be an update.
        (home / "seeds").rename(home / "old")
        (home / "seeds").mkdir()
        seen = watching.until("no articles in ", "the index stays as it is")
        assert len([line for line in seen if "no articles" in line]) == 1
        assert watching.rest(3) == []
        write(home, "c")
        watching.until("1 added, 2 removed: 1 article ")


@pytest.mark.slow
def test_a_replaced_folder_is_watched_anew(home: Path) -> None:
    shutil.copytree(home / "seeds", home / "other")
    (home / "other/z.md").write_text("---\ntitle: z solar\n---\n")
    with watch(home) as watching:
        watching.until("watching seeds")
        (home / "seeds").rename(home / "old")
        (home / "other").rename(home / "seeds")
        watching.until("1 added: 3 articles")
        write(home, "y")
        watching.until("1 added: 4 articles")


@pytest.mark.slow
def test_another_writer_is_waited_for(home: Path) -> None:
    engine = load(home / "index")
    with watch(home, "--lock-timeout", "1") as watching:
        watching.until("watching seeds")
        with engine.writing(timeout=PATIENCE):
            write(home, "c")
            seen = watching.until("is being written by", "waiting up to 1 s")
            assert watching.rest(3) == []
        assert len(seen) == 1
        watching.until("1 added: 3 articles")
        assert ids(home) == {"a.md", "b.md", "c.md"}


@pytest.mark.slow
def test_another_writer_at_the_start(home: Path) -> None:
    with load(home / "index").writing(), watch(home, "--lock-timeout", "0") as watching:
        watching.until("is being written by")
        watching.until("watching seeds")
        assert watching.process.poll() is None
    assert watching.rest() == []


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs limits of other processes")
@pytest.mark.slow
def test_a_full_disk(home: Path) -> None:
    with watch(home) as watching:
        watching.until("watching seeds")
        limits = resource.prlimit(watching.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(watching.process.pid, resource.RLIMIT_FSIZE, (0, limits[1]))
        write(home, "c")
        watching.until("cannot write the index", "untouched")
        assert watching.rest(2) == []
        assert ids(home) == {"a.md", "b.md"}
        resource.prlimit(watching.process.pid, resource.RLIMIT_FSIZE, limits)
        watching.until("1 added: 3 articles")
        assert ids(home) == {"a.md", "b.md", "c.md"}


@pytest.mark.slow
def test_a_repair_gets_it_going_again(home: Path) -> None:
    with watch(home) as watching:
        watching.until("watching seeds")
        current = home / "index/CURRENT"
        current.write_bytes(b"\xff")
        write(home, "c")
        watching.until("heatseek doctor --repair")
        repaired = subprocess.run([BIN / "heatseek", "doctor", "--repair"], cwd=home, check=False)
        assert repaired.returncode == 0
        watching.until("nothing changed: 3 articles")
        write(home, "d")
        watching.until("1 added: 4 articles")


def test_what_cannot_work_is_said_at_once(home: Path) -> None:
    for args in (["--archive", "none"], ["--lock-timeout", "x"]):
        with watch(home, *args) as watching:
            assert watching.process.wait(PATIENCE) in {2, 3}
            watching._reader.join(PATIENCE)
            (line,) = watching.rest()
            assert line.startswith("watch: ")


# The loop


QUICK = Pace(quiet=0.05, longest=1.0, tick=0.2, retry=0.2, look_round=3_600)


class Enough(Exception):  # noqa: N818 - no error
    """Ends the loop."""


class Listener:
    """Remembers what it is told, and ends the loop when it is asked to."""

    def __init__(self) -> None:
        self.summaries: list[Summary] = []
        self.failures: list[HeatseekError] = []
        self.unnoticed_: list[str] = []
        self.is_armed = threading.Event()
        self.stop = threading.Event()

    def updated(self, summary: Summary) -> None:
        self.summaries.append(summary)
        self._check()

    def failed(self, error: HeatseekError) -> None:
        self.failures.append(error)
        self._check()

    def armed(self) -> None:
        self.is_armed.set()

    def unnoticed(self, reason: str, seconds: float) -> None:  # noqa: ARG002 - as declared
        self.unnoticed_.append(reason)
        self.is_armed.set()

    def problem(self, problem: object) -> None:
        """Not looked at."""

    def progress(self, done: int, total: int) -> None:
        """Not looked at."""

    def waiting(self, said: str) -> None:
        """Not looked at."""

    def vanished(self, error: HeatseekError) -> None:
        self.failures.append(error)
        self._check()

    def _check(self) -> None:
        if self.stop.is_set():
            raise Enough


@contextmanager
def loop(
    home: Path, pace: Pace = QUICK, *, index: Path | None = None
) -> Iterator[tuple[Listener, Engine]]:
    """The loop in a thread of this process."""
    index = index or home / "index"
    engine, listener = load(index), Listener()

    def run() -> None:
        with suppress(Enough):
            watching.watch(
                home / "seeds", engine, listener, ignored=index, pace=pace, follow_links=True
            )

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert listener.is_armed.wait(PATIENCE)
    wait_for(lambda: len(listener.summaries) >= 2)  # the first one, and the one once armed
    try:
        yield listener, engine
    finally:
        listener.stop.set()
        while thread.is_alive():
            write(home, "zz-end")
            thread.join(0.3)
            (home / "seeds/zz-end.md").unlink()
            thread.join(0.3)


def wait_for(condition: Callable[[], Any]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_burst_is_one_update(home: Path) -> None:
    # Longer than a busy machine lets the writer of the files wait between two.
    with loop(home, QUICK._replace(quiet=1.0, longest=60)) as (listener, _):
        before = len(listener.summaries)
        for number in range(200):
            write(home, f"n{number}")
            time.sleep(0.002)
        wait_for(lambda: listener.summaries[-1].articles == 202)
        assert len(listener.summaries) - before <= 2


@pytest.mark.slow
def test_a_burst_without_end_starves_nothing(home: Path) -> None:
    with loop(home, QUICK._replace(quiet=0.5)) as (listener, _):
        before = len(listener.summaries)
        end = time.monotonic() + PATIENCE
        number = 0
        while len(listener.summaries) - before < 2:
            assert time.monotonic() < end
            write(home, f"n{number % 50}", f"title: solar {number}")
            number += 1
            time.sleep(0.05)


EDITORS = [".a.md.swp", ".hidden.md", "4913", "a.md~", "#a.md#", "sub.tmp", ".git/x.md"]


def test_files_of_editors_cause_no_update(home: Path) -> None:
    (home / "seeds/.git").mkdir()
    with loop(home) as (listener, _):
        time.sleep(0.5)
        before = len(listener.summaries)
        for name in EDITORS:
            (home / "seeds" / name).write_text("x")
            (home / "seeds" / name).unlink()
            time.sleep(0.3)
        assert len(listener.summaries) == before


def test_saving_by_renaming_is_seen(home: Path) -> None:
    with loop(home) as (listener, _):
        temporary = home / "seeds/.a.md.tmp"
        temporary.write_text("---\ntitle: a wind\n---\n")
        temporary.replace(home / "seeds/a.md")
        wait_for(lambda: listener.summaries[-1].changes.changed == 1)
        assert ids(home) == {"b.md"}


@pytest.mark.slow
def test_folders_come_move_and_go(home: Path) -> None:
    with loop(home) as (listener, _):
        (home / "new/deep").mkdir(parents=True)
        (home / "new/deep/c.md").write_text("---\ntitle: c solar\n---\n")
        (home / "new").rename(home / "seeds/new")
        wait_for(lambda: listener.summaries[-1].articles == 3)
        (home / "seeds/new").rename(home / "seeds/other")
        wait_for(lambda: listener.summaries[-1].changes.renamed == 1)
        (home / "seeds/other/deep/d.md").write_text("---\ntitle: d solar\n---\n")
        wait_for(lambda: listener.summaries[-1].articles == 4)
        shutil.rmtree(home / "seeds/other")
        wait_for(lambda: listener.summaries[-1].articles == 2)


@pytest.mark.slow
def test_linked_folders_are_followed(home: Path) -> None:
    for name in ("before", "later"):
        (home / name).mkdir()
        (home / name / f"{name}.md").write_text(f"---\ntitle: {name} solar\n---\n")
    (home / "seeds/before").symlink_to(home / "before")
    (home / "seeds/loop").symlink_to(home / "seeds")
    (home / "seeds/dangling").symlink_to(home / "nowhere")
    with loop(home) as (listener, _):
        (home / "before/c.md").write_text("---\ntitle: c solar\n---\n")
        wait_for(lambda: listener.summaries[-1].articles == 4)
        listener.is_armed.clear()
        (home / "seeds/later").symlink_to(home / "later")
        wait_for(lambda: listener.summaries[-1].articles == 5)
        assert listener.is_armed.wait(PATIENCE)
        (home / "later/d.md").write_text("---\ntitle: d solar\n---\n")
        wait_for(lambda: listener.summaries[-1].articles == 6)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["seeds/index", "seeds/.index", "elsewhere/index"])
def test_an_index_in_the_archive_does_not_call_itself(place: str, home: Path) -> None:
    (home / "elsewhere").mkdir()
    (home / "seeds/linked").symlink_to(home / "elsewhere")
    with loop(home, index=home / place) as (listener, _):
        time.sleep(1)
        before = len(listener.summaries)
        write(home, "c")
        wait_for(lambda: listener.summaries[-1].articles == 3)
        time.sleep(2)
        assert len(listener.summaries) - before <= 2


@pytest.mark.slow
def test_what_is_not_noticed_is_found_by_looking_round(home: Path) -> None:
    (home / "real.txt").write_text("---\ntitle: linked solar\n---\n")
    (home / "seeds/linked.txt").symlink_to(home / "real.txt")
    with loop(home, QUICK._replace(look_round=0.5, leisure=1)) as (listener, _):
        (home / "real.txt").write_text("---\ntitle: linked wind\n---\n")
        wait_for(lambda: any(s.changes and s.changes.changed for s in listener.summaries))


@pytest.mark.slow
def test_without_notices_it_looks_by_itself(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> Iterator[None]:
        raise OSError("OS file watch limit reached")
        yield

    monkeypatch.setattr("watchfiles.watch", refuse)
    with loop(home, QUICK._replace(poll=0.3, leisure=1)) as (listener, _):
        write(home, "c")
        wait_for(lambda: listener.summaries[-1].articles == 3)
        assert listener.unnoticed_ == ["OS file watch limit reached"]


@pytest.mark.slow
def test_many_updates_leave_nothing_behind(home: Path) -> None:
    with loop(home, QUICK._replace(quiet=0.02)) as (listener, _):
        updates(home, listener, 10)
        before = usage()
        updates(home, listener, 40)
        after = usage()
    assert after[0] <= before[0] + 1
    assert after[1] <= before[1] * 1.05 + 200


def updates(home: Path, listener: Listener, count: int) -> None:
    for number in range(count):
        done = len(listener.summaries)
        write(home, "a", f"title: a solar {number} {done}\nwebUrl: https://x.example/{done}")
        wait_for(lambda done=done: len(listener.summaries) > done)


def usage() -> tuple[int, int]:
    """Open files, and objects."""
    gc.collect()
    return len(os.listdir("/dev/fd")), len(gc.get_objects())  # noqa: PTH208


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="reads the memory of a process in /proc")
def test_many_updates_take_no_more_memory(home: Path) -> None:
    def memory(pid: int) -> int:
        status = Path(f"/proc/{pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    with watch(home) as watching:
        watching.until("watching seeds")
        seen = []
        for number in range(200):
            write(home, "a", f"title: a solar {number}")
            watching.until("1 changed")
            seen.append(memory(watching.process.pid))
    assert max(seen[-20:]) < max(seen[20:40]) * 1.05
