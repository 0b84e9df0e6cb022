"""Generations follow each other: changes, drafts, isolation, notes, mentions, one writer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article, Kind
from heatseek.engines.model import Capability, Count, Origin, Removal, Request, Slice
from heatseek.errors import (
    CapabilityError,
    IndexClosedError,
    IndexLockedError,
    IndexMissingError,
)
from heatseek.query import tree
from heatseek.schema import DeclaredField, FieldKind
from indexes import change, fill
from strategies import EPOCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contract.conftest import Make
    from heatseek.engines.base import Engine

SUN, WIND, TIDE = (
    Article("sun.md", "sun"),
    Article("wind.md", "wind"),
    Article("tide.md", "tide"),
)


@pytest.fixture
def engine(make: Make, tmp_path: Path) -> Engine:
    engine = make(tmp_path / "index")
    fill(engine, [SUN, WIND])
    return engine


def ids(engine: Engine) -> list[str]:
    with engine.open() as reader:
        return sorted(article.id for article in reader.articles())


def test_there_is_nothing_before_the_first_generation(make: Make, tmp_path: Path) -> None:
    engine = make(tmp_path / "new")
    assert engine.origin() is None
    with pytest.raises(IndexMissingError):
        engine.open()
    with engine.writing() as writer:
        with pytest.raises(IndexMissingError):
            _ = writer.generation
        with pytest.raises(IndexMissingError), writer.change([SUN]):
            pass


def test_a_generation_says_what_it_is(engine: Engine) -> None:
    with engine.open() as reader:
        first = reader.generation
    assert (first.archive, first.documents, first.fields) == ("/archive", 2, ())
    assert timedelta() <= datetime.now(UTC) - first.created_at < timedelta(minutes=5)
    second = change(engine, [TIDE])
    assert second.number > first.number
    assert (second.archive, second.documents) == ("/archive", 3)
    with engine.writing() as writer:
        assert writer.generation == second
    assert engine.origin() == Origin("/archive")


def test_changes_come_in_any_order(engine: Engine) -> None:
    newer = Article("sun.md", "sunny")
    with engine.writing() as writer:
        changes = [newer, Removal("wind.md"), TIDE, Removal("sun.md"), Removal("nosuch.md")]
        with writer.change(changes) as draft:
            draft.commit(notes={}, mentions={})
    with engine.open() as reader:
        assert {a.id: a.title for a in reader.articles()} == {"sun.md": "sunny", "tide.md": "tide"}


def test_an_article_takes_the_place_of_the_one_with_its_id(engine: Engine) -> None:
    with engine.writing() as writer, writer.change([Article("sun.md", "sunny")]) as draft:
        draft.commit(notes={}, mentions={})
    with engine.open() as reader:
        assert reader.get("sun.md") == Article("sun.md", "sunny")
        assert reader.count([Count(tree.Term("sun")), Count(tree.Term("sunny"))]) == (0, 1)
        assert reader.generation.documents == 2


def test_a_draft_that_is_not_committed_leaves_all_as_it_was(engine: Engine) -> None:
    with engine.open() as reader:
        before = reader.generation
    with engine.writing() as writer:
        with writer.change([TIDE]):
            pass
        with writer.replace([TIDE], archive="/elsewhere"):
            pass
        assert writer.generation == before
    with engine.open() as reader:
        assert reader.generation == before
    assert ids(engine) == ["sun.md", "wind.md"]
    assert change(engine, [TIDE]).documents == 3


@pytest.mark.parametrize("way", ["replace", "change"])
def test_articles_that_fail_leave_all_as_it_was(engine: Engine, way: str) -> None:
    def failing() -> Iterator[Article]:
        yield TIDE
        raise RuntimeError("no more")

    with engine.writing() as writer:
        made = (
            writer.change(failing())
            if way == "change"
            else writer.replace(failing(), archive="/elsewhere")
        )
        with pytest.raises(RuntimeError, match="no more"), made:
            raise AssertionError("no article was taken")
    assert ids(engine) == ["sun.md", "wind.md"]


def test_nothing_of_a_draft_is_seen_before_it_is_committed(engine: Engine) -> None:
    with engine.writing() as writer, writer.change([TIDE, Removal("sun.md")]) as draft:
        assert ids(engine) == ["sun.md", "wind.md"]
        draft.commit(notes={}, mentions={})
        assert ids(engine) == ["tide.md", "wind.md"]


def test_an_open_reader_stays_at_its_generation(engine: Engine) -> None:
    everything = Request(tree.Everything(), EPOCH)
    with engine.open() as reader:
        before = reader.search(everything), reader.generation
        change(engine, [TIDE], ["sun.md"], {"wind.md": ("tide.md",)})
        assert (reader.search(everything), reader.generation) == before
        assert reader.get("tide.md") is None
        assert reader.mentioned_by(["wind.md"]) == {}
        assert reader.count([Count(tree.Term("sun"))]) == (1,)
        with engine.open() as newer:
            assert newer.search(everything) != before[0]


def test_notes_are_those_of_the_last_commit(engine: Engine) -> None:
    with engine.writing() as writer:
        with writer.change([]) as draft:
            draft.commit(notes={"one": b"1", "two": bytes(range(256))}, mentions={})
        assert (writer.note("one"), writer.note("two")) == (b"1", bytes(range(256)))
    with engine.open() as reader:
        assert (reader.note("one"), reader.note("nosuch")) == (b"1", b"")
    with engine.writing() as writer:
        with writer.change([]) as draft:
            draft.commit(notes={"two": b"2"}, mentions={})
        assert (writer.note("one"), writer.note("two")) == (b"", b"2")


def test_notes_and_mentions_stay_where_a_change_leaves_them(engine: Engine) -> None:
    with engine.writing() as writer:
        with writer.change([TIDE]) as draft:
            draft.commit(notes={"one": b"1", "two": b"2"}, mentions={"wind.md": ["tide.md"]})
        with writer.change([]) as draft:
            draft.commit(notes={"one": None, "two": b"3", "none": None}, mentions=None)
        assert [writer.note(name) for name in ("one", "two", "none")] == [b"1", b"3", b""]
    with engine.open() as reader:
        assert [reader.note(name) for name in ("one", "two", "none")] == [b"1", b"3", b""]
        assert reader.mentioned_by(["wind.md"]) == {"wind.md": ("tide.md",)}


def test_mentions_are_found_and_told(engine: Engine) -> None:
    story = Article("https://x.org/", "tide", kind=Kind.RELATED, related_to=("sun.md",))
    change(engine, [story, TIDE], [], {"wind.md": ("tide.md", "sun.md"), "sun.md": ("tide.md",)})
    related = [tree.Term("sun.md", "related"), tree.Prefix("tid", "related")]
    with engine.open() as reader:
        known = reader.mentioned_by(["wind.md", "tide.md", "sun.md", "nosuch.md", story.id])
        assert known == {"wind.md": ("sun.md", "tide.md"), "sun.md": ("tide.md",)}
        assert reader.count(map(Count, related)) == (2, 2)
    change(engine, [], [], {"wind.md": ("tide.md",)})
    with engine.open() as reader:
        assert reader.mentioned_by(["wind.md", "sun.md"]) == {"wind.md": ("tide.md",)}
        assert reader.count(map(Count, related)) == (1, 1)


def test_one_writer_at_a_time(engine: Engine) -> None:
    told: list[str] = []
    with engine.writing() as writer:
        lease = writer.lease
        assert lease.holder.process > 0
        assert lease.holder.host
        assert timedelta() <= datetime.now(UTC) - lease.holder.since < timedelta(minutes=1)
        assert (lease.heartbeat is None) == (lease.expiry is None)
        with pytest.raises(IndexLockedError), engine.writing():
            pass
        with pytest.raises(IndexLockedError), engine.writing(timeout=0.1, tell=told.append):
            pass
        assert len(told) == 1
    with engine.writing():
        pass


def test_a_failed_writer_gives_its_lease_back(engine: Engine) -> None:
    with pytest.raises(RuntimeError), engine.writing():
        raise RuntimeError
    with engine.writing():
        pass


def test_a_closed_reader_says_so(engine: Engine) -> None:
    reader = engine.open()
    reader.close()
    uses = (
        lambda: reader.search(Request(tree.Everything(), EPOCH)),
        lambda: reader.count([Count(tree.Everything())]),
        lambda: reader.labels("topic"),
        lambda: reader.note("one"),
        lambda: reader.mentioned_by(["sun.md"]),
        lambda: reader.get("sun.md"),
        lambda: list(reader.articles()),
    )
    for use in uses:
        with pytest.raises(IndexClosedError):
            use()


def suggests(engine: Engine) -> bool:
    with engine.open() as reader:
        return reader.suggest("winf") == ("wind",)


def declares(engine: Engine) -> bool:
    fields = (DeclaredField("price", FieldKind.NUMBER),)
    return fill(engine, [SUN], fields=fields).fields == fields


def takes_slices(engine: Engine) -> bool:
    with engine.slicing(Slice(1, 1), Origin("/archive")) as writer:
        writer.take([TIDE])
        return writer.report({}) == ()


USES: dict[Capability, Callable[[Engine], bool]] = {
    Capability.CHECK: lambda engine: list(engine.check()) == [],
    Capability.SUGGESTIONS: suggests,
    Capability.DECLARED_FIELDS: declares,
    Capability.SLICES: takes_slices,
}


@pytest.mark.parametrize("capability", Capability)
def test_what_is_declared_works_and_the_rest_is_refused(
    engine: Engine, capability: Capability
) -> None:
    if capability in engine.capabilities:
        assert USES[capability](engine)
        return
    with pytest.raises(CapabilityError) as told:
        USES[capability](engine)
    assert (told.value.engine, told.value.capability) == (engine.name, capability)
