from __future__ import annotations

import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from cli_runs import Ran, make_archive, run
from heatseek.cli.facet_values import Sort as LabelSort
from heatseek.cli.help_command import PAGES
from heatseek.cli.option_values import Grouping
from heatseek.cli.render import Format
from heatseek.cli.render.tables import LabelFormat
from heatseek.cli.shells import Shell
from heatseek.cli.shells.commands import commands
from heatseek.cli.verbs import VERBS
from heatseek.results import Sort
from heatseek.schema import FACETS, field_names
from terminals import BIN, on_terminal

SETTINGS = """\
[searches]
ai-climate = "climate ai"

[presets.calm]
heat = 0

[fields.levels]
facet = true

[fields.price]
kind = "number"

[fields.featured]
kind = "boolean"
"""
COURSE = """\
---
title: A course
levels: [Beginner, Very Advanced]
price: 4.5
featured: true
---
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working directory with settings, a folder, an index and the scripts."""
    folder = tmp_path_factory.mktemp("home")
    (make_archive(folder) / "course.md").write_text(COURSE)
    (folder / "heatseek.toml").write_text(SETTINGS)
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    (folder / "articles").mkdir()
    for shell in ("bash", "zsh", "fish"):
        ran = run("heatseek", "completion", shell, cwd=folder)
        assert (ran.code, ran.err) == (0, "")
        (folder / f"script.{shell}").write_text(ran.out, "utf-8")
    return folder


def proposed(kind: str, prefix: str, *words: str, cwd: Path) -> list[str]:
    ran = run("heatseek", "__complete", kind, prefix, *words, cwd=cwd)
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines()


# What the scripts ask


def test_values_of_options(home: Path) -> None:
    assert proposed("sort", "", cwd=home) == [*Sort, "featured\tboolean", "price\tnumber"]
    assert proposed("group", "", cwd=home) == list(Grouping)
    assert proposed("format", "JS", cwd=home) == ["json", "jsonl"]
    assert proposed("rank", "", cwd=home)[-1] == "calm\tpreset"
    assert proposed("saved", "@a", cwd=home) == ["@ai-climate\tclimate ai"]
    assert proposed("shell", "", cwd=home) == list(Shell)
    assert proposed("help", "qu", cwd=home) == ["query"]
    topics = [line.partition("\t")[0] for line in proposed("help", "", cwd=home)]
    assert topics == list(dict.fromkeys([*VERBS, *PAGES]))


def test_labels_of_the_index(home: Path) -> None:
    assert proposed("category", "", cwd=home) == ["news\t2", "events\t1"]
    assert proposed("type", "V", cwd=home) == ["video\t1"]
    assert proposed("topic", "a", cwd=home) == ["AI\t1", "a b\t1"]
    assert proposed("topic", "machine le", cwd=home) == ["Machine Learning\t1"]
    assert proposed("provider", "info", cwd=home) == ["InfoQ\t1"]


def test_names_of_conditions(home: Path) -> None:
    assert proposed("where", "le", cwd=home) == ["levels=\tkeyword"]
    assert proposed("where", "PR", cwd=home) == ["price=\tnumber", "provider="]
    every = proposed("where", "", cwd=home)
    assert [line.partition("=")[0] for line in every] == [
        *("featured", "levels", "price"),
        *field_names(),
    ]


def test_values_of_conditions(home: Path) -> None:
    assert proposed("where", "levels=", cwd=home) == [
        "levels=Beginner\t1",
        "levels=Very Advanced\t1",
    ]
    assert proposed("where", "LEVELS=b", cwd=home) == ["LEVELS=Beginner\t1"]
    assert proposed("where", "levels=adv", cwd=home) == ["levels=Very Advanced\t1"]
    assert proposed("where", "featured=", cwd=home) == ["featured=true", "featured=false"]
    assert proposed("where", "price=", cwd=home) == []
    assert proposed("where", "topic=o", cwd=home) == ["topic=Oceans\t1"]
    assert proposed("where", "site=t", cwd=home) == ["site=Tide\t1"]
    assert proposed("where", "is=r", cwd=home) == ["is=related"]
    assert proposed("where", "nonsense=", cwd=home) == []


def test_names_of_facets(home: Path) -> None:
    assert proposed("facet", "", cwd=home) == [*FACETS, "levels"]
    assert proposed("facet", "T", cwd=home) == ["topic", "type"]
    assert proposed("facet", "topic:", cwd=home) == ["topic:all"]
    assert proposed("facet", "topic:5", cwd=home) == []


def test_names_need_no_index(home: Path, tmp_path: Path) -> None:
    shutil.copy(home / "heatseek.toml", tmp_path)

    assert proposed("where", "lev", cwd=tmp_path) == ["levels=\tkeyword"]
    assert proposed("facet", "lev", cwd=tmp_path) == ["levels"]
    assert proposed("where", "levels=", cwd=tmp_path) == []


