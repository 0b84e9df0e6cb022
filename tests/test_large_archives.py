"""Reading little of a large index: pieces of sections, memory given back, numpy where it pays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.shared.compiler import Compiler
from heatseek.engines.whoosh.manifest import Manifest
from heatseek.engines.whoosh.matching import work
from heatseek.engines.whoosh.sections import SectionFile, SectionWriter
from heatseek.engines.whoosh.segments import Segments
from heatseek.engines.whoosh.store import read_current
from heatseek.errors import IndexDamagedError
from heatseek.query.parser import parse
from heatseek.text.languages import ENGLISH
from indexes import ARCHIVE, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = 65_536
NUMBERS = bytes(range(256)) * 1_000
"""Four pieces; the last one is not full."""
COMMON, HALF, RARE = 200, 100, 20
"""Documents that have the word."""
SCORING, SHARED, POSTINGS, COMPARISON = 8, 4, 3, 10
PROGRAM = """
import sys
from heatseek.engines.whoosh import reader
reader._SMALL, reader._LARGE = 0, int(sys.argv[1])
from heatseek.cli.main import run
try:
    run("search", sys.argv[2:])
finally:
    print("numpy" in sys.modules, file=sys.stderr)
"""


def section_file(folder: Path, *damaged: int) -> SectionFile:
    """A file with one section, some bytes of which are others than were written."""
    path = folder / "file"
    writer = SectionWriter(path.open("wb"))
    writer.add("numbers", NUMBERS)
    writer.close()
    data = bytearray(path.read_bytes())
    for place in damaged:
        data[place] ^= 1
    path.write_bytes(data)
    return SectionFile(str(path))


@pytest.mark.parametrize(
    ("start", "end"), [(0, 4), (PIECE - 4, PIECE), (2 * PIECE, len(NUMBERS)), (PIECE - 3, PIECE)]
)
def test_a_piece_is_read_whatever_lies_in_others(tmp_path: Path, start: int, end: int) -> None:
    file = section_file(tmp_path, PIECE, 2 * PIECE - 1)
    assert bytes(file.piece("numbers", start, end)) == NUMBERS[start:end]
    with pytest.raises(IndexDamagedError, match="changed section numbers"):
        file.section("numbers")


@pytest.mark.parametrize("damaged", [0, PIECE - 1, PIECE, 2 * PIECE - 1])
def test_a_piece_is_not_read_where_a_byte_is_another(tmp_path: Path, damaged: int) -> None:
    file = section_file(tmp_path, damaged)
    for _ in range(2):
        with pytest.raises(IndexDamagedError, match="changed section numbers"):
            file.piece("numbers", PIECE - 2, PIECE + 2)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say what is in memory")
def test_a_section_that_is_released_takes_no_memory_and_can_be_read_again(tmp_path: Path) -> None:
    file = section_file(tmp_path)
    assert bytes(file.section("numbers")) == NUMBERS
    before = resident(file.path)
    file.release()
    assert resident(file.path) < before // 2
    assert bytes(file.section("numbers")) == NUMBERS


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say what is in memory")
@pytest.mark.parametrize(
    ("long_lived", "least", "most"), [(False, 1, 2_000), (True, 4_000, 17_000)]
)
def test_a_file_that_is_read_here_and_there_keeps_little_memory(
    tmp_path: Path, *, long_lived: bool, least: int, most: int
) -> None:
    writer = SectionWriter((tmp_path / "file").open("wb"))
    writer.add("numbers", NUMBERS * 24)
    writer.close()
    file = SectionFile(str(tmp_path / "file"), long_lived=long_lived)
    for _ in range(2):
        for start in range(0, len(NUMBERS) * 24, PIECE):
            assert bytes(file.piece("numbers", start, start + 4)) == NUMBERS[start % 256 :][:4]
        assert least < resident(file.path) < most


def resident(path: str) -> int:
    """Kilobytes of a mapped file that are in this process's memory."""
    lines = iter(Path("/proc/self/smaps").read_text().splitlines())
    for line in lines:
        if line.endswith(path):
            return next(int(each.split()[1]) for each in lines if each.startswith("Rss:"))
    raise AssertionError("not mapped")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("frequencies") / "index"
    words = (
        "common" + (" half" if n < HALF else " rest") + " rare" * (n < RARE) for n in range(COMMON)
    )
    articles = (Article(id=f"{n:03}.md", title=words) for n, words in enumerate(words))
    fill(load(str(root)), articles)
    return root


@pytest.fixture(scope="module")
def segments(root: Path) -> Iterator[Segments]:
    def opened(folder: str, manifest: Manifest) -> Segments:
        return Segments(folder, manifest.segments)

    made = read_current(str(root), opened)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("queries", "page", "read", "scored"),
    [
        (["rare"], 10, (RARE,), RARE),
        (["common"], 10, (COMMON,), COMMON),
        (["half OR rare"], 10, (HALF, RARE), HALF + RARE),
        (["half rare"], 10, (HALF, RARE), RARE // SHARED),
        (["half -rare"], 10, (HALF,), HALF),
        (["half rare", "half OR rare"], RARE, (HALF, RARE), RARE // SHARED),
        (["half rare", "half OR rare"], RARE + 1, (HALF, RARE), HALF + RARE + RARE // SHARED),
        (["rare", "half"], COMMON, (HALF, RARE), HALF + RARE),
        (['"half rare"'], 10, (RARE, (HALF + RARE) * COMPARISON * POSTINGS), RARE),
        (["rar*"], 10, (RARE * POSTINGS,), RARE),
        (["common OR half"], 10, (COMMON, HALF), COMMON),
    ],
)
def test_work_is_counted_by_postings(
    segments: Segments, queries: list[str], page: int, read: tuple[int, ...], scored: int
) -> None:
    compiler = Compiler((), ENGLISH)
    plans = [compiler.compile(parse(query)) for query in queries]
    steps = sum(postings // POSTINGS for postings in read)
    assert work(plans, page, segments) == steps + SCORING * scored


@pytest.mark.parametrize(
    ("arguments", "is_vectorised"),
    [
        (["common"], True),
        (["rare"], False),
        (["half", "rare"], False),
        # As many as could have both would fill a page, but none has.
        (["half", "rest"], True),
        (["rare", "--facets"], True),
        (["--similar", "000.md"], True),
        (["--similar", "199.md"], True),
        (["co*"], True),
        (["ra*"], False),
    ],
)
def test_numpy_is_imported_where_work_is_much(
    root: Path, arguments: list[str], is_vectorised: bool
) -> None:
    options = ["--index", str(root), "--archive", ARCHIVE]
    program = [sys.executable, "-c", PROGRAM, str(SCORING * 50), *arguments, *options]
    run = subprocess.run(program, capture_output=True, text=True, check=True)
    assert run.stderr.split()[-1] == str(is_vectorised)
