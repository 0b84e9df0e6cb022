"""Files of an index that are cut, changed, lost or replaced: the same answers as before, or one
line that says so."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from cli_runs import Ran, run
from heatseek.engines.whoosh import store
from heatseek.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError, StoreError
from programs import SEARCH
from two_states import AFTER, TwoStates, checksum, strays

if TYPE_CHECKING:
    from collections.abc import Iterator

SEARCHES = (["solar"], ["wind tide", "--topic", "heat"], ["sol* -grid", "--sort", "date"])
DAMAGED = "doctor --repair"
OUTDATED = "made by another version of heatseek; run `heatseek rebuild`"


class Damage(NamedTuple):
    """To one file."""

    file: str
    how: str
    value: int = 0

    def do(self, index: Path) -> None:
        path = index / self.file
        data = path.read_bytes()
        path.unlink()
        match self.how:
            case "cut":
                path.write_bytes(data[: self.value])
            case "flip":
                changed = bytearray(data)
                changed[self.value // 8] ^= 1 << self.value % 8
                path.write_bytes(changed)
            case "garbage":
                path.write_bytes(random.Random(self.value).randbytes(len(data)))  # noqa: S311
            case "folder":
                path.mkdir()

    def undo(self, index: Path, kept: Path) -> None:
        path = index / self.file
        if path.is_dir():
            path.rmdir()
        path.unlink(missing_ok=True)
        shutil.copyfile(kept / self.file, path)


def damages(index: Path, flips: int, chance: random.Random) -> Iterator[Damage]:
    """What can happen to each file, some flipped bits among it."""
    for path in sorted(index.rglob("*")):
        name, size = str(path.relative_to(index)), path.stat().st_size
        if path.is_file() and name != "LOCK":
            yield from (Damage(name, "cut", to) for to in (0, size // 2, size - 1))
            yield from (Damage(name, how) for how in ("lost", "garbage", "folder"))
            yield from (Damage(name, "flip", chance.randrange(8 * size)) for _ in range(flips))


@pytest.fixture
def states(tmp_path: Path) -> TwoStates:
    """An index, and an archive, in state `AFTER`; the index has files of every kind."""
    states = TwoStates(tmp_path, 240, every=120)
    states.set(AFTER)
    states.update()
    assert {path.suffix for path in states.index.rglob("*")} >= {".doc", ".trm", ".del", ".note"}
    return states


def searched(states: TwoStates) -> list[Ran]:
    lines = (["search", *line, "--format", "jsonl", "-n", "500"] for line in SEARCHES)
    return [
        run("heatseek", *line, "--now", "2026-01-01", cwd=states.archive.parent) for line in lines
    ]


def is_told(ran: Ran) -> bool:
    """Whether it ended with a line that says what to do."""
    return (
        (ran.code, ran.out) == (3, "")
        and len(ran.err.splitlines()) == 1
        and (DAMAGED in ran.err or OUTDATED in ran.err)
    )


def is_rebuilt(ran: Ran, whole: Ran) -> bool:
    """Whether it answered from an index made anew: a bit of the version may have flipped."""
    return (ran.code, ran.out) == (whole.code, whole.out) and "by another version" in ran.err


def is_told_beside(ran: Ran, whole: Ran) -> bool:
    """Whether it answered, and told of the damage: of notes that only an update needs."""
    return (ran.code, ran.out) == (whole.code, whole.out) and "the index is damaged" in ran.err


def is_right(states: TwoStates, *, long_lived: bool) -> bool:
    """Whether searches give what they should, or tell."""
    try:
        return checksum(states.engine, long_lived=long_lived) == states.known[AFTER]
    except StoreError as error:
        return isinstance(error, IndexDamagedError | IndexOutdatedError)


def check_searches(states: TwoStates, expected: list[Ran], damage: Damage) -> None:
    """As commands of one search each, and as a process that stays."""
    if damage == Damage("CURRENT", "lost"):
        return  # there is no index, so that the first search makes one
    for ran, whole in zip(searched(states), expected, strict=True):
        is_answer = ran == whole or is_rebuilt(ran, whole) or is_told_beside(ran, whole)
        assert is_answer or is_told(ran), (damage, ran)
    assert is_right(states, long_lived=True), damage


def check_told(states: TwoStates, damage: Damage) -> None:
    """A check that reads everything finds it."""
    try:
        flaws = list(states.engine.check())
    except (IndexMissingError, IndexOutdatedError):
        assert damage.file == "CURRENT" or damage.file.endswith(store.MANIFEST), damage
        return
    if damage.file == "CURRENT" and damage.how in {"cut", "flip"} and not flaws:
        return  # the line's end, which says nothing
    assert any(Path(damage.file).name in flaw for flaw in flaws) or (
        damage.file == "CURRENT" and flaws
    ), (damage, flaws)


def damage_and_search(states: TwoStates, flips: int, seed: int) -> None:
    expected = searched(states)
    kept = states.index.parent / "whole"
    shutil.copytree(states.index, kept)
    for damage in damages(kept, flips, random.Random(seed)):  # noqa: S311
        damage.do(states.index)
        check_told(states, damage)
        check_searches(states, expected, damage)
        # Whole: a search may have made another index.
        shutil.rmtree(states.index)
        shutil.copytree(kept, states.index)
    assert searched(states) == expected


def test_searches_of_a_damaged_index(states: TwoStates) -> None:
    damage_and_search(states, flips=3, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_searches_of_an_index_with_many_flipped_bits(states: TwoStates, seed: int) -> None:
    damage_and_search(states, flips=80, seed=seed)


def check_writers(states: TwoStates, damage: Damage) -> None:
    """An update tells or does it right; a rebuild does it right."""
    cwd = states.archive.parent
    updated = run("heatseek", "update", cwd=cwd)
    is_in_the_way = damage in {Damage("CURRENT", "folder"), Damage("HEATSEEK", "folder")}
    assert updated.code == 0 or is_told(updated) or is_in_the_way, (damage, updated)
    if updated.code == 0:
        assert is_right(states, long_lived=False), damage
    rebuilt = run("heatseek", "rebuild", cwd=cwd)
    if is_in_the_way:
        # It may be anybody's: not removed, but named.
        assert (rebuilt.code, len(rebuilt.err.splitlines())) == (3, 1)
        assert f"{states.index.name}/{damage.file}" in rebuilt.err
        return
    assert rebuilt.code == 0, (damage, rebuilt)
    assert (states.indexed(), strays(states.index)) == (AFTER, set()), damage


def damage_and_write(base: Path, flips: int, seed: int, one_of: int = 1) -> None:
    states = TwoStates(base, 240, every=120)
    states.set(AFTER)
    states.update()
    # What is to be written: the change from a third state, of which nothing is known here.
    (states.archive / "more.md").write_text("---\ntitle: solar once\n---\n")
    states.update()
    (states.archive / "more.md").unlink()
    kept = states.index.parent / "whole"
    states.index.rename(kept)
    every = list(damages(kept, flips, random.Random(seed)))  # noqa: S311
    for damage in every[::one_of]:
        shutil.copytree(kept, states.index)
        damage.do(states.index)
        check_writers(states, damage)
        shutil.rmtree(states.index)


def test_writers_on_a_damaged_index(tmp_path: Path) -> None:
    damage_and_write(tmp_path, flips=1, seed=1, one_of=4)


@pytest.mark.slow
def test_writers_on_an_index_with_many_flipped_bits(tmp_path: Path) -> None:
    damage_and_write(tmp_path, flips=15, seed=2)


@pytest.mark.slow
def test_commands_of_their_own_on_a_damaged_index(states: TwoStates) -> None:
    """Nothing but the lines above comes out of a real process, and none hangs."""
    kept = states.index.parent / "whole"
    shutil.copytree(states.index, kept)
    line = [SEARCH, "solar", "--format", "jsonl", "-n", "500", "--now", "2026-01-01"]

    def search() -> Ran:
        done = subprocess.run(
            line,
            cwd=kept.parent,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    whole = search()
    assert whole.code == 0
    for damage in damages(kept, 10, random.Random(3)):  # noqa: S311
        damage.do(states.index)
        if damage != Damage("CURRENT", "lost"):
            ran = search()
            assert ran == whole or is_told(ran) or is_rebuilt(ran, whole), (damage, ran)
        shutil.rmtree(states.index)
        shutil.copytree(kept, states.index)


WAYS = (
    *((".doc", "cut"), (".trm", "flip"), (".note", "flip"), (".doc", "lost"), (".trm", "folder")),
    *(("manifest.json", "garbage"), ("manifest.json", "lost"), ("CURRENT", "garbage")),
)


def test_the_doctor_names_and_repairs(tmp_path: Path) -> None:
    states = TwoStates(tmp_path, 12)
    states.set(AFTER)
    states.update()
    cwd = states.index.parent
    for ending, how in WAYS:
        path = min(states.index.rglob(f"*{ending}"))
        Damage(str(path.relative_to(states.index)), how, 5).do(states.index)
        told = run("heatseek", "doctor", cwd=cwd)
        assert told.code != 0
        assert path.name in told.out + told.err
        repaired = run("heatseek", "doctor", "--repair", cwd=cwd)
        assert repaired.code == 0, repaired
        assert (states.indexed(), strays(states.index)) == (AFTER, set())