def test_later_words_of_labels_where_no_first_one_begins_so(home: Path) -> None:
    assert proposed("topic", "LEARN", cwd=home) == ["Machine Learning\t1"]
    assert proposed("topic", "b", cwd=home) == ["a b\t1"]
    assert proposed("topic", "earning", cwd=home) == []


def test_what_a_shell_could_not_tell_apart_is_not_proposed(tmp_path: Path) -> None:
    for name in ("Applied Learning", "Adult Learning"):
        text = f"---\ntitle: {name}\ntopics: [{name}]\n---\n"
        (tmp_path / "seeds").mkdir(exist_ok=True)
        (tmp_path / "seeds" / f"{name}.md").write_text(text)
    assert run("heatseek", "rebuild", cwd=tmp_path).code == 0

    # Bash would put `A` in place of what was typed.
    assert proposed("topic", "learn", cwd=tmp_path) == []
    assert len(proposed("topic", "a", cwd=tmp_path)) == 2


def test_labels_are_those_of_the_line_s_index(home: Path, tmp_path: Path) -> None:
    for option in ([f"--index={home}/index"], ["--index", f"{home}/index"]):
        words = ["search", *option, "--topic", "o"]
        assert proposed("topic", "o", *words, cwd=tmp_path) == ["Oceans\t1"]


def test_no_index_is_built_or_missed(tmp_path: Path) -> None:
    make_archive(tmp_path)

    assert proposed("topic", "", cwd=tmp_path) == []
    assert not (tmp_path / "index").exists()


