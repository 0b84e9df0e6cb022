from __future__ import annotations

import json
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.cli.render.settings import render_json
from heatseek.config import (
    Config,
    Language,
    SavedSearch,
    boost,
    days,
    load,
)
from heatseek.errors import ConfigError
from heatseek.ranking import Boosts, Preset
from heatseek.schema import DeclaredField, FieldKind
from heatseek.text.edit_distance import closest


def loaded(cwd: Path, text: str | None = None, **options: Path) -> Config:
    """The settings of a folder with this heatseek.toml and seeds, in an empty environment."""
    (cwd / "seeds").mkdir(exist_ok=True)
    if text is not None:
        (cwd / "heatseek.toml").write_text(text, "utf-8")
    return load(environ={}, cwd=cwd, **options)


def test_defaults(tmp_path: Path) -> None:
    found = loaded(tmp_path)

    assert (found.archive, found.index) == (tmp_path / "seeds", tmp_path / "index")
    assert (found.limit, found.boosts, found.archive_is_explicit) == (10, Boosts(), False)
    assert set(found.sources.values()) == {"default"}


def test_every_key(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        """\
# comment
archive = "articles"
index = '/var/index'
limit = 25
rank = "hot"

[boost]
quality = 1
heat = 0.25
recency = 0.5
half_life = "2w"
quality_pivot = 40
heat_pivot = 100.5
title = 0.75
""",
    )

    assert (found.archive, found.index) == (tmp_path / "articles", Path("/var/index"))
    assert (found.limit, found.archive_is_explicit) == (25, True)
    assert found.boosts == Boosts(1.0, 0.25, 0.5, 14.0, 40.0, 100.5, 0.75)
    assert found.sources == {
        "file": "default",
        "archive": "heatseek.toml:2",
        "index": "heatseek.toml:3",
        "limit": "heatseek.toml:4",
        "rank": "heatseek.toml:5",
        "update": "default",
        "boost.quality": "heatseek.toml:8",
        "boost.heat": "heatseek.toml:9",
        "boost.recency": "heatseek.toml:10",
        "boost.half_life": "heatseek.toml:11",
        "boost.quality_pivot": "heatseek.toml:12",
        "boost.heat_pivot": "heatseek.toml:13",
        "boost.title": "heatseek.toml:14",
        "language.stemmer": "default",
        "language.stopwords": "default",
    }


def test_a_preset_is_what_the_weights_start_from(tmp_path: Path) -> None:
    found = loaded(tmp_path, 'rank = "fresh"\n[boost]\nheat = 2\n')
    assert found.boosts == replace(Preset.FRESH.boosts, heat=2.0)
    with pytest.raises(ConfigError, match='rank = "cold": must be one of relevance, balanced'):
        loaded(tmp_path, 'rank = "cold"')


def test_options_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text('archive = "f"\nindex = "f"\n', "utf-8")
    environ = {"HEATSEEK_ARCHIVE": "e", "HEATSEEK_INDEX": "e"}

    both = load(archive=Path("o"), environ=environ, cwd=tmp_path)
    neither = load(environ={"HEATSEEK_ARCHIVE": ""}, cwd=tmp_path)

    assert (both.archive, both.index) == (tmp_path / "o", tmp_path / "e")
    assert (both.sources["archive"], both.sources["index"]) == ("--archive", "HEATSEEK_INDEX")
    assert (neither.archive, neither.index) == (tmp_path / "f", tmp_path / "f")


def test_the_nearest_file_upwards_counts_and_its_paths_are_its_own(tmp_path: Path) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (tmp_path / "heatseek.toml").write_text('archive = "far"\nlimit = 7\n', "utf-8")
    (tmp_path / "a" / "heatseek.toml").write_text('archive = "near"\n', "utf-8")

    found = load(environ={}, cwd=deep)

    assert (found.archive, found.limit) == (tmp_path / "a" / "near", 10)
    assert found.sources["archive"] == f"{tmp_path / 'a' / 'heatseek.toml'}:1"


