from __future__ import annotations

from pathlib import Path

import pytest

from cli_runs import make_archive, run
from terminals import on_terminal


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with an index, and a pager that keeps what it gets."""
    folder = tmp_path_factory.mktemp("home")
    make_archive(folder)
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    (folder / "pager").write_text('#!/bin/sh\necho "$LESS $@" > called\ncat > paged\n')
    (folder / "pager").chmod(0o755)
    return folder


def paged(home: Path, line: str, *, rows: int = 10, **environ: str) -> str | None:
    """What a pager got of a command line on a terminal; None if it was not called."""
    for name in ("paged", "called"):
        (home / name).unlink(missing_ok=True)
    shown = on_terminal(line, home, rows=rows, **environ)
    assert shown.code == 0, shown.text
    got = (home / "paged").read_text("utf-8") if (home / "paged").exists() else None
    # What a pager gets is not printed as well, and the other way round.
    assert ("ClimaX" in shown.text) != (got is not None)
    return got


@pytest.mark.parametrize("line", ["search climate", "heatseek show climax.md"])
def test_what_is_longer_than_the_screen_is_paged(line: str, home: Path) -> None:
    got = paged(home, line, HEATSEEK_PAGER="./pager -x 'a b'", PAGER="false")

    assert got is not None
    assert "ClimaX" in got
    assert "\x1b[1" in got
    assert (home / "called").read_text() == "FRX -x a b\n"
    assert paged(home, line, rows=40, HEATSEEK_PAGER="./pager") is None


def test_help_is_paged_too(home: Path) -> None:
    assert on_terminal("heatseek help query", home, PAGER="./pager").text == ""
    assert (home / "paged").read_text("utf-8").count("\n") > 100


@pytest.mark.parametrize(
    ("line", "environ"),
    [
        ("search climate --no-pager", {}),
        ("search climate", {"TERM": "dumb"}),
        ("search climate", {"HEATSEEK_PAGER": ""}),
        ("search climate", {"HEATSEEK_PAGER": "cat"}),
        ("search climate", {"HEATSEEK_PAGER": "no-such-program"}),
        ("search climate", {"HEATSEEK_PAGER": "'unclosed"}),
        ("search climate", {"HEATSEEK_PAGER": "false"}),
        ("search climate", {"HEATSEEK_PAGER": "/"}),
        ("search climate --format jsonl", {}),
        ("search climate | cat", {}),
    ],
)
def test_otherwise_it_is_just_printed(line: str, environ: dict[str, str], home: Path) -> None:
    assert paged(home, line, **{"PAGER": "./pager", **environ}) is None


def test_pagers_get_no_hyperlinks(home: Path) -> None:
    got = paged(home, "search climate", PAGER="./pager", FORCE_HYPERLINK="1")

    assert got is not None
    assert "\x1b]8" not in got
    assert "\x1b]8" in on_terminal("search climate", home, FORCE_HYPERLINK="1", rows=99).text


def test_less_is_the_default_and_is_left_by_q(home: Path) -> None:
    shown = on_terminal("search climate --sort quality; echo code $?", home, rows=6, keys=b"q")

    assert "A quiet reef" in shown.text
    assert "Solar" not in shown.text
    assert shown.text.endswith("code 0\n")


def test_a_pager_that_is_left_early_is_no_trouble(home: Path) -> None:
    shown = on_terminal("search climate; echo code $?", home, rows=6, PAGER="head -1")

    assert shown.text.count("\n") == 2
    assert shown.text.endswith("code 0\n")
