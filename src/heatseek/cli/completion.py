"""`heatseek completion`: the script by which a shell completes `search` and `heatseek`."""

from __future__ import annotations

from typing import Annotated

import typer

from heatseek.cli import options
from heatseek.cli.command import CONTEXT, Command
from heatseek.cli.exit_codes import ExitCode
from heatseek.cli.shells import Shell
from heatseek.search.request import choice_of

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXAMPLES = """\b
Examples (the first line for this shell only, the second for good):
  eval "$(heatseek completion bash)"
  echo 'eval "$(heatseek completion bash)"' >> ~/.bashrc

\b
  eval "$(heatseek completion zsh)"
  echo 'eval "$(heatseek completion zsh)"' >> ~/.zshrc     # after compinit

\b
  heatseek completion fish | source
  heatseek completion fish > ~/.config/fish/completions/heatseek.fish

Completes commands, options, their values, saved searches, files and folders.
"""

Which = Annotated[str, typer.Argument(metavar="bash|zsh|fish", show_default=False)]


@app.command("completion", cls=Command, context_settings=CONTEXT, epilog=_EXAMPLES)
def completion(
    shell: Which = "",
    *,
    debug: options.Debug = False,  # noqa: ARG001 - read in main, before anything can fail
) -> int:
    """Print a script that completes commands in a shell."""
    choice = choice_of("completion", shell, Shell)
    # Not at the top: they load every verb.
    from heatseek.cli.shells.commands import commands  # noqa: PLC0415
    from heatseek.cli.terminal import write  # noqa: PLC0415

    write(choice.script(commands()), exact=True)
    return ExitCode.FOUND
