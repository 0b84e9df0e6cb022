"""The commands of `heatseek`: each a module of this package, in the order of the help."""

from __future__ import annotations

VERBS = ("search", "rebuild")
