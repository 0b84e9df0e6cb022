"""A plain line of arguments, read without Typer, means what Typer makes of it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heatseek.cli.arguments import FLAG, Command, read_plain
from heatseek.cli.command import VerbCommand
from heatseek.cli.verbs import VERBS, declared

if TYPE_CHECKING:
    from collections.abc import Sequence

PLAIN = [
    [],
    ["climate", "ai"],
    ["machine learning", "--json"],
    ["climate -ai", "--topic", "AI", "--topic=Energy", "--provider", ""],
    ["--limit=5", "--offset", "10", "-n", "5", "-n5", "-n0"],
    ["solar", "--published", "--unpublished", "--any", "--no-related"],
    ["--facets", "--facet", "topic", "--facet=year:all", "-0"],
    ["--boost", "heat=2,quality=1", "--where", "price>=4.5", "--where=levels=New"],
    ["--index", "somewhere", "--archive=~/articles", "--config", "my file.toml"],
    ["--after=", "--sort", "", "--limit=-5"],
    ["--", "-ai", "--json", "--"],
    [""],
]
ASIDE = [
    ["--help"],
    ["-h"],
    ["x", "--version"],
    ["x", "--debug"],
    ["x", "--topc", "AI"],
    ["x", "--top", "AI"],
    ["x", "--json=1"],
    ["x", "--json="],
    ["x", "-ai"],
    ["-ai climate"],
    ["-"],
    ["x", "--topic"],
    ["x", "-n"],
    ["x", "-n", "-5"],
    ["x", "-n=5"],
    ["x", "-nature"],
    ["x", "-0i"],
    ["x", "-05"],
    ["x", "--topic", "--json"],
    ["x", "--index="],
    ["x", "--index", ""],
]
SEARCH = declared("search")
FLAGS = [flag for option in SEARCH.options for flag in (*option.flags, option.opposite) if flag]
VALUED = [flag for option in SEARCH.options if option.kind is not FLAG for flag in option.flags]
VALUES = [
    "",
    "5",
    "-5",
    "=5",
    "AI",
    "a=b",
    "-",
    "--",
    "--json",
    "-n",
    "\u0665",
    " -x y",
    "~",
    "\udcff",
]
text = st.text(st.characters(exclude_characters="\0"), max_size=5) | st.sampled_from(VALUES)
verbs = st.just("search") | st.sampled_from(sorted(VERBS))
words = text.filter(lambda word: not word.startswith("-"))
options = st.builds(lambda flag, value: [flag, value], st.sampled_from(VALUED), words)
joined = st.builds("{}={}".format, st.sampled_from(FLAGS), text)
short = st.builds("-{}{}".format, st.sampled_from("n0ih"), text)
loose = st.one_of(text, st.sampled_from([*FLAGS, "--help", "-h", "--"]), joined, short)
arguments = st.lists(options | st.builds(lambda arg: [arg], loose), max_size=6).map(
    lambda parts: [arg for part in parts for arg in part]
)


def recorder(command: Command) -> tuple[Command, list[dict[str, Any]]]:
    """The command with a function that only keeps what it is called with."""
    calls: list[dict[str, Any]] = []

    def record(**arguments: Any) -> int:
        calls.append(arguments)
        return len(calls)

    return Command(record, *command.options, words=command.words, examples=""), calls


def by_typer(verb: str, args: Sequence[str]) -> dict[str, Any]:
    """What the function of a verb is called with if Typer reads the line."""
    command, calls = recorder(declared(verb))
    with (typer := VerbCommand(verb, command)).make_context(verb, list(args)) as context:
        typer.invoke(context)
    return calls[0]


def plainly(verb: str, args: Sequence[str]) -> dict[str, Any] | None:
    """The same if the line is read without it; None if it is not plain."""
    command, calls = recorder(declared(verb))
    plain = read_plain(command, args)
    if plain is not None:
        command(*plain)
    return calls[0] if calls else None


@given(verbs, arguments)
def test_what_is_read_without_typer_is_what_typer_reads(verb: str, args: list[str]) -> None:
    plain = plainly(verb, args)

    assert plain is None or plain == by_typer(verb, args)


@pytest.mark.parametrize("args", PLAIN)
def test_plain_lines_are_read_without_typer(args: list[str]) -> None:
    assert plainly("search", args) == by_typer("search", args)


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        ("rebuild", ["--archive", "a", "--index=b", "--verbose"]),
        ("update", []),
        ("show", ["3", "--json"]),
        ("topics", ["sol", "wind"]),
    ],
)
def test_plain_lines_of_every_command_are_read_so(verb: str, args: list[str]) -> None:
    assert plainly(verb, args) == by_typer(verb, args)


@pytest.mark.parametrize(
    ("verb", "args"), [("rebuild", ["a"]), ("show", []), ("show", ["3", "4"]), ("init", [])]
)
def test_other_words_than_a_command_takes_are_left_to_typer(verb: str, args: list[str]) -> None:
    assert plainly(verb, args) is None


@pytest.mark.parametrize("args", ASIDE)
def test_whatever_is_unusual_is_left_to_typer(args: list[str]) -> None:
    assert plainly("search", args) is None


def test_values_arrive_as_the_command_takes_them() -> None:
    args = [
        "a",
        "b",
        "--topic=AI",
        "--index",
        "memory://here",
        "--config",
        "there",
        "--facets",
        "--unpublished",
        "-n5",
        "-n",
        "6",
    ]
    read = plainly("search", args)
    assert read is not None

    typed = {name: value for name, value in read.items() if value not in (None, False)}
    assert typed == {
        "query": ["a", "b"],
        "topics": ["AI"],
        "index": "memory://here",
        "config_file": Path("there"),
        "facets": True,
        "limit": "6",
    }
    assert read["published"] is False
    assert read["any_word"] is None


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"search"}))
def test_the_function_of_a_command_takes_its_options_and_words(verb: str) -> None:
    command, calls = recorder(declared(verb))
    command({})

    takes = inspect.signature(declared(verb).run).parameters
    assert set(calls[0]) == set(takes)


def test_no_two_options_of_a_command_are_typed_alike() -> None:
    for verb in VERBS:
        options = declared(verb).options
        flags = [flag for option in options for flag in (*option.flags, option.opposite) if flag]
        assert len(flags) == len(set(flags))
        assert len(options) == len({option.name for option in options})
