"""Generations on a real server: switched at once, never lost, removed in time, with notes."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from heatseek.article import Article
from heatseek.engines.opensearch import generations, notes, succession
from heatseek.errors import (
    GenerationGoneError,
    IndexDamagedError,
    IndexForeignError,
    IndexMissingError,
    IndexOutdatedError,
    IndexWriteError,
    LeaseLostError,
    Remedy,
)
from indexes import change, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heatseek.engines.base import Engine
    from opensearch.cluster_index import ClusterIndex

pytestmark = pytest.mark.opensearch
ONE, TWO = Article("one.md", "one"), Article("two.md", "two")


def noted(engine: Engine, **beside: bytes) -> None:
    """A change of notes alone."""
    with engine.writing() as writer, writer.change([]) as draft:
        draft.commit(notes=beside, mentions={})


def test_a_generation_stays_for_its_time_of_grace(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    (first,) = index.generations()
    with index.engine.open() as reader:
        change(index.engine, [TWO])
        assert index.generations() == [first, index.current()]
        assert [article.id for article in reader.articles()] == ["one.md"]
        change(index.engine, [], ["two.md"])
        # One is kept, and no more.
        assert first not in index.generations()
        assert len(index.generations()) == 2
        with pytest.raises(GenerationGoneError, match="try again"):
            list(reader.articles())


def test_without_grace_the_generation_before_goes_at_once(index: ClusterIndex) -> None:
    engine = index.another(grace=0)
    fill(engine, [ONE])
    noted(engine, one=b"1")
    noted(engine, one=b"2")
    assert index.indexes() == sorted(
        [f"{index.name}-lease", index.current(), f"{index.current()}-notes"]
    )


def test_when_its_grace_is_over_the_next_writer_removes_it(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    change(index.engine, [TWO])
    assert len(index.generations()) == 2
    time.sleep(1.1)
    with index.another(grace=1).writing():
        assert index.generations() == [index.current()]


def test_a_dead_writer_leaves_nothing_after_the_next_one(index: ClusterIndex) -> None:
    """Neither of a rebuild nor of an update; what readers read stays all the while."""
    fill(index.engine, [ONE])
    noted(index.engine, one=b"1")
    drafts = succession.Generations
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafts, "remove", lambda *_: None)  # it has no time to clean up
        for way in ("replace", "change"):
            with pytest.raises(KeyboardInterrupt):
                interrupt(index.engine, way)
    assert len(index.drafts()) == 2
    index.put(f"{index.name}-g00000001-00000000-notes", {})
    assert index.ids() == ["one.md"]
    with index.engine.writing() as writer:
        assert index.drafts() == []
        assert writer.note("one") == b"1"
    assert f"{index.name}-g00000001-00000000-notes" not in index.indexes()
    assert index.ids() == ["one.md"]


def interrupt(engine: Engine, way: str) -> None:
    def articles() -> Iterator[Article]:
        yield TWO
        raise KeyboardInterrupt

    with engine.writing() as writer:
        made = (
            writer.replace(articles(), archive="/archive")
            if way == "replace"
            else writer.change(articles())
        )
        with made:
            raise AssertionError("it was made")


def test_a_failed_writer_removes_what_it_made(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    before = index.indexes()
    for way in ("replace", "change"):
        with pytest.raises(KeyboardInterrupt):
            interrupt(index.engine, way)
        assert index.indexes() == before


def test_two_first_generations_exclude_each_other(index: ClusterIndex) -> None:
    """Also where no lease does: the alias is taken by the one that is first."""
    with index.engine.writing() as writer, writer.replace([ONE], archive="/archive") as draft:
        (mine,) = index.drafts()
        other = f"{index.name}-g00000001-0badcafe"
        index.put(other, {"aliases": {index.name: {"is_write_index": True}}})
        with pytest.raises(LeaseLostError, match="another writer has changed"):
            draft.commit(notes={}, mentions={})
        assert index.current() == other
        assert mine in index.generations()
    assert mine not in index.generations()


def test_a_switch_takes_the_place_of_the_one_that_was_read_and_of_no_other(
    index: ClusterIndex,
) -> None:
    fill(index.engine, [ONE])
    before = index.current()
    other = f"{index.name}-g00000009-0badcafe"
    index.put(other, {"mappings": {"_meta": {"heatseek": "generation"}}})
    with index.engine.writing() as writer, writer.change([TWO]) as draft:
        # As one does whose lease has lapsed unseen.
        index.alias(
            {"remove": {"index": before, "alias": index.name}},
            {"add": {"index": other, "alias": index.name}},
        )
        with pytest.raises(LeaseLostError, match="another writer has changed"):
            draft.commit(notes={}, mentions={})
    assert index.current() == other


def test_an_answer_that_is_lost_is_no_failure(index: ClusterIndex) -> None:
    """The switch was made; asked again, the server says that there is nothing to take away."""
    fill(index.engine, [ONE])
    switch = succession.Generations.switch

    def twice(made: succession.Generations, new: str, before: list[str]) -> None:
        switch(made, new, before)
        switch(made, new, before)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(succession.Generations, "switch", twice)
        assert change(index.engine, [TWO]).documents == 2
    assert index.ids() == ["one.md", "two.md"]


def test_nothing_is_written_to_a_generation_that_readers_open(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    answer = index.ask("PUT", f"{index.current()}/_doc/x", {"id": "x"})
    assert answer["error"]["type"] == "cluster_block_exception"
    # A request that comes late makes no index of a name that is gone.
    late = index.ask("POST", f"{index.name}-gone-fill/_doc/x?require_alias=true", {"id": "x"})
    assert late["status"] == 404


def test_articles_that_did_not_arrive_are_missed(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    with index.engine.writing() as writer:
        with writer.replace([ONE, TWO], archive="/archive") as draft:
            (made,) = index.drafts()
            index.ask("DELETE", f"{made}/_doc/two.md")
            with pytest.raises(IndexWriteError, match="has 1 of 2 articles"):
                draft.commit(notes={}, mentions={})
        assert index.drafts() == []
    assert index.ids() == ["one.md"]


def test_a_lost_alias_loses_nothing_more(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    (first,) = index.generations()
    index.alias({"remove": {"index": first, "alias": index.name}})
    with pytest.raises(IndexMissingError):
        index.engine.open()
    with index.engine.writing():
        assert index.generations() == [first]
    fill(index.engine, [TWO])
    assert index.ids() == ["two.md"]


def test_an_index_of_somebody_else_is_left_as_it_is(index: ClusterIndex) -> None:
    index.put(index.name, {"mappings": {"properties": {"x": {"type": "long"}}}})
    for use in (index.engine.open, index.engine.writing().__enter__):
        with pytest.raises(IndexForeignError, match="an index of somebody else's") as told:
            use()
        assert told.value.remedy is Remedy.OTHER_PLACE
    assert index.engine.origin() is None
    assert index.indexes() == [index.name]


def test_an_alias_that_points_elsewhere_is_left_as_it_is(index: ClusterIndex) -> None:
    other = f"{index.name}.other"
    index.put(other, {"aliases": {index.name: {}}})
    for use in (index.engine.open, index.engine.writing().__enter__):
        with pytest.raises(IndexForeignError, match=rf"points at {other}, which is somebody"):
            use()
    assert index.engine.origin() is None
    assert index.indexes() == [other]
    # One that names both is not ours either.
    index.ask("DELETE", other)
    fill(index.engine, [ONE])
    index.put(other, {"aliases": {index.name: {}}})
    for use in (index.engine.open, index.engine.writing().__enter__):
        with pytest.raises(IndexForeignError, match=rf"points at {other}"):
            use()


def test_an_alias_of_two_generations_is_damage_that_a_rebuild_mends(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    change(index.engine, [TWO])
    first, second = index.generations()
    index.alias({"add": {"index": first, "alias": index.name}})
    with pytest.raises(IndexDamagedError, match=f"points at {first} and {second}"):
        index.engine.open()
    assert list(index.engine.check()) == [
        f"the alias {index.location} points at {first} and {second}"
    ]
    assert index.engine.origin() is not None
    fill(index.engine, [TWO])
    assert index.ids() == ["two.md"]
    assert index.generations() == [second, index.current()]


def test_an_index_of_another_version_is_told_and_replaced(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generations, "FORMAT", generations.FORMAT + 1)
        with pytest.raises(IndexOutdatedError) as told:
            index.engine.open()
        assert told.value.archive == "/archive"
        origin = index.engine.origin()
        assert origin
        assert origin.archive == "/archive"
        with (
            index.engine.writing() as writer,
            pytest.raises(IndexOutdatedError),
            writer.change([TWO]),
        ):
            pass
        fill(index.engine, [TWO])
        assert index.ids() == ["two.md"]
    with pytest.raises(IndexOutdatedError):
        index.engine.open()


def test_a_description_that_is_overwritten_is_damage(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    current = index.current()
    found = index.get(f"{current}/_mapping")[current]["mappings"]["_meta"]
    wrongs = {"number": "x", "fields": 3, "notes": [1], "created_at": 10**17, "archive": "/a\0b"}
    for key, value in wrongs.items():
        wrong = {**found, key: value}
        index.put(f"{current}/_mapping", {"_meta": wrong})
        with pytest.raises(IndexDamagedError, match=f"the description beside {current}"):
            index.engine.open()
    index.put(f"{current}/_mapping", {"_meta": {}})
    with pytest.raises(IndexDamagedError, match=f"no description beside {current}"):
        index.engine.open()
    fill(index.engine, [TWO])
    assert index.ids() == ["two.md"]


def test_notes_are_cut_into_pieces_and_put_together_again(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes, "CHUNK", 100)
    long = bytes(range(256)) * 3
    fill(index.engine, [ONE])
    noted(index.engine, long=long, short=b"x", empty=b"")
    with index.engine.open() as reader:
        assert reader.note("long") == long
        assert (reader.note("short"), reader.note("empty")) == (b"x", b"")


def test_notes_that_are_not_as_they_were_written_are_damage(index: ClusterIndex) -> None:
    fill(index.engine, [ONE])
    noted(index.engine, one=b"1", two=b"2")
    place = f"{index.current()}-notes"
    index.put(f"{place}/_doc/one.0", {"data": "Mg=="})
    index.ask("DELETE", f"{place}/_doc/two.0")
    told = [
        f"the note {name} beside {index.current()} is not as it was written"
        for name in ("one", "two")
    ]
    assert sorted(index.engine.check()) == told
    with index.engine.open() as reader:
        for name in ("one", "two"):
            with pytest.raises(IndexDamagedError, match=f"the note {name}"):
                reader.note(name)
        index.ask("DELETE", place)
        with pytest.raises(IndexDamagedError, match=r"the notes beside .* are missing"):
            reader.note("one")
        index.ask("DELETE", index.current())
        with pytest.raises(GenerationGoneError):
            reader.note("one")


def test_links_of_many_articles_are_kept_beside_them(
    index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heatseek.engines.opensearch.drafts.MOST_TWINS", 1)
    twins = [
        Article(f"{name}{number}.md", "one", url=f"https://x.org/{name}")
        for name in "ab"
        for number in range(2)
    ]
    fill(index.engine, twins)
    assert f"{index.current()}-notes" in index.indexes()
    assert list(index.engine.check()) == []
    change(index.engine, [ONE])
    assert list(index.engine.check()) == []
    current = index.current()
    index.put(f"{current}-notes/_doc/twins.0", {"data": "Mg=="})
    assert list(index.engine.check()) == [
        f"the note twins beside {current} is not as it was written"
    ]


def test_check_tells_what_is_not_as_it_was_written(index: ClusterIndex) -> None:
    fill(index.engine, [ONE, TWO])
    current = index.current()
    assert list(index.engine.check()) == []
    index.put(f"{current}/_settings", {"index.blocks.write": None})
    assert list(index.engine.check()) == [
        f"{current} can be written to: somebody has taken its block off"
    ]
    index.ask("DELETE", f"{current}/_doc/one.md?refresh=true")
    assert any("1 articles, which are not the 2" in line for line in index.engine.check())
    # It is a change that takes what there is.
    assert change(index.engine, [ONE]).documents == 2
    assert list(index.engine.check()) == []


def test_copies_that_no_node_takes_are_told(index: ClusterIndex) -> None:
    """They are no damage: all can be searched."""
    told: list[str] = []
    with index.another(replicas=1).writing(tell=told.append) as writer:
        with writer.replace([ONE], archive="/archive") as draft:
            draft.commit(notes={}, mentions={})
        assert len(told) == 1
        with writer.change([TWO]) as draft:
            draft.commit(notes={}, mentions={})
    assert "no nodes for all its copies" in told[1]
    assert list(index.engine.check()) == []
    assert index.ids() == ["one.md", "two.md"]


def test_readers_of_many_threads_see_whole_generations_only(index: ClusterIndex) -> None:
    """While one writer changes all articles together, again and again."""
    fill(index.engine, [Article(f"{number}.md", "0") for number in range(5)])
    seen: list[set[str]] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                with index.engine.open() as reader:
                    seen.append({article.title for article in reader.articles()})
            except GenerationGoneError:
                continue

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for version in range(1, 5):
        change(index.engine, [Article(f"{number}.md", str(version)) for number in range(5)])
    is_over.set()
    for reader in readers:
        reader.join()
    assert {len(titles) for titles in seen} == {1}
    assert len(set().union(*seen)) > 1
