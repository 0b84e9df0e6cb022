"""A process that changes an index again and again, each time from the start, and reads it.

    python hostile_index_reader.py FOLDER FIRST LAST

FOLDER has a whole index, `whole`. Each number is the seed of a change. Printed is a line of JSON
for each: what was done, and how each way of reading ended. Memory and time are bounded.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heatseek.engines import load
from heatseek.errors import IndexDamagedError, IndexOutdatedError
from heatseek.results import Sort
from hostile_index import mutate
from searches import Asking

if TYPE_CHECKING:
    from collections.abc import Callable

MEMORY = 3_000_000_000
"""Bytes of address space; NumPy takes the greater part of a billion."""
SECONDS = 20
"""Of the processor, after which the system ends the process."""
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SEARCHES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("climate", {"explain": True, "facets": ("topic", "year", "provider", "levels", "price")}),
    ('"machine learning" OR cli* OR gpt~1', {"group": True}),
    ("", {"published": True, "sort": Sort.QUALITY, "facets": ("free", "held")}),
    ("climte modle", {"facets": ("category", "type")}),
    ("topic:ai -model has:url quality:>1 related:0*", {"sort": "price"}),
    ("summary:wind* title:the", {"sort": Sort.DATE}),
    ("e*l ?i 机器", {}),
)


def read(engine: Any, *, long_lived: bool) -> str:
    """A digest of everything that an index gives."""
    digest = hashlib.sha256()
    with engine.open(long_lived=long_lived) as reader:
        searcher = Asking(reader, now=NOW)
        for text, options in SEARCHES:
            found = searcher.search(text, limit=50, **options)
            digest.update(repr((found.total, found.notices, sorted(found.facets.items()))).encode())
            for hit in found:
                said = (hit.article, hit.score, hit.others, hit.title_marks, hit.snippet_marks)
                digest.update(repr(said).encode())
        for facet in ("topic", "provider", "levels"):
            digest.update(repr(reader.labels(facet)).encode())
        articles = sorted(reader.articles(), key=lambda article: article.id)
        digest.update(repr(articles).encode())
        digest.update(repr(reader.get("00.md")).encode())
    return digest.hexdigest()


def ending(act: Callable[[], str]) -> str:
    """What came of it: what it gives, or the error in a word and its message."""
    try:
        return act()
    except (IndexDamagedError, IndexOutdatedError) as error:
        message = str(error)
        return "told" if message.isprintable() else f"told with {message!r}"
    except Exception as error:  # noqa: BLE001 - whatever it is
        return f"{type(error).__name__}: {error!s:.200}"


def say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def guard(folder: Path) -> None:
    """End the process where it runs, or opens, what it must not."""
    allowed = (str(folder), sys.prefix, sys.base_prefix, str(Path(__file__).parents[1]))

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        forbidden = event.startswith(("pickle.", "subprocess.", "os.system", "os.exec", "socket."))
        if event == "open" and isinstance(arguments[0], str):
            path = os.path.realpath(arguments[0])
            forbidden = not path.startswith(allowed)
        if forbidden:
            say({"forbidden": f"{event} {arguments!r:.200}"})
            os._exit(9)

    sys.addaudithook(look)


def main(folder: Path, seeds: range) -> None:
    """Print a line for each change."""
    index = folder / f"index-{seeds.start}"
    engine = load(index)
    shutil.copytree(folder / "whole", index)
    whole = {read(engine, long_lived=long_lived) for long_lived in (False, True)}
    assert len(whole) == 1
    assert list(engine.check()) == []
    guard(folder)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for seed in seeds:
        shutil.rmtree(index)
        shutil.copytree(folder / "whole", index)
        mutation = mutate(index, random.Random(seed))  # noqa: S311
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        ends = [
            ending(lambda long_lived=long_lived: read(engine, long_lived=long_lived))
            for long_lived in (False, True)
        ]
        flaws = ending(lambda: "flaws" if list(engine.check()) else "")
        signal.setitimer(signal.ITIMER_PROF, 0)
        line = {
            "seed": seed,
            "mutation": mutation,
            "ends": ["right" if end in whole else end for end in ends],
            "flaws": flaws,
        }
        say(line)
    shutil.rmtree(index)


if __name__ == "__main__":
    main(Path(sys.argv[1]), range(int(sys.argv[2]), int(sys.argv[3])))
