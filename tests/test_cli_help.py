from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from cli_runs import run
from heatseek.cli.help_command import PAGES
from heatseek.cli.shells import candidates
from heatseek.cli.verbs import VERBS, declared

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_every_verb(verb: str, tmp_path: Path) -> None:
    ran = run("heatseek", verb, "--help", cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: heatseek {verb} ")
    assert VERBS[verb].summary in " ".join(ran.out.split())
    assert "Examples" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    if verb not in PAGES:
        assert run("heatseek", "help", verb, cwd=tmp_path) == ran


def test_help_of_heatseek_lists_the_verbs_in_groups(tmp_path: Path) -> None:
    ran = run("heatseek", "help", cwd=tmp_path)

    assert ran == run("heatseek", "--help", cwd=tmp_path)
    for name, verb in VERBS.items():
        assert f"\n{verb.group}:\n" in ran.out
        assert f"\n  {name} " in ran.out
        assert verb.summary in " ".join(ran.out.split())
    assert max(map(len, ran.out.splitlines())) <= 80


def test_help_of_heatseek_loads_no_verb() -> None:
    code = (
        "import sys; from heatseek.cli.main import run; run('heatseek', ['--help']);"
        "print([n for n in sys.modules if n.startswith('heatseek.cli.')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    for verb in VERBS.values():
        module = verb.module.partition(":")[0]
        assert f"'heatseek.cli.{module}'" not in done.stderr


@pytest.mark.parametrize("topic", PAGES)
def test_pages_fit_a_terminal(topic: str, tmp_path: Path) -> None:
    ran = run("heatseek", "help", topic, cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0].isupper()
    assert max(map(len, ran.out.splitlines())) <= 80
    narrow = run("heatseek", "help", topic, cwd=tmp_path, COLUMNS="40").out
    code = [line for line in narrow.splitlines() if line.startswith("    ")]
    assert max(len(line) for line in narrow.splitlines() if line not in code) <= 40


def test_the_query_language_is_told_by_its_examples(tmp_path: Path) -> None:
    out = run("heatseek", "help", "query", cwd=tmp_path).out

    assert '"machine learning"' in out
    assert "title:climate" in out
    assert "words(" not in out.partition("Examples")[2].partition("\n\n")[2].partition("\n\n")[2]
    assert "ebnf" not in out


def test_unknown_topics(tmp_path: Path) -> None:
    names = ", ".join(dict.fromkeys([*PAGES, *VERBS]))
    for topic, hint in {"quary": "did you mean query?", "xyzzy": f"there are {names}"}.items():
        ran = run("heatseek", "help", topic, cwd=tmp_path)
        assert ran == (2, "", f"help: no help on {topic}; {hint}\n")


def test_completion_knows_the_pages() -> None:
    assert tuple(PAGES) == candidates.PAGES


def test_the_pages_are_those_of_the_documentation() -> None:
    names = {
        "query": "query-language.md",
        "config": "configuration.md",
        "opensearch": "opensearch.md",
    }
    for topic, name in names.items():
        page = ROOT / "src/heatseek/pages" / f"{topic}.md"
        assert page.read_bytes() == (ROOT / "docs" / name).read_bytes()


@pytest.mark.slow
def test_all_data_files_are_in_the_wheel(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", tmp_path, ROOT], check=True
    )
    (wheel,) = tmp_path.glob("*.whl")
    source = ROOT / "src"
    data = [path for path in source.rglob("*") if path.suffix in {".md", ".txt"}]
    assert {f"{topic}.md" for topic in PAGES} | {"english.txt", "turkish.txt"} <= {
        path.name for path in data
    }
    with ZipFile(wheel) as archive:
        for path in data:
            assert path.read_bytes() == archive.read(path.relative_to(source).as_posix())


def test_the_manual_page_has_every_command_and_option(tmp_path: Path) -> None:
    ran = run("heatseek", "help", "--man", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    sections = ran.out.split("\n.SS heatseek ")
    assert len(sections) == 1 + len(VERBS)
    for section, (name, verb) in zip(sections[1:], VERBS.items(), strict=True):
        text = section.replace(r"\-", "-")
        assert text.splitlines()[1] == verb.summary
        for option in declared(name).options:
            for flag in (*option.flags, option.opposite):
                assert not flag or option.hidden or rf"\fB{flag}\fR" in text
            assert option.hidden or f"\n{option.help}\n" in text
    refused = run("heatseek", "help", "search", "--man", cwd=tmp_path)
    assert (refused.code, refused.err.count("\n")) == (2, 1)


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not there to read it")
def test_the_manual_page_is_read_without_a_warning(tmp_path: Path) -> None:
    page = run("heatseek", "help", "--man", cwd=tmp_path).out
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-cbou"],
        input=page,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    lines = [line.strip() for line in done.stdout.splitlines()]
    for line in (
        "search climate ai --after 2023 --sort date",
        "--format FORMAT",
        "-n N, --limit N",
    ):
        assert line in lines
