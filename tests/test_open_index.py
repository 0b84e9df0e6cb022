"""An index that stays open: files that change under it, threads, forks, memory, closing, copies."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import os
import pickle
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

import heatseek
from heatseek.engines.whoosh import lookup, ranking
from heatseek.engines.whoosh.arrays.plain import PlainArrays
from heatseek.query import tree
from programs import run_forking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.library import Index

WORDS = "solar wind tide grid heat storage hydrogen pylon meter forest".split()
QUERIES = (
    *("solar wind", "sol*", '"tide grid"~3 OR heat', "metre~2 pylon", "topic:T1 -solar", "wind"),
    *("storage hydrogen", "gird OR tide", "title:forest", "has:url quality:>20"),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of articles, `seeds`, and an index of it."""
    base = tmp_path_factory.mktemp("open")
    chance = random.Random(1)  # noqa: S311
    (base / "seeds").mkdir()
    for number in range(150):
        body = " ".join(chance.choices(WORDS, k=60))
        (base / f"seeds/{number}.md").write_text(
            f"---\ntitle: {chance.choice(WORDS)} {number}\ntopics: [T{number % 7}]\n"
            f"quality: {number % 60}\nwebUrl: https://example.com/{number}\n---\n{body}\n"
        )
    heatseek.rebuild(base / "seeds", base / "index")
    return base


@pytest.fixture(params=["numpy", "no numpy"])
def index(
    request: pytest.FixtureRequest, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Index]:
    if request.param == "no numpy":
        monkeypatch.setitem(sys.modules, "heatseek.engines.whoosh.arrays.numpy_arrays", None)
    with heatseek.open_index(archive / "index") as index:
        is_plain = isinstance(index._reader._arrays, PlainArrays)
        assert is_plain == (request.param == "no numpy")
        yield index


def answer(index: Index, query: str) -> Any:
    found = index.search(query, limit=30, facets=("topic", "year"), explain=True)
    hits = [(hit.article, hit.score, hit.explanation) for hit in found]
    return found.total, hits, found.facets, found.notices


def answers(index: Index) -> dict[str, Any]:
    return {query: answer(index, query) for query in QUERIES}


@contextlib.contextmanager
def restless() -> Iterator[None]:
    """Threads take turns as often as can be."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def in_threads(archive: Path, index: Index, searches: int) -> None:
    """Eight threads ask the same index; everything is as one alone gets it."""
    with heatseek.open_index(archive / "index") as alone:
        expected = answers(alone)
    asked = random.Random(2).choices(QUERIES, k=searches)  # noqa: S311
    with restless(), ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda query: answer(index, query), asked))
    assert found == [expected[query] for query in asked]


def test_threads_that_share_an_index_get_what_one_gets(archive: Path, index: Index) -> None:
    in_threads(archive, index, 200)


@pytest.mark.slow
def test_thousands_of_searches_by_threads(archive: Path, index: Index) -> None:
    in_threads(archive, index, 8 * 1_600)


def test_threads_of_asyncio(index: Index) -> None:
    async def ask() -> list[Any]:
        return await asyncio.gather(*(asyncio.to_thread(answer, index, q) for q in QUERIES))

    assert asyncio.run(ask()) == [answer(index, query) for query in QUERIES]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_process_that_is_forked_off_while_threads_search(archive: Path) -> None:
    """In a process of its own: this one has threads of other tests."""
    program = f"""
import os, sys, threading
sys.path[:0] = {[str(Path(__file__).parent)]!r}
import heatseek
from test_open_index import QUERIES, answers
with heatseek.open_index({str(archive / "index")!r}) as index:
    expected = answers(index)
index = heatseek.open_index({str(archive / "index")!r})
sys.setswitchinterval(1e-5)
stopped = threading.Event()

def search():
    while not stopped.is_set():
        answers(index)

threads = [threading.Thread(target=search) for _ in range(3)]
[thread.start() for thread in threads]
codes = []
for _ in range(6):
    child = os.fork()
    if not child:
        os._exit(0 if answers(index) == expected else 1)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
stopped.set()
[thread.join() for thread in threads]
assert codes == [0] * 6, codes
assert answers(index) == expected
"""
    run_forking(program)


def test_a_search_that_fails_in_the_middle_leaves_nothing_behind(
    index: Index, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with heatseek.open_index(archive / "index") as other:
        expected = answers(other)
    with monkeypatch.context() as patch:

        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr(type(index._reader._segments), "article", interrupted)
        for query, (total, *_) in expected.items():
            with pytest.raises(KeyboardInterrupt) if total else contextlib.nullcontext():
                index.search(query)
    assert answers(index) == expected


def test_after_closing(archive: Path) -> None:
    index = heatseek.open_index(archive / "index")
    results = index.search("solar")
    opened = index._reader
    articles = opened.articles()
    next(articles)
    index.close()
    index.close()
    uses: tuple[Callable[[], object], ...] = (
        lambda: index.search("wind"),
        lambda: index.search(similar_to="1.md"),
        lambda: index.labels("topic"),
        lambda: next(articles),
        lambda: next(opened.articles()),
        lambda: opened.get("1.md"),
        lambda: opened.note("references"),
        lambda: opened.suggest("wnid"),
    )
    for use in uses:
        with pytest.raises(heatseek.IndexClosedError, match="the index is closed: open it again"):
            use()
    assert isinstance(heatseek.IndexClosedError(), heatseek.HeatseekError)
    assert results.hits[0].snippet


def copies(value: Any) -> Iterator[Any]:
    yield copy.copy(value)
    yield copy.deepcopy(value)
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(value, protocol))  # noqa: S301


NODES = (
    tree.Term("a", "title"),
    tree.Phrase("a b"),
    tree.Prefix("a"),
    tree.Near("a b", 2),
    tree.Wildcard("a?"),
    tree.Fuzzy("abc", 1, "body"),
    tree.Synonyms(("a", "b")),
    tree.Range("quality", 1.0, None),
    tree.Everything(),
)


def test_queries_can_be_copied_and_pickled() -> None:
    groups = (make(NODES) for make in (tree.Words, tree.All, tree.Any))
    for node in chain(NODES, groups, (tree.Not(NODES[0]), tree.Boosted(NODES[1], 2.0))):
        for other in copies(node):
            assert other == node
            assert hash(other) == hash(node)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """An index of which everything but its words is read already."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for number in range(40):
        (seeds / f"{number}.md").write_text(f"---\ntitle: solar {number}\n---\nwind w{number}\n")
    heatseek.rebuild(seeds, tmp_path / "index")
    return tmp_path / "index"


