"""Build one contender's index from articles: KEY ARTICLES FOLDER; prints JSON.

ARTICLES is a pickle of all, which are read before, or several pickles of one each (`.pickles`),
which are read meanwhile.
"""

from __future__ import annotations

import gc
import json
import pickle
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contenders import load

if TYPE_CHECKING:
    from collections.abc import Iterator


def main(key: str, articles_file: Path, folder: Path) -> dict[str, float]:
    """Time it; the articles are loaded before, and out of the garbage collector's sight."""
    contender = load(key)
    articles: Any
    if articles_file.suffix == ".pickles":
        articles = _one_by_one(articles_file)
    else:
        articles = pickle.loads(articles_file.read_bytes())  # noqa: S301 - `prepare.py` wrote it
    gc.collect()
    gc.freeze()
    started, cpu = time.perf_counter(), time.process_time()
    contender.build(articles, folder)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return {"seconds": seconds, "cpu_seconds": cpu, "bytes": size}


def _one_by_one(file: Path) -> Iterator[Any]:
    with file.open("rb") as stream:
        while stream.peek(1):
            yield pickle.load(stream)  # noqa: S301 - `scale_archive.py` wrote it


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
