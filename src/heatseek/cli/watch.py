"""`heatseek watch`: keep the index current while the archive changes."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, NoReturn

import typer

from heatseek import engines
from heatseek.cli import options, values
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.extras import extra

if TYPE_CHECKING:
    from types import FrameType

    from heatseek.config import Config

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXAMPLES = """\b
Examples:
  heatseek watch
  heatseek watch --archive ~/articles --index ~/.cache/articles-index

It updates the index first, then after each burst of changes, and says what changed on stderr.
Files that become unreadable are named once while they stay so. Another writer, a full disk, a
folder that is gone for a while: said once, and tried again until it works. Once a minute it looks
at the whole archive, because not every file system tells of every change.

It needs the package watchfiles: pip install 'heatseek[watch]'

Exit codes: Ctrl-C ends it with 130, SIGTERM with 0, at any time; the index is as after the last
update. 2 wrong usage, 3 if the archive or the index cannot be used at the start.
"""


class _Termination:
    """SIGTERM ends the work as Ctrl-C does, and is remembered."""

    def __init__(self) -> None:
        self.requested = False

    def __call__(self, _number: int, _frame: FrameType | None) -> NoReturn:
        self.requested = True
        raise KeyboardInterrupt


@app.command("watch", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def watch(
    *,
    archive: options.Archive = None,
    index: options.Index = None,
    config_file: options.Config = None,
    lock_timeout: options.LockTimeout = None,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Keep the index current: update it whenever the archive changes."""
    termination = _Termination()
    try:
        signal.signal(signal.SIGTERM, termination)
        settings = values.settings(archive, index, config_file)
        _watch(settings, values.lock_timeout(lock_timeout))
    except KeyboardInterrupt:
        # Stopping a service is no failure; Ctrl-C has one exit code in all commands.
        if termination.requested:
            return ExitCode.FOUND
        raise


def _watch(settings: Config, timeout: float) -> NoReturn:
    # Not at the top: `heatseek --help` lists this verb without watching anything.
    from heatseek.cli.watch_log import WatchLog  # noqa: PLC0415

    with extra("watch", "watchfiles"):
        from heatseek.indexer.watching import watch as follow  # noqa: PLC0415

    engine = engines.load(settings.index)
    with ExitStack() as stack:
        log = WatchLog(settings.archive, stack)
        follow(
            settings.archive,
            engine,
            log,
            ignored=settings.index,
            timeout=timeout,
            language=settings.chosen_language,
            fields=settings.chosen_fields,
            follow_links=settings.follow_links,
        )