CHANGES: tuple[Callable[[BinaryIO], int], ...] = (
    lambda file: file.truncate(0),
    lambda file: file.truncate(100),
    lambda file: file.write(file.seek(0, os.SEEK_END) * b"x"),
    lambda file: file.write(bytes(200)),
)


def uses_of_a_changed_index(whole: str, scratch: str) -> None:
    """Print what each use gives after each change to each file."""
    for ending in ("doc", "trm"):
        for number, change in enumerate(CHANGES):
            folder = shutil.copytree(whole, Path(scratch, f"{ending}{number}"))
            index = heatseek.open_index(folder)
            assert index.search("solar").total == 40
            articles = index._reader.articles()
            next(articles)
            time.sleep(0.02)  # file systems note times by the tick of a clock
            (path,) = folder.rglob(f"*.{ending}")
            with path.open("r+b") as file:
                change(file)
            uses = (
                lambda: index.search("w7"),  # noqa: B023 - called below
                lambda: index.labels("topic"),  # noqa: B023
                lambda: next(articles),  # noqa: B023
                lambda: next(index._reader.articles()),  # noqa: B023
                lambda: index._reader.get("1.md"),  # noqa: B023
                lambda: index._reader.suggest("solra"),  # noqa: B023
            )
            for use in uses:
                try:
                    said = f"answered {use()}"
                except heatseek.HeatseekError as error:
                    said = str(error)
                sys.stdout.write(f"{said}\n")


def test_files_that_are_written_to_while_they_are_open(small: Path, tmp_path: Path) -> None:
    """In a process of its own: such files can end it without a word."""
    program = "import sys; from test_open_index import *; uses_of_a_changed_index(*sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", program, small, tmp_path],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(lines) == 2 * len(CHANGES) * 6
    for line in lines:
        assert line.startswith("the index is damaged: ")
        assert "was written to while it was open" in line


def test_other_generations_by_the_same_files_are_no_change(small: Path) -> None:
    """An update links the files that stay into its folder, and removes the old one."""
    seeds = small.parent / "seeds"
    with heatseek.open_index(small) as index:
        (seeds / "new.md").write_text("---\ntitle: solar new\n---\n")
        heatseek.update(seeds, small)
        assert index.search("solar").total == 40
    with heatseek.open_index(small) as index:
        assert index.search("solar").total == 41


def test_a_fault_of_ours_is_not_called_damage(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> None:
        raise KeyError("ours")

    monkeypatch.setattr(ranking, "words", faulty)
    with heatseek.open_index(small) as index, pytest.raises(KeyError, match="ours"):
        index.search("solar")


def held(index: Index) -> tuple[int, int]:
    """Of the words looked up: how many are kept, and about how many bytes they take."""
    return len(index._reader._find), index._reader._find.bytes


def test_many_different_unknown_words_are_kept_within_a_bound(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "MOST_BYTES", 3_000_000)
    counts = []
    for turn in range(4):
        words = " ".join(f"q{turn}x{number}" for number in range(600))
        assert index.search(words, matching="any").total == 0
        counts.append(held(index))
    assert all(600 <= count < 1_500 and size <= 3_000_000 for count, size in counts)


def test_what_is_kept_is_counted_by_what_it_takes(index: Index) -> None:
    """Nothing kept is free: not a word without articles, a phrase, or a pattern."""
    before = held(index)[1]
    queries = ("nothing", '"solar wind tide"', "sol*", "topic:T1", "zz*", "topic:zz*", "related:a")
    for query in queries:
        index.search(query)
        assert held(index)[1] > before + 1_000, query
        before = held(index)[1]


def test_a_search_that_raises_keeps_nothing(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heatseek.engines.shared.patterns.MAX_EXPANSIONS", 3)
    before = held(index)
    for number in range(50):
        with pytest.raises(heatseek.HeatseekError, match="stands for"):
            index.search(f"q{number} OR 1*")
    assert held(index) == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_memory_of_a_process_that_stays(archive: Path) -> None:
    """Real bytes: fifty thousand unknown words, and the words of the archive in many ways."""
    program = f"""
import heatseek
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
index = heatseek.open_index({str(archive / "index")!r})
def ask(turns):
    for turn in turns:
        index.search(" ".join(f"q{{turn}}x{{n}}" for n in range(1_000)), matching="any")
        index.search(" OR ".join(f"solar{{turn}}x{{n}}*" for n in range(5)))
ask(range(30))
before = resident()
ask(range(30, 60))
print(resident() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) < 40_000_000
