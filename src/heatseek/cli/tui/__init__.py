"""`search --interactive`: results as one types, on the whole terminal (docs/interactive.md).

Only this package imports Textual, and only `--interactive` imports this package.
"""

from __future__ import annotations
