"""Several processes: the same index as from one, and no process left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import heatseek
import jobs
from heatseek import indexer
from heatseek.engines import load
from heatseek.engines.whoosh import store, writer
from heatseek.errors import ArchiveError, IndexWriteError
from heatseek.indexer import intake
from heatseek.indexer.intake import worth
from heatseek.indexer.ledger import Ledger
from heatseek.ingest import parallel
from heatseek.ingest.discover import ArticleFile
from heatseek.ingest.parallel import in_others
from heatseek.schema import DeclaredField, FieldKind
from memory_engine import MemoryEngine
from test_never_lost_refused import needs_root, small_disk
from two_states import NOW, strays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek import Problem, Summary

MENTION = "  - title: {0}\n    webUrl: http://x.y/{0}\n    topics: [a]\n    quality: 7\n"
FILES = 200
OWN = DeclaredField("price", FieldKind.NUMBER)
WORDS = "solar wind tide grid heat storage hydrogen pylon Énergie e-mail C++".split()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good, bad and odd files that mention each other's stories; dates that may be two."""
    root = tmp_path_factory.mktemp("archive")
    for number in range(FILES):
        related = "".join(MENTION.format(number % 7 + n) for n in range(4))
        day = "13" if number == 150 else f"{number % 12 + 1:02}"
        date = f"{day}/04/2023" if number % 10 == 0 else "2023-01-02T03:04:05+02:00"
        words = " ".join(WORDS[(number * step) % len(WORDS)] for step in (1, 2, 3, 5))
        text = (
            f"---\ntitle: T{number} {words}\npublishedDateTime: {date}\nheat: x\n"
            f"price: {number % 9}\ntopics: [{WORDS[number % 4]}]\n"
            f"webUrl: http://x.y/{number % 90 + 3}\n"
            f"related:\n{related}---\nBody \u00e9\u2014\U0001f600 {words * 30}\n"
        )
        (root / f"{number:03}.md").write_text("none" if number % 50 == 9 else text)
    (root / "100.md").write_text(f"---\ntitle: Large\n---\n{'word ' * 20_000}\n")
    (root / "101.md").write_bytes(b"\x00\x01" * 100)
    return root


class Made:
    """An index, and what can be had of it."""

    def __init__(self, index: Path) -> None:
        self.index = index

    def files(self) -> dict[str, list[bytes]]:
        """The bytes of its files by their endings, but for the notes that have times in them."""
        kinds = (".doc", ".trm", "mentions.note", "references.note")
        return {
            kind: sorted(p.read_bytes() for p in self.index.rglob("*") if p.name.endswith(kind))
            for kind in kinds
        }

    def ledger(self) -> tuple[object, ...]:
        with load(self.index).open() as reader:
            ledger = Ledger.load(reader.note)
        assert ledger is not None
        return list(ledger.files.items()), ledger.month_first, ledger.spaced, ledger.articles

    def answers(self) -> list[object]:
        """Of queries of many kinds: hits in order, scores, how they came about, facets."""
        queries = ("", "solar", "wind -tide", '"solar wind"', "sol*", "price:>4", "Énergie e-mail")
        with heatseek.open_index(self.index) as index:
            found = [
                index.search(query, limit=500, explain=True, facets=["topic"], now=NOW)
                for query in queries
            ]
            articles = sorted(index.articles(), key=lambda article: article.id)
            labels = index.labels("topic")
        hits = [[(h.article, h.score, h.explanation) for h in each.hits] for each in found]
        totals = [(each.total, each.facets, each.notices) for each in found]
        return [hits, totals, articles, labels]


class Rebuilt(Made):
    """An index that so many processes made, and all that was said of it on the way."""

    def __init__(self, archive: Path, index: Path, processes: int) -> None:
        super().__init__(index)
        self.problems: list[Problem] = []
        self.steps: list[tuple[int, int]] = []
        self.summary: Summary = heatseek.rebuild(
            *(archive, index),
            processes=processes,
            report=self.problems.append,
            progress=lambda *step: self.steps.append(step),
            fields=[OWN],
        )

    @property
    def counts(self) -> list[object]:
        names = ("files", "articles", "related", "skipped", "warnings")
        return [getattr(self.summary, name) for name in names]