def test_a_named_file_counts_instead(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("limit = 3\n", "utf-8")
    (tmp_path / "theirs.toml").write_text("limit = 4\n", "utf-8")
    environ = {"HEATSEEK_CONFIG": "theirs.toml"}

    assert loaded(tmp_path, "limit = 2\n", file=Path("mine.toml")).limit == 3
    assert load(environ=environ, cwd=tmp_path).limit == 4
    assert load(file=Path("mine.toml"), environ=environ, cwd=tmp_path).limit == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "x = 1",
            '1: unknown key "x"; there are archive, index, follow_links, exclude, limit, rank, '
            "time_zone, update, images, boost, engine, semantic, language, synonyms, searches, "
            "presets, fields, keys",
        ),
        ("\nlimti = 1", '2: unknown key "limti"; did you mean "limit"?'),
        ("[boost]\nquallity = 1", '2: unknown key "quallity"; did you mean "quality"?'),
        ("boost.quallity = 1", '1: unknown key "quallity"; did you mean "quality"?'),
        (
            "#\nboost = {heat = 1, colour = 2}",
            '2: unknown key "colour"; there are quality, heat, recency, half_life, '
            "quality_pivot, heat_pivot, title",
        ),
        ("quality = 1", '1: unknown key "quality"; did you mean "boost.quality"?'),
        ("[bost]\nquality = 1", '1: unknown key "bost"; did you mean "boost"?'),
        ("boost = 3", "1: boost must be a table: [boost]"),
        ("limit = 0.5", "1: limit = 0.5: must be a whole number from 0 to 1,000,000"),
        ("limit = true", "1: limit = true: must be a whole number from 0 to 1,000,000"),
        ("limit = -1", "1: limit = -1: must be a whole number from 0 to 1,000,000"),
        ("archive = 3", "1: archive = 3: must be a path in quotes"),
        ('index = ""', '1: index = "": must not be empty'),
        (
            'index = "opensearch://h/news"',
            "1: index: an address stands under [engine], as its location",
        ),
        ("[engine]\nshard = 2", '2: unknown key "shard"; did you mean "shards"?'),
        ("[engine]\nshards = 0", "2: engine.shards = 0: must be a whole number from 1 to 1,024"),
        (
            '[engine]\nlocation = "news"',
            '2: engine.location = "news": must be an address such as opensearch://host:9200/name',
        ),
        (
            '[engine]\n\nlocation = "opensearch://bob:secret@h/news"',
            "3: engine.location = 'opensearch://h/news': a password does not belong in the"
            " location of an index: put it into HEATSEEK_OPENSEARCH_PASSWORD, or user:password into"
            " a file and name that by `credentials` in [engine]",
        ),
        (
            '[engine]\nlocation = "opensearch://h/News"',
            "2: engine.location = 'opensearch://h/News': no location of an index such as"
            " opensearch://host:9200/name: the name of an index is of small letters, digits, '.',"
            " '-' and '_', and begins with a letter or a digit",
        ),
        (
            '[engine]\nlocation = "elastic://h/news"',
            "2: engine.location = 'elastic://h/news': no engine for elastic://; there are"
            " opensearch:// and opensearchs://",
        ),
        ("[boost]\n\nheat = 'hot'", '3: boost.heat = "hot": must be a number'),
        ("[boost]\nheat = true", "2: boost.heat = true: must be a number"),
        ("[boost]\nheat = nan", "2: boost.heat = nan: must be a number from 0 to 1,000,000"),
        ("[boost]\nrecency = 1.5", "2: boost.recency = 1.5: must be a number from 0 to 1"),
        (
            "[boost]\nhalf_life = 'soon'",
            '2: boost.half_life = "soon": must be a number of days, or like 30d, 2w, 6m, 1y',
        ),
        (
            f"limit = {'9' * 400}",
            f"1: limit = {'9' * 39}…: must be a whole number from 0 to 1,000,000",
        ),
    ],
)
def test_mistakes_are_one_line_with_its_number(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)

    assert str(caught.value) == f"heatseek.toml:{message}"


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("a = = 1", "1:5", ": it is missing, or is text without quotes"),
        ("\narchive = ", "2:11", ": it is missing, or is text without quotes"),
        ("archive = my articles", "1:11", ": it is missing, or is text without quotes"),
        (
            r'archive = "C:\Users"',
            "1:16",
            r": a \ in double quotes: write \\ for one, or use single quotes",
        ),
        ("archive = 'x", "1:13", ""),
        ('archive = "x\nlimit = 1', "1:13", ""),
        ("[boost\nheat = 1", "1:7", ""),
        ("[boost]\n[boost]", "2:7", ""),
        ("limit 3", "1:7", ""),
        ("limit = 1 rank = 'hot'", "1:11", ""),
        ("limit = 1\nlimit = 2", "2:10", ""),
    ],
)
def test_what_is_no_toml_has_the_words_of_the_parser_and_the_place(
    text: str, place: str, hint: str, tmp_path: Path
) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as of_parser:
        tomllib.loads(text)
    words = re.sub(r" \(at .*\)$", "", str(of_parser.value))

    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)

    assert str(caught.value) == f"heatseek.toml:{place}: {words}{hint}"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_bytes(b"limit = 1\n# \xff\n")

    with pytest.raises(ConfigError, match=r"^heatseek.toml:2: not UTF-8$"):
        loaded(tmp_path)


