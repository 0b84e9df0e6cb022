"""An open index that goes on with newer generations, while threads search it."""

from __future__ import annotations

import gc
import os
import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import heatseek
from programs import run_forking

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = "solar wind tide grid heat storage hydrogen pylon meter forest".split()
QUERIES = (
    *("solar wind", "sol*", '"tide grid"~3 OR heat', "topic:T1 -solar", "gird OR tide", ""),
    *("has:url quality:>20", "title:forest", "new"),
)


def write(path: Path, title: str, body: str) -> None:
    path.write_text(f"---\ntitle: {title}\ntopics: [T{len(body) % 5}]\nquality: 7\n---\n{body}\n")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder of articles, `seeds`, and an index of it."""
    chance = random.Random(3)  # noqa: S311
    (tmp_path / "seeds").mkdir()
    for number in range(80):
        body = " ".join(chance.choices(WORDS, k=40))
        write(tmp_path / f"seeds/{number}.md", f"{chance.choice(WORDS)} {number}", body)
    heatseek.rebuild(tmp_path / "seeds", tmp_path / "index")
    return tmp_path


def add(base: Path, name: str = "new") -> None:
    write(base / f"seeds/{name}.md", f"new {name}", "solar tide grid")
    heatseek.update(base / "seeds", base / "index")


def remove(base: Path, name: str = "new") -> None:
    (base / f"seeds/{name}.md").unlink()
    heatseek.update(base / "seeds", base / "index")


def answer(index: heatseek.Index, query: str) -> Any:
    found = index.search(query, limit=20, facets=("topic", "year"))
    return found.total, [(hit.article, hit.score) for hit in found], found.facets, found.notices


def answers(base: Path) -> dict[str, Any]:
    """The answers of one thread to all queries, as the index is now."""
    with heatseek.open_index(base / "index") as index:
        return {query: answer(index, query) for query in QUERIES}


def test_a_newer_generation_answers_when_it_is_asked_for(base: Path) -> None:
    with heatseek.open_index(base / "index") as index:
        number = index.generation.number
        assert index.refresh() is False
        add(base)
        assert index.search("new").total == 0
        assert index.refresh() is True
        assert index.generation.number == number + 1
        assert index.search("new").total == 1
        assert index.refresh() is False
        heatseek.rebuild(base / "seeds", base / "index")
        assert index.refresh() is True


def test_a_new_folder_with_the_same_number_is_another_generation(base: Path) -> None:
    with heatseek.open_index(base / "index") as index:
        shutil.rmtree(base / "index")
        write(base / "seeds/new.md", "new", "solar")
        heatseek.rebuild(base / "seeds", base / "index")
        assert index.search("new").total == 0
        assert index.refresh() is True
        assert index.search("new").total == 1


def test_it_looks_at_most_so_often(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("heatseek.search.generations.time.monotonic", lambda: now[0])
    with (
        heatseek.open_index(base / "index", refresh=3.0) as index,
        heatseek.open_index(base / "index") as still,
    ):
        add(base)
        now[0] += 2.9
        assert index.search("new").total == 0
        assert still.refresh(after=3.0) is False
        now[0] += 0.2
        assert index.search("new").total == 1
        assert still.search("new").total == 0
        assert still.refresh(after=3.0) is True
        add(base, "newer")
        assert index.search("new").total == 1
        for use in (index.get, index.find):
            now[0] += 3.0
            assert use("newer.md") is not None


def test_what_cannot_be_opened_leaves_the_old_one_answering(base: Path) -> None:
    with heatseek.open_index(base / "index", refresh=0.0) as index:
        before = answer(index, "solar")
        (base / "index").rename(base / "away")
        assert answer(index, "solar") == before
        with pytest.raises(heatseek.IndexMissingError):
            index.refresh()
        (base / "away").rename(base / "index")
        assert index.refresh() is False
        assert answer(index, "solar") == before


def test_an_index_of_another_archive_is_no_newer_one(base: Path) -> None:
    with heatseek.open_index(base / "index", refresh=0.0) as index:
        before = answer(index, "solar")
        shutil.copytree(base / "seeds", base / "other")
        heatseek.rebuild(base / "other", base / "index")
        with pytest.raises(
            heatseek.OtherArchiveError, match=r"was built from .*other, not .*seeds"
        ):
            index.refresh()
        assert answer(index, "solar") == before


def test_files_are_released_once_the_last_search_has_ended(base: Path) -> None:
    with heatseek.open_index(base / "index") as index:
        old = index._reader
        articles = index.articles()
        next(articles)
        add(base)
        assert index.refresh()
        assert len(list(articles)) == 79
        del articles
        with pytest.raises(heatseek.IndexClosedError):
            old.get("1.md")
        assert index.get("new.md") is not None


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_refreshing_leaves_no_files_open(base: Path) -> None:
    """Whatever was searched for, and before garbage is collected."""

    def files() -> set[Path]:
        """Of the index, of what generation they may be; and those that are gone since."""
        links = (os.path.realpath(f"/proc/self/fd/{number}") for number in range(1_024))
        return {Path(link).parent for link in links if link.startswith(str(base / "index"))}

    gc.collect()
    gc.disable()
    try:
        with heatseek.open_index(base / "index") as index:
            for turn in range(4):
                (remove if turn % 2 else add)(base)
                assert index.refresh()
                for query in QUERIES:
                    answer(index, query)
                assert len(files()) == 1
        assert files() == set()
    finally:
        gc.enable()


@contextmanager
def updates(base: Path) -> Iterator[None]:
    """Another process adds an article and takes it away again, time after time."""
    program = f"""
