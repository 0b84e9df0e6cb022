"""Indexes with the right checksums over content that no writer writes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import heatseek
from cli_runs import run
from heatseek.article import Article, Kind, Provider
from heatseek.engines import load
from heatseek.engines.whoosh import merging
from heatseek.errors import StoreError
from heatseek.schema import DeclaredField, FieldKind
from hostile_index import bomb, mutate, put
from indexes import fill_by_changes
from strategies import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS = tuple(
    DeclaredField(name, kind, kind is not FieldKind.TEXT)
    for name, kind in (
        ("free", FieldKind.BOOLEAN),
        ("held", FieldKind.DATE),
        ("levels", FieldKind.KEYWORD),
        ("price", FieldKind.NUMBER),
        ("summary", FieldKind.TEXT),
    )
)
DAY = datetime(2024, 5, 1, tzinfo=UTC)


def articles() -> Iterator[Article]:
    for number in range(36):
        words = [WORDS[(number * step) % len(WORDS)] for step in (1, 3, 5, 7, 11)]
        story = number % 5 == 4
        yield Article(
            id=f"https://example.com/{number}" if story else f"{number:02}.md",
            title=f"{words[0]} climate {words[1]}",
            excerpt=" ".join(words[2:]),
            body=" ".join(words * (40 if number % 3 else 2)),
            topics=("AI", words[3]),
            provider=Provider(words[4], "infoq.com"),
            category=("news", None)[number % 2],
            type=("video", "text")[number % 2],
            published_at=None if number % 7 == 0 else DAY,
            url=f"https://example.com/{number // 2}",
            quality=None if number % 6 == 0 else number,
            heat=number * 10,
            published=(None, True, False)[number % 3],
            image="https://example.com/i.png",
            kind=Kind.RELATED if story else Kind.ARTICLE,
            related_to=(f"{(number + 1) % 36:02}.md",) if number % 4 == 0 else (),
            extra=(
                ("free", number % 2 == 0),
                ("held", DAY),
                ("levels", ("Intermediate", words[0])),
                ("price", number / 4),
                ("summary", f"wind {words[2]}"),
            )
            if number % 3
            else (),
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a whole index: of several segments, with deletions, notes, and fields of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    engine = load(folder / "whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "FACTOR", 0)
        patch.setattr(merging, "MOST_DELETED", 1.0)
        fill_by_changes(engine, list(articles()), FIELDS)
    endings = {path.suffix for path in (folder / "whole").rglob("*")}
    assert endings >= {".doc", ".trm", ".del", ".note"}
    assert list(engine.check()) == []
    return folder


def outcomes(folder: Path, first: int, last: int) -> list[dict[str, Any]]:
    """What came of changes by these seeds, in another process."""
    done = subprocess.run(
        [
            sys.executable,
            Path(__file__).parent / "hostile_index_reader.py",
            folder,
            str(first),
            str(last),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, (lines[-1:], done.stderr[-2_000:])
    return lines


def check(outcome: dict[str, Any]) -> None:
    """Right answers or a line that tells; and the doctor knows of what searches fail of."""
    *_, is_value = outcome["mutation"]
    flawed = outcome["flaws"] in {"flaws", "told"}
    assert flawed or outcome["flaws"] == "", outcome
    for end in outcome["ends"]:
        other_answer = re.fullmatch(r"[0-9a-f]{64}", end) is not None
        assert end in {"right", "told"} or other_answer, outcome
        assert end == "right" or flawed or (other_answer and is_value), outcome


def test_crafted_indexes_are_read_right_or_told(folder: Path) -> None:
    found = outcomes(folder, 0, 60)
    for outcome in found:
        check(outcome)
    told = [outcome for outcome in found if "told" in outcome["ends"]]
    assert len(told) > len(found) / 3


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_five_thousand_crafted_indexes(folder: Path, part: int) -> None:
    for outcome in outcomes(folder, 1_000 + 500 * part, 1_500 + 500 * part):
        check(outcome)


def test_a_check_reads_the_ids_of_the_note_of_mentions(folder: Path, tmp_path: Path) -> None:
    index = shutil.copytree(folder / "whole", tmp_path / "index")
    (note,) = index.rglob("references.note")
    head, _, rest = zlib.decompress(note.read_bytes()).partition(b"\n")
    put(index, note.name, zlib.compress(head + b"\n\xff" + rest[1:]))
    (flaw,) = load(index).check()
    assert "which articles mention which has an id that is none" in flaw


@pytest.mark.parametrize(
    "article",
    [
        Article(id="a.md", title="reef", url="javascript:alert(1)"),
        Article(id="a.md", title="reef", url="file:///etc/passwd"),
        Article(id="a.md", title="reef", image="file:///etc/passwd"),
        Article(id="../a.md", title="reef"),
        Article(id="/etc/passwd", title="reef"),
    ],
)
def test_no_index_names_a_file_outside_the_archive_or_a_link_that_is_not_of_the_web(
    article: Article, tmp_path: Path
) -> None:
    with (
        load(tmp_path / "index").writing() as writer,
        writer.replace([article], archive=str(tmp_path)) as draft,
    ):
        draft.commit(notes={}, mentions={})
    for form in ("text", "paths", "urls", "json", "csv"):
        ran = run("search", "reef", "--format", form, cwd=tmp_path)
        assert (ran.code, ran.out) == (3, ""), ran
        assert "the index is damaged" in ran.err
    for command in ("show", "open"):
        assert run("heatseek", command, article.id, cwd=tmp_path).code in {1, 3}


ONLY_A_LINK = json.dumps([0] * 9 + ["https://example.com/b"]).encode()
"""In place of a mention: the story is found by its link."""


def test_crafted_notes_of_the_indexer(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    text = "---\ntitle: a\nrelated: [{title: b, webUrl: 'https://example.com/b'}]\n---\n"
    (tmp_path / "seeds/a.md").write_text(text)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    (tmp_path / "seeds/c.md").write_text(text)
    whole = shutil.copytree(tmp_path / "index", tmp_path / "whole")
    for name in ("files.note", "table.note", "mentions.note"):
        for data in (
            b"",
            b"{}",
            *map(zlib.compress, (b"null", b"{}", b"\xff", b"[" * 100_000, ONLY_A_LINK)),
            bomb(),
        ):
            shutil.rmtree(tmp_path / "index")
            shutil.copytree(whole, tmp_path / "index")
            put(tmp_path / "index", name, data)
            ran = run("heatseek", "update", cwd=tmp_path)
            assert ran.code in {0, 3}, (name, data[:20], ran)
            assert ran.code == 0 or "the index is damaged" in ran.err, (name, data[:20], ran)


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive that has changed since its index, `whole`, was made of segments."""
    home = tmp_path_factory.mktemp("changed")
    seeds = home / "seeds"
    seeds.mkdir()
    for number in range(12):
        (seeds / f"{number}.md").write_text(
            f"---\ntitle: {WORDS[number]} {number}\ntopics: [T{number % 3}]\n"
            f"webUrl: https://example.com/{number // 2}\n"
            f"related: [{{title: b, webUrl: 'https://example.com/b{number}'}}]\n---\n"
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "FACTOR", 0)
        patch.setattr(merging, "MOST_DELETED", 1.0)
        heatseek.rebuild(seeds, home / "whole")
        (seeds / "0.md").write_text("---\ntitle: changed\n---\n")
        heatseek.update(seeds, home / "whole")
    (seeds / "1.md").write_text("---\ntitle: again\nwebUrl: https://example.com/5\n---\n")
    (seeds / "2.md").unlink()
    (seeds / "13.md").write_text("---\ntitle: new\nwebUrl: https://example.com/5\n---\n")
    return home


def check_updates(home: Path, seeds: range, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many crafted indexes an update tells of; all others it brings up to date."""
    told = 0
    for seed in seeds:
        index = home / "index"
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(home / "whole", index)
        mutation = mutate(index, Random(seed))  # noqa: S311
        # Segments are kept, or written anew.
        monkeypatch.setattr(merging, "FACTOR", 16 * (seed % 2))
        try:
            heatseek.update(home / "seeds", index)
        except StoreError:
            told += 1
        except Exception as error:  # noqa: BLE001 - whatever it is
            pytest.fail(f"{seed}: {mutation}: {error!r}")
    return told


def test_crafted_indexes_are_updated_or_told(
    changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check_updates(changed, range(50), monkeypatch) > 10


@pytest.mark.slow
def test_a_thousand_crafted_indexes_are_updated_or_told(
    changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check_updates(changed, range(1_000, 2_000), monkeypatch) > 300
