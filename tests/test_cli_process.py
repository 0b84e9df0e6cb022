from __future__ import annotations

import gc
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from cli_runs import make_archive, run
from heatseek.cli import ExitCode, project, terminal

BIN = Path(sys.executable).parent
ENVIRON = {"PATH": os.environ["PATH"], "COLUMNS": "80"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with an archive and its index."""
    folder = tmp_path_factory.mktemp("home")
    make_archive(folder)
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    return folder


def shell(line: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `search` and `heatseek` are ours."""
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; PATH={BIN}:$PATH; {line}"],
        cwd=cwd,
        env=ENVIRON | environ,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def on_a_terminal(line: list[str], cwd: Path, **environ: str) -> str:
    """What a program shows on a terminal of 60 columns."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [BIN / line[0], *line[1:]],
        cwd=cwd,
        env={**ENVIRON, "TERM": "xterm-256color", "COLUMNS": "60", **environ},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:
            pass  # Linux says EIO at the end.
    os.close(ours)
    return shown.decode("utf-8").replace("\r\n", "\n")


def test_the_two_programs_are_one(home: Path) -> None:
    lines = [shell(line, home) for line in ("search climate", "heatseek search climate")]

    assert lines[0].stdout == lines[1].stdout
    assert [line.returncode for line in lines] == [0, 0]


def test_the_package_is_a_program(home: Path) -> None:
    ran = shell(f"{sys.executable} -m heatseek search climate", home)
    assert (ran.returncode, ran.stdout) == (0, shell("search climate", home).stdout)
    wrong = shell(f"{sys.executable} -m heatseek show", home)
    assert (wrong.returncode, wrong.stderr.partition(" ")[0]) == (2, "show:")


@pytest.mark.parametrize("line", ["search -V", "heatseek -V", "heatseek search -V"])
def test_the_version_is_asked_for_by_one_letter(line: str, home: Path) -> None:
    ran = shell(line, home)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == shell("heatseek --version", home).stdout
    assert ran.stdout.startswith("heatseek 0.")


COLORED = (
    "search weather",
    "heatseek show reef.md",
    "heatseek topics",
    "heatseek stats",
    "heatseek config",
    "heatseek help query",
)


@pytest.mark.parametrize("line", COLORED)
def test_colours_are_for_whom_they_are_asked_for(line: str, home: Path) -> None:
    assert "\x1b[" not in shell(line, home).stdout
    assert "\x1b[" in shell(f"{line} --color=always", home, NO_COLOR="1").stdout
    wrong = shell(f"{line} --color sometimes", home)
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)
    assert "--color sometimes: not one of auto, always, never" in wrong.stderr
    words = line.split()
    assert "\x1b[1m" in on_a_terminal([*words, "--color", "auto"], home, HEATSEEK_PAGER="cat")
    shown = on_a_terminal([*words, "--color", "never"], home, HEATSEEK_PAGER="cat")
    assert "\x1b[1m" not in shown
    assert "\x1b[31m" not in shown


def test_broken_pipes_are_quiet(home: Path) -> None:
    ran = shell("search climate --json | head -c 1", home)

    assert (ran.stdout, ran.stderr) == ("{", "")
    assert ran.returncode in {0, ExitCode.PIPE}
    gone = shell("{ sleep 1; search climate --json; } | true", home)
    assert (gone.returncode, gone.stderr) == (ExitCode.PIPE, "")


def test_a_full_disk_is_one_line(home: Path) -> None:
    ran = shell("search climate > /dev/full", home)

    assert ran.returncode == ExitCode.OUTPUT
    assert ran.stderr == "search: cannot write the output: no space left on device\n"


@pytest.mark.parametrize(
    "line", ["search --help", "heatseek -h", "search --version", "heatseek show -h"]
)
def test_help_and_version_fail_like_other_output(line: str, home: Path) -> None:
    ran = shell(f"{line} > /dev/full", home)

    assert ran.returncode == ExitCode.OUTPUT
    assert ran.stderr.partition(" ")[2] == "cannot write the output: no space left on device\n"


def test_closed_streams_are_no_trouble(home: Path) -> None:
    assert shell("search weather >&-", home).returncode == 0
    assert shell("search xyzzy 2>&-", home).returncode == 1


@pytest.mark.parametrize(
    "locale", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}]
)
def test_any_encoding_will_do(locale: dict[str, str], home: Path) -> None:
    text = shell("search climate", home, **locale)
    data = shell("search climate --format tsv", home, **locale)

    assert (text.returncode, text.stderr) == (0, "")
    assert text.stdout.startswith("1  ")
    assert data.stdout == shell("search climate --format tsv", home).stdout


def test_where_there_is_only_ascii_passages_and_lists_are_marked_in_it(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    text = f"---\ntitle: Long\n---\n{'before ' * 60}needle{' after' * 60}\n"
    (tmp_path / "seeds" / "long.md").write_text(text, "utf-8")
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    found = shell("search needle", tmp_path, **ascii_only).stdout
    assert found.count("...") == 2
    assert "?" not in found
    assert "\n * " in shell("heatseek help query", tmp_path, **ascii_only).stdout


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    ran = shell("mkdir gone; cd gone; rmdir ../gone; search x", tmp_path)

    assert ran.returncode == ExitCode.USAGE
    assert ran.stderr == "search: the working directory does not exist any more\n"


def test_names_arrive_whole(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "dé jà\u2009vu.md").write_text("---\ntitle: Strange\n---\n", "utf-8")

    ran = shell("search strange -0 | xargs -0 cat", tmp_path, LC_ALL="C")

    assert ran.stdout == "---\ntitle: Strange\n---\n"


def test_a_terminal_gets_colours_links_and_the_time(home: Path) -> None:
    shown = on_a_terminal(["search", "weather"], home, TERM_PROGRAM="WezTerm")

    assert "\x1b]8;;https://infoq.com/climax\x1b\\" in shown
    assert "\x1b[1;31mweather\x1b[0m" in shown
    assert " ms" in shown


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"NO_COLOR": "1"}])
def test_some_terminals_want_none(environ: dict[str, str], home: Path) -> None:
    shown = on_a_terminal(["search", "weather"], home, **environ)

    assert "\x1b" not in shown
    assert "*weather*" in shown


def test_progress_is_for_terminals(tmp_path: Path) -> None:
    make_archive(tmp_path)

    shown = on_a_terminal(["heatseek", "rebuild"], tmp_path)

    assert "reading articles" in shown
    assert "indexed 4 articles" in shown.rstrip().splitlines()[-1]


def test_ctrl_c_is_quiet(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(project, "open_project", interrupt)

    assert run("search", "x", cwd=home) == (ExitCode.INTERRUPTED, "", "")


def test_our_own_mistakes_are_one_line_until_asked(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("oh\x1b no")

    monkeypatch.setattr(project, "open_project", fail)

    line = "search: internal error: KeyError: 'oh\\x1b no'; run again with --debug and report it\n"
    assert run("search", "x", cwd=home) == (ExitCode.INTERNAL, "", line)
    ran = run("search", "x", "--debug", cwd=home)
    assert ran.err.startswith("Traceback")
    assert ran.err.endswith(line)


def test_a_search_imports_only_what_it_needs(home: Path) -> None:
    ran = shell(f"{sys.executable} -X importtime {BIN}/search weather --json 2>&1 >/dev/null", home)

    loaded = {line.rpartition("|")[2].strip() for line in ran.stdout.splitlines()}
    assert "heatseek.search.searcher" in loaded
    unwanted = (
        "rich", "pydantic", "asyncio", "urllib.request", "numpy", "whoosh", "yaml", "frontmatter",
        "markdown_it", "pyromark", "tomllib", "csv", "heatseek.indexer", "heatseek.ingest",
        "heatseek.cli.rebuild", "heatseek.maintenance", "heatseek.cli.render.text",
    )  # fmt: skip
    assert [name for name in unwanted if name in loaded] == []


def test_ctrl_c_finds_little_that_is_imported_outside_of_its_guard() -> None:
    """A traceback would be shown only while these are imported."""
    call = "import sys, heatseek.cli.main; print(*(n for n in sys.modules if 'heatseek' in n))"
    done = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) == {
        "heatseek", "heatseek.cli", "heatseek.cli.main"
    }  # fmt: skip


def test_main_leaves_the_collector_on() -> None:
    assert gc.isenabled()


def test_links_are_for_terminals_that_know_them() -> None:
    class Terminal:
        encoding = "utf-8"
        closed = False

        def isatty(self) -> bool:
            return True

    def links(**environ: str) -> bool:
        return terminal.style_of(Terminal(), environ).links  # type: ignore[arg-type]

    assert not links(TERM="xterm")
    assert links(TERM="xterm-kitty")
    assert links(TERM="xterm", VTE_VERSION="6003")
    assert not links(TERM="xterm", VTE_VERSION="4002")
    assert links(TERM="xterm", FORCE_HYPERLINK="1")
    assert not links(TERM="xterm-kitty", FORCE_HYPERLINK="0")
    assert not links(TERM="dumb", FORCE_HYPERLINK="1")


@pytest.mark.parametrize(
    ("program", "arguments", "code"),
    [("search", ["--nonsense"], 2), ("heatseek", ["--version"], 0), ("heatseek", [], 2)],
)
def test_entry_points_exit_with_the_code(program: str, arguments: list[str], code: int) -> None:
    call = f"import sys; from heatseek.cli.main import {program}; sys.argv[1:] = {arguments!r}"
    command = [sys.executable, "-c", f"{call}; {program}()"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == code
    assert done.stdout + done.stderr