def test_a_huge_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="larger than 250,000 bytes"):
        loaded(tmp_path, "#" * 250_001)


def test_a_deep_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^heatseek.toml"):
        loaded(tmp_path, "a = " + "[" * 100_000)


def test_a_file_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert loaded(tmp_path, "\ufefflimit = 3\n").limit == 3


@pytest.mark.parametrize(
    ("options", "environ", "message"),
    [
        ({"file": Path("no.toml")}, {}, "--config no.toml: no such file"),
        ({}, {"HEATSEEK_CONFIG": "no.toml"}, "HEATSEEK_CONFIG no.toml: no such file"),
        ({"file": Path()}, {}, "--config .: is a folder: name the file in it"),
        ({"file": Path(os.devnull)}, {}, f"--config {os.devnull}: is not a regular file"),
    ],
)
def test_a_named_file_must_be_there(
    options: dict[str, Path], environ: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(environ=environ, cwd=tmp_path, **options)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "number"),
    [("30d", 30), ("2w", 14), ("6m", 180), ("1y", 365), ("1.5y", 547.5), ("7", 7), (" 3 D ", 3)],
)
def test_half_lives(text: str, number: float) -> None:
    assert days(text) == number


@pytest.mark.parametrize("text", ["", "d", "-1d", "1e5", "3 weeks", "1h", "٣d", "9" * 30])
def test_no_half_lives(text: str) -> None:
    with pytest.raises(ValueError, match="must be a number of days"):
        days(text)


def test_weights_are_checked() -> None:
    assert boost("heat", 2.0) == 2.0
    with pytest.raises(ValueError, match=r"^must be a number from 0 to 1$"):
        boost("recency", 2.0)


def test_suggestions() -> None:
    assert closest("toppic", ["topic", "type"]) == "topic"
    assert closest("zzz", ["topic", "type"]) is None


TABLES = """\
rank = "calm"

[synonyms]
ai = "artificial intelligence"
"new york" = ["NYC", "big apple"]

[searches]
sea = "ferry OR reef"
ai-climate = { query = "climate ai", topic = ["AI"], sort = "date" }

[searches.held]
published = false
any = true
after = 2023-01-01
boost = { heat = 2, half_life = "2w" }
rank = "calm"

[presets.calm]
heat = 0
quality = 1

[language]
stemmer = "german"
stopwords = false

[fields.reading_time]
kind = "number"

[fields]
author = { facet = true }
"""


def test_tables(tmp_path: Path) -> None:
    found = loaded(tmp_path, TABLES)

    assert found.file == tmp_path / "heatseek.toml"
    assert found.synonyms == {
        "ai": ("artificial intelligence",),
        "new york": ("NYC", "big apple"),
    }
    assert found.searches == {
        "sea": SavedSearch("ferry OR reef"),
        "ai-climate": SavedSearch("climate ai", topic=("AI",), sort="date"),
        "held": SavedSearch(
            published=False,
            any=True,
            after="2023-01-01",
            rank="calm",
            boost=(("heat", 2.0), ("half_life", 14.0)),
        ),
    }
    assert found.presets == {"calm": Boosts(quality=1.0, heat=0.0)}
    assert found.language == Language("german", stopwords=False)
    assert found.fields == {
        "reading_time": DeclaredField("reading_time", FieldKind.NUMBER),
        "author": DeclaredField("author", facet=True),
    }
    assert (found.rank, found.boosts) == ("calm", Boosts(quality=1.0, heat=0.0))


