"""`update`: afterwards every search gives what it would after a rebuild, to the last bit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from array import array
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli_runs import run
from heatseek import indexer
from heatseek.compression import from_bytes, to_bytes
from heatseek.engines import load
from heatseek.errors import ArchiveError, IndexDamagedError, OtherArchiveError
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.rows import Entry
from heatseek.indexer.scanning import differences, scan
from heatseek.ingest.file_stat import FileStat
from searches import Asking
from timing import check_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.base import Engine
    from heatseek.indexer import Summary
    from heatseek.ingest.problem import Problem

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = ("solar", "wind", "tide", "grid", "heat")
URLS = tuple(f"https://example.com/{letter}" for letter in "abcd")
BINARY = "\0\1\2"
NAMES = ("one.md", "two.md", "three.md", "folder/four.md", "folder/five.md", "six.txt")
QUERIES = (
    *("solar", "wind tide", '"solar wind"', "sol* -grid", "topic:heat", "quality:>20", "gri~1"),
    *("related:one.md", "related:folder/*"),
)

mentions = st.builds(
    lambda url, title, excerpt: {"webUrl": url, "title": title, "excerpt": excerpt},
    st.sampled_from(URLS),
    st.sampled_from(WORDS),
    st.sampled_from(("", *WORDS)),
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A file of an archive; some are no articles, some have flaws."""
    kind = draw(st.sampled_from(("article",) * 7 + ("binary", "broken", "untitled", "bare")))
    if kind == "binary":
        return BINARY
    if kind == "bare":
        return draw(st.sampled_from(("", "# solar\n", "Title: wind\nDate: 2020-01-01\n\ntide")))
    words = " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)))
    title = {"article": "title: ", "broken": "title: a: ", "untitled": "category: "}[kind]
    lines = [f"{title}{words}"]
    lines += [f"excerpt: {draw(st.sampled_from(WORDS))}", f"quality: {draw(st.integers(0, 60))}"]
    lines += [f"topics: [{draw(st.sampled_from(WORDS))}]"]
    url = draw(st.none() | st.sampled_from(URLS))
    lines += [f"webUrl: {url}"] if url else []
    related = draw(st.lists(mentions, max_size=3))
    if related:
        lines.append("related:")
    for one in related:
        first, *rest = [f"{key}: {value}" for key, value in one.items()]
        lines += [f"- {first}", *(f"  {line}" for line in rest)]
    return "---\n" + "\n".join(lines) + "\n---\n"


class Archive:
    """A folder of articles, and beside it what an index of it should be made of."""

    def __init__(self, base: Path) -> None:
        self.root = base / "archive"
        self.shadow = base / "shadow"
        """As `root`, but for files that became unreadable: they are as they were last."""

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def rename(self, name: str, other: str) -> None:
        if (self.root / name).exists():
            (self.root / other).parent.mkdir(exist_ok=True)
            (self.root / name).replace(self.root / other)

    def settle(self) -> None:
        """What an update makes of the changes so far."""
        for name in ("always.md", *NAMES):
            path, shadow = self.root / name, self.shadow / name
            if not path.exists():
                shadow.unlink(missing_ok=True)
            elif is_article(path.read_text()):
                shadow.parent.mkdir(parents=True, exist_ok=True)
                shadow.write_text(path.read_text())


def is_article(text: str) -> bool:
    return text != BINARY


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, ...]:
    kind = draw(st.sampled_from(("write", "write", "write", "remove", "rename", "touch")))
    name = draw(st.sampled_from(NAMES))
    if kind == "write":
        return kind, name, draw(texts())
    if kind == "rename":
        return kind, name, draw(st.sampled_from(NAMES))
    return kind, name


batches = st.lists(st.lists(steps(), min_size=1, max_size=4), min_size=1, max_size=5)


def take(archive: Archive, step: tuple[str, ...]) -> None:
    match step:
        case ("write", name, text):
            archive.write(name, text)
        case ("remove", name):
            (archive.root / name).unlink(missing_ok=True)
        case ("rename", name, other):
            archive.rename(name, other)
        case ("touch", name) if (archive.root / name).exists():
            os.utime(archive.root / name)


