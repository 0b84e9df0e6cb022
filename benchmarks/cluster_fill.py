"""Make an index by an engine, wherever that is: JSON on the command line, JSON on stdout.

In: `location` (a folder, or the address of an index on a cluster), `settings` (of `[engine]`), and
either `archive`, a folder of files, with the number of `processes` that read and analyse them, or
`articles`, a file of pickled articles that are read before and given to the engine by this one
process. Out: `seconds`, `cpu_seconds` of all processes, `memory_mb` (the peak of the largest one),
`documents`, `bytes`.
"""

from __future__ import annotations

import gc
import json
import pickle
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heatseek import engines, indexer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heatseek.engines.base import Engine


def filled(order: dict[str, Any]) -> dict[str, float]:
    """Carry out `order`."""
    engine = engines.load(order["location"], order["settings"])
    fill = _from_memory(engine, order) if "articles" in order else _from_files(engine, order)
    gc.collect()
    gc.freeze()
    started, cpu = time.perf_counter(), _cpu()
    fill()
    seconds, cpu = time.perf_counter() - started, _cpu() - cpu
    with engine.open() as reader:
        generation = reader.generation
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "memory_mb": max(usage.ru_maxrss for usage in _usages()) / 1024,
        "documents": generation.documents,
        "bytes": generation.bytes,
    }


def _from_files(engine: Engine, order: dict[str, Any]) -> Callable[[], object]:
    return lambda: indexer.rebuild(
        Path(order["archive"]),
        engine,
        report=lambda problem: None,  # noqa: ARG005 - says nothing
        processes=order["processes"],
    )


def _from_memory(engine: Engine, order: dict[str, Any]) -> Callable[[], object]:
    articles = list(_read(Path(order["articles"])))

    def fill() -> None:
        with (
            engine.writing() as writer,
            writer.replace(articles, archive=order["articles"]) as draft,
        ):
            draft.commit(notes={}, mentions={})

    return fill


def _read(file: Path) -> Iterator[Any]:
    with file.open("rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)  # noqa: S301 - `scale_archive.py` wrote it


def _usages() -> list[resource.struct_rusage]:
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def _cpu() -> float:
    return sum(usage.ru_utime + usage.ru_stime for usage in _usages())


if __name__ == "__main__":
    print(json.dumps(filled(json.loads(sys.argv[1]))))
