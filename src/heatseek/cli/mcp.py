"""`heatseek mcp`: the tools of agents over standard input and output."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from importlib import import_module
from typing import TYPE_CHECKING

from heatseek.cli import ExitCode, option_values, options
from heatseek.cli.advice import extra
from heatseek.cli.arguments import Command
from heatseek.cli.terminal import is_terminal, say

if TYPE_CHECKING:
    from pathlib import Path
    from types import FrameType, ModuleType
    from typing import NoReturn

_EXAMPLES = """\b
Examples:
  heatseek mcp --archive ~/articles
  claude mcp add articles -- heatseek mcp --archive ~/articles
  heatseek serve --mcp    (the same at /mcp, for clients that speak HTTP)

An agent starts it and speaks MCP with it: tools search, fetch, similar, list_values and status, and
each article as the resource heatseek://ID (docs/mcp.md). Nothing is written but the index, if there
is none yet.

It needs a further package: pip install 'heatseek[mcp]'

Exit codes: 0 when the client is gone or SIGTERM came, Ctrl-C 130, 2 wrong usage, 3 if the index
cannot be used at the start.
"""


def mcp(*, archive: Path | None, index: str | None, config_file: Path | None) -> int:
    """Answer a client until it is gone."""
    settings = option_values.settings(archive, index, config_file)
    transports = agents()
    from heatseek.cli.project import open_or_build  # noqa: PLC0415 - after all checks

    open_or_build(settings).close()
    if is_terminal(sys.stdin):
        say("an agent starts this and speaks with it by standard input; Ctrl-C ends it")
    # Not before: a build that is ended has to take back what it began.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    transports.serve_stdio(settings)
    return ExitCode.FOUND


def agents(user: str = "") -> ModuleType:
    """The module that serves agents.

    Args:
        user: the option that needs it; without it the whole command does.

    Raises:
        UsageError: a package that it is made of is not installed.
    """
    with ExitStack() as stack:
        for package in ("mcp", "starlette"):
            stack.enter_context(extra("mcp", package, user))
            # Seen here, not in the middle of an answer.
            import_module(package)
        from heatseek.agents import transports  # noqa: PLC0415 - of an extra
    return transports


def _leave(number: int, _frame: FrameType | None) -> NoReturn:
    """End at once: a thread waits for the client's next line, and would be waited for."""
    os._exit(ExitCode.FOUND if number == signal.SIGTERM else ExitCode.INTERRUPTED)


command = Command(mcp, *options.PLACE_OPTIONS, options.DEBUG, examples=_EXAMPLES)