def check_sequence(first: dict[str, str], changes: list[list[tuple[str, ...]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        archive = Archive(base)
        archive.write("always.md", "---\ntitle: solar wind\n---\n")
        for name, text in first.items():
            archive.write(name, text)
        engine = load(base / "index")
        update(archive.root, engine)
        archive.settle()
        for batch in changes:
            for step in batch:
                take(archive, step)
            update(archive.root, engine)
            archive.settle()
            fresh = load(base / "fresh")
            indexer.rebuild(archive.shadow, fresh, report=ignore)
            assert everything(engine) == everything(fresh)


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(NAMES), texts()), batches)
def test_an_update_gives_what_a_rebuild_gives(
    first: dict[str, str], changes: list[list[tuple[str, ...]]]
) -> None:
    check_sequence(first, changes)


@pytest.mark.slow
@settings(max_examples=1_500)
@given(st.dictionaries(st.sampled_from(NAMES), texts()), batches)
def test_the_same_for_many_sequences(
    first: dict[str, str], changes: list[list[tuple[str, ...]]]
) -> None:
    check_sequence(first, changes)


@settings(max_examples=12)
@given(st.dictionaries(st.sampled_from(NAMES), texts(), min_size=3), batches)
def test_the_same_while_segments_pile_up(
    first: dict[str, str], changes: list[list[tuple[str, ...]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("heatseek.engines.whoosh.merging.FACTOR", 0)
        patch.setattr("heatseek.engines.whoosh.merging.MOST_DELETED", 1.0)
        check_sequence(first, changes)


def ignore(problem: Problem) -> None:
    """Problems are not looked at here."""


def update(root: Path, engine: Engine) -> Summary:
    return indexer.update(root, engine, report=ignore)


def everything(engine: Engine) -> list[object]:
    """All that can be seen through searches."""
    seen: list[object] = []
    for long_lived in (False, True):
        with engine.open(long_lived=long_lived) as reader:
            seen.append(reader.generation.documents)
            searcher = Asking(reader, now=NOW, snippet_length=0)
            for query in QUERIES:
                found = searcher.search(query, explain=True, limit=100)
                hits = [(hit.article, hit.score, hit.explanation) for hit in found.hits]
                seen.append((query, found.total, found.notices, hits))
            grouped = searcher.search("is:published", limit=100, group=True)
            seen.append([(hit.article.id, hit.others) for hit in grouped])
    return seen


# What it does, file by file


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    root = tmp_path / "archive"
    root.mkdir()
    for name in ("a", "b", "c"):
        write(root / f"{name}.md", f"title: {name} solar")
    return root


@pytest.fixture
def engine(tmp_path: Path, root: Path) -> Engine:
    engine = load(tmp_path / "index")
    indexer.rebuild(root, engine, report=ignore)
    return engine


def write(path: Path, front: str) -> None:
    path.write_text(f"---\n{front}\n---\n")


def found(engine: Engine, query: str) -> list[str]:
    with engine.open() as reader:
        return sorted(hit.article.id for hit in Asking(reader).search(query).hits)


def counts(summary: Summary) -> tuple[int, int, int, int]:
    changes = summary.changes
    assert changes is not None
    return changes.added, changes.changed, changes.renamed, changes.removed


def test_added_changed_renamed_removed(root: Path, engine: Engine) -> None:
    write(root / "d.md", "title: d solar")
    write(root / "a.md", "title: a wind")
    (root / "b.md").rename(root / "z.md")
    (root / "c.md").unlink()
    assert counts(update(root, engine)) == (1, 1, 1, 1)
    assert found(engine, "solar") == ["d.md", "z.md"]
    assert found(engine, "wind") == ["a.md"]


def test_no_index_yet(tmp_path: Path, root: Path) -> None:
    engine = load(tmp_path / "other")
    assert update(root, engine).changes is None
    assert found(engine, "solar") == ["a.md", "b.md", "c.md"]


def test_nothing_changed_writes_nothing_once_times_are_settled(
    root: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heatseek.indexer.scanning.MARGIN", -(10**12))
    before = generation(engine)
    monkeypatch.setattr("heatseek.indexer.scanning.digest_file", None)  # would be called
    assert counts(update(root, engine)) == (0, 0, 0, 0)
    assert generation(engine) == before


def generation(engine: Engine) -> int:
    with engine.open() as reader:
        return reader.generation.number


def test_new_times_alone_are_no_change_and_are_looked_at_once(
    root: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in root.iterdir():
        os.utime(path, (1, 1))
    assert counts(update(root, engine)) == (0, 0, 0, 0)
    monkeypatch.setattr("heatseek.indexer.scanning.MARGIN", -(10**12))
    before = generation(engine)
    update(root, engine)
    assert generation(engine) == before


def test_an_edit_of_the_same_size_and_time_is_seen(root: Path, engine: Engine) -> None:
    times = (root / "a.md").stat()
    write(root / "a.md", "title: a polar")
    os.utime(root / "a.md", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert (root / "a.md").stat().st_size == times.st_size
    assert counts(update(root, engine)) == (0, 1, 0, 0)
    assert found(engine, "polar") == ["a.md"]


def test_another_machine_compares_contents_once(
    root: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heatseek.indexer.scanning.MARGIN", -(10**12))
    write(root / "a.md", "title: a polar")
    old = FileStat.of((root / "a.md").stat())
    with engine.writing() as writer:
        ledger = Ledger.load(writer.note)
        assert ledger
        # As if there were the same inode with the same times on the machine of the index.
        ledger.files["a.md"] = ledger.files["a.md"]._replace(stat=old)
        with writer.change([]) as draft:
            draft.commit(notes=ledger.notes(), mentions={})
    assert counts(update(root, engine)) == (0, 0, 0, 0)
    monkeypatch.setattr("heatseek.indexer.ledger.gethostname", lambda: "elsewhere")
    assert counts(update(root, engine)) == (0, 1, 0, 0)
    assert found(engine, "polar") == ["a.md"]
    monkeypatch.setattr("heatseek.indexer.scanning.digest_file", None)  # would be called
    before = generation(engine)
    assert counts(update(root, engine)) == (0, 0, 0, 0)
    assert generation(engine) == before


def test_numbers_are_noted_in_one_byte_order(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = array("I", [1, 2**31])
    written = to_bytes(numbers)
    assert written == bytes([1, 0, 0, 0, 0, 0, 0, 128])
    other = "big" if sys.byteorder == "little" else "little"
    monkeypatch.setattr(sys, "byteorder", other)  # then a machine that has them swapped writes so
    numbers.byteswap()
    assert to_bytes(numbers) == written
    assert from_bytes("I", written) == numbers


def test_an_unreadable_file_keeps_its_last_good_article_and_is_told_every_time(
    root: Path, engine: Engine
) -> None:
    (root / "a.md").write_text(BINARY)
    for _ in range(2):
        told: list[Problem] = []
        summary = indexer.update(root, engine, report=told.append)
        assert [problem.path for problem in told] == ["a.md"]
        assert (summary.kept, dict(summary.skipped)) == (1, {"binary": 1})
        assert found(engine, "solar") == ["a.md", "b.md", "c.md"]
    (root / "a.md").unlink()
    assert counts(update(root, engine)) == (0, 0, 0, 1)
    assert found(engine, "solar") == ["b.md", "c.md"]


@pytest.mark.usefixtures("permissions")
def test_an_unreadable_folder_loses_nothing(root: Path, engine: Engine) -> None:
    (root / "deep").mkdir()
    write(root / "deep" / "d.md", "title: d solar")
    update(root, engine)
    (root / "deep").chmod(0)
    try:
        update(root, engine)
    finally:
        (root / "deep").chmod(0o755)
    assert "deep/d.md" in found(engine, "solar")


def test_a_link_that_leads_nowhere_loses_nothing(root: Path, engine: Engine) -> None:
    (root / "deep").symlink_to(root / ".elsewhere")
    (root / ".elsewhere").mkdir()
    write(root / "deep" / "d.md", "title: d solar")
    update(root, engine)
    assert "deep/d.md" in found(engine, "solar")
    (root / ".elsewhere").rename(root / ".gone")
    told: list[Problem] = []
    summary = indexer.update(root, engine, report=told.append)
    assert "deep/d.md" in found(engine, "solar")
    assert [str(problem) for problem in told] == ["deep: symbolic link leads nowhere"]
    assert (summary.articles, summary.files, summary.skipped.total(), summary.kept) == (4, 4, 1, 1)


def test_what_lies_in_many_closed_folders_is_told_in_no_time(tmp_path: Path) -> None:
    for number in range(500):
        (tmp_path / f"f{number}").symlink_to("nowhere")
    entry = Entry(FileStat.of(tmp_path.stat()), bytes(range(16)))
    ledger = Ledger(0)
    ledger.files.update({f"f{n}/deep/{m}.md": entry for n in range(1_000) for m in range(20)})

    found = scan(tmp_path, ledger, lambda problem: None)  # noqa: ARG005 - ignores them

    assert found.passed_over == 500
    assert found.hidden == {f"f{n}/deep/{m}.md" for n in range(500) for m in range(20)}
    assert found.gone == ledger.files.keys() - found.hidden
    check_time(lambda: scan(tmp_path, ledger, lambda problem: None), 0.5)  # noqa: ARG005 - likewise


def test_a_file_that_became_a_link_to_nothing_is_told_once(root: Path, engine: Engine) -> None:
    (root / "a.md").write_text(BINARY)
    update(root, engine)
    (root / "a.md").unlink()
    (root / "a.md").symlink_to("nowhere.md")
    told: list[Problem] = []
    summary = indexer.update(root, engine, report=told.append)
    assert [str(problem) for problem in told] == ["a.md: symbolic link leads nowhere"]
    assert (summary.articles, summary.files, summary.skipped.total(), summary.kept) == (3, 3, 1, 1)


def test_what_was_passed_over_adds_up(root: Path, tmp_path: Path) -> None:
    (root / "broken.md").write_text(BINARY)
    (root / "link.md").symlink_to("nowhere.md")
    (root / "b\n.md").write_text("")
    for make in (indexer.rebuild, indexer.update):
        summary = make(root, load(tmp_path / "other"), report=ignore)
        assert (summary.articles, summary.files, summary.skipped.total()) == (3, 6, 3)


def test_the_summary_tells_what_was_kept(tmp_path: Path) -> None:
    (tmp_path / "seeds" / ".elsewhere").mkdir(parents=True)
    write(tmp_path / "seeds" / ".elsewhere" / "d.md", "title: d solar")
    write(tmp_path / "seeds" / "a.md", "title: a solar")
    (tmp_path / "seeds" / "deep").symlink_to(tmp_path / "seeds" / ".elsewhere")
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    (tmp_path / "seeds" / ".elsewhere").rename(tmp_path / "seeds" / ".gone")

    problem, told = run("heatseek", "update", cwd=tmp_path).err.splitlines()

    assert problem == "deep: symbolic link leads nowhere"
    assert told.startswith(
        "nothing changed: 2 articles and 0 related from 2 files, 1 skipped (1 dangling-link), "
        "1 article kept from before, 0 warnings, "
    )


@pytest.mark.parametrize(
    "vanish", [shutil.rmtree, lambda root: [p.unlink() for p in root.iterdir()]]
)
def test_an_archive_that_vanished_loses_nothing(root: Path, engine: Engine, vanish) -> None:  # noqa: ANN001
    vanish(root)
    with pytest.raises(ArchiveError):
        update(root, engine)
    assert found(engine, "solar") == ["a.md", "b.md", "c.md"]


def test_an_index_of_another_archive_is_left_alone(
    tmp_path: Path, root: Path, engine: Engine
) -> None:
    other = tmp_path / "other"
    shutil.copytree(root, other)
    with pytest.raises(OtherArchiveError, match="was built from"):
        update(other, engine)
    assert found(engine, "solar") == ["a.md", "b.md", "c.md"]


def test_an_outdated_index_is_replaced_by_one_of_its_own_archive_only(
    tmp_path: Path, root: Path, engine: Engine
) -> None:
    other = tmp_path / "other"
    shutil.copytree(root, other)
    (manifest,) = (tmp_path / "index").glob("*/manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 0}))
    before = manifest.read_bytes()
    with pytest.raises(OtherArchiveError) as refused:
        update(other, engine)
    assert str(refused.value) == f"the index was built from {root}, not {other}"
    assert (refused.value.archive, refused.value.named) == (str(root), str(other))
    assert manifest.read_bytes() == before
    assert update(root, engine).changes is None
    assert found(engine, "solar") == ["a.md", "b.md", "c.md"]


def test_a_damaged_index_is_told_though_nothing_changed(
    tmp_path: Path, root: Path, engine: Engine
) -> None:
    (path,) = (tmp_path / "index").glob("*/*.trm")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexDamagedError, match="another size"):
        update(root, engine)


def test_few_segments_however_many_updates(tmp_path: Path, root: Path, engine: Engine) -> None:
    for number in range(60):
        write(root / f"n{number}.md", f"title: n{number} solar")
        update(root, engine)
    folders = [path for path in (tmp_path / "index").iterdir() if path.is_dir()]
    assert len(folders) == 1
    assert len(list(folders[0].glob("*.doc"))) <= 3
    assert len(found(engine, "n7 OR n59")) == 2


def test_an_article_goes_when_its_folder_becomes_a_link_that_leads_out(
    root: Path, engine: Engine
) -> None:
    (root / "deep").mkdir()
    write(root / "deep" / "d.md", "title: d solar")
    update(root, engine)
    (root / "deep").rename(root.parent / "elsewhere")
    (root / "deep").symlink_to(root.parent / "elsewhere")
    told: list[Problem] = []
    indexer.update(root, engine, report=told.append)
    assert "deep/d.md" not in found(engine, "solar")
    assert [problem.kind for problem in told] == ["leads-out"]
    indexer.update(root, engine, report=told.append, follow_links=True)
    assert "deep/d.md" in found(engine, "solar")
    with engine.open() as reader:
        differing = differences(root, reader)
    assert differing is not None
    assert differing.total == 0


COUNTING = """
import sys
from pathlib import Path
import heatseek
from heatseek.engines.whoosh import store

archive, index = map(Path, sys.argv[1:])
loaded = []
load = store.load
store.load = lambda *data: loaded.append(data) or load(*data)
heatseek.update(archive, index)
print(len(loaded))
"""


def test_an_update_reads_the_manifest_once(root: Path, tmp_path: Path) -> None:
    indexer.rebuild(root, load(tmp_path / "index"), report=ignore)
    write(root / "new.md", "title: new solar")
    command = [sys.executable, "-c", COUNTING, str(root), str(tmp_path / "index")]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout == "1\n"
