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
from typing import TYPE_CHECKING, Any

import pytest

from cli_runs import run
from heatseek.article import Article, Kind, Provider
from heatseek.engines import load
from heatseek.engines.whoosh import merging
from heatseek.schema import DeclaredField, FieldKind
from hostile_index import bomb, put
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
    found = outcomes(folder, 0, 150)
    for outcome in found:
        check(outcome)
    told = [outcome for outcome in found if "told" in outcome["ends"]]
    assert len(told) > 50


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_five_thousand_crafted_indexes(folder: Path, part: int) -> None:
    for outcome in outcomes(folder, 1_000 + 500 * part, 1_500 + 500 * part):
        check(outcome)


def test_crafted_notes_of_the_indexer(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    text = "---\ntitle: a\nrelated: [{title: b, webUrl: 'https://example.com/b'}]\n---\n"
    (tmp_path / "seeds/a.md").write_text(text)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    (tmp_path / "seeds/c.md").write_text(text)
    whole = shutil.copytree(tmp_path / "index", tmp_path / "whole")
    for name in ("files.note", "numbers.note", "mentions.note"):
        for data in (
            b"",
            b"{}",
            *map(zlib.compress, (b"null", b"{}", b"\xff", b"[" * 100_000)),
            bomb(),
        ):
            shutil.rmtree(tmp_path / "index")
            shutil.copytree(whole, tmp_path / "index")
            put(tmp_path / "index", name, data)
            ran = run("heatseek", "update", cwd=tmp_path)
            assert ran.code in {0, 3}, (name, data[:20], ran)
            assert ran.code == 0 or "the index is damaged" in ran.err, (name, data[:20], ran)
