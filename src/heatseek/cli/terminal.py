"""The two output streams: what the terminal can do, and the only writing to them.

Data goes to stdout by `write`, everything else to stderr by `say`.
"""

from __future__ import annotations

import os
import sys

from heatseek.cli.render.escapes import ASCII, UNICODE, Style, one_line
from heatseek.config import IndexUrl
from heatseek.definitions import pattern
from heatseek.errors import HeatseekError, UsageError, reason
from heatseek.zones import zone_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from heatseek.config.places import Location


MAX_WIDTH = 120
"""Longer lines are hard to read."""
MIN_WIDTH = 30

_LINKING_TERMS = ("xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm")
_LINKING_PROGRAMS = ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "WarpTerminal")
_LINKING_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM")
_FIRST_LINKING_VTE = 5000
"""Earlier ones showed the escape sequence."""


class OutputError(HeatseekError):
    """Stdout took no more."""


def is_terminal(stream: TextIO | None) -> bool:
    """True if a person is reading this stream as it is written."""
    return stream is not None and not stream.closed and stream.isatty()


COLOR_CHOICES = ("auto", "always", "never")
"""The values of `--color`."""


def style_of(
    stream: TextIO | None,
    environ: Mapping[str, str],
    color: str | None = None,
    *,
    time_zone: str | None = None,
) -> Style:
    """The style of text output on this stream.

    Args:
        stream: where the text goes.
        environ: what the terminal says of itself, and NO_COLOR.
        color: of `COLOR_CHOICES`; None: auto.
        time_zone: in which dates are shown; None: that of this machine.

    Raises:
        UsageError: there is no such choice.
    """
    if color not in {None, *COLOR_CHOICES}:
        raise UsageError(f"--color {color}: not one of {', '.join(COLOR_CHOICES)}")
    live = is_terminal(stream)
    able = live and environ.get("TERM") != "dumb"
    is_colored = color == "always" or (color != "never" and able and not environ.get("NO_COLOR"))
    return Style(
        width=max(MIN_WIDTH, min(_size(environ).columns, MAX_WIDTH)),
        color=is_colored,
        links=able and _links(environ),
        live=live,
        glyphs=UNICODE if _can_show(stream, "".join(UNICODE)) else ASCII,
        zone=zone_of(time_zone),
    )


def _size(environ: Mapping[str, str]) -> os.terminal_size:
    """The size of the terminal, or what stands for it where there is none."""
    if not is_terminal(sys.stdout):
        columns = environ.get("COLUMNS", "")
        return os.terminal_size((int(columns) if columns.isdecimal() else 80, 24))
    # It loads what packs files, too.
    from shutil import get_terminal_size  # noqa: PLC0415

    return get_terminal_size()


def _links(environ: Mapping[str, str]) -> bool:
    """True for terminals that know hyperlinks (OSC 8); some others print the escape sequence."""
    if forced := environ.get("FORCE_HYPERLINK"):
        return forced != "0"
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM", "") in _LINKING_TERMS
        or environ.get("TERM_PROGRAM", "") in _LINKING_PROGRAMS
        or any(environ.get(name) for name in _LINKING_VARIABLES)
        or (vte.isdecimal() and int(vte) >= _FIRST_LINKING_VTE)
    )


def _can_show(stream: TextIO | None, text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def say(message: str) -> None:
    """Tell something beside the data, as one line on stderr."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(f"{one_line(message)}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        # Nobody listens. The data and the exit code still count.
        return


def write(text: str, *, exact: bool) -> None:
    """Write data to stdout, whatever its encoding can't show, and hand it over at once.

    Args:
        text: the data.
        exact: it is for programs: UTF-8 whatever the locale, file names as their bytes.

    Raises:
        OutputError: stdout is full or gone.
        BrokenPipeError: the reader has gone.
    """
    if sys.stdout is None or not text:
        return
    if exact:
        _reconfigure(encoding="utf-8", errors="surrogateescape")
    else:
        _reconfigure(errors="replace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_stdout()
        raise OutputError(f"cannot write the output: {reason(error)}") from None


def _reconfigure(**settings: str) -> None:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(**settings)


def abandon_stdout() -> None:
    """Keep Python from complaining at exit about a stdout that takes no more."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, ValueError):
        return


def display_path(path: Location) -> str:
    """A path as a person would type it: relative where it is below the working directory.

    An address as it is shown.
    """
    if isinstance(path, IndexUrl):
        return path.shown
    here = os.getcwd()  # noqa: PTH109 - a text will do
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


DEFAULT = "less"
SETTINGS = {"LESS": "FRX", "LV": "-c"}
"""As git sets them: colours pass, short text is just printed, the screen stays as it was."""

_LINKS = pattern(r"\x1b\]8;;[^\x1b]*\x1b\\")


def show(text: str, environ: Mapping[str, str], *, paged: bool = True) -> None:
    """Write text for people to stdout, through a pager if it is longer than the screen.

    Args:
        text: whole lines.
        environ: `HEATSEEK_PAGER`, then `PAGER`, names the pager; an empty one or `cat` is none.
        paged: False: no pager, whatever the length (`--no-pager`).
    """
    command = _command(environ) if paged and _is_long(text, environ) else []
    if not command or not _paged(text, command, environ):
        write(text, exact=False)


def _is_long(text: str, environ: Mapping[str, str]) -> bool:
    if not is_terminal(sys.stdout) or environ.get("TERM", "dumb") == "dumb":
        return False
    return text.count("\n") >= _size(environ).lines


def _command(environ: Mapping[str, str]) -> list[str]:
    import shlex  # noqa: PLC0415 - only long text needs it

    setting = next(
        (environ[name] for name in ("HEATSEEK_PAGER", "PAGER") if name in environ), DEFAULT
    )
    try:
        command = shlex.split(setting)
    except ValueError:
        return []
    return [] if command == ["cat"] else command


def _paged(text: str, command: list[str], environ: Mapping[str, str]) -> bool:
    """Show the text by a pager; false if that is missing or fails."""
    # Only long text needs them.
    import signal  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    try:
        pager = subprocess.Popen(  # noqa: S603 - the user's own choice
            command, stdin=subprocess.PIPE, env={**SETTINGS, **environ}
        )
    except (OSError, ValueError):
        return False
    # Ctrl-C is the pager's business until it ends.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        try:  # noqa: SIM105 - contextlib takes long to import
            pager.communicate(_plain(text).encode("utf-8", "replace"))
        except BrokenPipeError:
            pass  # The pager was left before the end.
        # Killed by a signal, it had begun to show the text.
        return pager.wait() <= 0
    finally:
        signal.signal(signal.SIGINT, before)


def _plain(text: str) -> str:
    """Without hyperlinks: `less` before 566 and `more` print their escape sequences."""
    return _LINKS.sub("", text)
