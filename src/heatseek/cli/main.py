"""The two programs, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import os
import sys

from heatseek.cli import ExitCode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from heatseek.cli.arguments import Command


def heatseek() -> None:
    """`heatseek VERB ...`."""
    _main("heatseek")


def search() -> None:
    """`search ...`, which is `heatseek search ...`."""
    _main("search")


def _main(program: str) -> None:
    # Start-up makes 20,000 objects that live to the end. Looking through them for garbage time
    # and again would be a tenth of the time of a search.
    gc.set_threshold(100_000, 50, 50)
    code = run(program, sys.argv[1:])
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End the process: nothing is left to be written, and taking Python apart takes 5 ms."""
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105 - contextlib takes long to import
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass  # What could not be written was said where it was written.
    os._exit(code)


def run(program: str, args: list[str]) -> int:
    """Carry out a command line; whatever happens, say it in one line and return a code."""
    try:
        return _dispatch(program, args)
    except BrokenPipeError:
        from heatseek.cli.terminal import abandon_stdout  # noqa: PLC0415

        abandon_stdout()
        return ExitCode.PIPE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - this is the last place to say it properly
        return _report(error, program, args)


def _dispatch(program: str, args: list[str]) -> int:
    if program == "heatseek" and args[:1] == ["__complete"]:
        # Asked at every Tab: without Typer it takes half of the time.
        from heatseek.cli.shells.candidates import complete  # noqa: PLC0415

        return complete(args[1:])
    # Imported here, as all that can be, so that Ctrl-C during the imports ends as quietly as later.
    line = ["search", *args] if program == "search" else args
    command = _command(line[0]) if line else None
    if command is not None:
        from heatseek.cli.arguments import read_plain  # noqa: PLC0415

        plain = read_plain(command, line[1:])
        if plain is not None:
            return command(*plain)
    return _by_typer(program, args)


def _command(verb: str) -> Command | None:
    """A command; None if there is none of this name."""
    if verb == "search":  # without the table of verbs
        from heatseek.cli.search import command  # noqa: PLC0415

        return command
    from heatseek.cli.verbs import VERBS, declared  # noqa: PLC0415

    return declared(verb) if verb in VERBS else None


def _by_typer(program: str, args: list[str]) -> int:
    """Any command line; importing Typer takes longer than a search takes."""
    import typer  # noqa: PLC0415

    from heatseek.cli import command as commands  # noqa: PLC0415

    command = commands.load("search") if program == "search" else commands.program()
    try:
        # Not Typer's own `main`: that prints errors in boxes, and hides broken pipes.
        with command.make_context(program, list(args)) as context:
            return int(command.invoke(context) or 0)
    except typer.Exit as stop:
        return stop.exit_code


def _report(error: Exception, program: str, args: list[str]) -> int:
    from heatseek.cli import advice  # noqa: PLC0415
    from heatseek.cli.terminal import say  # noqa: PLC0415
    from heatseek.errors import HeatseekError  # noqa: PLC0415

    if "--debug" in args:
        _trace(error)
    name = _name(program, args)
    if isinstance(error, HeatseekError):
        say(f"{name}: {advice.message(error)}")
        return advice.code(error)
    if _is_usage(error):
        say(f"{name}: {error}")
        return ExitCode.USAGE
    flaw = f"{type(error).__name__}: {error}".rstrip(": ")
    say(f"{name}: internal error: {flaw}; run again with --debug and report it")
    return ExitCode.INTERNAL


def _is_usage(error: Exception) -> bool:
    """True if Typer refused the arguments; its base class moved in 0.26, its heirs did not."""
    import typer  # noqa: PLC0415

    return isinstance(error, typer.BadParameter.__mro__[1])


def _name(program: str, args: list[str]) -> str:
    """The verb, as in `search: ...`, however it was called."""
    from heatseek.cli.verbs import VERBS  # noqa: PLC0415

    verb = next((arg for arg in args if not arg.startswith("-")), program)
    return verb if program == "heatseek" and verb in VERBS else program


def _trace(error: Exception) -> None:
    import traceback  # noqa: PLC0415

    if sys.stderr is not None:
        traceback.print_exception(error, file=sys.stderr)
