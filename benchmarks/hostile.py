"""The worst queries that are known, on a real index: what processor time each takes.

    python benchmarks/hostile.py path/to/index

The queries are those of `tests/cases/hostile_queries.toml`; numbered words in them are the most
frequent ones of the index. Every query opens the index anew, as a one-shot process does.
"""

from __future__ import annotations

import argparse
import re
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from heatseek import engines
from heatseek.errors import QueryError
from heatseek.search.request import request_of
from heatseek.search.searcher import Searcher
from heatseek.text.tokens import tokenize

LETTERS = str.maketrans("0123456789", "etaoinsrhl")
CASES = Path(__file__).parent.parent / "tests" / "cases" / "hostile_queries.toml"


def main() -> None:
    """Ask all, print the slowest ten and whether any took longer than a second."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    engine = engines.load(parser.parse_args().index)
    with engine.open() as reader:
        words = _frequent_words(reader.articles())
        print(f"{reader.generation.documents:,} articles")
    cases = tomllib.loads(CASES.read_text(encoding="utf-8"))["query"]
    taken = sorted((_timed(engine, _written(case["text"], words)), case["name"]) for case in cases)
    for (seconds, outcome), name in reversed(taken[-10:]):
        print(f"{seconds:6.3f} s  {name}: {outcome}")
    late = sum(seconds > 1 for (seconds, _), _ in taken)
    print(f"{len(taken)} queries, {late} of them above one second")


def _frequent_words(articles: Any) -> list[str]:
    counts: Counter[str] = Counter()
    for article in articles:
        text = f"{article.title} {article.excerpt} {article.body}"
        counts.update(part for token in tokenize(text) for part in token.forms.parts)
    return [word for word, _ in counts.most_common()]


def _timed(engine: Any, text: str) -> tuple[float, str]:
    started = time.process_time()
    with engine.open() as reader:
        try:
            outcome = f"{Searcher(reader).search(request_of(text)).total:,} matches"
        except QueryError as error:
            outcome = f"refused: {error}"
    return time.process_time() - started, outcome


def _written(pieces: list[str | dict[str, Any]], words: list[str]) -> str:
    text = "".join(map(_piece, pieces))
    return re.sub(r"\{(\d+)\}", lambda found: words[min(int(found[1]), len(words) - 1)], text)


def _piece(piece: str | dict[str, Any]) -> str:
    if isinstance(piece, str):
        return piece
    if "code" in piece:
        return chr(piece["code"]) * int(piece["times"])
    return "".join(_numbered(piece["repeat"], str(n)) for n in range(piece["times"]))


def _numbered(part: str, digits: str) -> str:
    return part.replace("#", digits).replace("@", digits.translate(LETTERS))


if __name__ == "__main__":
    main()
