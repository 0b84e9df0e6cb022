"""Reading in several processes: the same as in one, and no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.article import Article, Kind
from heatseek.errors import ArchiveError
from heatseek.ingest import parallel
from heatseek.ingest.discover import ArticleFile, discover
from heatseek.ingest.parallel import read_files, worth
from heatseek.ingest.reader import Reading, attempt
from heatseek.ingest.worker import Mentions, Packer, Unpacker

MENTION = "  - title: {0}\n    webUrl: http://x.y/{0}\n    topics: [a]\n    quality: 7\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[ArticleFile]:
    """Good, bad and odd ones that mention each other's stories."""
    root = tmp_path_factory.mktemp("archive")
    for number in range(200):
        related = "".join(MENTION.format(number % 7 + n) for n in range(4))
        date = "publishedDateTime: 2023-01-02T03:04:05+02:00\nheat: x\n"
        text = f"---\ntitle: T{number}\n{date}related:\n{related}---\nBody \u00e9\u2014\U0001f600\n"
        (root / f"{number:03}.md").write_text("none" if number % 50 == 9 else text)
    (root / "100.md").write_text(f"---\ntitle: Large\n---\n{'word ' * 100_000}\n")
    found = list(discover(root, print))
    return [*found, ArticleFile("gone.md", root / "gone.md")]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_readings_are_the_same_in_any_number_of_processes(
    files: list[ArticleFile], processes: int
) -> None:
    readings = list(read_files(files, processes=processes))
    assert readings == [attempt(file) for file in files]
    assert [reading.file for reading in readings] == files
    mentions = [m for r in readings if r.article for m in r.article.related]
    assert len(mentions) > 700
    assert len({id(mention) for mention in mentions}) == len(set(mentions)) == 10


@pytest.mark.parametrize("processes", [None, 2])
def test_no_files_are_no_readings(processes: int | None) -> None:
    assert list(read_files([], processes=processes)) == []


def test_few_files_are_not_worth_a_process() -> None:
    assert worth(0) == worth(10) == 1
    assert 1 <= worth(10**6) <= (os.cpu_count() or 1)


def test_stopping_early_stops_the_processes(files: list[ArticleFile]) -> None:
    readings = read_files(files * 10, processes=3)
    assert next(readings).file == files[0]
    assert len(children()) == 2
    readings.close()  # type: ignore[attr-defined]  # a generator
    assert children() == []


def test_a_process_that_dies_is_told_in_one_line(files: list[ArticleFile]) -> None:
    readings = read_files(files * 10, processes=3)
    next(readings)
    os.kill(children()[1], signal.SIGKILL)
    with pytest.raises(ArchiveError, match=r"^reading stopped: .* was killed by SIGKILL; .*$"):
        list(readings)
    assert children() == []


PROGRAM = """
import os, signal, sys
from pathlib import Path
from heatseek.ingest.discover import discover
from heatseek.ingest.parallel import read_files
sys.path[:] = {path!r}
readings = read_files(list(discover(Path({root!r}), print)) * 30, processes=3)
next(readings)  # no `if __name__ == "__main__"`: programs need none
print("reading", flush=True)
{then}
"""


def program(files: Sequence[ArticleFile], then: str) -> subprocess.Popen[str]:
    code = PROGRAM.format(path=sys.path, root=str(files[0].path.parent), then=then)
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    return process


@pytest.mark.parametrize("then", ["signal.pause()", "list(readings)"])
def test_no_process_outlives_one_that_is_killed(files: list[ArticleFile], then: str) -> None:
    process = program(files, then)
    process.kill()
    # The processes that read have the same standard error: it ends with the last of them.
    _, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (-signal.SIGKILL, "")


def test_interrupts_reach_the_parent_only(files: list[ArticleFile]) -> None:
    then = (
        "signal.signal(signal.SIGINT, lambda *_: print('interrupted', flush=True))\n"
        "print('ready', flush=True)\n"
        "print(sum(1 for _ in readings), flush=True)"
    )
    process = program(files, then)
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
    said, complaints = process.communicate(timeout=60)
    assert (said, complaints) == (f"interrupted\n{200 * 30 - 1}\n", "")


def children() -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,comm="], capture_output=True, text=True, check=True
    )
    rows = (line.split(maxsplit=2) for line in listed.stdout.splitlines())
    return [int(pid) for pid, ppid, name in rows if int(ppid) == os.getpid() and name != "ps"]


urls = st.sampled_from([f"http://x.y/{n}" for n in range(6)])
stories = st.builds(
    lambda url, title: Article(id=url, title=title, url=url, kind=Kind.RELATED),
    urls,
    st.sampled_from(["a", "b", "c" * 400]),
)
articles = st.lists(stories, max_size=4).map(
    lambda related: Article(id="a.md", title="T", related=tuple(related))
)


@given(st.lists(st.lists(st.none() | articles, max_size=4)), st.integers(0, 3_000))
def test_what_is_packed_is_unpacked_however_little_is_remembered(
    chunks: list[list[Article | None]], limit: int
) -> None:
    file = ArticleFile("a.md", Path("a.md"))
    packer, unpacker = Packer(limit), Unpacker(Mentions(limit))
    for chunk in chunks:
        readings = [Reading(file, article, (), None, b"x") for article in chunk]
        assert unpacker.unpack(packer.pack(readings), [file] * len(chunk)) == readings


def test_memory_is_bounded_by_the_chunks_under_way(
    files: list[ArticleFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody reads further ahead than was asked: later changes to files are still seen."""
    monkeypatch.setattr(parallel, "_CHUNK", 2)
    last = files[199]
    text = last.path.read_text()
    readings: Iterator[Reading] = read_files(files[:200], processes=3)
    next(readings)
    last.path.write_text("---\ntitle: Changed\n---\n")
    try:
        article = list(readings)[-1].article
    finally:
        last.path.write_text(text)
    assert article is not None
    assert article.title == "Changed"
