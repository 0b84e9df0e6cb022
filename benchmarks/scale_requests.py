"""One request of each kind whose cost could grow with an archive: INDEX in, JSON on stdout.

Each is asked twice in one long-lived process: CPU seconds, the first time and the second.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import heatseek

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = "microsoft"
"""A word that most articles of the archives have, so that each request is at its dearest."""


def requests(index: Path) -> dict[str, Callable[[], Any]]:
    """Each kind of request, by what it is called in the table."""
    opened = heatseek.open_index(index)
    search = opened.search
    article = next(iter(search(WORD, limit=1))).article.id
    return {
        "a frequent word": lambda: search(WORD),
        "similar articles": lambda: search(similar_to=article),
        "all facets": lambda: search(WORD, facets=["topic", "provider", "category", "year"]),
        "by date": lambda: search(WORD, sort="date"),
        "hits 9,990 to 10,000": lambda: search(WORD, offset=9_990, limit=10),
        "the same by date": lambda: search(WORD, offset=9_990, limit=10, sort="date"),
        "grouped by story": lambda: search(WORD, group=True),
        "related: an article": lambda: search(f'related:"{article}"'),
        "below a folder": lambda: search("path:0007"),
        "a prefix": lambda: search("micro*"),
        "a misspelt word": lambda: search("mircosfot"),
        "a fuzzy word": lambda: search("microsfot~2"),
        "a phrase": lambda: search('"machine learning"'),
        "labels of topics, as completion asks": lambda: opened.labels("topic"),
        "everything, newest first": lambda: search(""),
        "rank=fresh": lambda: search(WORD, rank="fresh"),
    }


def timed(act: Callable[[], Any]) -> list[float | str]:
    """CPU seconds of doing it twice, or what was wrong."""
    times: list[float | str] = []
    for _ in range(2):
        started = time.process_time()
        try:
            act()
        except heatseek.HeatseekError as error:
            return [str(error)]
        times.append(time.process_time() - started)
    return times


if __name__ == "__main__":
    print(json.dumps({name: timed(act) for name, act in requests(Path(sys.argv[1])).items()}))
