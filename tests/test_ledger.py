"""The ledger: files in columns are what a dictionary of them would be, written and read again."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.article import Article
from heatseek.indexer.blocks import ROWS, Head
from heatseek.indexer.ledger import Ledger
from heatseek.indexer.rows import Entry
from heatseek.ingest.file_stat import FileStat
from heatseek.ingest.problem import Problem, ProblemKind

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

IDS = st.sampled_from([f"{folder}/{name}.md" for folder in "ab" for name in ("é", "x", "y", "z")])
NUMBERS = st.integers(-(2**63), 2**63 - 1)
ENTRIES = st.builds(
    Entry,
    st.builds(FileStat, NUMBERS, NUMBERS, NUMBERS, NUMBERS),
    st.sampled_from([b"", b"d" * 16]),
    st.sampled_from(["", "https://é.example/1", "https://example.com/2"]),
    st.lists(st.integers(0, 3), max_size=4).map(lambda numbers: array("I", numbers)),
    st.booleans(),
    st.none() | st.just(Problem("a/x.md", 1, None, "why", ProblemKind.VALUE, fatal=False)),
    st.integers(0, 3),
)
FILES = st.dictionaries(IDS, ENTRIES, max_size=6)
CHANGES = st.lists(st.tuples(IDS, st.none() | ENTRIES), max_size=4)
ENTRY = Entry(FileStat(1, 2, 3, 4), b"d" * 16)
STORIES = tuple(Article(id="", title=f"story {number}") for number in range(4))


@pytest.fixture(autouse=True, scope="module")
def _small_blocks() -> Iterator[None]:
    """Blocks of two files: those of a real ledger have thousands."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("heatseek.indexer.table.ROWS", 2)
        patch.setattr("heatseek.indexer.table._MOST_UNPACKED", 1)
        yield


def ledger_of(files: dict[str, Entry]) -> Ledger:
    ledger = Ledger(0)
    ledger.numbers(STORIES)
    ledger.files.update(sorted(files.items()))
    return ledger


def titles(ledger: Ledger, id_: str) -> list[str]:
    """What a file mentions: its numbers may be others after a while."""
    return [ledger.mentions._lines[n].decode() for n in ledger.files[id_].mentions]


def plain(files: dict[str, Entry]) -> dict[str, Entry]:
    return {id_: entry._replace(mentions=array("I")) for id_, entry in files.items()}


def loaded(ledger: Ledger, before: dict[str, bytes]) -> tuple[Ledger, dict[str, bytes]]:
    """A ledger written and read again; notes that stay are those of before."""
    notes = {name: before[name] if n is None else n for name, n in ledger.notes().items()}
    found = Ledger.load(notes.__getitem__)
    assert found
    return found, notes


@given(first=FILES, rounds=st.lists(CHANGES, max_size=2))
def test_files_are_as_in_a_dictionary(
    first: dict[str, Entry], rounds: list[list[tuple[str, Entry | None]]]
) -> None:
    ledger, expected = ledger_of(first), dict(first)
    notes: dict[str, bytes] = {}
    for changes in ([], *rounds):
        before = ledger.files.copy()
        kept = dict(before)
        for id_, entry in changes:
            if entry is not None:
                ledger.files[id_] = expected[id_] = entry._replace(mentions=array("I"))
            elif id_ in expected:
                del ledger.files[id_], expected[id_]
        assert dict(before) == kept
        assert plain(dict(ledger.files)) == plain(expected)
        assert (list(ledger.files), len(ledger.files)) == (sorted(expected), len(expected))
        assert ledger.files.articles == sum(entry.indexed for entry in expected.values())
        orders = {id_: entry.order for id_, entry in expected.items() if entry.order}
        assert ledger.files.orders() == orders
        troubled = sorted(id_ for id_, entry in expected.items() if entry.problem)
        assert [id_ for id_, _ in ledger.files.problems()] == troubled
        mentions = {id_: titles(ledger, id_) for id_ in ledger.files}
        ledger, notes = loaded(ledger, notes)
        assert plain(dict(ledger.files)) == plain(expected)
        assert {id_: titles(ledger, id_) for id_ in ledger.files} == mentions


@given(files=FILES, now=FILES)
def test_every_file_that_differs_is_looked_at(
    files: dict[str, Entry], now: dict[str, Entry]
) -> None:
    now |= {id_: entry for id_, entry in files.items() if entry.order == 1}
    ids = sorted(now)
    stats = array("q", [number for id_ in ids for number in now[id_].stat])

    ledger, _ = loaded(ledger_of(files), {})
    ledger.files.update({id_: ENTRY for id_ in now if "y" in id_})

    places, missing = ledger.files.compare(ids, stats, lambda some: min(some[1::4]) > 0)

    seen = {ids[place] for place in places}
    settled = {id_ for id_ in ids if now[id_].stat.mtime_ns > 0}
    same = {id_ for id_ in settled if id_ in files and files[id_].stat == now[id_].stat}
    assert seen >= {*ids} - same
    assert not seen & {id_ for id_ in same if not files[id_].problem and "y" not in id_}
    assert missing == files.keys() - now.keys()


def test_what_an_update_leaves_is_not_written_again() -> None:
    entry = ENTRY
    changed = entry._replace(url="https://example.com/")
    ledger, notes = loaded(ledger_of({f"{n:03}.md": entry for n in range(100)}), {})
    ledger.files["007.md"] = changed
    assert ledger.notes()["table"] is None
    ledger, notes = loaded(ledger, notes)
    assert ledger.files["007.md"] == changed
    ledger.files.update({f"{number:03}.md": changed for number in range(10)})
    untouched = ledger.files.table.blocks[5:]
    assert ledger.notes()["table"] is not None
    assert all(block in ledger.files.table.blocks for block in untouched)
    assert loaded(ledger, notes)[0].files["009.md"] == changed


def test_mentions_that_no_file_makes_any_more_are_forgotten() -> None:
    ledger = Ledger(0)
    for number in range(40):
        mentions = ledger.numbers((Article(id="", title=f"story {number}"),))
        ledger.files[f"{number:02}.md"] = ENTRY._replace(mentions=mentions)
    ledger, notes = loaded(ledger, {})
    for number in range(100):
        mentions = ledger.numbers((Article(id="", title=f"again {number}"),))
        ledger.files["07.md"] = ENTRY._replace(mentions=mentions)
        ledger, notes = loaded(ledger, notes)
        assert "again" in titles(ledger, "07.md")[0]
        assert "story 39" in titles(ledger, "39.md")[0]
        assert len(ledger.mentions) <= 2 * 41


def test_a_block_that_claims_more_rows_than_one_can_have_is_none() -> None:
    assert Head.of([ROWS, "a.md", 0, 0, False]).rows == ROWS
    for rows in (ROWS + 1, 2**40):
        with pytest.raises(ValueError, match="not the head of a block"):
            Head.of([rows, "a.md", 0, 0, False])


def test_numbers_of_files_fit_64_bits() -> None:
    class Status:
        st_size, st_mtime_ns, st_ctime_ns, st_ino = 1, 2**63 + 1, 3, 2**64 - 1

    status: os.stat_result = Status()  # type: ignore[assignment] # what is looked at is there
    assert array("q", FileStat.of(status)) == array("q", (1, 1 - 2**63, 3, -1))
