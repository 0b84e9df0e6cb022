"""Index a folder of files by an engine, wherever that is: JSON on the command line, JSON on stdout.

In: `archive`, `location` (a folder, or the address of an index on a cluster), `settings` (those of
`[engine]`), `processes` that read and analyse. Out: `seconds`, `cpu_seconds` of all processes,
`memory_mb` (the peak of the largest one), `documents`, `bytes`.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from heatseek import engines, indexer


def filled(order: dict[str, Any]) -> dict[str, float]:
    """Carry out `order`."""
    started = time.perf_counter()
    engine = engines.load(order["location"], order["settings"])
    archive = Path(order["archive"])
    indexer.rebuild(
        archive,
        engine,
        report=lambda problem: None,  # noqa: ARG005 - says nothing
        processes=order["processes"],
    )
    seconds = time.perf_counter() - started
    with engine.open() as reader:
        generation = reader.generation
    usages = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "seconds": seconds,
        "cpu_seconds": sum(usage.ru_utime + usage.ru_stime for usage in usages),
        "memory_mb": max(usage.ru_maxrss for usage in usages) / 1024,
        "documents": generation.documents,
        "bytes": generation.bytes,
    }


if __name__ == "__main__":
    print(json.dumps(filled(json.loads(sys.argv[1]))))
