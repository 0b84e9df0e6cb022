from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from heatseek.config import Config, boost, closest, days, load
from heatseek.errors import ConfigError
from heatseek.ranking import Boosts, Preset


def loaded(cwd: Path, text: str | None = None, **options: Path) -> Config:
    """The settings of a folder with this heatseek.toml, in an empty environment."""
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
""",
    )

    assert (found.archive, found.index) == (tmp_path / "articles", Path("/var/index"))
    assert (found.limit, found.archive_is_explicit) == (25, True)
    assert found.boosts == Boosts(1.0, 0.25, 0.5, 14.0, 40.0, 100.5)
    assert found.sources == {
        "archive": "heatseek.toml:2",
        "index": "heatseek.toml:3",
        "limit": "heatseek.toml:4",
        "rank": "heatseek.toml:5",
        "boost.quality": "heatseek.toml:8",
        "boost.heat": "heatseek.toml:9",
        "boost.recency": "heatseek.toml:10",
        "boost.half_life": "heatseek.toml:11",
        "boost.quality_pivot": "heatseek.toml:12",
        "boost.heat_pivot": "heatseek.toml:13",
    }


def test_a_preset_is_what_the_weights_start_from(tmp_path: Path) -> None:
    found = loaded(tmp_path, 'rank = "fresh"\n[boost]\nheat = 2\n')
    assert found.boosts == replace(Preset.FRESH.boosts, heat=2.0)
    with pytest.raises(ConfigError, match="rank = cold: must be one of relevance, balanced"):
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
        ("x = 1", '1: unknown key "x"'),
        ("\nlimti = 1", '2: unknown key "limti"; did you mean "limit"?'),
        ("[boost]\nquallity = 1", '2: unknown key "quallity"; did you mean "quality"?'),
        ("boost.quallity = 1", '1: unknown key "quallity"; did you mean "quality"?'),
        ("#\nboost = {heat = 1, colour = 2}", '2: unknown key "colour"'),
        ("quality = 1", '1: unknown key "quality"; did you mean "boost.quality"?'),
        ("[bost]\nquality = 1", '1: unknown key "bost"; did you mean "boost"?'),
        ("boost = 3", "1: boost must be a table: [boost]"),
        ("limit = 0.5", "1: limit = 0.5: must be a whole number from 0 to 1000000"),
        ("limit = true", "1: limit = True: must be a whole number from 0 to 1000000"),
        ("limit = -1", "1: limit = -1: must be a whole number from 0 to 1000000"),
        ("archive = 3", "1: archive = 3: must be a path in quotes"),
        ('index = ""', "1: index = : must be a path in quotes"),
        ("[boost]\n\nheat = 'hot'", "3: boost.heat = hot: must be a number"),
        ("[boost]\nheat = true", "2: boost.heat = True: must be a number"),
        ("[boost]\nheat = nan", "2: boost.heat = nan: must be a number from 0 to 1e+06"),
        ("[boost]\nrecency = 1.5", "2: boost.recency = 1.5: must be a number from 0 to 1"),
        (
            "[boost]\nhalf_life = 'soon'",
            "2: boost.half_life = soon: must be a number of days, or like 30d, 2w, 6m, 1y",
        ),
        (
            f"limit = {'9' * 400}",
            f"1: limit = {'9' * 40}: must be a whole number from 0 to 1000000",
        ),
        ("a = = 1", "1: Invalid value"),
        ("limit = 1\nlimit = 2", "2: Cannot overwrite a value"),
    ],
)
def test_mistakes_are_one_line_with_its_number(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)

    assert str(caught.value) == f"heatseek.toml:{message}"


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_bytes(b"limit = 1\n# \xff\n")

    with pytest.raises(ConfigError, match=r"^heatseek.toml:2: not UTF-8$"):
        loaded(tmp_path)


def test_a_huge_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="larger than 1,000,000 bytes"):
        loaded(tmp_path, "#" * 1_000_001)


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
