"""Lay an archive of any size down as files: JSON on the command line, JSON on stdout.

In: `archives` (folders or tar files), `work`, `articles`, `queries`, `seed`. In the folder `work`
are then `archive`, its files; `articles.pickles`, the same articles one after another;
`queries.json`. A million articles never stand in memory together.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archives import gather
from files import write_archive
from heatseek.ingest.discover import discover
from heatseek.ingest.reader import attempt
from perturb import scaled
from queries import WARM_UP, draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heatseek.article import Article

RELATED = 2
"""Entries that an article mentions: with them nearly every file still fits a block of 4 KB."""
_DRAWN_FROM = 10_000
"""Articles that queries are drawn from, spread over all."""


def lay_down(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out `order`; says how many files it made, and of how many real articles."""
    work, count = Path(order["work"]), order["articles"]
    with tempfile.TemporaryDirectory(dir=work) as folder:
        source = gather(map(Path, order["archives"]), Path(folder, "source"))
        files = list(discover(source, lambda problem: None))  # noqa: ARG005 - said by rebuilds
        articles = [article for file in files if (article := attempt(file).article)]
    sample: list[Article] = []
    every = max(1, count // _DRAWN_FROM)
    with (work / "articles.pickles").open("wb") as stream:
        varied = scaled(articles, count, order["seed"], RELATED)
        write_archive(_noted(varied, stream, sample, every), work / "archive")
    drawn = draw(sample, order["queries"] + WARM_UP, order["seed"])
    (work / "queries.json").write_text(json.dumps(drawn))
    return {"real": len(articles), "articles": count}


def _noted(
    articles: Iterable[Article], stream: Any, sample: list[Article], every: int
) -> Iterator[Article]:
    for number, article in enumerate(articles):
        pickle.dump(article, stream, protocol=5)
        if number % every == 0:
            sample.append(article)
        yield article


if __name__ == "__main__":
    print(json.dumps(lay_down(json.loads(sys.argv[1]))))
