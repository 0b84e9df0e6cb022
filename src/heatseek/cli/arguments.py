"""A command, its options and words as data, and a plain line read without Typer.

Typer takes longer to import than a search takes. Most lines are plain: words that begin with no
dash, and options written as the table has them. These are read here; whatever else there is on a
line, help and errors among it, is Typer's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any


OTHER = "Other"
"""The group of options that are in no other."""
FLAG, TEXT, PATH, PLACE = "flag", "text", "path", "place"
"""Kinds of options: those without a value, and those with one. A place is a path or an address."""


class Option:
    """An option of a command.

    Attributes:
        name: the parameter of the command's function.
        flags: how it is typed.
        opposite: the flag that says the contrary; a flag that has one is None if neither is there.
        kind: FLAG, TEXT, PATH or PLACE.
        metavar: the name of its value in the help.
        help: its line of help.
        panel: its group in the help.
        repeatable: each value counts; otherwise the last one does.
        hidden: the help leaves it out.
        of_program: it is for the program (`main.py`, `command.py`), not for the command's function.
    """

    __slots__ = (
        "flags", "help", "hidden", "kind", "metavar", "name", "of_program", "opposite", "panel",
        "repeatable",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 - one parameter a column
        self,
        name: str,
        *flags: str,
        help: str,  # noqa: A002 - the field's name for it
        panel: str = OTHER,
        kind: str = TEXT,
        metavar: str | None = None,
        opposite: str = "",
        repeatable: bool = False,
        hidden: bool = False,
        of_program: bool = False,
    ) -> None:
        self.name = name
        self.flags = flags
        self.help = help
        self.panel = panel
        self.kind = kind
        self.metavar = metavar
        self.opposite = opposite
        self.repeatable = repeatable
        self.hidden = hidden
        self.of_program = of_program

    @property
    def absent(self) -> bool | None:
        """Its value where it is not typed."""
        return False if self.kind is FLAG and not self.opposite else None


class Words:
    """The words of a command line that are no options.

    Attributes:
        name: the parameter of the command's function.
        metavar: their name in the help.
        several: there may be more than one; a list, else a text, empty if there is none.
    """

    __slots__ = ("metavar", "name", "several")

    def __init__(self, name: str, metavar: str, *, several: bool = False) -> None:
        self.name = name
        self.metavar = metavar
        self.several = several


class Command:
    """A command as data.

    Attributes:
        run: its function, which takes the options and words by their names; gives the exit code.
        options: in the order of the help.
        words: what it takes beside options, if anything.
        examples: the end of its help.
    """

    __slots__ = ("examples", "options", "run", "words")

    def __init__(
        self,
        run: Callable[..., int],
        *options: Option,
        words: Words | None = None,
        examples: str,
    ) -> None:
        self.run = run
        self.options = options
        self.words = words
        self.examples = examples

    def __call__(self, values: dict[str, Any], words: Sequence[str] = ()) -> int:
        """Run it.

        Args:
            values: texts and truth values of the options that were typed, by name; repeatable
                ones as sequences. Those that were not may be missing, empty or None.
            words: the words beside them.
        """
        arguments = {
            option.name: _value(option, values.get(option.name))
            for option in self.options
            if not option.of_program
        }
        if self.words is not None:
            several = self.words.several
            arguments[self.words.name] = list(words) if several else " ".join(words)
        return self.run(**arguments)


def _value(option: Option, value: Any) -> Any:
    """The value as the command's function takes it."""
    if value is None or (option.repeatable and not value):
        return option.absent
    if option.kind is PATH:
        from pathlib import Path  # noqa: PLC0415 - a plain search does without

        return Path(value)
    return list(value) if option.repeatable else value


def read_plain(command: Command, args: Sequence[str]) -> tuple[dict[str, Any], list[str]] | None:
    """The values and words of a plain line, as Typer would read them; None if it is not plain.

    Plain are words that begin with no dash, flags and options as the table has them, values that
    begin with no dash or stand behind `=`, `-n5`, and `--` before the last words.
    """
    flags = _flags(command.options)
    values: dict[str, Any] = {}
    words: list[str] = []
    left = iter(args)
    for arg in left:
        if not arg.startswith("-"):
            words.append(arg)
        elif arg == "--":
            words.extend(left)
        else:
            option = flags.get(_name(arg))
            if option is None or not _take(option, arg, left, values):
                return None
    return (values, words) if _takes(command.words, len(words)) else None


def _takes(words: Words | None, count: int) -> bool:
    """True if a command that takes these can be given so many."""
    if words is None:
        return count == 0
    return words.several or count == 1


def _flags(options: Sequence[Option]) -> dict[str, Option]:
    """The options by all that is typed for them, but those that are the program's."""
    own = [option for option in options if not option.of_program]
    return {flag: option for option in own for flag in (*option.flags, option.opposite) if flag}


def _name(arg: str) -> str:
    """The flag at the beginning of an argument: `--limit` of `--limit=5`, `-n` of `-n5`."""
    if arg.startswith("--"):
        return arg.partition("=")[0]
    return arg[:2] if arg[2:].isdecimal() else arg


def _take(option: Option, arg: str, left: Iterator[str], values: dict[str, Any]) -> bool:
    """Note the value of an option; false if Typer has to look at it."""
    name = _name(arg)
    behind = arg[len(name) :]
    if option.kind is FLAG:
        values[option.name] = name != option.opposite
        return not behind
    value = behind.removeprefix("=") if behind else next(left, "-")
    if not behind and value.startswith("-"):
        return False
    if option.repeatable:
        values.setdefault(option.name, []).append(value)
    else:
        values[option.name] = value
    return bool(value) or option.kind not in (PATH, PLACE)