@pytest.fixture(scope="module")
def one(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    return Rebuilt(archive, tmp_path_factory.mktemp("one") / "index", 1)


def check_same(made: Rebuilt, expected: Rebuilt) -> None:
    assert made.ledger() == expected.ledger()
    assert made.problems == expected.problems
    assert made.steps[0] == expected.steps[0] == (0, FILES)
    assert made.steps[-1] == expected.steps[-1] == (FILES, FILES)
    assert made.counts == expected.counts


@pytest.mark.parametrize(("processes", "remembered"), [(2, 8_000_000), (3, 1_000)])
def test_the_files_are_the_same_from_any_number_of_processes(
    processes: int,
    remembered: int,
    archive: Path,
    one: Rebuilt,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However little they remember, and however little may wait for its turn."""
    monkeypatch.setattr(intake, "MOST_CHARACTERS", remembered)
    monkeypatch.setattr(parallel, "MOST_WAITING", remembered)
    made = Rebuilt(archive, tmp_path / "index", processes)
    assert made.files() == one.files()
    check_same(made, one)
    assert one.summary.related > 0
    assert made.answers() == one.answers()


def test_segments_cut_otherwise_give_the_same_answers(
    archive: Path, one: Rebuilt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SEGMENT_SIZE", 70)
    made = Rebuilt(archive, tmp_path / "index", 2)
    assert 4 <= len(list(made.index.rglob("*.trm"))) <= 7
    check_same(made, one)
    assert made.answers() == one.answers()


def test_an_update_of_many_files_is_shared_too(archive: Path, one: Rebuilt, tmp_path: Path) -> None:
    index = tmp_path / "index"
    few = tmp_path / "few"
    few.mkdir()
    (few / "000.md").write_text("---\ntitle: Other\n---\n")
    heatseek.rebuild(few, index, fields=[OWN], processes=1)
    for path in archive.iterdir():
        (few / path.name).write_bytes(path.read_bytes())
    heatseek.update(few, index, processes=2)
    assert Made(index).answers() == one.answers()


def test_an_engine_without_parts_gets_articles(archive: Path, tmp_path: Path) -> None:
    held = []
    for processes in (1, 2):
        engine = MemoryEngine(tmp_path)
        indexer.rebuild(archive, engine, report=lambda _: None, processes=processes)
        held.append(engine.current())
    assert held[0].articles == held[1].articles
    assert held[0].mentions == held[1].mentions


def test_processes_are_worth_their_start_by_files_or_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "_processors", lambda: 3)
    large, small, gone = (ArticleFile(name, tmp_path) for name in ("large", "small", "gone"))
    (tmp_path / small.id).write_bytes(b"word ")
    with (tmp_path / large.id).open("wb") as file:
        file.truncate(1_000_000)
    few = [[], [small] * 10, [gone] * 10, [small] * 1_500, [large] * 3, [large, gone, small]]
    assert [worth(files) for files in few] == [1] * len(few)
    assert [worth(files) for files in ([large] * 4, [gone] * 2_500)] == [2, 2]
    assert [worth(files) for files in ([large] * 30, [small] * 10**6)] == [3, 3]


# What goes wrong


def killed(archive: Path, index: Path) -> None:
    """A rebuild, one of whose processes is killed once the first files are read."""

    def progress(done: int, _: int) -> None:
        if done and (reading := children()):
            # It may have ended since.
            with suppress(ProcessLookupError):
                os.kill(reading[-1], signal.SIGKILL)

    heatseek.rebuild(archive, index, processes=2, progress=progress, fields=[OWN])


def test_a_process_that_is_killed_is_told_in_one_line(
    archive: Path, one: Rebuilt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that there is work left for each of them by then.
    monkeypatch.setattr(parallel, "MOST_WAITING", 1)
    monkeypatch.setattr(intake, "LARGEST", 4)
    index = Path(shutil.copytree(one.index, tmp_path / "index"))
    with pytest.raises(ArchiveError, match=r"^reading stopped: .* was killed by SIGKILL; [^\n]*$"):
        killed(archive, index)
    assert children() == []
    assert strays(index) == set()
    assert Made(index).files() == one.files()


@needs_root
def test_a_disk_that_is_full_while_others_read(archive: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    few = tmp_path / "few"
    few.mkdir()
    (few / "a.md").write_text("---\ntitle: Other\n---\n")
    with small_disk(disk, 40):
        index = disk / "index"
        heatseek.rebuild(few, index)
        with pytest.raises(
            IndexWriteError, match=r"^cannot write the index: .*no space left on device; [^\n]*$"
        ):
            heatseek.rebuild(archive, index, processes=2)
        assert children() == []
        assert strays(index) == set()
        assert store.read_current(str(index), lambda _, manifest: manifest.documents) == 1


PROGRAM = """
import os, signal, sys
sys.path[:] = {path!r}
import heatseek
def progress(done, total):
    if done:
        {then}
heatseek.rebuild({archive!r}, {index!r}, processes=2, progress=progress)
print("done", flush=True)  # no `if __name__ == "__main__"`: programs need none
"""


def program(archive: Path, index: Path, then: str) -> subprocess.Popen[str]:
    code = PROGRAM.format(path=sys.path, archive=str(archive), index=str(index), then=then)
    return subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )


def test_no_process_outlives_one_that_is_killed(archive: Path, tmp_path: Path) -> None:
    process = program(archive, tmp_path / "index", "os.kill(os.getpid(), signal.SIGKILL)")
    # The processes that read have the same standard error: it ends with the last of them.
    said, complaints = process.communicate(timeout=60)
    assert (process.returncode, said, complaints) == (-signal.SIGKILL, "", "")


def test_interrupts_reach_the_parent_only(archive: Path, tmp_path: Path) -> None:
    ignored = "signal.signal(signal.SIGINT, lambda *_: None)"
    then = f"{ignored}; os.killpg(0, signal.SIGINT)"  # as a terminal does on Ctrl-C
    process = program(archive, tmp_path / "index", then)
    assert process.communicate(timeout=60) == ("done\n", "")


def children() -> list[int]:
    """The processes that read, last of all those that this one has started by others."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    ours, found = {str(os.getpid())}, []
    while ours:
        ours = {pid for pid, parent, name in rows if parent in ours and name != "ps"}
        found += sorted(map(int, ours))
    return found


# How work is shared


def shared(tasks: Sequence[tuple[Any, ...]], processes: int = 2) -> list[tuple[int, int, int]]:
    return [result[:3] for result in in_others(jobs.make, tasks, processes)]


def test_a_long_task_leaves_nobody_idle(tmp_path: Path) -> None:
    """It ends only once the last of all others is done: by the other process, then."""
    last = str(tmp_path / "last")
    tasks = [(0, 0, 1, last), *((number,) for number in range(1, 60)), (60, 0, 1, "", last)]
    results = shared(tasks)
    assert [number for number, *_ in results] == list(range(61))
    (first, *others) = [process for *_, process in results]
    assert others.count(first) <= 1  # which it had been given already


def test_what_waits_for_its_turn_is_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what waits, and one result of each process: so a task far ahead is not begun."""
    monkeypatch.setattr(parallel, "MOST_WAITING", 3_000_000)
    far = tmp_path / "far"
    tasks = [(0, 1_000_000, 3), *((n, 1_000_000, 3) for n in range(1, 9)), (9, 0, 1, "", str(far))]
    results = in_others(jobs.make, tasks, 2)
    taken = [next(results)[:2]]
    time.sleep(0.5)
    assert not far.exists()
    taken += [result[:2] for result in results]
    assert taken == [*((task, number) for task in range(9) for number in range(3)), (9, 0)]


def test_the_first_tasks_are_begun_at_once(tmp_path: Path) -> None:
    """By one process each: all of them end only once the last has begun."""
    last = str(tmp_path / "last")
    tasks = [*((number, 0, 1, last) for number in range(2)), (2, 0, 1, "", last), (3,), (4,)]
    results = shared(tasks, 3)
    assert len({process for *_, process in results[:3]}) == 3


def test_stopping_early_stops_the_processes() -> None:
    results = in_others(jobs.make, [(number, 100_000, 10) for number in range(20)], 3)
    assert next(results)[:2] == (0, 0)
    assert len(children()) == 4  # with the one that the three were forked from
    results.close()  # type: ignore[attr-defined]  # a generator
    assert children() == []
