"""A system that refuses to write, read or lock: one clear line, and the index as it was."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli_runs import Ran, run
from programs import PROGRAMS
from two_states import AFTER, BEFORE, TwoStates, strays

if TYPE_CHECKING:
    from collections.abc import Iterator

VERBS = ("update", "rebuild")
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="needs root, to mount a file system")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> TwoStates:
    return TwoStates(tmp_path_factory.mktemp("built"), 60)


@pytest.fixture
def states(built: TwoStates) -> TwoStates:
    """The index is in `BEFORE`, the archive in `AFTER`."""
    built.set(AFTER)
    built.restore()
    return built


def check_refused(ran: Ran, states: TwoStates, *words: str) -> None:
    """One line that has these words, and nothing changed."""
    assert ran.code == 3, ran
    (line,) = ran.err.splitlines()
    for word in words:
        assert word in line
    assert (states.indexed(), strays(states.index)) == (BEFORE, set())


def shell(line: str, cwd: Path) -> Ran:
    """Run a line of bash in which `heatseek` is ours."""
    done = subprocess.run(
        ["bash", "-c", f"PATH={PROGRAMS}:$PATH; {line}"],
        cwd=cwd,
        # A limit on files would cut bytecode that the interpreter writes.
        env={"PATH": os.environ["PATH"], "COLUMNS": "80", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


# No space


@contextmanager
def small_disk(folder: Path, pages: int) -> Iterator[None]:
    """A file system in memory of so many pages."""
    size = f"size={pages * os.sysconf('SC_PAGE_SIZE')}"
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("cannot mount a file system here")
    try:
        yield
    finally:
        # Lazily: what this process has mapped of it may linger.
        subprocess.run(["umount", "-l", folder], check=True)


def fill_disk(base: Path, steps: int, seed: int) -> None:
    states = TwoStates(base, 60)
    states.set(AFTER)
    disk = base / "disk"
    disk.mkdir()
    page = os.sysconf("SC_PAGE_SIZE")
    used = sum(-(-p.stat().st_size // page) for p in states.kept.rglob("*") if p.is_file())
    chance = random.Random(seed)  # noqa: S311
    codes = set()
    for free in {0, 1, 2, *chance.choices(range(3, used + 10), k=steps), used + 20}:
        with small_disk(disk, used + free + 3):
            states.index = disk / "index"
            states.restore()
            ran = run("heatseek", VERBS[free % 2], "--index", str(states.index), cwd=base)
            codes.add(ran.code)
            if ran.code:
                check_refused(ran, states, "cannot write the index", "no space left on device")
            else:
                assert (states.indexed(), strays(states.index)) == (AFTER, set())
    assert codes == {0, 3}


@needs_root
def test_a_full_disk(tmp_path: Path) -> None:
    fill_disk(tmp_path, steps=4, seed=1)


@needs_root
@pytest.mark.slow
def test_a_disk_that_is_full_anywhere(tmp_path: Path) -> None:
    fill_disk(tmp_path, steps=40, seed=2)


@pytest.mark.parametrize(("verb", "kilobytes"), [("rebuild", 0), ("rebuild", 4), ("update", 1)])
def test_no_room_for_a_file(states: TwoStates, verb: str, kilobytes: int) -> None:
    ran = shell(f"ulimit -f {kilobytes}; heatseek {verb}", states.index.parent)
    check_refused(ran, states, f"{verb}: cannot write the index", "file too large")


# No permission


BOUND = "setpriv --bounding-set -dac_override,-dac_read_search" if IS_ROOT else ""
"""Before a command: permissions bind it, even if it is root's."""
needs_permissions = pytest.mark.skipif(
    os.name == "nt" or (IS_ROOT and not shutil.which("setpriv")),
    reason="needs permissions that hold",
)


@needs_permissions
@pytest.mark.parametrize("verb", VERBS)
def test_a_folder_that_may_not_be_written(states: TwoStates, verb: str) -> None:
    base = states.index.parent
    states.index.chmod(0o555)
    ran = shell(f"{BOUND} heatseek {verb}", base)
    found = shell(f"{BOUND} heatseek search solar", base)
    states.index.chmod(0o755)
    words = ("permission denied", "is untouched; name another folder by --index DIR")
    check_refused(ran, states, f"{verb}: cannot write the index", *words)
    assert (found.code, found.err) == (0, "")


@needs_permissions
def test_a_place_where_no_folder_may_be_made(states: TwoStates) -> None:
    base = states.index.parent
    base.chmod(0o555)
    ran = shell(f"{BOUND} heatseek rebuild --index other/index", base)
    base.chmod(0o755)
    check_refused(ran, states, "cannot write the index", "other", "permission denied")
    assert ran.err.endswith("; name another folder by --index DIR\n")  # nothing is indexed there


@needs_permissions
@pytest.mark.parametrize("name", ["", "CURRENT", "manifest.json", "*.doc", "*.trm"])
def test_an_index_that_may_not_be_read(states: TwoStates, name: str) -> None:
    (path,) = states.index.rglob(name) if name else [states.index]
    mode = path.stat().st_mode
    path.chmod(0)
    ran = shell(f"{BOUND} heatseek search solar", states.index.parent)
    path.chmod(mode)
    words = ("permission denied", "; name another folder by --index DIR")
    check_refused(ran, states, "search: cannot read the index", *words)


