"""numpy, imported for searches and writers that use nothing of its linear algebra."""

from __future__ import annotations

import os
import sys

_SLEEP = ("OPENBLAS_THREAD_TIMEOUT", "4")
"""By a power of two how long threads of numpy's linear algebra wait for work without sleeping."""
_NONE = ("OPENBLAS_NUM_THREADS", "1")


def import_numpy(*, threads: bool) -> None:
    """Import numpy with threads that sleep when they have nothing to do, or with none.

    Else each spends 30 ms of a processor as soon as it is started, a fifth of what a small index
    takes.

    Args:
        threads: whether others in this process may want them; without, the import takes half as
            long.
    """
    name, value = _SLEEP if threads else _NONE
    if "numpy" in sys.modules or (threads and name in os.environ):
        return
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        import numpy as np  # noqa: PLC0415 - as few processes need it
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
    del np
