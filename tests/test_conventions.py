"""What one file of an archive tells of how the others are read; updates equal rebuilds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import heatseek

if TYPE_CHECKING:
    from collections.abc import Mapping


def write(archive: Path, files: Mapping[str, str | None]) -> None:
    """Make the archive of these files; None: gone."""
    for name, lines in files.items():
        path = archive / name
        if lines is None:
            path.unlink(missing_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(lines if name == "_config.yml" else f"---\ntitle: T\n{lines}\n---\nb\n")


def found(index: Path) -> dict[str, tuple[object, ...]]:
    with heatseek.open_index(index) as opened:
        return {
            hit.article.id: (hit.article.published_at, hit.article.topics)
            for hit in opened.search("", limit=100)
        }


def days(index: Path) -> dict[str, str]:
    return {id_: f"{date:%Y-%m-%d}" if date else "" for id_, (date, _) in found(index).items()}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    return tmp_path / "seeds"


def test_the_dates_of_other_files_tell_which_number_is_the_month(archive: Path) -> None:
    index = archive.parent / "index"
    write(archive, {"a.md": "date: 03/04/2023", "b.md": "date: 03/14/2023"})
    heatseek.rebuild(archive, index)
    assert days(index) == {"a.md": "2023-03-04", "b.md": "2023-03-14"}

    write(archive, {"b.md": "date: 14/03/2023"})
    heatseek.update(archive, index)
    assert days(index) == {"a.md": "2023-04-03", "b.md": "2023-03-14"}

    write(archive, {"b.md": None})
    told: list[object] = []
    heatseek.update(archive, index, report=told.append)
    assert days(index) == {"a.md": ""}
    assert ["could be two dates" in str(problem) for problem in told] == [True]


def test_what_a_file_tells_does_not_hang_on_how_it_is_read(archive: Path) -> None:
    index = archive.parent / "index"
    write(archive, {"a.md": "date: 03/04/2023\ncreated: 03/25/2023", "b.md": "date: 05/06/2023"})
    heatseek.rebuild(archive, index)
    write(archive, {"c.md": "date: 07/08/2023"})
    heatseek.update(archive, index)
    assert days(index) == {"a.md": "2023-03-04", "b.md": "2023-05-06", "c.md": "2023-07-08"}


def test_lists_with_spaces_are_lists_where_jekyll_reads_them(archive: Path) -> None:
    index = archive.parent / "index"
    write(archive, {"a.md": "tags: ferry ice"})
    heatseek.rebuild(archive, index)
    assert found(index)["a.md"][1] == ("ferry ice",)

    write(archive, {"_posts/2023-03-14-b.md": "tags: boats ice"})
    heatseek.update(archive, index)
    assert {topics for _, topics in found(index).values()} == {("ferry", "ice"), ("boats", "ice")}


def test_an_index_keeps_its_keys_and_zone_until_others_are_chosen(archive: Path) -> None:
    index = archive.parent / "index"
    write(archive, {"a.md": "when: 2023-03-14 22:00"})
    keys = {"date": ["when"]}
    heatseek.rebuild(archive, index, keys=keys, time_zone="America/New_York")
    assert days(index) == {"a.md": "2023-03-15"}

    said: list[str] = []
    heatseek.update(archive, index, tell=said.append)
    write(archive, {"b.md": "when: 2023-03-14 22:00"})
    heatseek.update(archive, index, tell=said.append)
    assert (days(index), said) == ({"a.md": "2023-03-15", "b.md": "2023-03-15"}, [])

    heatseek.update(archive, index, time_zone="UTC", tell=said.append)
    assert days(index) == {"a.md": "2023-03-14", "b.md": "2023-03-14"}
    heatseek.update(archive, index, keys={"date": ["day"]}, tell=said.append)
    assert (days(index), len(said)) == ({"a.md": "", "b.md": ""}, 2)


@pytest.mark.parametrize(
    "arguments",
    [
        {"keys": {"when": ["date"]}},
        {"keys": {"date": "when"}},
        {"keys": {"date": ["secured"]}},
        {"keys": 5},
        {"time_zone": "Mars/Base"},
        {"time_zone": "../etc/passwd"},
        {"time_zone": 5},
    ],
)
def test_what_makes_no_sense_is_refused(archive: Path, arguments: dict[str, object]) -> None:
    write(archive, {"a.md": ""})
    with pytest.raises(heatseek.UsageError):
        heatseek.rebuild(archive, archive.parent / "index", **arguments)


names = st.sampled_from(["a.md", "b.md", "c/d.md", "_config.yml", "e.md"])
lines = st.sampled_from(
    [
        *("date: 03/04/2023", "date: 05/06/2023\ntags: x y", "ms.date: 03/14/2023"),
        *("date: 14/03/2023", "date: 2023-03-14\ntags: x y", "created: 2.3.2023", "name: U"),
        *("date: 05/06/2023\ncreated: 03/25/2023", "updated: 05/06/2023\nlastmod: 25/03/2023"),
    ]
)
changes = st.dictionaries(names, st.none() | lines, min_size=1, max_size=3)


@settings(max_examples=15)
@given(st.lists(changes, min_size=1, max_size=4))
def test_an_update_gives_what_a_rebuild_gives(steps: list[dict[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive, index, anew = (Path(folder) / name for name in ("seeds", "index", "anew"))
        write(archive, {"always.md": "date: 01/02/2023"})
        heatseek.rebuild(archive, index)
        for step in steps:
            write(archive, step)
            heatseek.update(archive, index)
        heatseek.rebuild(archive, anew)
        assert found(index) == found(anew)
