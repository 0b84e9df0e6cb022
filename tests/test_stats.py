"""`heatseek stats`: its counts, and what it does without an archive."""

from __future__ import annotations

import json
import re
import shutil
from statistics import median_high
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_runs import make_archive, run
from heatseek.article import Article
from heatseek.cli.contents import contents

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_archive(tmp_path)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


def test_text(home: Path) -> None:
    ran = run("heatseek", "stats", cwd=home)

    assert (ran.code, ran.err) == (0, "")
    shown = re.sub(r"index: .* UTC", "index: SIZE UTC", ran.out)
    assert shown == (
        "articles    4 (2 published, 1 unpublished, 1 not said)\n"
        "related     1\n"
        "topics      5: AI 1, Energy 1, Machine Learning 1, Oceans 1, a b 1\n"
        "providers   3: Harbour 1, InfoQ 1, Tide 1, none 1\n"
        "categories  2: news 2, events 1, none 1\n"
        "types       2: article 1, video 1, none 2\n"
        "dates       2020-01-01 to 2024-05-01\n"
        "quality     10 to 92, median 56; 1 without\n"
        "heat        5 to 210, median 76; 1 without\n"
        "language    english\n"
        "index       index: SIZE UTC (just now)\n"
        "archive     seeds: nothing changed since\n"
    )


def test_labels_are_counted_as_topics_and_facets_are(home: Path) -> None:
    for number, written in enumerate(["energy", "Energy, ENERGY", "énergy", "oceans", "Éducation"]):
        text = f"---\ntitle: {number}\ntopics: [{written}]\nprovider: {{name: HARBOUR}}\n---\n"
        (home / "seeds" / f"{number}.md").write_text(text, "utf-8")
    assert run("heatseek", "update", cwd=home).code == 0

    stats = json.loads(run("heatseek", "stats", "--json", cwd=home).out)
    facets = json.loads(run("search", "--no-related", "--json", "--facets", cwd=home).out)["facets"]

    assert {"value": "Energy", "count": 4} in stats["topics"]
    names = {
        "topic": "topics", "provider": "providers", "category": "categories", "type": "types"
    }  # fmt: skip
    for facet, name in names.items():
        assert [each for each in stats[name] if each["value"]] == facets[facet]


def test_json(home: Path) -> None:
    ran = run("heatseek", "stats", "--json", cwd=home)

    found = json.loads(ran.out)
    assert (ran.code, ran.err, found["version"]) == (0, "", 1)
    assert (found["articles"], found["related"]) == (4, 1)
    assert found["published"] == {"true": 2, "false": 1, "unknown": 1}
    assert found["categories"][0] == {"value": "news", "count": 2}
    assert found["categories"][-1] == {"value": None, "count": 1}
    assert found["dates"] == {
        "first": "2020-01-01T00:00:00Z",
        "last": "2024-05-01T00:00:00Z",
        "known": 4,
        "unknown": 0,
    }
    assert found["quality"] == {"lowest": 10, "median": 56, "highest": 92, "known": 3, "unknown": 1}
    assert found["archive"]["path"] == str(home / "seeds")
    assert found["archive"]["differences"] == {"new": 0, "changed": 0, "gone": 0}
    assert found["index"]["generation"] == 1
    assert found["index"]["language"] == {"stemmer": "english", "stopwords": True}


def test_the_language_is_that_of_the_index(home: Path) -> None:
    (home / "heatseek.toml").write_text("[language]\nstemmer = 'german'\nstopwords = false\n")
    run("heatseek", "rebuild", cwd=home)
    (home / "heatseek.toml").unlink()

    shown = run("heatseek", "stats", cwd=home).out
    data = json.loads(run("heatseek", "stats", "--json", cwd=home).out)

    assert "language    german without stopwords\n" in shown
    assert data["index"]["language"] == {"stemmer": "german", "stopwords": False}


def test_what_differs_from_the_archive(home: Path) -> None:
    (home / "seeds/new.md").write_text("---\ntitle: New\n---\n")
    (home / "seeds/reef.md").write_text("---\ntitle: Another\n---\n")
    (home / "seeds/sub/solar.md").rename(home / "seeds/moved.md")

    ran = run("heatseek", "stats", cwd=home)

    assert ran.out.endswith("archive     seeds: 2 new, 1 changed, 1 gone since: heatseek update\n")
    run("heatseek", "update", cwd=home)
    assert run("heatseek", "stats", cwd=home).out.endswith("seeds: nothing changed since\n")


def test_looking_changes_nothing(home: Path) -> None:
    (home / "seeds/new.md").write_text("---\ntitle: New\n---\n")
    before = sorted((path, path.stat().st_mtime_ns) for path in (home / "index").rglob("*"))
    run("heatseek", "stats", cwd=home)
    assert before == sorted((path, path.stat().st_mtime_ns) for path in (home / "index").rglob("*"))


def test_files_that_stay_unreadable_are_no_difference(home: Path) -> None:
    (home / "seeds/broken.md").write_bytes(b"\0")
    run("heatseek", "update", cwd=home)
    assert run("heatseek", "stats", cwd=home).out.endswith("seeds: nothing changed since\n")


def test_an_archive_that_is_gone(home: Path) -> None:
    shutil.rmtree(home / "seeds")

    text = run("heatseek", "stats", cwd=home)
    data = json.loads(run("heatseek", "stats", "--json", cwd=home).out)

    assert text.code == 0
    assert text.out.startswith("articles    4 ")
    assert text.out.endswith("archive     seeds: cannot be read any more\n")
    assert (data["archive"]["differences"], data["articles"]) == (None, 4)


def test_no_index_yet_is_built_first(tmp_path: Path) -> None:
    make_archive(tmp_path)
    ran = run("heatseek", "stats", cwd=tmp_path)
    assert (ran.code, ran.out[:13]) == (0, "articles    4")
    assert ran.err.startswith("no index in index yet: building it from seeds\n")


def test_no_index_and_no_archive(tmp_path: Path) -> None:
    ran = run("heatseek", "stats", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)


def test_a_damaged_index_is_one_line(home: Path) -> None:
    for path in (home / "index").rglob("*.doc"):
        path.write_bytes(b"x")
    ran = run("heatseek", "stats", cwd=home)
    assert (ran.code, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "heatseek doctor --repair" in ran.err


def test_hostile_labels_are_harmless(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.md").write_text(
        '---\ntitle: A\ntopics: ["\\e[2Jx", "' + "y" * 199 + '"]\nprovider: "\\u202Ez"\n---\n'
    )
    ran = run("heatseek", "stats", cwd=tmp_path, COLUMNS="40")
    assert all(line.isprintable() and len(line) <= 40 for line in ran.out.splitlines())


def test_nothing_known(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds/a.md").write_text("---\ntitle: A\n---\n")
    ran = run("heatseek", "stats", cwd=tmp_path)
    assert ran.code == 0
    for name in ("topics", "dates", "quality", "heat"):
        assert f"{name:<12}none\n" in ran.out


@given(st.lists(st.none() | st.integers(0, 2**53), min_size=1, max_size=30))
def test_spreads_hold_every_value(values: list[int | None]) -> None:
    heat = contents(Article(id=f"{n}", title="T", heat=v) for n, v in enumerate(values)).heat

    known = [value for value in values if value is not None]
    assert (heat.known, heat.unknown) == (len(known), values.count(None))
    if known:
        assert (heat.lowest, heat.highest) == (min(known), max(known))
        assert heat.median == median_high(known)
