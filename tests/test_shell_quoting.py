"""Labels that are shell syntax, completed by Tab and run by Enter in real shells."""

from __future__ import annotations

import json
import os
import shutil
import string
import subprocess
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli_runs import run
from heatseek.cli.shells.quoting import BashLine, Quoting, for_bash, is_typeable, parse
from terminals import BIN, on_terminal

STUB = r"""#!/bin/sh
# Notes its arguments: US after each, RS after the last.
printf '%s\037' "$@" >> calls
printf '\036' >> calls
"""
SETUP = {
    "bash": (
        ("bash", "--norc", "--noprofile", "-i"),
        "bind 'set enable-bracketed-paste off'; touch () { : > $1; }; . ./script.bash",
    ),
    "zsh": (
        ("zsh", "-f", "-i"),
        "autoload -Uz compinit; compinit -u; . ./script.zsh",
    ),
    "fish": (("fish", "--no-config", "-i"), "source script.fish"),
}
OPENED = {
    "bash": (
        *("--topic {}", '--topic "{}', "--topic '{}", "--topic $'{}", '--topic $"{}'),
        *("--topic={}", '--topic="{}', "--topic='{}", "--topic \\{}", '--topic ""{}'),
        *("--where topic={}", '--where "topic={}', "--where=topic={}", "--where topic='{}"),
        *("5\\\" --topic '{}", '5\\" --topic "{}', "it\\'s --topic \"{}"),
    ),
    "zsh": (
        *("--topic {}", '--topic "{}', "--topic '{}", "--topic $'{}"),
        *("--topic={}", '--topic="{}', "--topic='{}", "--topic \\{}"),
        *("--where topic={}", '--where "topic={}', "--where=topic={}"),
    ),
    "fish": (
        *("--topic {}", '--topic "{}', "--topic '{}"),
        *("--topic={}", '--topic="{}', "--topic \\{}", '--where "topic={}', "--where topic={}"),
    ),
}
"""How a line can go on to the place where a label is completed."""
PAYLOADS = (
    "$(touch PWNED) `touch PWNED` ${x:-$(touch PWNED)} $'x' é",
    "';touch PWNED;' \";touch PWNED;\" \\';touch PWNED;\\' \\\";touch PWNED;\"",
    "|touch PWNED& (touch PWNED) <(touch PWNED) >PWNED {a,b} *?[a] ~ # % ^a^b^ 機械'",
    "!! !touch !? !$ a!b '!! \"!! \\!! a=b:c@d,e\\",
)


def labelled(folder: Path, labels: dict[str, str]) -> Path:
    """A folder with an archive that has these labels, its index, the scripts and a stub."""
    (folder / "seeds").mkdir()
    for key, label in labels.items():
        text = f"---\ntitle: {key}\ntopics: [{json.dumps(label, ensure_ascii=False)}]\n---\n"
        (folder / "seeds" / f"{key}.md").write_text(text, "utf-8")
    assert run("heatseek", "rebuild", cwd=folder).code == 0
    for shell in SETUP:
        script = run("heatseek", "completion", shell, cwd=folder).out
        (folder / f"script.{shell}").write_text(script, "utf-8")
    (folder / "stubs").mkdir()
    (folder / "stubs" / "search").write_text(STUB)
    (folder / "stubs" / "search").chmod(0o755)
    return folder


