"""The commands of `heatseek` and the modules of this package that they are in."""

from __future__ import annotations

VERBS = {"search": "search", "rebuild": "rebuild", "eval": "evaluate"}
"""In the order of the help."""
