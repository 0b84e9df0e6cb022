"""The index folder: switched in one step, never executed, checked before it is believed."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from whoosh.index import _CURRENT_TOC_VERSION

from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.model import Request
from heatseek.engines.whoosh import manifest, store
from heatseek.engines.whoosh.store import unreadable
from heatseek.errors import (
    EngineRefusedError,
    EngineUnreachableError,
    GenerationGoneError,
    IndexDamagedError,
    IndexLockedError,
    IndexMissingError,
    IndexOutdatedError,
    IndexWriteError,
    StoreError,
)
from heatseek.query.tree import Everything, Term
from indexes import ARCHIVE, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.base import Engine
    from heatseek.engines.model import Page

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def articles(word: str, count: int = 20) -> Iterator[Article]:
    return (Article(id=f"{n:03}.md", title=f"{word} {n}", excerpt=word * 3) for n in range(count))


def ask(engine: Engine, text: str = "alpha", limit: int = 100) -> Page:
    with engine.open() as reader:
        return reader.search(Request(Term(text), NOW, limit=limit))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(root: Path) -> Engine:
    engine = load(root)
    fill(engine, articles("alpha"))
    return engine


def generation(root: Path) -> Path:
    return root / (root / "CURRENT").read_text().strip()


def test_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index in"):
        load(tmp_path).open()


def test_an_index_of_nothing(root: Path) -> None:
    engine = load(root)
    fill(engine, [])
    with engine.open() as reader:
        assert reader.search(Request(Everything(), NOW)).total == 0
        assert reader.generation.documents == 0


def test_a_rebuild_replaces_the_whole(root: Path, engine: Engine) -> None:
    fill(engine, articles("beta", 3))
    assert ask(engine, "alpha").total == 0
    assert ask(engine, "beta").total == 3
    assert len([path for path in root.iterdir() if path.is_dir()]) == 1


def test_an_open_reader_keeps_its_generation(engine: Engine) -> None:
    with engine.open() as reader:
        fill(engine, articles("beta"))
        page = reader.search(Request(Term("alpha"), NOW, limit=100))
        assert page.total == 20
        assert {match.article.excerpt for match in page.matches} == {"alpha" * 3}


def test_every_id_is_found_wherever_it_stands_among_all(engine: Engine) -> None:
    # Longer than what is looked through at once, all together; each nearly ends in another one.
    ids = [f"{'a' * 3_000}{number:03}.md" for number in range(60)]
    fill(engine, [Article(id_, "solar") for id_ in ids])

    with engine.open() as reader:
        assert [article.id for id_ in ids if (article := reader.get(id_))] == ids
        assert not any(reader.get(id_[1:]) or reader.get(id_[:-1]) for id_ in ids)


def test_a_failed_rebuild_leaves_the_old_index_and_no_garbage(root: Path, engine: Engine) -> None:
    def failing() -> Iterator[Article]:
        yield from articles("beta")
        raise RuntimeError("the archive vanished")

    before = sorted(root.rglob("*"))
    with pytest.raises(RuntimeError, match="vanished"):
        fill(engine, failing())
    assert sorted(root.rglob("*")) == before
    assert ask(engine).total == 20


def test_what_a_killed_writer_left_is_removed_and_never_read(root: Path, engine: Engine) -> None:
    name = generation(root).name
    left = shutil.copytree(generation(root), root / name.replace("-00000001-", "-00000009-"))
    (left / "manifest.json").unlink()
    unmarked = root / name.replace("-00000001-", "-00000008-")
    unmarked.mkdir()
    assert ask(engine).total == 20
    fill(engine, articles("beta"))
    assert [path for path in root.iterdir() if path.is_dir()] == [generation(root)]
    assert generation(root).name.startswith("generation-00000002-")


def test_a_second_writer_is_refused(root: Path, engine: Engine) -> None:
    def nested() -> Iterator[Article]:
        with pytest.raises(IndexLockedError, match=r"is being written by .* \(process \d+, since"):
            fill(load(root), articles("beta"))
        yield from articles("gamma")

    fill(engine, nested())
    assert ask(engine, "gamma").total == 20


def test_readers_see_one_generation_while_writers_replace_it(engine: Engine) -> None:
    """Every page is wholly of one word, whatever was switched in between."""
    seen: set[tuple[str, int]] = set()
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                with engine.open() as reader:
                    page = reader.search(Request(Everything(), NOW, limit=100))
                words = {match.article.title.split()[0] for match in page.matches}
                assert len(words) == 1, words
                seen.add((words.pop(), page.total))
        except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(30):
        fill(engine, articles(("alpha", "beta")[turn % 2], 10 + turn % 2))
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert seen <= {("alpha", 20), ("alpha", 10), ("beta", 11)}


@pytest.mark.skipif(os.name == "nt", reason="no such permissions there")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(IndexWriteError, match="cannot write the index"):
        fill(load(tmp_path / "file" / "index"), articles("x"))


def test_files_have_the_permissions_of_new_files(root: Path, engine: Engine) -> None:  # noqa: ARG001 - writes the index
    (root.parent / "new").touch()
    expected = (root.parent / "new").stat().st_mode
    assert {path.stat().st_mode for path in root.rglob("*") if path.is_file()} == {expected}


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path(os.environ["HEATSEEK_TEST_BOMB"]),))


HOSTILE_NAMES = ["_MAIN_1.toc", "MAIN_WRITELOCK"]


@pytest.fixture
def bomb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "exploded"
    monkeypatch.setenv("HEATSEEK_TEST_BOMB", str(path))
    return path


def test_a_hostile_index_executes_nothing(root: Path, engine: Engine, bomb: Path) -> None:
    """A pickle in place of every file, and beside them, is never loaded."""
    loaded = pickle.dumps(Bomb())
    pickle.loads(loaded)  # noqa: S301 - shows that the bomb is live
    assert bomb.exists()
    bomb.unlink()
    for folder in (root, generation(root)):
        for name in HOSTILE_NAMES:
            (folder / name).write_bytes(loaded)
    assert ask(engine).total == 20
    for path in [p for p in root.rglob("*") if p.is_file()]:
        kept = path.read_bytes()
        path.write_bytes(loaded)
        with contextlib.suppress(StoreError):
            ask(engine)
        path.write_bytes(kept)
    fill(engine, articles("beta"))
    assert ask(engine, "beta").total == 20
    assert not bomb.exists()


def test_the_index_holds_no_pickle(root: Path, engine: Engine) -> None:  # noqa: ARG001 - writes the index
    for path in root.rglob("*"):
        if path.is_file():
            with pytest.raises(
                (pickle.UnpicklingError, EOFError, ValueError, IndexError, KeyError)
            ):
                pickle.loads(path.read_bytes())  # noqa: S301 - our own file, just written


def test_a_search_loads_no_module_that_unpickles(engine: Engine) -> None:
    program = (
        "import sys; from heatseek.engines import load; "
        "from heatseek.search.searcher import Searcher; "
        "from heatseek.search.request import request_of; "
        f"reader = load({engine._root!r}).open(); "  # type: ignore[attr-defined]
        "Searcher(reader).search(request_of('alpha')); "
        "assert not {'pickle', 'shelve', 'whoosh'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_current_cannot_point_outside(root: Path, engine: Engine, tmp_path: Path) -> None:
    moved = Path(shutil.move(generation(root), tmp_path / generation(root).name))
    for name in (f"../{moved.name}", "/etc", "", "generation-1\n/..", "\xff"):
        (root / "CURRENT").write_text(name, encoding="latin-1")
        with pytest.raises(IndexDamagedError):
            engine.open()


def test_whoosh_writes_the_format_that_we_name() -> None:
    assert _CURRENT_TOC_VERSION == manifest.WHOOSH_FORMAT


@pytest.mark.parametrize("key", ["format", "whoosh_format", "fingerprint"])
def test_another_version_is_said_and_replaced(root: Path, engine: Engine, key: str) -> None:
    path = generation(root) / store.MANIFEST
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | {key: "other"}))
    with pytest.raises(IndexOutdatedError, match="another version"):
        engine.open()
    fill(engine, articles("beta"))
    assert ask(engine, "beta").total == 20


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"format": 1}', "[" * 100_000, "\x00", '"x"']
)
def test_a_spoilt_manifest(root: Path, engine: Engine, text: str) -> None:
    (generation(root) / store.MANIFEST).write_text(text)
    with pytest.raises(IndexDamagedError, match="the index is damaged: "):
        engine.open()


@pytest.mark.parametrize("ending", [".doc", ".trm"])
@pytest.mark.parametrize("size", [0, 1, 10, 0.5, 0.99])
def test_a_file_cut_short(root: Path, engine: Engine, ending: str, size: float) -> None:
    path = next(generation(root).glob(f"*{ending}"))
    whole = path.stat().st_size
    os.truncate(path, int(size if size >= 1 else size * whole))
    with pytest.raises(IndexDamagedError, match="the index is damaged: "):
        ask(engine)


@pytest.mark.parametrize("ending", [".doc", ".trm"])
def test_a_missing_file(root: Path, engine: Engine, ending: str) -> None:
    next(generation(root).glob(f"*{ending}")).unlink()
    with pytest.raises(IndexDamagedError, match="is missing"):
        engine.open()


@pytest.mark.parametrize("ending", [".doc", ".trm"])
def test_a_flipped_bit_never_changes_a_hit(root: Path, engine: Engine, ending: str) -> None:
    """Either it was not needed for the answer, or it is noticed."""
    expected = ask(engine)
    path = next(generation(root).glob(f"*{ending}"))
    whole = path.read_bytes()
    noticed = 0
    for place in range(0, len(whole), 7):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        path.write_bytes(changed)
        try:
            assert ask(engine) == expected
        except IndexDamagedError:
            noticed += 1
    assert noticed > len(whole) // 70


@pytest.mark.parametrize("is_of_another_archive", [False, True])
def test_everything_is_synced_before_the_switch(
    root: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch, *, is_of_another_archive: bool
) -> None:
    events: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_relative_to(root):
            events.append(path.name)
        fsync(descriptor)

    def replaced(self: Path, target: Path) -> Path:
        events.append(f"-> {target.name}")
        return replace(self, target)

    if not Path("/proc/self/fd").exists():
        pytest.skip("needs /proc to name descriptors")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    fill(engine, articles("beta"), archive="/other" if is_of_another_archive else ARCHIVE)
    name = generation(root).name
    endings = [event.rpartition(".")[2] for event in events]
    assert endings == [
        *("holder", "HEATSEEK", "doc", "trm", "json"),
        *("CURRENT", name, root.name, "-> CURRENT", root.name),
        *("new", "-> HEATSEEK") * is_of_another_archive,
    ]


def test_the_names_of_a_new_index_and_what_is_in_it_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []
    monkeypatch.setattr("heatseek.engines.whoosh.files.sync_folder", folders.append)
    monkeypatch.setattr("heatseek.engines.whoosh.files.sync_folder", folders.append)
    root = tmp_path / "a" / "b" / "index"
    with load(root).writing():
        assert folders == [root.parent, root.parent.parent, tmp_path, root]


def test_a_draft_that_is_not_committed_leaves_no_folder(root: Path, engine: Engine) -> None:
    before = sorted(path.name for path in root.iterdir())
    with engine.writing() as writer:
        with writer.change([Article("new.md", "new")]):
            pass
        left = {path.name for path in root.iterdir()} - {"LOCK", "LOCK.holder"}
        assert left == set(before) - {"LOCK", "LOCK.holder"}


def test_a_note_of_a_generation_that_is_gone_says_to_open_it_again(engine: Engine) -> None:
    with engine.writing() as writer, writer.change([]) as draft:
        draft.commit(notes={"one": b"1"}, mentions={})
    with engine.open() as reader:
        fill(engine, articles("beta"))
        with pytest.raises(GenerationGoneError, match="open the index again"):
            reader.note("one")
        assert reader.generation.documents


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (errno.EACCES, EngineRefusedError),
        (errno.ESTALE, EngineUnreachableError),
        (errno.EIO, StoreError),
    ],
)
def test_how_the_file_system_refuses_is_told_apart(number: int, error: type[StoreError]) -> None:
    told = unreadable(OSError(number, os.strerror(number), "index/CURRENT"), "index")
    assert type(told) is error
    assert str(told).startswith("cannot read the index: index/CURRENT: ")
