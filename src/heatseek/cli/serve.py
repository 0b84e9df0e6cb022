"""`heatseek serve`: the web page and the HTTP interface of an index."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, overload

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.advice import extra
from heatseek.cli.arguments import FLAG, PATH, Command, Option
from heatseek.cli.mcp import agents
from heatseek.cli.terminal import display_path, say, write
from heatseek.errors import UsageError, reason
from heatseek.maintenance import archive_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from heatseek import Index
    from heatseek.config import Config

HOST = "127.0.0.1"
PORT = 8484
MAX_PORT = 65_535
MAX_READERS = 64
MAX_SECONDS = 3_600
MIN_TOKEN = 16
"""Characters of a token that cannot be guessed."""
_SERVING = "Serving"
_EXAMPLES = """\b
Examples:
  heatseek serve --open
  heatseek serve --port 0 --watch
  heatseek serve --host 0.0.0.0 --allow-host search.lan --token-file token

It prints the address of the page on stdout, and on stderr a line for each request, without the
words of queries. Only this machine is let in unless --host says otherwise; then each name by which
browsers call it has to be let in, and who shows no token is not (docs/http.md).

It needs further packages: pip install 'heatseek[web]'

Exit codes: SIGTERM ends it with 0, Ctrl-C with 130; requests that are under way are finished.
2 wrong usage, 3 if the index cannot be used at the start.
"""


def serve(  # noqa: PLR0913 - one parameter an option
    *,
    open_: bool,
    host: str | None,
    allow_host: list[str] | None,
    port: str | None,
    token_file: Path | None,
    watch: bool,
    mcp: bool,
    log_queries: bool,
    readers: str | None,
    time_limit: str | None,
    archive: Path | None,
    index: str | None,
    config_file: Path | None,
) -> int:
    """Answer until a signal ends it."""
    settings = option_values.settings(archive, index, config_file)
    number = PORT if port is None else _number("port", port, MAX_PORT, least=0)
    token = None if token_file is None else _token(token_file)
    _check_names(allow_host or [])
    server, security = _web()
    transports = agents("--mcp") if mcp else None
    place = host or HOST
    names = server.hosts(place, _callers(place, allow_host or [], security))
    writable = (transports.PATH,) if transports else ()
    serving = server.Serving(
        security.Access(names, token, writable=writable, images=settings.images),
        log_queries=log_queries,
        readers=_number("readers", readers, MAX_READERS),
        time_limit=_number("time-limit", time_limit, MAX_SECONDS) or server.TIME_LIMIT,
        mount=transports and transports.mounted,
    )
    from heatseek.cli.project import open_or_build  # noqa: PLC0415 - after all checks

    with open_or_build(settings) as opened, server.listening(place, number) as listening:
        address = server.address_of(listening)
        with _watching(settings, wanted=watch):
            ready = partial(_announce, address, opened, settings, open_=open_)
            server.run(settings, opened, listening, serving, ready)
    return ExitCode.FOUND


def _announce(address: str, index: Index, settings: Config, *, open_: bool) -> None:
    """Say where the page is, and show it if that is wanted."""
    write(f"{address}\n", exact=True)
    count = f"{index.generation.documents:,}"
    say(f"serving {count} articles of {display_path(settings.index)}; Ctrl-C ends it")
    if open_:
        _open(address)


def _web() -> tuple[ModuleType, ModuleType]:
    """The server and its guard.

    Raises:
        UsageError: a package that they are made of is not installed.
    """
    packages = ("uvicorn", "starlette", "jinja2", "nh3")
    with ExitStack() as stack:
        for package in packages:
            stack.enter_context(extra("web", package))
            # Seen here, not in the middle of an answer.
            import_module(package)
        from heatseek.web import security, server  # noqa: PLC0415 - of an extra
    return server, security


@overload
def _number(name: str, text: str, most: int, least: int = 1) -> int: ...
@overload
def _number(name: str, text: str | None, most: int, least: int = 1) -> int | None: ...
def _number(name: str, text: str | None, most: int, least: int = 1) -> int | None:
    """The value of an option that is a whole number; None if it is not there."""
    if text is None:
        return None
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1
    if least <= number <= most:
        return number
    raise UsageError(f"--{name} {text}: must be a whole number from {least} to {most:,}")


def _check_names(names: list[str]) -> None:
    """Refuse what no browser calls a server: an address with its scheme, a port, a pattern."""
    for name in names:
        # The colons of IPv6 are no port.
        digits = name.strip("[]").replace(":", "") if name.count(":") > 1 else name
        if not digits or not all(sign.isalnum() or sign in ".-_" for sign in digits):
            shown = name if name.strip() else repr(name)
            raise UsageError(f"--allow-host {shown}: must be a name alone, as in search.lan")


def _callers(place: str, names: list[str], security: ModuleType) -> list[str]:
    """The names that browsers may call the server by; others than this machine have to have one."""
    if place.lower() in security.LOOPBACK or names:
        return names
    raise UsageError(f"--host {place}: others may come; name by --allow-host what browsers call it")


def _token(path: Path) -> str:
    try:
        token = path.read_text("utf-8").strip()
    except OSError as error:
        raise UsageError(f"--token-file {path}: cannot be read: {reason(error)}") from None
    except UnicodeDecodeError:
        raise UsageError(f"--token-file {path}: not UTF-8") from None
    if len(token) < MIN_TOKEN or not (token.isascii() and token.isprintable()) or " " in token:
        raise UsageError(
            f"--token-file {path}: must hold one word of {MIN_TOKEN} ASCII characters or more,"
            " such as `openssl rand -hex 32` prints"
        )
    return token


def _open(address: str) -> None:
    from heatseek.cli.show import open_link  # noqa: PLC0415 - seldom

    if not open_link(address):
        say(f"no browser to open {address} with; name one by the variable BROWSER")


_WATCH = """
import os, signal, sys, threading
sys.path[:] = {path!r}
from heatseek.cli.main import run
def end():
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=end, daemon=True).start()
sys.exit(run("heatseek", {line!r}))
"""
"""`heatseek watch`, which ends as soon as the process that started it does."""


@contextmanager
def _watching(settings: Config, *, wanted: bool) -> Iterator[None]:
    """`heatseek watch` beside the server, in a process of its own: updates take all of a core."""
    if not wanted:
        yield
        return
    with extra("watch", "watchfiles", "--watch"):
        import watchfiles  # noqa: F401, PLC0415 - seen here, not in the other process
    line = ["watch", "--archive", str(archive_of(settings)), "--index", str(settings.index)]
    line += [] if settings.file is None else ["--config", str(settings.file)]
    program = [sys.executable, "-P", "-c", _WATCH.format(path=sys.path, line=line)]
    # Not in the terminal's group: Ctrl-C is for this process, which ends the other.
    watcher = subprocess.Popen(  # noqa: S603 - ourselves
        program, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, process_group=0
    )
    with watcher:
        yield


command = Command(
    serve,
    Option("open_", "--open", kind=FLAG, help="Open the page in the browser."),
    Option(
        "host",
        "--host",
        metavar="NAME",
        help=f"The address to listen at ({HOST}: this machine only).",
        panel=_SERVING,
    ),
    Option(
        "allow_host",
        "--allow-host",
        metavar="NAME",
        help="A name by which browsers may call the server, beside localhost.",
        panel=_SERVING,
        repeatable=True,
    ),
    Option(
        "port", "--port", metavar="N", help=f"The port ({PORT}; 0: any free one).", panel=_SERVING
    ),
    Option(
        "token_file",
        "--token-file",
        kind=PATH,
        metavar="FILE",
        help="Let in only who shows the token in this file.",
        panel=_SERVING,
    ),
    Option("watch", "--watch", kind=FLAG, help="Update the index whenever the archive changes."),
    Option("mcp", "--mcp", kind=FLAG, help="Serve agents, too: MCP at /mcp (docs/mcp.md)."),
    Option("log_queries", "--log-queries", kind=FLAG, help="Write the words of queries, too."),
    Option(
        "readers",
        "--readers",
        metavar="N",
        help="Processes that answer (two more than there are cores, 4 to 8).",
        panel=_SERVING,
    ),
    Option(
        "time_limit",
        "--time-limit",
        metavar="SECONDS",
        help="The time for one request (10).",
        panel=_SERVING,
    ),
    *options.PLACE_OPTIONS,
    options.DEBUG,
    examples=_EXAMPLES,
)
