"""numpy, imported for an index that is written."""

from __future__ import annotations

import os
import sys

_TIMEOUT = "OPENBLAS_THREAD_TIMEOUT"
"""By whose power of two the threads of numpy's linear algebra wait for work without sleeping."""
_LEAST = "4"


def import_numpy() -> None:
    """Import numpy with threads that sleep when they have nothing to do.

    Else each spends 30 ms of a processor as soon as it is started, a fifth of what a small index
    takes. Nothing that is written needs them; who does in this process has them nevertheless.
    """
    if "numpy" in sys.modules or _TIMEOUT in os.environ:
        return
    os.environ[_TIMEOUT] = _LEAST
    try:
        import numpy as np  # noqa: PLC0415 - as few processes write
    finally:
        del os.environ[_TIMEOUT]
    del np