@needs_root
def test_a_file_system_that_is_read_only(tmp_path: Path) -> None:
    states = TwoStates(tmp_path, 20)
    states.set(AFTER)
    disk = tmp_path / "disk"
    disk.mkdir()
    with small_disk(disk, 1000):
        states.index = disk / "index"
        states.restore()
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        for verb in VERBS:
            ran = run("heatseek", verb, "--index", str(states.index), cwd=tmp_path)
            check_refused(ran, states, "cannot write the index", "read-only file system")


# No locks


@pytest.mark.parametrize("name", ["ENOLCK", "ENOSYS", "EOPNOTSUPP"])
def test_a_file_system_without_locks(states: TwoStates, name: str) -> None:
    program = (
        "import errno, fcntl, os, sys\n"
        "def refused(*_):\n"
        f"    raise OSError(errno.{name}, os.strerror(errno.{name}))\n"
        "fcntl.flock = refused\n"
        "from heatseek.cli.main import run\n"
        "sys.exit(run('heatseek', ['update']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=states.index.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    reason = os.strerror(getattr(errno, name)).lower()
    ran = Ran(done.returncode, done.stdout, done.stderr)
    check_refused(ran, states, "has no locks", reason, "--index DIR")


# Something else in the way


@pytest.mark.parametrize("verb", VERBS)
def test_a_file_where_the_folder_should_be(states: TwoStates, verb: str) -> None:
    other = states.index.parent / f"other-{verb}"
    other.write_text("something")
    ran = run("heatseek", verb, "--index", str(other), cwd=other.parent)
    check_refused(ran, states, f"cannot write the index: {other} is a file", "--index DIR")
    assert other.read_text() == "something"


@pytest.mark.parametrize("name", ["LOCK", "LOCK.holder", "HEATSEEK"])
def test_folders_with_the_names_of_our_files(states: TwoStates, name: str) -> None:
    (states.index / name).unlink(missing_ok=True)
    (states.index / name).mkdir()
    ran = run("heatseek", "update", cwd=states.index.parent)
    assert (ran.code, len(ran.err.splitlines())) == (3, 1), ran
    assert "cannot write the index" in ran.err
    assert states.indexed() == BEFORE


# After the switch


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("call", ["fsync", "unlink", "rmdir", "scandir"])
def test_nothing_fails_any_more_once_the_new_index_is_in_place(
    states: TwoStates, verb: str, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_switched = False
    replace, original = Path.replace, getattr(os, call)

    def replaced(self: Path, target: Path) -> Path:
        nonlocal is_switched
        done = replace(self, target)
        is_switched |= target.name == "CURRENT"
        return done

    def failing(*args: object, **options: object) -> object:
        if is_switched:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return original(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replaced)
        patch.setattr(os, call, failing)
        ran = run("heatseek", verb, cwd=states.index.parent)
    assert is_switched
    told, *lines = ran.err.splitlines()
    assert (ran.code, states.indexed()) == (0, AFTER)
    if call == "fsync":
        why = "input/output error; the new index is in place, but a power failure now may undo it"
        assert told.endswith(f"index: {why}")
        assert len(lines) == 1
    else:
        assert not lines
    assert "untouched" not in ran.err
    states.update()
    run("heatseek", "rebuild", cwd=states.index.parent)
    assert strays(states.index) == set()


# An archive that cannot be read


@pytest.mark.parametrize("name", ["EIO", "ESTALE", "EMFILE", "ENFILE", "ENOMEM", "ENXIO"])
@pytest.mark.parametrize("what", ["files", "folders"])
def test_a_failing_disk_takes_nothing_from_the_index(
    states: TwoStates, name: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One in ten can still be read."""
    number = getattr(errno, name)
    original, calls = {"files": os.open, "folders": os.scandir}[what], 0

    def failing(path: object, *args: object, **options: object) -> object:
        nonlocal calls
        if states.archive in Path(str(path)).parents:
            calls += 1
            if calls % 10:
                raise OSError(number, os.strerror(number), path)
        return original(path, *args, **options)  # type: ignore[call-overload] # as it is called

    with monkeypatch.context() as patch:
        patch.setattr(os, original.__name__, failing)
        ran = run("heatseek", "rebuild", cwd=states.index.parent)
    reason = os.strerror(number).lower()
    check_refused(ran, states, "cannot read the archive", reason, "nothing is replaced: try again")


def test_a_failing_disk_leaves_to_updates_what_is_indexed(
    states: TwoStates, monkeypatch: pytest.MonkeyPatch
) -> None:
    states.set(BEFORE)
    original = os.open

    def failing(path: object, *args: object, **options: object) -> object:
        if states.archive in Path(str(path)).parents:
            raise OSError(errno.EIO, os.strerror(errno.EIO), path)
        return original(path, *args, **options)  # type: ignore[arg-type] # as it is called

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", failing)
        run("heatseek", "update", cwd=states.index.parent)
    assert states.indexed() == BEFORE
