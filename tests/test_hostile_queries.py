"""No query takes longer than a second, whatever it is: the cases are in a data file."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from heatseek.article import Article
from heatseek.engines import load
from heatseek.engines.base import Engine
from heatseek.errors import QueryError
from indexes import fill
from searches import Asking
from timing import check_time

DATA = Path(__file__).parent / "cases" / "hostile_queries.toml"

ALLOWED = 1.0
"""Seconds."""
ARTICLES, DIFFERENT_WORDS = 2_000, 25_000
EPOCH = datetime(2023, 1, 1, tzinfo=UTC)


class Case(NamedTuple):
    name: str
    text: list[str | dict[str, Any]]
    refused: str | None = None


def cases() -> list[Case]:
    return [Case(**case) for case in tomllib.loads(DATA.read_text(encoding="utf-8"))["query"]]


def vocabulary() -> list[str]:
    """Words like those of a language, short ones first: they are the frequent ones."""
    chance = random.Random(1)  # noqa: S311 - not for secrets
    words = {"azure": None}
    while len(words) < DIFFERENT_WORDS:
        syllables = chance.choices(
            "ba be bi bo da de ka ko la le ma mo na no ra re sa ta to".split(), k=5
        )
        size = min(1 + len(words) // 60, chance.randint(1, 5))
        words["".join(syllables[:size]) + chance.choice("abcdefghijklmnopqrstuvwxyz")] = None
    return [*list(words)[:500], "a" * 40, *list(words)[500:]]


def archive(words: list[str]) -> Iterator[Article]:
    """Articles in which the n-th word is n times as rare as the first (Zipf)."""
    chance = random.Random(2)  # noqa: S311 - not for secrets
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    for number in range(ARTICLES):
        drawn = iter(chance.choices(words, cum_weights=weights, k=136))
        yield Article(
            id=f"{number}.md",
            title=_text(drawn, 8),
            excerpt=_text(drawn, 28),
            body=_text(drawn, 100),
            quality=chance.randint(0, 100),
            heat=chance.randint(0, 4000),
            published_at=EPOCH + timedelta(hours=number),
        )


def _text(words: Iterator[str], size: int) -> str:
    return " ".join(next(words) for _ in range(size))


_LETTERS = str.maketrans("0123456789", "etaoinsrhl")


class Archive(NamedTuple):
    engine: Engine
    words: list[str]


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    words = vocabulary()
    engine = load(tmp_path_factory.mktemp("hostile"))
    fill(engine, archive(words))
    return Archive(engine, words)


def written(pieces: list[str | dict[str, Any]], words: list[str]) -> str:
    """The text of a case; `{n}` is the n-th most frequent word."""
    text = "".join(_piece(piece) for piece in pieces)
    return re.sub(r"\{(\d+)\}", lambda found: words[int(found[1])], text)


def _piece(piece: str | dict[str, Any]) -> str:
    match piece:
        case {"repeat": part, "times": times}:
            return "".join(_numbered(part, number) for number in range(times))
        case {"code": code, "times": times}:
            return chr(code) * times
    assert isinstance(piece, str)
    return piece


def _numbered(part: str, number: int) -> str:
    """With the number in digits for `#`, in letters for `@`."""
    digits = str(number)
    return part.replace("#", digits).replace("@", digits.translate(_LETTERS))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_hostile_query(searched: Archive, case: Case) -> None:
    text = written(case.text, searched.words)
    refusal = ""

    def search() -> None:
        nonlocal refusal
        # Opened anew each time: nothing is remembered from the try before.
        with searched.engine.open() as reader:
            try:
                Asking(reader).search(text)
            except QueryError as error:
                refusal = str(error)

    check_time(search, ALLOWED)
    if case.refused is None:
        assert not refusal
    else:
        assert case.refused in refusal
        assert refusal.isprintable()
        assert len(refusal) < 200
