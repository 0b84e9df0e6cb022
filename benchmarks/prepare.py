"""Read the archives once; lay down articles, queries and files for each scale.

A process of its own (`compare.py` starts it), so that nobody's measurements are taken with the
articles of all scales in memory. In the work folder: `source` (the archives), and for each scale
a folder with `articles.pickle`, `queries.json` and `archive`.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archives import gather
from files import write_archive
from heatseek import indexer
from perturb import scaled
from queries import WARM_UP, draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heatseek.article import Article

AS_THEY_ARE = "all"
"""The scale that takes the archives as they are, files and all."""


def prepare(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out `order`: work, archives, scales, queries, seed. Gives what was read."""
    work = Path(order["work"])
    source = gather(map(Path, order["archives"]), work / "source")
    problems: list[Any] = []
    started = time.perf_counter()
    articles = list(indexer.documents(source, problems.append))
    seconds = time.perf_counter() - started
    scales = {}
    for scale in order["scales"]:
        chosen = _lay_down(scale, articles, work, order["seed"])
        drawn = draw(chosen, order["queries"] + WARM_UP, order["seed"])
        (work / scale / "queries.json").write_text(json.dumps(drawn))
        scales[scale] = len(chosen)
    skipped = sum(problem.fatal for problem in problems)
    return {"articles": len(articles), "skipped": skipped, "seconds": seconds, "scales": scales}


def _lay_down(scale: str, articles: Sequence[Article], work: Path, seed: int) -> Sequence[Article]:
    folder = work / scale
    folder.mkdir()
    if scale == AS_THEY_ARE:
        chosen = articles
        (folder / "archive").symlink_to(work / "source", target_is_directory=True)
    else:
        chosen = list(scaled(articles, int(scale), seed))
        write_archive(chosen, folder / "archive")
    with (folder / "articles.pickle").open("wb") as file:
        pickle.dump(chosen, file)
    return chosen


if __name__ == "__main__":
    print(json.dumps(prepare(json.loads(sys.argv[1]))))
