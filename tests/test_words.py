"""Which spellings find which (cases/words.toml)."""

from __future__ import annotations

import tempfile
import tomllib
import unicodedata
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from uniseg.graphemecluster import grapheme_cluster_boundaries
from uniseg.wordbreak import words

from heatseek.article import Article
from heatseek.engines import load
from heatseek.search.request import Matching
from heatseek.text.nfc import nfc
from indexes import fill
from searches import Asking

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTERS = [
    *("a", "É", "ß", "7", "и́", "й", "हि", "न्दी", "ठ", "த்", "机", "々", "ｶﾞ", "가", "กิ", "น", "ข้ำ"),
    *("ລາ", "ខ្មែ", "ကျွ", "שָׁ", "صِ", "ě", "Ա", " ", " ", ".", ", ", "-", "\u2019", "\u200c"),
]
STACKING = ("\u17d2", "\u1039")
"""After it stands a consonant below another one: no word begins or ends there."""
CASES = tomllib.loads((Path(__file__).parent / "cases/words.toml").read_text())["case"]
EXPECTED = [
    (case["text"], query, expected)
    for case in CASES
    for key, expected in (("finds", True), ("not", False))
    for query in case.get(key, [])
]


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    engine = load(tmp_path_factory.mktemp("index"))
    fill(engine, (Article(id=c["text"], title=c["text"]) for c in CASES), "/words")
    with engine.open() as reader:
        yield Asking(reader)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(LETTERS), min_size=1, max_size=14).map("".join))
def test_every_word_of_a_text_finds_it(text: str) -> None:
    """Every word of whole letters by Unicode, composed and decomposed."""
    text = nfc(text)
    whole = {at for at in grapheme_cluster_boundaries(text) if text[:at][-1:] not in STACKING}
    ends = pairwise([0, *accumulate(map(len, words(text)))])
    written = [text[start:end] for start, end in ends if {start, end} <= whole]
    other = Article(id="other", title="of another kind")
    with tempfile.TemporaryDirectory() as folder:
        engine = load(Path(folder))
        fill(engine, [Article(id="this", title=text), other], "/words")
        with engine.open() as reader:
            for word in (word for word in written if any(map(str.isalpha, word))):
                for query in (f'"{word}"', f'"{unicodedata.normalize("NFD", word)}"'):
                    found = Asking(reader).search(query)
                    assert [hit.article.id for hit in found] == ["this"], query


@pytest.mark.parametrize(("text", "query", "expected"), EXPECTED)
def test_query_finds_text(searcher: Asking, text: str, query: str, *, expected: bool) -> None:
    results = searcher.search(query, matching=Matching.ALL, limit=100)
    assert expected == (text in {hit.article.id for hit in results})
