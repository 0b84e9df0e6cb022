"""`heatseek judge`: hits pooled, judged key by key, into files that `heatseek eval` reads."""

from __future__ import annotations

import io
import os
import pty
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli_runs import Ran, make_archive, run
from heatseek.evaluation.judgments import load

Judge = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    make_archive(tmp_path)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0
    return tmp_path


@pytest.fixture
def judge(home: Path, monkeypatch: pytest.MonkeyPatch) -> Judge:
    def with_keys(keys: str, *args: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{key}\n" for key in keys)))
        return run("heatseek", "judge", *args, cwd=home)

    return with_keys


def judgments(home: Path) -> list[list[str]]:
    lines = (home / "qrels.tsv").read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines]


def test_each_key_is_a_line_and_what_was_done_stays(home: Path, judge: Judge) -> None:
    ran = judge("y?nuysq", "climate", "--depth", "5")
    assert ran.code == 0
    assert "1 of 4: y relevant, n not, s skip, u undo, q quit" in ran.err
    assert ran.err.endswith("2 judged, 2 relevant, as q1 in qrels.tsv\n")
    assert [(query, grade) for query, _, grade in judgments(home)] == [("q1", "1")] * 2
    assert (home / "queries.tsv").read_text() == "q1\tclimate\n"
    shown = [line for line in ran.out.splitlines() if line[:2] in {"1 ", "2 ", "3 "}]
    assert [line[0] for line in shown] == ["1", "2", "2", "3", "2", "3"]


def test_the_files_are_those_that_eval_reads_and_go_on_another_day(
    home: Path, judge: Judge
) -> None:
    (home / "queries.tsv").write_text('{"_id": "q1", "text": "reef"}\nw\tweather')
    (home / "qrels.tsv").write_text("q1 0 reef.md 1")
    assert judge("yn", "weather").code == 0
    first = judgments(home)
    assert first[1][0] == "w"
    assert judge("n", "climate").code == 0
    again = judge("y", "weather")
    assert "all " in again.err or "1 judged" in again.err
    judged = load(home / "queries.tsv", home / "qrels.tsv").queries
    assert {"q1", "w"} <= {each.id for each in judged}
    files = ("--queries", "queries.tsv", "--qrels", "qrels.tsv")
    assert run("heatseek", "eval", *files, cwd=home).code == 0


def test_hits_of_all_settings_are_judged_once(home: Path, judge: Judge) -> None:
    one = judge("", "climate", "--depth", "1")
    both = judge("", "climate", "--depth", "1", "--compare", "recency=1")
    same = judge("", "climate", "--depth", "1", "--compare", "rank=balanced")
    sizes = [ran.err.partition(" of ")[2][:1] for ran in (one, both, same)]
    assert sizes == ["1", "2", "1"]
    assert not (home / "qrels.tsv").exists()
    assert not (home / "queries.tsv").exists()


@pytest.mark.parametrize(
    ("args", "code", "err"),
    [
        ((), 2, "judge: needs a query to judge the hits of\n"),
        (("xylophone",), 1, "nothing found\n"),
        (("climate", "--depth", "x"), 2, "--depth x: must be a whole number from 0 to 1,000,000\n"),
        (("climate", "--depth", "0"), 2, "judge: --depth 0: must be at least 1\n"),
        (
            ("climate", "--compare", "meaning=3"),
            2,
            "--compare meaning=3: must be a number from 0 to 1\n",
        ),
        (("climate", "--qrels", "seeds"), 2, "seeds: cannot be read: is a directory\n"),
    ],
)
def test_what_cannot_be_judged_is_one_line(
    judge: Judge, args: tuple[str, ...], code: int, err: str
) -> None:
    ran = judge("y", *args)
    assert (ran.code, ran.err.count("\n")) == (code, 1)
    assert ran.err.endswith(err)


def test_on_a_terminal_a_key_counts_at_once(home: Path) -> None:
    child, terminal = pty.fork()
    if not child:
        os.chdir(home)
        os.execv(  # noqa: S606 - this very program
            sys.executable,
            [sys.executable, "-m", "heatseek", "judge", "climate", "--depth", "2"],
        )
    shown = b""
    while b"1 of " not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, b"yq")
    while b"1 judged" not in shown:
        shown += os.read(terminal, 1000)
    # Before the terminal goes: that would end the program by a signal.
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert judgments(home)[0][2] == "1"
