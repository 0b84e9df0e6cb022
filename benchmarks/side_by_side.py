"""Ask two indexes of the same articles the same queries, by turns: JSON in, JSON out.

In, on stdin: `indexes`, `queries`, `rounds`. Out: for each index the milliseconds of each query
(the least of the rounds), and whether all answers were equal.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import heatseek


def asked(order: dict[str, Any]) -> dict[str, Any]:
    """Carry out `order`."""
    opened = [heatseek.open_index(path) for path in order["indexes"]]
    best = [[float("inf")] * len(order["queries"]) for _ in opened]
    equal = True
    for round_ in range(order["rounds"]):
        for place, query in enumerate(order["queries"]):
            answers = []
            turn = range(len(opened)) if (round_ + place) % 2 else range(len(opened))[::-1]
            for which in turn:
                started = time.perf_counter()
                found = opened[which].search(query)
                spent = 1e3 * (time.perf_counter() - started)
                best[which][place] = min(best[which][place], spent)
                answers.append((found.total, [hit.article.id for hit in found.hits]))
            equal &= answers[0] == answers[1]
    return {"ms": best, "equal": equal}


if __name__ == "__main__":
    json.dump(asked(json.load(sys.stdin)), sys.stdout)
