"""Index time from articles in memory, by turns: ARCHIVE... [--articles all,10000] [--rounds 3].

CPU seconds of heatseek and SQLite FTS5, each in a process of its own, and how many times as long
heatseek takes; the median of the rounds. Scales above the archives' size are made up, as in
`compare.py`.
"""

from __future__ import annotations

import argparse
import pickle
import shutil
import tempfile
from pathlib import Path
from statistics import median

import stages
from archives import gather
from heatseek import indexer
from perturb import scaled

KEYS = ("heatseek_", "fts5")


def measured(articles: Path, work: Path, rounds: int) -> dict[str, float]:
    """CPU seconds of each."""
    runs: dict[str, list[float]] = {key: [] for key in KEYS}
    for _ in range(rounds):
        for key in KEYS:
            folder = work / key
            run = stages.python("build.py", key, str(articles), str(folder))
            runs[key].append(run["cpu_seconds"])
            shutil.rmtree(folder)
    return {key: median(of) for key, of in runs.items()}


def main() -> None:
    """Print a line for each scale."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("archive", type=Path, nargs="+")
    parser.add_argument("--articles", default="all")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=2023)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="heatseek-memory-") as folder:
        work = Path(folder)
        source = gather(options.archive, work / "source")
        articles = list(indexer.documents(source, lambda problem: None))  # noqa: ARG005 - says nothing
        for scale in options.articles.split(","):
            chosen = articles
            if scale != "all":
                chosen = list(scaled(articles, int(scale), options.seed))
            (work / "articles.pickle").write_bytes(pickle.dumps(chosen))
            ours, theirs = measured(work / "articles.pickle", work, options.rounds).values()
            size = f"{len(chosen):,} articles"
            print(f"{size}: heatseek {ours:.2f} s, FTS5 {theirs:.2f}: {ours / theirs:.1f} times")


if __name__ == "__main__":
    main()