def test_where_the_values_of_tables_stand(tmp_path: Path) -> None:
    sources = loaded(tmp_path, TABLES).sources

    lines = {key: int(where.partition(":")[2]) for key, where in sources.items() if ":" in where}
    assert lines == {
        "rank": 1,
        **{key: 1 for key in sources if key.startswith("boost.")},
        "synonyms.ai": 4,
        "synonyms.new york": 5,
        "searches.sea": 8,
        "searches.ai-climate": 9,
        "searches.held": 11,
        "presets.calm": 18,
        "language.stemmer": 23,
        "language.stopwords": 24,
        "fields.reading_time": 26,
        "fields.author": 30,
    }  # fmt: skip


def test_without_tables_nothing_is_set(tmp_path: Path) -> None:
    found = loaded(tmp_path)

    assert found.language == Language("english", stopwords=True)
    assert [dict(t) for t in (found.synonyms, found.searches, found.presets, found.fields)] == [
        {}
    ] * 4
    with pytest.raises(TypeError):
        found.synonyms["ai"] = ()  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[search]\nx = 'y'", '1: unknown key "search"; did you mean "searches"?'),
        ("synonyms = 3", "1: synonyms must be a table: [synonyms]"),
        ("[synonyms]\n#\nai = 3", "3: synonyms.ai = 3: must be text in quotes"),
        ("[synonyms]\nai = ['x', 2]", '2: synonyms.ai = ["x", 2]: must be text in quotes'),
        ("[synonyms]\nai = []", "2: synonyms.ai = []: must not be empty"),
        (
            "[synonyms]\n'' = 'x'",
            "2: a synonym stands for a text of 1 to 200 characters",
        ),
        (
            f"[synonyms]\nai = '{'x' * 201}'",
            f'2: synonyms.ai = "{"x" * 38}…: at most 20 synonyms of 200 characters each',
        ),
        ("[searches]\nai = ''", '2: searches.ai = "": must not be empty'),
        ("[searches.ai]\nquery = ' '", '2: searches.ai.query = " ": must not be empty'),
        ("[searches]\nai = 3", '2: searches.ai must be a query in quotes or { query = "..." }'),
        ("[searches]\nAI = 'x'", '2: "AI" is no name: use lower-case letters, digits, - and _'),
        ("[searches]\n'a b' = 'x'", '2: "a b" is no name: use lower-case letters, digits, - and _'),
        (
            "[searches.ai]\nsort = 'date'",
            "1: searches.ai needs a query or a filter such as topic",
        ),
        (
            "[searches.ai]\nquery = 'x'\ntopics = 'AI'",
            '3: unknown key "topics"; did you mean "topic"?',
        ),
        (
            "[searches]\nai = { query = 'x', sort = 'newest' }",
            '2: searches.ai.sort = "newest": must be one of relevance, date, quality, heat',
        ),
        (
            "[searches.ai]\nquery = 'x'\nrank = 'calms'\n[presets.calm]\n",
            '3: searches.ai.rank = "calms": must be one of relevance, balanced, hot, fresh, calm; '
            'did you mean "calm"?',
        ),
        (
            "[searches.ai]\nquery = 'x'\nafter = 'soon'",
            '3: searches.ai.after = "soon": not a date; '
            "write 2023-03-14, 2023-03, yesterday, 'last monday' or 2w",
        ),
        (
            "[searches.ai]\nquery = 'x'\nafter = 'a: b'",
            '3: searches.ai.after = "a: b": not a date; '
            "write 2023-03-14, 2023-03, yesterday, 'last monday' or 2w",
        ),
        (
            "[fields.levels]\n[searches]\na = {query = 'x', sort = 'levels'}",
            '3: searches.a.sort = "levels": must be one of relevance, date, quality, heat',
        ),
        (
            "[searches.ai]\nquery = 'x'\npublished = 'yes'",
            '3: searches.ai.published = "yes": must be true or false',
        ),
        (
            "[searches.ai]\nquery = 'x'\n[searches.ai.boost]\nhaet = 1",
            '4: unknown key "haet"; did you mean "heat"?',
        ),
        ("[searches.ai]\nquery = 'x'\nboost = 3", "3: searches.ai.boost = 3: must be weights"),
        ("[presets]\nhot = {}", '2: "hot" is built in: choose another name'),
        (
            "[presets.calm]\nheat = -1",
            "2: presets.calm.heat = -1: must be a number from 0 to 1,000,000",
        ),
        ("[presets]\ncalm = 3", "2: presets.calm must be a table: [presets.calm]"),
        ("[language]\nstemer = 'x'", '2: unknown key "stemer"; did you mean "stemmer"?'),
        ("[language]\nstopwords = 'no'", '2: language.stopwords = "no": must be true or false'),
        ("[fields.title]\n", '1: "title" is built in: it is read already; [keys] says from which'),
        ("[fields.secured]\n", '1: "secured" is built in: choose another key'),
        ("[fields.Date]\n", '1: "Date" is built in: it is read already; [keys] says from which'),
        ("[fields.topic]\n", '1: "topic" is built in: choose another key'),
        ("time_zone = 'Mars'", '1: time_zone = "Mars": must be the name of a time zone'),
        ("time_zone = 1", "1: time_zone = 1: must be text in quotes"),
        ("[keys]\nwhen = ['date']", '2: unknown key "when"'),
        ("[keys]\ndat = ['date']", '2: unknown key "dat"; did you mean "date"?'),
        ("[keys]\n\ndate = []", "3: keys.date = []: must not be empty"),
        ("[keys]\ndate = ['secured']", "2: keys.date: must be names of keys"),
        ("[keys]\ndate = 5", "2: keys.date = 5: must be text in quotes"),
        ("[fields.year]\n", '1: "year" is built in: choose another key'),
        ("[fields.relevance]\n", '1: "relevance" is built in: choose another key'),
        (
            "[fields.notes]\nkind = 'text'\nfacet = true",
            "3: a text is not counted: its kind must be another",
        ),
        (
            "[fields.price]\nkind = 'number'\n[searches]\na = {query = 'x', sort = 'prise'}",
            '4: searches.a.sort = "prise": must be one of relevance, date, quality, heat, updated, '
            "price; ",
        ),
        ("[fields.'a b']\n", '1: "a b" cannot be a field: use letters, digits, - and _'),
        ("[fields.author]\nkind = 'tag'", '2: fields.author.kind = "tag": must be one of keyword'),
        ("[fields]\nauthor = {}\nAuthor = {}", '3: "Author" is there already, as "author"'),
    ],
)
def test_mistakes_in_tables_are_one_line_with_its_number(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)

    assert str(caught.value).startswith(f"heatseek.toml:{message}")