import sys, heatseek
from pathlib import Path
sys.path[:0] = {[str(Path(__file__).parent)]!r}
from test_refresh import add, remove
base = Path({str(base)!r})
print("ready", flush=True)
while not (base / "stop").exists():
    add(base)
    remove(base)
"""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield
    finally:
        (base / "stop").touch()
        code = process.wait(60)
        assert process.stdout is not None
        process.stdout.close()
    assert code == 0


def in_threads(base: Path, searches: int) -> None:
    """Every answer is that of one generation or of the other; both are seen, by eight threads."""
    without = answers(base)
    add(base)
    with_new = answers(base)
    remove(base)
    differing = {query for query in QUERIES if without[query] != with_new[query]}
    assert len(differing) > 5
    asked = random.Random(4).choices(QUERIES, k=searches)  # noqa: S311
    seen = {"without": 0, "with": 0}
    lock = threading.Lock()

    def check(query: str) -> bool:
        found = answer(index, query)
        if query in differing:
            with lock:
                seen["with" if found == with_new[query] else "without"] += 1
        return found in (without[query], with_new[query])

    with heatseek.open_index(base / "index", refresh=0.0) as index, updates(base):
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(check, asked))
        more = 0
        while not all(seen.values()) and more < 3_000:
            assert check("new")
            more += 1
    assert all(seen.values())
    with heatseek.open_index(base / "index") as index:
        assert answer(index, "new") == without["new"]


@pytest.fixture(params=["numpy", "no numpy"])
def arrays(request: pytest.FixtureRequest, base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "no numpy":
        for name, module in list(sys.modules.items()):
            if name.startswith("heatseek") and any(each is np for each in vars(module).values()):
                monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "numpy", None)
    with heatseek.open_index(base / "index") as index:
        reader: Any = index._reader
        is_plain = type(reader._arrays).__name__ == "PlainArrays"
        assert is_plain == (request.param == "no numpy")


@pytest.mark.usefixtures("arrays")
def test_threads_while_another_process_updates(base: Path) -> None:
    in_threads(base, 160)


@pytest.mark.slow
@pytest.mark.usefixtures("arrays")
def test_thousands_of_searches_while_another_process_updates(base: Path) -> None:
    in_threads(base, 8 * 1_600)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
def test_a_process_forked_off_while_an_index_refreshes(base: Path) -> None:
    """In a process of its own: this one has threads of other tests."""
    program = f"""
import os, sys, threading
sys.path[:0] = {[str(Path(__file__).parent)]!r}
from pathlib import Path
import heatseek
from heatseek.search.generations import SWITCH
from test_refresh import add, answers, answer, remove
base = Path({str(base)!r})
add(base)
index = heatseek.open_index(base / "index", refresh=0.0)
stopped = threading.Event()

def refresh():
    while not stopped.is_set():
        SWITCH.lock.acquire()
        index.refresh()
        SWITCH.lock.release()

threads = [threading.Thread(target=refresh) for _ in range(3)]
[thread.start() for thread in threads]
codes = []
for turn in range(6):
    child = os.fork()
    if not child:
        remove(base) if turn % 2 == 0 else add(base)
        os._exit(0 if index.refresh() in (True, False) and index.search("solar").hits else 1)
    codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
stopped.set()
[thread.join() for thread in threads]
index.refresh()
assert codes == [0] * 6, codes
with heatseek.open_index(base / "index") as alone:
    assert answer(index, "solar") == answer(alone, "solar")
index.close()
"""
    run_forking(program)
