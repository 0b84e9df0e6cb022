"""Declared fields from heatseek.toml to the answer: read, updated, asked for, told."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import heatseek
from cli_runs import Ran, run
from heatseek import indexer
from heatseek.article import from_json, to_json
from heatseek.engines import load
from heatseek.errors import ArgumentError, QueryError, UsageError
from heatseek.ingest.keys import Format
from heatseek.ingest.normalise import normalise
from heatseek.query.filters import parse_conditions
from heatseek.query.parser import parse
from heatseek.query.printing import to_text
from heatseek.query.tree import Any, Phrase, Range, Term
from heatseek.schema import DeclaredField, FieldKind, Names
from searches import Asking

NOW = datetime(2024, 6, 1, tzinfo=UTC)
FIELDS = (
    DeclaredField("due", FieldKind.DATE),
    DeclaredField("free", FieldKind.BOOLEAN),
    DeclaredField("levels", facet=True),
    DeclaredField("notes", FieldKind.TEXT),
    DeclaredField("price", FieldKind.NUMBER, facet=True),
)
NAMES = Names(FIELDS)
CONFIG = """\
[fields]
price = { kind = "number", facet = true }
due.kind = "date"
free.kind = "boolean"
notes.kind = "text"

[fields.levels]
facet = true
"""
FILES = {
    "one": "levels: [Beginner, Intermediate]\nprice: 4.50\ndue: 2024-03-14\nfree: no",
    "two": "levels: intermediate\nprice: -3\nnotes: panels were *installed*\nfree: true",
    "three": "price: 1e3\ndue: 2025-01-01T10:00:00Z",
}


def make(folder: Path, config: str = CONFIG) -> Path:
    (folder / "heatseek.toml").write_text(config)
    (folder / "seeds").mkdir(exist_ok=True)
    for name, lines in FILES.items():
        (folder / "seeds" / f"{name}.md").write_text(f"---\ntitle: sun {name}\n{lines}\n---\n")
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make(tmp_path_factory.mktemp("home"))
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


def names(ran: Ran) -> list[str]:
    return [Path(line).stem for line in ran.out.splitlines()]


# Reading.


@pytest.mark.parametrize(
    ("key", "value", "read", "said"),
    [
        ("levels", ["A", "a", " B "], ("A", "B"), ()),
        ("levels", "A", ("A",), ()),
        ("levels", {"a": "b"}, None, ("levels is not text",)),
        ("levels", [], None, ()),
        ("price", "-4.50", -4.5, ()),
        ("price", "7", 7, ()),
        ("price", "1e999", None, ("price is not a number",)),
        ("price", 10**400, None, ("price is not a number",)),
        ("price", True, None, ("price is not a number",)),
        ("price", "", None, ()),
        ("due", "2023-03-14", datetime(2023, 3, 14, tzinfo=UTC), ()),
        ("due", "soon", None, ("due is not a date like 2023-03-14T14:42:00Z",)),
        ("free", "No", False, ()),
        ("free", "perhaps", None, ("free is neither true nor false",)),
        ("notes", "a  *b*\n<i>c</i>", "a *b* c", ()),
        ("LEVELS", "A", ("A",), ()),
    ],
)
def test_values(key: str, value: object, read: object, said: tuple[str, ...]) -> None:
    article, flaws, _ = normalise({"title": "T", key: value}, "", "a.md", Format(FIELDS))

    assert article.extra == (() if read is None else ((key.lower(), read),))
    assert tuple(flaw.reason for flaw in flaws) == said
    assert from_json(to_json(article), "a.md") == article


# The query language.

numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.one_of(
    st.builds("price:{}{!r}".format, st.sampled_from(("", ">", ">=", "<", "<=")), numbers),
    st.tuples(numbers, numbers).map(lambda ends: "price:{}..{}".format(*sorted(ends))),
    st.sampled_from(
        (
            *("due:2023", "due:>2023-03", "DUE:[2023-01 TO 2023-03]", "free:true", "-Free:no"),
            *("levels:Interm*", 'levels:"very good"^2', "levels:(a OR b)", "price:[1 TO 4.5]"),
            *("notes:panels", 'notes:"solar panels"~2', "has:price", "has:levels", "free:*"),
        )
    ),
)


@given(st.lists(texts, min_size=1, max_size=3).map(" ".join))
@example(f"price:>=-{sys.float_info.max!r}")
@example(f"price:<={sys.float_info.max!r}")
def test_what_is_printed_means_the_same(text: str) -> None:
    tree = parse(text, NOW, NAMES)
    assert parse(to_text(tree, NAMES), NOW, NAMES) == tree


def test_ranges_print_as_they_are_typed() -> None:
    for text in ("price:>10", "price:<0.1", "price:4.5", "price:..2.25", "free:true", "has:levels"):
        assert to_text(parse(text, NOW, NAMES), NAMES) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sun levls:x", "no field levls at character 5; did you mean levels? in quotes it is text"),
        ("price:abc", "'abc': not a number at character 7; write price:4.5, >4.5 or 1..4.5"),
        ("price:1e999", "'1e999': too great a number at character 7;"),
        ("price:5..1", "impossible range '5..1': it ends before it begins at character 7;"),
        ("free:maybe", "'maybe': neither true nor false at character 6; write free:true or false"),
        ("has:prcie", "has: knows no 'prcie' at character 5; did you mean has:price?"),
    ],
)
def test_mistakes(text: str, said: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(text, NOW, NAMES)
    assert str(error.value).startswith(said)


def test_without_declared_fields_they_are_text() -> None:
    assert parse("price:5", NOW) == Term("price:5")


def test_conditions() -> None:
    typed = ["levels=very good", "Price >= 4.5", "levels=B", "type=video", "heat=20 .. 80"]
    typed += ['date<"yesterday"']
    yesterday = NOW.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    assert parse_conditions(typed, NAMES, NOW) == (
        Any((Phrase("very good", "levels"), Term("B", "levels"))),
        Term("video", "type"),
        Range("heat", 20, 80),
        Range("price", 4.5, None),
        Range("date", None, int(yesterday.timestamp()) - 1),
    )


def test_each_end_of_a_range_may_have_quotes() -> None:
    assert parse_conditions(['date="2023-01".."last week"'], NAMES, NOW) == (
        parse("date:2023-01..2024-05-26", NOW, NAMES),
    )


def test_a_wrong_state_is_told_as_it_would_be_typed() -> None:
    for typed, meant in {"is=publishd": "is=published", "has=prcie": "has=price"}.items():
        with pytest.raises(ArgumentError, match=f"; did you mean {meant}[?]$"):
            parse_conditions([typed], NAMES, NOW)


def test_a_wrong_condition_is_told_with_its_option() -> None:
    with pytest.raises(ArgumentError, match=r"^where heat>x: '>x': not a whole number at charac"):
        parse_conditions(["heat>x"], NAMES, NOW)
    with pytest.raises(ArgumentError, match=r"^where: more than 32 conditions; leave some out$"):
        parse_conditions(["heat>1"] * 33, NAMES, NOW)


# The command line.


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (["levels:Intermediate"], ["one", "two"]),
        (["price:>4"], ["one", "three"]),
        (["notes:install"], ["two"]),
        (["sun", "--where", "levels=Intermediate", "--where", "price<0"], ["two"]),
        (["--where", "free=no"], ["one"]),
        (["--where", "due>=2024-03", "--where", "due<2025"], ["one"]),
        (["sun", "--sort", "PRICE"], ["three", "one", "two"]),
        (["sun", "--sort", "due"], ["three", "one", "two"]),
    ],
)
def test_searches(home: Path, line: list[str], found: list[str]) -> None:
    ran = names(run("search", *line, "--format", "paths", cwd=home))
    assert found == (ran if "--sort" in line else sorted(ran))


def test_json_has_values_and_counts(home: Path) -> None:
    ran = run("search", "two", "--json", "--facet", "Levels", "--facet", "price", cwd=home)
    document = json.loads(ran.out)
    assert document["hits"][0]["extra"] == {
        "free": True,
        "levels": ["intermediate"],
        "notes": "panels were *installed*",
        "price": -3,
    }
    assert document["facets"] == {
        "levels": [{"value": "Intermediate", "count": 1}],
        "price": [{"value": "-3", "count": 1}],
    }


def test_counts_have_the_option_that_narrows(home: Path) -> None:
    out = run("search", "sun", "--facets", "-n0", cwd=home).out
    assert "  Intermediate  2  --where levels=Intermediate\n" in out
    assert "--where price=4.5\n" in out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--where", "lvls=x"], "--where lvls=x: no field lvls; did you mean levels?"),
        (["--where", "levels>x"], "--where levels>x: levels has no order;"),
        (["--where", "levels"], "--where levels: write it as NAME=VALUE;"),
        (["--where", "levels=?"], "--where levels=?: it has no value:"),
        (["--where", "priority=x"], "--where priority=x: no field priority; there are due,"),
        (
            ["--where", "quality>x"],
            "--where quality>x: '>x': not a whole number at character 8; "
            "write quality=50, quality>50 or quality=20..80",
        ),
        (
            ["--where", "price = x"],
            "--where price = x: 'x': not a number at character 9; "
            "write price=4.5, price>4.5 or price=1..4.5",
        ),
        (
            ["--where", "free=maybe"],
            "--where free=maybe: 'maybe': neither true nor false at character 6; "
            "write free=true or free=false",
        ),
        (
            ["--where", "date=2w"],
            "--where date=2w: '2w': could be newer or older at character 6; "
            'write after=2w, before=2w or "2w ago" for that day',
        ),
        (
            ["--where", "after=x"],
            "--where after=x: 'x': not a date at character 7; "
            'write after=2023-03, after=2w or after="last monday" (',
        ),
        (["sun", "--sort", "levels"], "--sort levels: not one of relevance, date, quality, heat,"),
        (["sun", "--facet", "prices"], "--facet prices: no such facet; did you mean price?"),
        (["sun", "--facet", "due"], "--facet due: no such facet; there are"),
    ],
)
def test_wrong_names(home: Path, line: list[str], said: str) -> None:
    ran = run("search", *line, cwd=home)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"search: {said}")


def test_a_value_that_no_article_has_is_told(home: Path) -> None:
    ran = run("search", "--where", "levels=Intermedate", cwd=home)
    assert ran.code == 1
    assert 'no levels "Intermedate"; did you mean "Intermediate"?' in ran.err


def test_saved_searches_have_conditions_too(tmp_path: Path) -> None:
    saved = "[searches]\ncheap = { where = ['price<5', 'levels=beginner'], sort = 'price' }\n"
    make(tmp_path, saved + CONFIG)
    ran = run("search", "@cheap", "--format", "paths", cwd=tmp_path)
    assert names(ran) == ["one"]
    assert names(
        run("search", "@cheap", "--where", "price<0", "--format", "paths", cwd=tmp_path)
    ) == ["two"]


def test_show_has_them_as_they_are_filed_now(home: Path) -> None:
    lines = run("heatseek", "show", "seeds/one.md", cwd=home).out.splitlines()
    for line in ("due       2024-03-14", "free      no", "price     4.5"):
        assert line in lines


def test_the_library(tmp_path: Path) -> None:
    archive = make(tmp_path) / "seeds"
    heatseek.rebuild(archive, tmp_path / "index", fields=reversed(FIELDS), processes=1)
    with heatseek.open_index(tmp_path / "index") as index:
        assert index.generation.fields == FIELDS
        found = index.search("sun", where=["price>-5"], sort="price", facets=["levels"])
        assert [hit.article.id for hit in found] == ["three.md", "one.md", "two.md"]
        assert found.facets["levels"].values[0] == ("Intermediate", 2)
        assert [each.value for each in index.labels("levels")] == ["Intermediate", "Beginner"]
    assert heatseek.update(archive, tmp_path / "index").changes is not None
    assert heatseek.update(archive, tmp_path / "index", fields=()).changes is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([DeclaredField("Title")], 'field Title: "Title" is built in: it is read already;'),
        (
            [DeclaredField("a b")],
            'field a b: "a b" cannot be a field: use letters, digits, - and _',
        ),
        ([DeclaredField("a"), DeclaredField("A")], 'field a: "a" is there already'),
        ([DeclaredField("a", FieldKind.TEXT, facet=True)], "field a: a text is not counted: "),
    ],
)
def test_what_cannot_be_declared(fields: list[DeclaredField], said: str, tmp_path: Path) -> None:
    archive = make(tmp_path) / "seeds"
    with pytest.raises(UsageError) as error:
        heatseek.rebuild(archive, tmp_path / "index", fields=fields, processes=1)
    assert str(error.value).startswith(said)


def test_the_index_keeps_the_fields_that_it_was_built_with(tmp_path: Path) -> None:
    assert run("heatseek", "rebuild", cwd=make(tmp_path)).code == 0

    make(tmp_path, "")  # no opinion
    assert run("search", "--where", "price<0", "--format", "paths", cwd=tmp_path).err == ""
    make(tmp_path, "[fields.author]\n")
    ran = run("search", "--where", "price<0", "--format", "paths", cwd=tmp_path)
    assert names(ran) == ["two"]
    assert ran.err == ("the index has other fields than are declared: run heatseek update\n")

    updated = run("heatseek", "update", cwd=tmp_path)
    assert (
        "the index was built with other fields than are declared: building it anew" in updated.err
    )
    assert run("search", "sun", "--where", "price<0", cwd=tmp_path).code == 2
    assert "building" not in run("heatseek", "update", cwd=tmp_path).err


def test_an_update_gives_what_a_rebuild_gives(tmp_path: Path) -> None:
    archive = make(tmp_path) / "seeds"
    engine, fresh = load(tmp_path / "index"), load(tmp_path / "fresh")
    indexer.rebuild(archive, engine, report=print, fields=FIELDS)
    (archive / "one.md").write_text("---\ntitle: sun\nprice: 0.5\nlevels: [new]\n---\n")
    (archive / "two.md").unlink()
    (archive / "four.md").write_text("---\ntitle: sun\ndue: 2020\nnotes: installing\n---\n")

    indexer.update(archive, engine, report=print)
    indexer.rebuild(archive, fresh, report=print, fields=FIELDS)

    assert answers(engine) == answers(fresh)


def answers(engine) -> list[object]:  # noqa: ANN001
    with engine.open() as reader:
        searcher = Asking(reader, now=NOW)
        found = [
            searcher.search(text, sort=sort, facets=("levels", "price"))
            for text in ("sun", "levels:new", "price:>0", "notes:install", "has:due")
            for sort in ("relevance", "price", "due", "free")
        ]
    return [(each.total, [(h.article, h.score) for h in each], dict(each.facets)) for each in found]


@pytest.mark.parametrize(
    "options", [["--where", "price<9"], ["--sort", "price"], ["--facet=levels"]]
)
def test_an_index_that_is_damaged_is_not_told_as_a_wrong_name(
    options: list[str], tmp_path: Path
) -> None:
    make(tmp_path)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    (tmp_path / "heatseek.toml").unlink()
    assert run("search", "--topic", "AI", *options, cwd=tmp_path).code in {0, 1}
    segment = next((tmp_path / "index").glob("generation-*/*.doc"))
    whole = segment.read_bytes()
    segment.unlink()
    segment.write_bytes(whole[:-5])

    ran = run("search", "--topic", "AI", *options, cwd=tmp_path)

    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("search: the index is damaged")


@pytest.mark.parametrize(
    "options", [["--where", "price<9"], ["--sort", "price"], ["--facet=levels"]]
)
def test_an_outdated_index_keeps_its_fields(options: list[str], tmp_path: Path) -> None:
    make(tmp_path)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    (tmp_path / "heatseek.toml").unlink()
    manifest = next((tmp_path / "index").glob("generation-*/manifest.json"))
    values = json.loads(manifest.read_text())
    del values["checksum"]
    values["format"] -= 1
    checksum = crc32(json.dumps(values, sort_keys=True).encode())
    manifest.write_text(json.dumps(values | {"checksum": checksum}))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    ran = run("search", "sun", *options, "--index", "../index", cwd=elsewhere)
    assert ran.code == 0
    assert "made by another version of heatseek" in ran.err