def test_an_unknown_stemmer_is_told_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "[language]\nstemmer = 'englisch'")

    message = str(caught.value)
    assert message.startswith(
        'heatseek.toml:2: language.stemmer = "englisch": must be one of arabic'
    )
    assert message.endswith('; did you mean "english"?')


def test_ten_thousand_synonyms_are_read_at_once(tmp_path: Path) -> None:
    text = "[synonyms]\n" + "".join(f"word{n} = 'other {n}'\n" for n in range(10_000))

    found = loaded(tmp_path, text)

    assert len(found.synonyms) == 10_000
    assert found.sources["synonyms.word9999"] == "heatseek.toml:10001"


# What strangers may put into a heatseek.toml

HOSTILE = {
    "dots": "a" + ".a" * 40_000 + " = 1",
    "dots in quotes": '"a b".' * 40_000 + "c = 1",
    "a header of dots": "[a" + " . 'b'" * 20_000 + "]",
    "dots in braces": "a = {" + "b." * 60_000 + "c = 1}",
    "digits": f"limit = {'9' * 5_000}",
    "hexadecimal digits": f"limit = 0x{'f' * 100_000}",
    "lists in lists": "limit = " + "[" * 300 + "]" * 300,
    "a bottomless table": "limit = " + "{a = " * 50_000,
    "a long list": f"limit = [{'1,' * 100_000}]",
    "a long key": f"{'k' * 100_000} = 1",
    "a long key in a table": f"[boost]\n{'k' * 100_000} = 1",
    "a long name": f"[searches.{'k' * 100_000}]\nquery = 1",
    "many fields": "".join(f"[fields.f{n}]\n" for n in range(15_000)) + "limti = 1",
    "brackets in a text": f'limti = """\n{"[" * 200_000}"""',
    "quotes that nothing closes": "a = 1.1.1.1.1.1.1.1.1.1.1\n" + '\\"""' * 60_000,
    "nobody's home": 'archive = "~nobody-of-this-name/x"',
    "a long path": f'index = "{"x" * 10_000}"',
    "a long folder": f'index = "{"x" * 300}"',
    "a text of another folder": 'index = "a\\u0000b"',
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_one_short_line_soon(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised, steps_below(3_000_000):
        loaded(tmp_path, text)

    assert str(raised.value).startswith("heatseek.toml:")
    assert len(str(raised.value)) < 500


@contextmanager
def steps_below(most: int) -> Iterator[None]:
    """Lines of Python that run within; what they cost does not depend on the machine."""
    count = 0

    def step(*_: object) -> object:
        nonlocal count
        count += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        yield
    finally:
        sys.settrace(before)
    assert count < most


KEYS = st.sampled_from(
    "archive index limit rank boost heat language stemmer synonyms searches presets fields kind"
    " query topic where after sort x 'a b' \"\" a.b".split(" ")
)
VALUES = st.recursive(
    st.one_of(
        st.sampled_from("true 0 -1 1e999 nan 0x_ 1979-05-27 07:32:00 1979-05-27T07:32:00Z".split()),
        st.text(max_size=8).map(json.dumps),
        st.integers().map(str),
        st.floats().map(str),
        st.just("9" * 5_000),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda found: f"[{', '.join(found)}]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda found: "{" + ", ".join(f"{k} = {v}" for k, v in found.items()) + "}"
        ),
    ),
    max_leaves=4,
)
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.builds("[{}]".format, KEYS),
    st.builds("[{}.{}]".format, KEYS, KEYS),
    st.text(max_size=12),
)


