"""Words for unfinished and misspelt ones: of every engine the same, the likeliest first."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters import examples
from heatseek.article import Article, Provider
from heatseek.engines.model import Request
from heatseek.query.tree import Phrase
from indexes import change, fill
from memory_engine import MemoryEngine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract.conftest import Fill, Make
    from heatseek.engines.base import Reader

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ARTICLES = [
    Article("a.md", "Climate models computing", topics=("Machine Learning",)),
    Article("b.md", "Climate of the valley", provider=Provider("InfoQ", "infoq.com")),
    Article("c.md", "Computers compute computations", excerpt="form from 2023 wind"),
    Article("d.md", "from from", excerpt="wind"),
]


@pytest.fixture(scope="module", params=[False, True])
def reader(
    make: Make, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    engine = make(tmp_path_factory.mktemp("index"))
    fill(engine, ARTICLES)
    with engine.open(long_lived=request.param) as opened:
        yield opened


def test_similar_words(reader: Reader) -> None:
    words = {
        "climte": "climate",
        "cilmate": "climate",  # two letters changed places
        "Computng": "computing",  # a word as written, not its stem
        "fro": "",  # too short to know
        "frm": "",
        "frrm": "from",  # as near to "form", which is less frequent
        "2024": "",
        "zzzzzz": "",
    }
    assert {word: "".join(reader.suggest(word)[:1]) for word in words} == words


def test_every_similar_word_is_one_that_an_article_has(reader: Reader) -> None:
    for word in ("comput", "computa", "climat", "valey", "wnd", "winds"):
        for proposal in reader.suggest(word):
            assert reader.search(Request(Phrase(proposal), NOW)).total, proposal


OTHERS = {"otters": 30, "com": 300, "cosmos": 20, "cosy": 40, "teams": 20, "texas": 60}
OTHERS |= {
    "kubecon": 40,
    "kubernetes": 20,
    "data": 90,
    "cloud": 50,
    "weathervanes": 1,
    "weather": 90,
}


def test_the_likeliest_word_by_mistake_and_frequency(make: Make, tmp_path: Path) -> None:
    titles = [" ".join(word for word, n in OTHERS.items() if n > at) for at in range(300)]
    engine = make(tmp_path)
    fill(engine, [Article(f"{at}.md", title) for at, title in enumerate(titles)])
    words = {
        "kubern": "kubernetes",  # half a word
        "cosm": "cosmos",  # not the frequent word of three letters, nor "cosy"
        "cxom": "",
        "temas": "teams",  # two letters swapped are likelier than a wrong one
        "ttxxs": "",  # two mistakes
        "kubbrnetis": "kubernetes",  # in a long word
        "dataa": "data",  # a doubled letter
        "datxa": "",
        "clxoud": "cloud",
        "weathe": "weather",
        "weathr": "weather",
        "xtters": "otters",
    }
    for long_lived in (False, True):
        with engine.open(long_lived=long_lived) as reader:
            assert {word: "".join(reader.suggest(word)[:1]) for word in words} == words


STEMS = "sharing sharing sharing shared share start starting started started e-share".split()
MISSPELT = ("shart", "stare", "shere", "sahred", "starz", "strat", "shars", "sharess", "startngi")


@settings(max_examples=examples(6))
@given(
    titles=st.lists(st.sampled_from(STEMS), min_size=6, max_size=16),
    gone=st.sets(st.integers(0, 15), max_size=6),
)
def test_proposals_equal_brute_force(
    make: Make, filled: Fill, titles: list[str], gone: set[int]
) -> None:
    """What is gone counts for nothing, and neither order nor the way of an article matters."""
    articles = [Article(f"{number}.md", title) for number, title in enumerate(titles)]
    with tempfile.TemporaryDirectory() as folder:
        engine, expected = make(Path(folder, "one")), MemoryEngine(Path(folder, "other"))
        filled(engine, articles)
        fill(expected, articles)
        for each in (engine, expected):
            change(each, removed=[f"{number}.md" for number in gone])
        with engine.open() as reader, expected.open() as other:
            for word in MISSPELT:
                assert reader.suggest(word) == other.suggest(word), word


def test_a_stem_is_proposed_where_an_article_has_it_as_a_word(make: Make, tmp_path: Path) -> None:
    engine = make(tmp_path)
    shares = [Article(f"{n}.md", "sharing") for n in range(20)]
    fill(engine, shares)
    with engine.open() as reader:
        assert reader.suggest("sharr") == ()
    fill(engine, [*shares, Article("late.md", "share", excerpt="the share")])
    with engine.open() as reader:
        assert reader.suggest("sharr") == ("share",)
