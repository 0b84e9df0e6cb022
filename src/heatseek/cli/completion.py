"""`heatseek completion`: the script by which a shell completes `search` and `heatseek`."""

from __future__ import annotations

from heatseek.cli import ExitCode, options
from heatseek.cli.arguments import Command, Words
from heatseek.cli.shells import Shell
from heatseek.search.arguments import choice_of

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


def completion(*, shell: str) -> int:
    """Write the script of a shell."""
    choice = choice_of("completion", shell, Shell)
    # Not at the top: they load every verb.
    from heatseek.cli.shells.commands import commands  # noqa: PLC0415
    from heatseek.cli.terminal import write  # noqa: PLC0415

    write(choice.script(commands()), exact=True)
    return ExitCode.FOUND


command = Command(
    completion,
    options.DEBUG,
    words=Words("shell", "bash|zsh|fish"),
    examples=_EXAMPLES,
)