def calls(shell: str, home: Path, lines: list[str], tab: str = "\t") -> list[list[str]]:
    """The arguments of each call, when each line is completed and run."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    program, setup = SETUP[shell]
    noted = home / "calls"
    for left in (noted, home / "PWNED"):
        left.unlink(missing_ok=True)
    path = os.pathsep.join((str(home / "stubs"), str(BIN), os.environ["PATH"]))
    for at in range(0, len(lines), 40):
        typed = "".join(f"search {line}{tab}\r" for line in lines[at : at + 40])
        keys = f"{setup}\r{typed}exit\r".encode()
        shown = on_terminal("", home, columns=200, rows=50, keys=keys, shell=program, PATH=path)
        assert not list(home.rglob("PWNED*")), shown.text
    records = noted.read_text("utf-8").split("\x1e")[:-1] if noted.exists() else []
    return [record.split("\x1f")[:-1] for record in records]


def expected(line: str, label: str) -> list[str]:
    """The arguments of a line, if the label is one word of it."""
    *before, last = line.replace("\\", "").replace("$'", "").replace('$"', "").split()
    return [*before, last.replace('""', "").replace("'", "").replace('"', "").format(label)]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    labels = {f"k{n}z": f"k{n}z{text}" for n, text in enumerate(PAYLOADS)}
    return labelled(tmp_path_factory.mktemp("hostile"), labels), labels


@pytest.mark.parametrize("shell", SETUP)
def test_no_label_is_run(shell: str, hostile: tuple[Path, dict[str, str]]) -> None:
    home, labels = hostile
    # Two for each line, in turn.
    keys = cycle(labels)
    pairs = [(line, next(keys)) for line in sorted(2 * OPENED[shell])]

    got = calls(shell, home, [line.format(key) for line, key in pairs])

    for (line, key), args in zip(pairs, got, strict=False):
        assert args[-1] == expected(line, labels[key])[-1], line
    assert len(got) == len(pairs)


@pytest.mark.parametrize("shell", SETUP)
def test_no_name_of_a_file_is_run(shell: str, hostile: tuple[Path, dict[str, str]]) -> None:
    home, _ = hostile
    # Behind a ' within '...' zsh leaves the quote open.
    name = 'f1z$(touch PWNED) `touch PWNED`;touch PWNED;"!!x'
    (home / name).touch()

    got = calls(shell, home, ["--similar f1", '--similar "f1', "--similar 'f1"])

    assert got == [["--similar", name]] * 3


def test_all_matches_of_bash(hostile: tuple[Path, dict[str, str]]) -> None:
    home, labels = hostile

    (got,) = calls("bash", home, ["--topic k"], tab="\x1b*")

    assert sorted(got[1:]) == sorted(labels.values())
    # It also takes away a quote that was opened before: nothing is proposed then.
    line = "search --topic 'k"
    ran = run("heatseek", "__complete", "bash", "topic", "k", line, str(ord("*")), cwd=home)
    assert ran.out == ""


@pytest.mark.slow
@pytest.mark.parametrize("shell", SETUP)
def test_every_sign_in_every_quotes(shell: str, tmp_path: Path) -> None:
    signs = [*string.punctuation, *"é機\u200d😀ßİ"]
    # Behind some signs at the end fish leaves a quote open, as for names of files.
    end = "z" if shell == "fish" else ""
    labels = {f"k{n}z": f"k{n}z{c}a b{c}{c} {c}{end}" for n, c in enumerate(signs)}
    home = labelled(tmp_path, labels)
    for line in OPENED[shell]:
        got = calls(shell, home, [line.format(key) for key in labels])
        assert [args[-1] for args in got] == [expected(line, each)[-1] for each in labels.values()]


# What Python says to bash

LABELS = st.text(st.sampled_from("'\"\\$`!abA ;|&<>(){}[]*?~#%^=:@,-é機0"), min_size=1)
START = {"": Quoting.NONE, "'": Quoting.SINGLE, '"': Quoting.DOUBLE, "$'": Quoting.ANSI_C}


@given(LABELS, st.sampled_from(sorted(START)))
def test_a_quoted_label_is_that_label(label: str, start: str) -> None:
    (quoted,) = for_bash([label], START[start])

    line = parse(f"search {start}{quoted}", quoted)

    assert line == BashLine(("search",), label, "", START[start])


@given(st.lists(LABELS, min_size=2, max_size=4, unique=True), st.sampled_from(sorted(START)))
def test_what_all_begin_with_ends_behind_a_whole_sign(labels: list[str], start: str) -> None:
    words = for_bash(labels, START[start])

    shared = os.path.commonprefix(words)

    line = parse(f"search {start}{shared}", shared)
    assert line is not None
    assert os.path.commonprefix(labels).startswith(line.last)
    assert for_bash([line.last], START[start])[0].startswith(shared)


def test_bash_reads_every_quoted_sign_as_it_is(tmp_path: Path) -> None:
    """Also where earlier lines are recalled, and in backquotes."""
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    labels = [f"{c}a {c}{c}b{c}" for c in string.punctuation]
    lines, wanted = ["set -H", "echo before"], []
    for start, quoting in START.items():
        for label in labels:
            (quoted,) = for_bash([label], quoting)
            closed = quoting.value[-1:]
            end = "" if closed and quoted.endswith(closed) else closed
            word = f"{start}{quoted}{end}"
            lines.append(f"printf '%s\\n' {word} >> got; printf '%s\\n' `printf %s. {word}` >> got")
            inner = " ".join(f"{label}.".split())
            wanted += [label, *inner.split(" ")]
    done = subprocess.run(
        ["bash", "--norc", "--noprofile", "-i"],
        input="\n".join([*lines, "exit", ""]),
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
    )
    assert (tmp_path / "got").read_text().splitlines() == wanted, done.stderr


@pytest.mark.parametrize(
    "line", ["$(echo 'it\"s')", "`echo x`", '"$(echo "', "<(cat", '"${x:-"', "a b"]
)
def test_nothing_where_the_open_quotes_are_not_known(line: str) -> None:
    assert parse(f"search {line}", line) is None


@pytest.mark.parametrize(
    "value", ["a\nb", "a\tb", "a\x1b[2Jb", "a\x00", "a\x85b", "a\u2028b", "a\u202eb", "-a"]
)
def test_what_is_no_line_or_looks_like_an_option_is_not_proposed(value: str) -> None:
    assert not is_typeable(value)