@given(st.lists(LINES, max_size=6).map("\n".join))
def test_any_file_is_settings_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    folder.mkdir(exist_ok=True)
    (folder / "heatseek.toml").write_bytes(text.encode("utf-8", "replace"))

    try:
        found = load(environ={}, cwd=folder)
    except ConfigError as error:
        assert str(error).startswith("heatseek.toml:")  # noqa: PT017 - most texts are none
    else:
        json.loads(render_json(found))


def test_links_may_lead_out_of_the_archive_if_it_says_so(tmp_path: Path) -> None:
    assert not loaded(tmp_path).follow_links
    (tmp_path / "heatseek.toml").write_text("follow_links = true\n")
    assert load(environ={}, cwd=tmp_path).follow_links
    (tmp_path / "heatseek.toml").write_text("follow_links = 1\n")
    with pytest.raises(ConfigError, match="follow_links = 1: must be true or false"):
        load(environ={}, cwd=tmp_path)


def test_what_is_excluded(tmp_path: Path) -> None:
    assert loaded(tmp_path).exclude == ()
    file = tmp_path / "heatseek.toml"
    file.write_text('exclude = ["drafts/", "!a.md"]\n')
    assert load(environ={}, cwd=tmp_path).exclude == ("drafts/", "!a.md")
    file.write_text("exclude = []\n")
    assert load(environ={}, cwd=tmp_path).exclude == ()
    many = [f"a{number}" for number in range(201)]
    for value in ("1", '["a*b*c*d*"]', "[1]", f"{many}", f"['{'a' * 201}']"):
        file.write_text(f"exclude = {value}\n")
        with pytest.raises(ConfigError, match=r"1: exclude = "):
            load(environ={}, cwd=tmp_path)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner")
def test_a_strangers_file_where_everybody_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, inner = tmp_path / "shared", tmp_path / "shared/mine"
    inner.mkdir(parents=True)
    (shared / "heatseek.toml").write_text("limit = 3")
    if os.getuid() == 0:
        os.chown(shared / "heatseek.toml", 12_345, -1)
    owner = (shared / "heatseek.toml").stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)

    assert loaded(inner).limit == 3  # a team's folder
    shared.chmod(0o1777)
    with pytest.raises(ConfigError, match="is another user's"):
        loaded(inner)
    assert loaded(inner, file=shared / "heatseek.toml").limit == 3
    monkeypatch.setattr(os, "getuid", lambda: owner)
    assert loaded(inner).limit == 3
