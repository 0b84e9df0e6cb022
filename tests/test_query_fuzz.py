"""Whatever is typed or pasted: answered or refused in one line, within the time limit."""

from __future__ import annotations

import random
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

import heatseek
from heatseek import engines
from heatseek.errors import QueryError
from heatseek.query.parser import MAX_LENGTH, parse
from heatseek.query.printing import to_text
from query_examples import NOW, examples, mistakes
from searches import Asking
from timing import check_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ALLOWED = 0.5
"""Seconds for a query: parsed, searched, printed and parsed again."""

PIECES = """
title: topic: Topics: excerpt: provider: site: category: type: url: related: body: description:
quality: heat: date: after: before: is: has: topc: tilte: note: re: std:: data: is:published
path:a/b path:*.md
has:image is:related quality:>50 heat:[20 TO 80] date:2023-03 date:2023-01..2023-06
date:"last_week" after:yesterday before:2w after:"14 March 2023" date:may 03/04/2023 2023-13 2w ago
last week monday march 14th 5pm AND OR NOT + - -- ( ) (( )) " “ ” « » ' ’ * ** ? ?? ~ ~1 ~2 ~9 ^ ^2
^.5 ^9999 : :: .. [ ] { } < > <= >= = != / \\ | || & && ! @ # $ % ; , . … — C++ C# .NET what's new?
50% 100€ me@example.org https://example.com/a?b=c#d www.example.com C:\\temp /etc/passwd re:invent
climate AI machine learning weather of the e-mail GPT-4 O'Reilly clim* *ing c?t azure~ "heat wave"~5
🔥 👩‍👩‍👧 気候 モデル مناخ Ünïcödé ſ İ ǅ \x00 \x1b[31m \ud800 \u200b \u00a0 \ufeff
1e9 0x1F -1 00 ٢ NaN null
""".split()  # noqa: RUF001 - what people paste
PASTE = """
Microsoft open-sources ClimaX, a deep-learning model (v1.0) for weather & climate: it's “fast”, 50%
cheaper than GPT-4 – see https://example.com/x?y=1#z or mail me@example.org; "why?" he asked. NOT
so, he said: C++/C# code, e.g. `std::vector<int> a[3] = {1, 2};` costs $5 ~ €4.50!
"""  # noqa: RUF001
KNOWN = [case.text for case in (*examples(), *mistakes())]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    folder: Path = tmp_path_factory.mktemp("archive")
    for number in range(20):
        (folder / f"{number}.md").write_text(
            f"---\ntitle: climate {number}\nwebUrl: https://example.com/{number}\n"
            f"quality: {number}\npublishedDateTime: 2023-03-{number + 1:02}\n---\n{PASTE}",
            "utf-8",
        )
    heatseek.rebuild(folder, folder / "index")
    with engines.load(folder / "index").open() as reader:
        yield Asking(reader, now=NOW)


def fuzzed(chance: random.Random) -> str:
    """Fragments of the language and of texts, examples with changes, pastes of up to 20 kB."""
    match chance.randrange(10):
        case 0 | 1 | 2 | 3:
            pieces = chance.choices(PIECES, k=chance.randint(1, 12))
            return "".join(piece + chance.choice(["", " ", " "]) for piece in pieces)
        case 4 | 5 | 6:
            return mutated(chance, " ".join(chance.choices(KNOWN, k=chance.randint(1, 3))))
        case 7:
            return mutated(chance, PASTE[chance.randrange(100) : chance.randrange(100, 300)])
        case 8:
            return "".join(map(chr, chance.choices(range(0x3000), k=chance.randint(1, 80))))
    if chance.random() < 0.9:
        return mutated(chance, chance.choice(PIECES) * chance.randint(1, 20))
    pasted = mutated(chance, chance.choice([PASTE, *KNOWN]) * chance.randint(1, 60))
    return pasted[: chance.choice([1_000, 5_000, 10_000, 20_000])]


def mutated(chance: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(letters) + 1)
        letters[at : at + chance.randint(0, 3)] = chance.choice(PIECES)[: chance.randint(0, 9)]
    return "".join(letters)


def check(searcher: Asking | None, text: str) -> None:
    try:
        tree = parse(text, NOW)
    except QueryError as error:
        check_refusal(text, str(error))
        return
    printed = to_text(tree)
    if len(printed) <= MAX_LENGTH:
        assert tree == parse(printed, NOW), text
    if searcher:
        try:
            searcher.search(text)
        except QueryError as error:
            # Filters alone, and limits of the engine, are known to the search only.
            check_refusal(text, str(error))


def check_refusal(text: str, told: str) -> None:
    assert told.isprintable(), text
    assert len(told) < 400, text


def check_many(searcher: Asking, count: int, seed: int) -> None:
    """All are parsed; every fifth is searched, which takes most of the time."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    for number in range(count):
        text = fuzzed(chance)
        once = partial(check, None if number % 5 else searcher, text)
        started = time.process_time()
        once()
        if time.process_time() - started > ALLOWED:  # or was the machine busy?
            check_time(once, ALLOWED)


def test_a_thousand_inputs(searcher: Asking) -> None:
    check_many(searcher, 1_000, seed=1)


@pytest.mark.slow
def test_a_hundred_thousand_inputs(searcher: Asking) -> None:
    check_many(searcher, 100_000, seed=2)


def test_as_many_dates_in_words_as_fit(searcher: Asking) -> None:
    dates = [f"after:{m}-{y}" for m in ("mar", "may", "jun") for y in range(1700, 2030)]
    text = " ".join(dates)[:10_000].rpartition(" ")[0]
    check_time(partial(check, searcher, text), 1.0)
