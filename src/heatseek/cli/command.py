"""Our commands in the ways that they differ from Typer's: unknown options, query text, help.

Typer (or, below 0.26, Click) says what is wrong in several lines, and takes every `-word` for
an option. Here the arguments are looked over first, with messages of one line, in which a
`-word` that may be meant for the query is explained. The help is grouped, and plain: Rich
would need 70 ms to print it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from heatseek.cli import ExitCode
from heatseek.cli.advice import option
from heatseek.cli.arguments import FLAG, OTHER, PATH, PLACE
from heatseek.cli.options import QUERY, VERSION
from heatseek.cli.terminal import write
from heatseek.cli.verbs import VERBS, declared
from heatseek.errors import UsageError
from heatseek.text.edit_distance import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heatseek.cli.arguments import Command, Option, Words


CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class VerbCommand(TyperCommand):
    """A verb with its options, as Typer's command."""

    def __init__(self, name: str, command: Command) -> None:
        words = () if command.words is None else (_argument(command.words),)
        super().__init__(
            name,
            context_settings=CONTEXT,
            params=[*words, *map(_option, command.options)],
            help=VERBS[name].summary,
            epilog=command.examples,
            rich_markup_mode=None,
        )
        self._command = command

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Check the arguments' form, then let Typer take them apart."""
        # Extra words have a message of ours below.
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, list(_checked(args, _Arguments(self._command))))
        if left:
            raise UsageError(_too_many(left, self._command.words))
        return left

    def invoke(self, ctx: Any) -> int:
        """Run the command with what Typer read."""
        return self._command(*self.read(ctx))

    def read(self, ctx: Any) -> tuple[dict[str, Any], Sequence[str]]:
        """The values of the options and the words, as `Command` takes them."""
        values = dict(ctx.params)
        words = self._command.words
        value = None if words is None else values.pop(words.name)
        return values, [value] if isinstance(value, str) else value or ()

    def get_help_option(self, ctx: Any) -> Any:
        """The option `--help`, which fails like all other output."""
        return _written_by_us(super().get_help_option(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the options in their groups, in the order of the table."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record and param.param_type_name == "option":
                group = getattr(param, "rich_help_panel", None) or OTHER
                groups.setdefault(group, []).append(record)
        for name, records in groups.items():
            with formatter.section(name):
                formatter.write_dl(records)


class Verbs(TyperGroup):
    """`heatseek`: its commands are modules of this package, loaded when they are called."""

    def get_help_option(self, ctx: Any) -> Any:
        """The option `--help`, as that of a command."""
        return _written_by_us(super().get_help_option(ctx))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - the signature is Typer's
        """All verbs, in the order in which a newcomer needs them."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - likewise
        """The verb's command, or None."""
        return load(cmd_name) if cmd_name in VERBS else None

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - likewise
        """Write the verbs in their groups, without loading them."""
        for group in dict.fromkeys(verb.group for verb in VERBS.values()):
            with formatter.section(group):
                formatter.write_dl(
                    [(name, verb.summary) for name, verb in VERBS.items() if verb.group == group]
                )

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Check the options before the verb."""
        if not args:
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(ExitCode.USAGE)
        known = {name for param in self.get_params(ctx) for name in param.opts}
        if args and args[0].startswith("-") and args[0] not in known:
            raise UsageError(_unknown(args[0], sorted(known)))
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the verb, or name the nearest one."""
        if args[0] not in VERBS:
            nearest = closest(args[0], list(VERBS))
            hint = (
                f"did you mean {nearest}?" if nearest else f"to search: heatseek search {args[0]}"
            )
            raise UsageError(f"no command {args[0]}; {hint}")
        return super().resolve_command(ctx, args)


def load(verb: str) -> VerbCommand:
    """The verb as Typer's command."""
    return VerbCommand(verb, declared(verb))


def help_text(verb: str) -> str:
    """The help of a verb, or of `heatseek` itself if it is empty."""
    command = load(verb) if verb else program()
    context = typer.Context(command, info_name=f"heatseek {verb}".rstrip(), **CONTEXT)
    return f"{context.get_help()}\n"


def _argument(words: Words) -> TyperArgument:
    return TyperArgument(
        param_decls=[words.name],
        metavar=words.metavar,
        nargs=-1 if words.several else 1,
        type=str,
        show_default=False,
    )


def _option(option: Option) -> TyperOption:
    flags = list(option.flags)
    if option.opposite:
        flags[-1] += f"/{option.opposite}"
    return TyperOption(
        param_decls=[option.name, *flags],
        type=None if option.kind is FLAG else str,
        is_flag=option.kind is FLAG,
        default=option.absent,
        multiple=option.repeatable,
        metavar=option.metavar,
        help=option.help,
        hidden=option.hidden,
        callback=_show_version if option is VERSION else None,
        is_eager=option is VERSION,
        rich_help_panel=option.panel,
    )


def _show_version(ctx: Any, param: Any, value: bool) -> None:  # noqa: ARG001 - the signature is Typer's
    if value and not ctx.resilient_parsing:
        # Reading the installed metadata takes 10 ms.
        from importlib.metadata import version  # noqa: PLC0415

        write(f"heatseek {version('heatseek')}\n", exact=False)
        raise typer.Exit


def _written_by_us(option: Any) -> Any:
    """The option `--help` with a callback that writes as all commands do."""
    if option is not None:
        option.callback = _show_help
    return option


def _show_help(ctx: Any, param: Any, value: bool) -> None:  # noqa: ARG001 - the signature is Typer's
    if value and not ctx.resilient_parsing:
        write(f"{ctx.get_help()}\n", exact=False)
        raise typer.Exit


class _Arguments:
    """The parameters of a command: options, those that take a value, and if it has a query."""

    def __init__(self, command: Command) -> None:
        valued = [option for option in command.options if option.kind is not FLAG]
        self.names = {"-h", "--help"} | {
            flag for option in command.options for flag in (*option.flags, option.opposite) if flag
        }
        self.valued = {flag for option in valued for flag in option.flags}
        paths = (option for option in valued if option.kind in (PATH, PLACE))
        self.paths = {flag for option in paths for flag in option.flags}
        self.has_query = command.words is QUERY


def _too_many(left: list[str], words: Words | None) -> str:
    """The message on words that a command has no use for."""
    takes = f"one {words.metavar.strip('[]')}" if words else "options only"
    return f"takes {takes}, not also {' '.join(left)}"


def _checked(args: list[str], options: _Arguments) -> Iterator[str]:
    """The arguments, ready for Typer's parser.

    Raises:
        UsageError: an option is unknown, or lacks its value.
    """
    left = iter(args)
    for arg in left:
        name, equals, value = arg.partition("=")
        if arg == "--":
            yield arg
            yield from left
        elif not arg.startswith("-") or arg == "-":
            yield arg
        elif any(letter.isspace() for letter in name):
            # Quoted words: no option has a space in its name. The space in front keeps
            # Typer from looking for one.
            yield f" {arg}"
        elif _takes_next(arg, bool(equals), options):
            following = next(left, None)
            if following is None or (not following and arg in options.paths):
                raise UsageError(f"{arg}: needs a value")
            yield arg
            yield following
        elif equals and not value and name in options.paths:
            raise UsageError(f"{name}: needs a value")
        else:
            yield arg


def _takes_next(arg: str, has_value: bool, options: _Arguments) -> bool:
    """True if the next argument is this option's value."""
    name = arg.partition("=")[0]
    if name.startswith("--"):
        if name not in options.names:
            raise UsageError(_unknown(name, sorted(options.names)))
        if has_value and name not in options.valued:
            raise UsageError(f"{name}: takes no value")
        return name in options.valued and not has_value
    for place, letter in enumerate(arg[1:], start=2):
        if f"-{letter}" not in options.names:
            raise UsageError(_not_an_option(arg, options))
        if f"-{letter}" in options.valued:
            rest = arg[place:]
            # The only short option with a value is a number: -n5. `-nature` is a word.
            if rest and not rest.lstrip("=-").isdecimal():
                raise UsageError(_not_an_option(arg, options))
            return not rest
    return False


def _unknown(name: str, names: list[str]) -> str:
    nearest = option(name, names)
    return f"no option {name}" + (f"; did you mean {nearest}?" if nearest else "")


def _not_an_option(arg: str, options: _Arguments) -> str:
    if not options.has_query:
        return f"no option {arg}"
    return (
        f'no option {arg}; to leave out a word, quote the query ("climate {arg}") '
        "or put -- in front of it"
    )


ABOUT = "Full-text search over a folder of articles."
_MORE = """\b
Examples:
  heatseek search climate ai --after 2023     (or: search climate ai ...)
  heatseek show 1
  heatseek help query

`heatseek COMMAND --help` shows the options of a command.
"""


def program() -> Verbs:
    """`heatseek` itself."""
    return Verbs(
        name="heatseek",
        context_settings=CONTEXT,
        params=[_option(VERSION)],
        help=ABOUT,
        epilog=_MORE,
        rich_markup_mode=None,
    )
