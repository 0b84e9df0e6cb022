"""One generation filled by several writers, for engines that can."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.engines.model import Capability, Origin, Request, Slice
from heatseek.errors import IndexLockedError, IndexMissingError
from heatseek.query import tree
from indexes import fill

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from contract.conftest import Make
    from heatseek.engines.base import Engine

ORIGIN = Origin("/archive")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLES = [
    Article(f"{number}.md", f"sun {'wind ' * number}", body="sun " * (number % 3))
    for number in range(9)
]


@pytest.fixture
def engine(make: Make, tmp_path: Path) -> Engine:
    made = make(tmp_path / "index")
    if Capability.SLICES not in made.capabilities:
        pytest.skip("declared: it cannot")
    return made


def write(
    engine: Engine, number: int, of: int = 3, articles: Iterable[Article] = ARTICLES
) -> tuple[int, ...]:
    """Write a slice and report it; complete the generation with a last article if it is for us."""
    with engine.slicing(Slice(number, of), ORIGIN) as writer:
        assert number in writer.left
        writer.take(a for a in articles if int(a.id[0]) % of == number - 1)
        waiting = writer.report({"files": b"%d" % number})
        if not waiting:
            notes = {f"of {k}": writer.note(k, "files") for k in range(1, of + 1)}
            with writer.complete([Article("last.md", "sun last")]) as draft:
                draft.commit(notes=notes, mentions={"last.md": ("0.md",)})
    return waiting


def answers(engine: Engine) -> list[tuple[str, float]]:
    with engine.open() as reader:
        query = tree.Any((tree.Term("sun"), tree.Term("wind")))
        page = reader.search(Request(query, NOW, limit=100))
        return [(match.article.id, match.score) for match in page.matches]


@pytest.mark.parametrize("order", [*permutations((1, 2, 3))])
def test_slices_in_any_order_are_one_generation(
    engine: Engine, make: Make, tmp_path: Path, order: tuple[int, int, int]
) -> None:
    first, second, last = order
    assert write(engine, first) == tuple(sorted((second, last)))
    assert write(engine, second) == (last,)
    with pytest.raises(IndexMissingError):
        engine.open()
    assert write(engine, last) == ()
    whole = make(tmp_path / "whole")
    fill(whole, [*ARTICLES, Article("last.md", "sun last")])
    assert answers(engine) == answers(whole)
    with engine.open() as reader:
        assert [reader.note(f"of {number}") for number in (1, 2, 3)] == [b"1", b"2", b"3"]
        assert reader.mentioned_by(["last.md"]) == {"last.md": ("0.md",)}


def test_the_generation_before_answers_until_all_slices_are_there(engine: Engine) -> None:
    fill(engine, [Article("old.md", "sun")])
    write(engine, 1)
    write(engine, 2)
    assert [id_ for id_, _ in answers(engine)] == ["old.md"]
    write(engine, 3)
    assert len(answers(engine)) == 10


def fail_to_write(engine: Engine) -> None:
    with engine.slicing(Slice(2, 2), ORIGIN) as writer:
        writer.take([Article("1.md", "sun of a try that failed"), Article("gone.md", "sun")])
        raise ZeroDivisionError


def test_a_slice_whose_writer_fails_is_made_again(engine: Engine) -> None:
    write(engine, 1, of=2)
    with pytest.raises(ZeroDivisionError):
        fail_to_write(engine)
    assert write(engine, 2, of=2) == ()
    with engine.open() as reader:
        assert sorted(a.id for a in reader.articles()) == [*(a.id for a in ARTICLES), "last.md"]
        one = reader.get("1.md")
    assert one
    assert one.title == ARTICLES[1].title


def fail_to_complete(engine: Engine) -> None:
    with engine.slicing(Slice(2, 2), ORIGIN) as writer:
        writer.take(a for a in ARTICLES if int(a.id[0]) % 2)
        assert writer.report({"files": b"2"}) == ()
        with writer.complete([Article("last.md", "sun last")]):
            raise ZeroDivisionError


def test_who_fails_to_complete_loses_nothing(engine: Engine) -> None:
    write(engine, 1, of=2)
    with pytest.raises(ZeroDivisionError):
        fail_to_complete(engine)
    with pytest.raises(IndexMissingError):
        engine.open()
    with engine.slicing(Slice(1, 2), ORIGIN) as writer:
        assert writer.left == ()
        assert writer.note(2, "files") == b"2"
        with writer.complete([Article("last.md", "sun last")]) as draft:
            draft.commit(notes={}, mentions={})
    assert len(answers(engine)) == 10


def test_only_one_writer_makes_a_slice_and_none_the_whole_beside(engine: Engine) -> None:
    with engine.slicing(Slice(1, 2), ORIGIN):
        with pytest.raises(IndexLockedError), engine.slicing(Slice(1, 2), ORIGIN):
            pass
        with pytest.raises(IndexLockedError), engine.writing():
            pass
        assert write(engine, 2, of=2) == (1,)


@pytest.mark.parametrize(
    ("of", "origin"), [(3, ORIGIN), (2, Origin("/elsewhere"))], ids=["division", "origin"]
)
def test_slices_of_another_division_or_archive_are_refused(
    engine: Engine, of: int, origin: Origin
) -> None:
    write(engine, 1, of=2)
    with pytest.raises(IndexLockedError), engine.slicing(Slice(2, of), origin):
        pass
    assert write(engine, 2, of=2) == ()


def test_writers_follow_once_the_generation_is_whole(engine: Engine) -> None:
    write(engine, 1, of=1)
    fill(engine, [Article("new.md", "sun")])
    assert [id_ for id_, _ in answers(engine)] == ["new.md"]
