from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cli_runs import Ran, make_archive, run

DOCS = (Path(__file__).parents[1] / "docs/configuration.md").read_text("utf-8")

SETTINGS = """\
limit = 3

[searches]
sea = "reef OR balcony"
dated = { query = "climate", sort = "date", published = true, limit = 1 }
ai = { topic = ["AI", "Oceans"], type = "article" }
calm = { query = "climate", rank = "calm", boost = { heat = 3 } }
every = { query = "weather ocean", any = false }

[presets.calm]
quality = 0
heat = 0
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working directory with settings, an archive and its index."""
    make_archive(tmp_path)
    (tmp_path / "heatseek.toml").write_text(SETTINGS, "utf-8")
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


def ids(home: Path, *args: str) -> list[str]:
    """The ids that a search finds, in order."""
    ran = run("search", "--json", *args, cwd=home)
    assert ran.code in {0, 1}, ran.err
    return [hit["id"] for hit in json.loads(ran.out)["hits"]]


def error(home: Path, *args: str) -> str:
    ran = run("search", *args, cwd=home)
    assert (ran.code, ran.out) == (2, "")
    return ran.err.removeprefix("search: ").removesuffix("\n")


# heatseek config


def test_the_options_of_a_saved_search_are_shown_as_a_shell_takes_them(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text(
        "[searches]\ncheap = { where = ['price<5', 'levels=A'], after = 'last monday' }\n"
    )

    out = run("heatseek", "config", cwd=tmp_path, COLUMNS="120").out

    assert '--where "price<5" --where levels=A' in out
    assert '--after "last monday"' in out


def test_the_documented_settings_are_shown_as_documented(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text(
        'archive = "articles"\nrank = "calm"\n\n[boost]\nrecency = 0.2\n\n'
        "[presets.calm]\nquality = 1\nheat = 0\n\n"
        '[searches]\nai-climate = { query = "climate ai", topic = ["AI"], sort = "date" }\n'
    )
    shown = re.findall(r"```console\n\$ heatseek config\n(.*?)```", DOCS, re.DOTALL)

    assert run("heatseek", "config", cwd=tmp_path, COLUMNS="72") == Ran(0, shown[0], "")


def test_every_source_is_told(home: Path) -> None:
    options = ("--index", "elsewhere", "--json")
    out = run("heatseek", "config", *options, cwd=home, HEATSEEK_ARCHIVE="old").out

    document = json.loads(out)
    assert document["version"] == 1
    found = document["settings"]
    assert found["archive"] == {"value": str(home / "old"), "source": "HEATSEEK_ARCHIVE"}
    assert found["index"] == {"value": str(home / "elsewhere"), "source": "--index"}
    assert found["limit"] == {"value": 3, "source": "heatseek.toml:1"}
    assert found["boost.heat"] == {"value": 0.5, "source": "default"}
    assert found["searches.sea"] == {
        "value": {"query": "reef OR balcony"},
        "source": "heatseek.toml:4",
    }
    assert found["searches.calm"]["value"] == {
        "query": "climate",
        "rank": "calm",
        "boost": {"heat": 3.0},
    }
    assert found["presets.calm"]["source"] == "heatseek.toml:10"
    assert found["language.stemmer"] == {"value": "english", "source": "default"}


def test_saved_searches_are_shown_as_they_would_be_typed(home: Path) -> None:
    out = " ".join(run("heatseek", "config", cwd=home, COLUMNS="120").out.split())

    assert "searches.dated climate --published --sort date --limit 1 heatseek.toml:5" in out
    assert "searches.ai --topic AI --topic Oceans --type article heatseek.toml:6" in out
    assert "searches.every weather ocean --all heatseek.toml:8" in out


def test_narrow_terminals_get_sources_on_lines_of_their_own(home: Path) -> None:
    lines = run("heatseek", "config", cwd=home, COLUMNS="40").out.splitlines()

    assert max(map(len, lines)) <= 40
    assert lines[0].split() == ["file", "heatseek.toml"]
    assert lines[1].split() == ["default"]


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_short_values_have_their_sources_beside_them(columns: int, tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    lines = run("heatseek", "config", cwd=tmp_path, COLUMNS=str(columns)).out.splitlines()

    assert [line.split() for line in lines[1:3]] == [
        ["archive", "seeds", "default"],
        ["index", "index", "default"],
    ]
    assert len({line.rindex("default") for line in lines}) == 1


def test_hostile_settings_are_harmless(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text('[synonyms]\n"a\\u001b[31m" = "b\\u009b2J"\n', "utf-8")

    for args in ([], ["--json"]):
        ran = run("heatseek", "config", *args, cwd=tmp_path)
        assert ran.code == 0
        assert not {"\x1b", "\x9b"} & set(ran.out)


def test_a_mistake_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text("limti = 3\n")

    assert run("heatseek", "config", cwd=tmp_path) == Ran(
        2, "", 'config: heatseek.toml:1: unknown key "limti"; did you mean "limit"?\n'
    )


# search --rank NAME, search @NAME


def test_configured_presets_rank(home: Path) -> None:
    assert ids(home, "climate", "--rank", "calm") == ids(home, "climate", "--rank", "relevance")
    assert ids(home, "climate", "--rank", "Calm") == ids(home, "climate", "--rank", "calm")
    assert error(home, "x", "--rank", "cold") == (
        "--rank cold: not one of relevance, balanced, hot, fresh, calm"
    )


def test_saved_searches(home: Path) -> None:
    assert set(ids(home, "@sea")) == {"reef.md", "sub/solar.md"}
    assert ids(home, "@dated") == ["sub/solar.md"]
    assert ids(home, "@ai") == ids(home, "--topic", "AI", "--topic", "Oceans", "--type", "article")
    assert ids(home, "@every") == []
    weights = ("--rank", "calm", "--boost", "heat=3")
    assert ids(home, "@calm") == ids(home, "climate", *weights)


def test_options_take_the_place_of_saved_ones(home: Path) -> None:
    assert ids(home, "@dated", "-n", "9", "--unpublished") == ["reef.md"]
    assert ids(home, "@dated", "--sort", "quality") == ["climax.md"]
    assert ids(home, "@ai", "--topic", "Energy", "--type", "video") == ["sub/solar.md"]
    assert len(ids(home, "@every", "--any")) == 2
    assert ids(home, "@calm", "--boost", "heat=0") == ids(home, "climate", "--rank", "calm")


def test_words_narrow_a_saved_search(home: Path) -> None:
    assert ids(home, "@sea", "sing") == ["reef.md"]
    assert ids(home, "@ai", "weather") == ["climax.md"]


def test_unknown_saved_searches(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert error(home, "@date") == (
        "no saved search @date; there are @dated, @ai, @calm, @every, @sea;"
        " for the word itself: search '\"@date\"'"
    )
    nowhere = tmp_path_factory.mktemp("nowhere")
    assert error(nowhere, "@date") == (
        "no saved search @date; heatseek.toml has no [searches];"
        " for the word itself: search '\"@date\"'"
    )
    (nowhere / "heatseek.toml").write_text("[searches]\nsea = { query = 'ocean' }\n")
    assert error(nowhere, "@date").startswith("no saved search @date; there is @sea; for the")


def test_a_quoted_query_may_begin_with_an_at_sign(home: Path) -> None:
    assert ids(home, "@weather model") == ids(home, "weather", "model")
    assert ids(home, '"@weather"') == ["climax.md"]
    assert ids(home, "ocean", "@sea") == ids(home, "ocean", "sea")
