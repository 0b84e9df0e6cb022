"""Where the time of a search goes in a process that stays, by the file that spends it.

    python benchmarks/profile_search.py path/to/index

Queries are drawn from the index's own articles (`queries.py`). Profiling slows small functions
down more than large ones: the shares show where to look, not how long it takes.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
from collections import Counter
from pathlib import Path

import heatseek
import queries

_SAMPLE = 5_000
"""Articles that queries are drawn from."""


def main() -> None:
    """Print each file's share of the time, the largest first."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("index", type=Path)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with heatseek.open_index(options.index) as index:
        drawn = _drawn(index, options.queries + queries.WARM_UP, options.seed)
        for query in drawn[: queries.WARM_UP]:
            index.search(query)
        spent = _profiled(index, drawn[queries.WARM_UP :])
    total = sum(spent.values())
    print(f"{len(drawn) - queries.WARM_UP} queries, {index.generation.documents:,} articles")
    for place, seconds in spent.most_common(20):
        print(f"{seconds / total:6.1%}  {place}")


def _drawn(index: heatseek.Index, count: int, seed: int) -> list[str]:
    articles = [hit.article for hit in index.search(related=False, limit=_SAMPLE)]
    return queries.draw(articles, count, seed)


def _profiled(index: heatseek.Index, drawn: list[str]) -> Counter[str]:
    profile = cProfile.Profile()
    profile.enable()
    for query in drawn:
        index.search(query)
    profile.disable()
    spent: Counter[str] = Counter()
    for (file, _, name), row in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined] # not in the stubs
        own = row[2]
        spent[_place(file, name)] += own
    return spent


def _place(file: str, name: str) -> str:
    """A file of heatseek by its path, numpy and the interpreter's own functions as such."""
    if "heatseek" in file:
        return file.rpartition("heatseek/")[2]
    return "numpy" if "numpy" in file or "numpy" in name else "(built in and standard library)"


if __name__ == "__main__":
    main()
