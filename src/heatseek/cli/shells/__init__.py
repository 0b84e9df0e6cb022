"""Completion by the shells: one script for each, all made from the commands' own options."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.cli.shells.commands import CommandInfo


class Shell(StrEnum):
    """The shells that there is a script for; each in a module of its name."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"

    def script(self, commands: Sequence[CommandInfo]) -> str:
        """The script that completes these commands."""
        # One script is wanted of the three.
        module = import_module(f"heatseek.cli.shells.{self}")
        return str(module.script(commands))