def test_an_index_that_is_damaged_proposes_nothing(home: Path, tmp_path: Path) -> None:
    shutil.copytree(home / "index", tmp_path / "index")
    for path in (tmp_path / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")

    assert proposed("topic", "", cwd=tmp_path) == []


def test_orders_and_formats_are_those_of_the_verb(home: Path) -> None:
    for words in (["heatseek", "topics", "--sort"], ["providers", "--sort"]):
        assert proposed("sort", "", *words, cwd=home) == list(LabelSort)
        assert proposed("format", "", *words, cwd=home) == list(LabelFormat)
    assert proposed("format", "", "heatseek", "eval", "--format", cwd=home) == ["text", "json"]
    assert proposed("sort", "", "search", "topics", "--sort", cwd=home)[0] == "relevance"


def test_verbs_come_with_what_they_do(home: Path) -> None:
    lines = proposed("verb", "", cwd=home)

    assert lines == [f"{name}\t{verb.summary}" for name, verb in VERBS.items()]


def test_the_settings_are_those_of_the_line(home: Path, tmp_path: Path) -> None:
    for words in (["--config", f"{home}/heatseek.toml"], [f"--config={home}/heatseek.toml"]):
        found = proposed("saved", "", "search", *words, "@", cwd=tmp_path)
        assert found == ["@ai-climate\tclimate ai"]


@pytest.mark.parametrize(
    "args", [[], ["sort"], ["nonsense", "x"], ["topic", "A"], ["saved", "@", "--config", "no.toml"]]
)
def test_nothing_is_said_when_there_is_nothing_to_propose(args: list[str], tmp_path: Path) -> None:
    ran = run("heatseek", "__complete", *args, cwd=tmp_path)

    assert (ran.code, ran.err) == (0, "")
    assert bool(ran.out) == (args == ["sort"])


def test_broken_settings_propose_nothing(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text("limti = 3\n")

    assert run("heatseek", "__complete", "saved", "@", cwd=tmp_path) == Ran(0, "", "")


def test_hostile_names_are_one_harmless_line(tmp_path: Path) -> None:
    (tmp_path / "heatseek.toml").write_text('[searches]\na = "b\\u001b[2J\\nc"\n')

    assert proposed("saved", "", cwd=tmp_path) == ["@a\tb[2J c"]


def test_every_option_that_is_shown_is_completed() -> None:
    for command in commands():
        ran = run("heatseek", command.name, "--help", cwd=Path.cwd())
        names = {name for option in command.options for name in option.names if name[:2] == "--"}
        for name in names:
            assert name in ran.out
        assert "--now" not in names


def test_completion_takes_no_longer_than_it_may(home: Path) -> None:
    def taken(*line: str) -> float:
        """CPU seconds: other programs' work is not in them."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(line, cwd=home, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def starts(*args: str) -> float:
        """How many times as long as Python's start, which other programs slow down as well."""
        base = [taken(str(BIN / "python"), "-c", "pass") for _ in range(3)]
        return taken(str(BIN / "heatseek"), *args) / min(base)

    for args in (
        ["__complete", "topic", ""],
        ["__complete", "rank", ""],
        ["__complete", "where", ""],
        ["__complete", "where", "levels="],
        ["__complete", "facet", ""],
        ["--help"],
        ["search", "--help"],
    ):
        assert any(starts(*args) < 12 for _ in range(8)), args


def test_unknown_shells(tmp_path: Path) -> None:
    for shell, shown in {"tcsh": "tcsh", "": "''"}.items():
        assert run("heatseek", "completion", shell, cwd=tmp_path) == Ran(
            2, "", f"completion: completion {shown}: not one of bash, zsh, fish\n"
        )


# What the shells make of it

LINES = {
    "heatseek sea": "heatseek search",
    "heatseek search --no-p": "heatseek search --no-pager",
    "search --unp": "search --unpublished",
    "search --sort da": "search --sort date",
    "search --sort=da": "search --sort=date",
    "search --topic mach": "search --topic Machine Learning",
    'search --topic "mach': "search --topic Machine Learning",
    "search --provider=Har": "search --provider=Harbour",
    "search --topic=mach": "search --topic=Machine Learning",
    "search --topic machine\\ l": "search --topic Machine Learning",
    "search --sort pr": "search --sort price",
    "search --group st": "search --group story",
    "search --similar art": "search --similar articles/",
    "search --where lev": "search --where levels=",
    "search --where levels=be": "search --where levels=Beginner",
    "search --where=levels=be": "search --where=levels=Beginner",
    "search --where levels=very\\ a": "search --where levels=Very Advanced",
    'search --where "levels=ver': "search --where levels=Very Advanced",
    "search --facet le": "search --facet levels",
    "search --facet=prov": "search --facet=provider",
    "search --facet topic --facet ye": "search --facet topic --facet year",
    "search --facet topic:a": "search --facet topic:all",
    "search --facets @a": "search --facets @ai-climate",
    "heatseek topics mach": "heatseek topics Machine Learning",
    "heatseek providers ti": "heatseek providers Tide",
    "search --rank ca": "search --rank calm",
    "search @a": "search @ai-climate",
    "search @": "search @ai-climate",
    "heatseek search @a": "heatseek search @ai-climate",
    "heatseek completion fi": "heatseek completion fish",
    "heatseek help qu": "heatseek help query",
    "search --archive art": "search --archive articles/",
    "heatseek rebuild --arch": "heatseek rebuild --archive",
    "heatseek show artic": "heatseek show articles/",
}
"""What is typed before Tab, and what stands there after it."""


INTERACTIVE = {
    "bash": (
        ["bash", "--norc", "--noprofile", "-i"],
        "bind 'set enable-bracketed-paste off'; PS1='> '; . ./script.bash",
    ),
    "zsh": (
        ["zsh", "-f", "-i"],
        "autoload -Uz compinit; compinit -u; PROMPT='> '; unsetopt prompt_sp; . ./script.zsh",
    ),
}


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")


@pytest.mark.parametrize("shell", INTERACTIVE)
def test_interactive_shells(shell: str, home: Path) -> None:
    needs(shell)
    program, setup = INTERACTIVE[shell]
    # A shell gets its lines by the terminal, as typed. Ctrl-A goes to the start of the line: with
    # `echo` in front it shows what stands there, and is not run.
    typed = "".join(f"{line}\t\x01echo + \r" for line in LINES)
    shown = on_terminal(
        "", home, columns=200, rows=50, keys=f"{setup}\r{typed}exit\r".encode(), shell=(*program,)
    )

    results = [line[2:] for line in shown.text.splitlines() if line.startswith("+ ")]
    # zsh takes the slash away again when something else is typed.
    expected = [line.rstrip("/") for line in LINES.values()]
    assert [line.rstrip(" /") for line in results] == expected


def completed_by_fish(line: str, home: Path) -> str:
    needs("fish")
    return subprocess.run(
        ["fish", "--no-config", "-c", f"source script.fish; complete -C '{line}'"],
        cwd=home,
        env={"PATH": f"{BIN}:/usr/bin:/bin", "HOME": str(home), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_fish(home: Path) -> None:
    for line, completed in LINES.items():
        out = completed_by_fish(line, home)
        first = out.partition("\n")[0].partition("\t")[0]
        before = line[: line.replace("\\ ", "__").rindex(" ") + 1]
        # Behind `=` fish keeps the case that was typed.
        assert (before + first).lower() == completed.lower(), out


def test_fish_describes_no_value_by_its_option(home: Path) -> None:
    shown = completed_by_fish("search --format ", home)
    assert {line.rstrip("\t") for line in shown.splitlines()} == set(Format)
    assert completed_by_fish("heatseek stat", home).startswith("stats\tShow what")
